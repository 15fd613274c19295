"""Evaluations by the set: what the rules said of many sittings at once, where nothing is to be raised."""

from collections.abc import Sequence
from dataclasses import dataclass

from anxin.domains.audit.api import command
from anxin.domains.risk.contracts import Decision, Level
from anxin.domains.risk.models import Evaluation
from anxin.domains.risk.services.raising import reasons_of
from anxin.kernel import clock
from anxin.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass of the rules said of one sitting."""

    sitting_id: int
    scope_path: str
    occasion: str
    decision: Decision


@command("risk:evaluations:recorded")
def record_evaluations(*, actor: Actor, passes: Sequence[Pass]) -> int:
    """Keep passes that ask for no warning; a repeated one is the first one. How many were given."""
    if any(one.decision.level >= Level.L1 for one in passes):
        raise ValueError("a pass that asks for a warning is recorded with it")
    moment = clock.now()
    Evaluation.objects.bulk_create(
        [
            Evaluation(
                sitting_id=one.sitting_id,
                scope_path=one.scope_path,
                occasion=one.occasion,
                rule_set=one.decision.rule_set,
                level=int(one.decision.level),
                reasons=list(reasons_of(one.decision)),
                evaluated_at=moment,
            )
            for one in passes
        ],
        ignore_conflicts=True,
    )
    return len(passes)
