"""做评估.

A colleague assesses the risk; confirming or leaving L3 and L4 takes a competent one. A high level never falls
here.
"""

from typing import TYPE_CHECKING

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Findings, Level, Stage
from anxin.flows.ladders import draw_clock
from anxin.flows.staff_side import is_competent_for_high, standing_of
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import RiskAssessment


def assess(
    *, actor: Actor, warning_uid: str, level: Level, findings: Findings, summary: str
) -> "RiskAssessment":
    """Keep the assessment; the clock then waits for a decision. Raises ``NotCompetent`` for a high level."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        drawn = draw_clock(
            unit_id=warning.unit_id,
            level=max(Level(warning.level), level),
            stage=Stage.DECIDE,
            subject_uid=warning.uid,
            first=standing_of(actor, warning),
        )
        return risk.assess(
            actor=actor,
            warning_uid=warning_uid,
            level=level,
            findings=findings,
            summary=summary,
            is_competent_for_high=is_competent_for_high(actor),
            order=drawn.order,
        )
