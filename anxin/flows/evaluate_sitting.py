"""T2: the rules look at a kept sitting and raise the warning it asks for. Idempotent: a crash means a second try.

Also run before submission when a signed-in person answers a critical question (``occasion="answer"``).
"""

from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.instruments import api as instruments
from anxin.domains.residents import api as residents
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Facts, Level, Source
from anxin.flows.raise_warning import Alert, raise_from
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting
    from anxin.domains.risk.models import Warning

SYSTEM = Actor.system("risk")
ANSWER, SUBMITTED = "answer", "submitted"


def evaluate_sitting(*, sitting_uid: str, occasion: str) -> "Warning | None":
    """Evaluate one sitting in one transaction; the warning, if its level asks for one."""
    with unit_of_work(SYSTEM):
        sitting = assessments.sitting_for_evaluation(actor=SYSTEM, uid=sitting_uid)
        decision = risk.evaluate(_facts(sitting, occasion))
        evaluation = risk.record_evaluation(
            actor=SYSTEM,
            sitting_id=sitting.id,
            scope_path=sitting.scope_path,
            occasion=occasion,
            decision=decision,
        )
        if occasion == SUBMITTED and sitting.evaluated_at is None:
            assessments.mark_evaluated(actor=SYSTEM, sitting=sitting)
        if decision.level < Level.L1:
            return None
        person = sitting.resident
        alert = Alert(
            source=Source.SELF_TEST,
            source_key=f"{sitting.uid}:{occasion}",
            level=decision.level,
            reasons=risk.reasons_of(decision),
            unit_id=person.home_unit_id,
            scope_path=person.scope_path,
            resident_id=person.id,
            evaluation_id=evaluation.id,
            sex=person.sex,
            age=residents.age_on(person.born_on, clock.today()) if person.born_on else None,
        )
        return raise_from(actor=SYSTEM, alert=alert)


def _facts(sitting: "Sitting", occasion: str) -> Facts:
    if occasion == SUBMITTED:
        sheet = sitting.score_sheet
        return Facts(
            instrument=sitting.instrument,
            scores=sheet.scores,
            critical=tuple(hit["rule"] for hit in sheet.critical),
            answers=tuple(sitting.answers),
            is_complete=bool(sheet.validity.get("complete")),
            previous_total=assessments.previous_total(actor=SYSTEM, sitting=sitting),
        )
    published = instruments.published_version(sitting.instrument, sitting.instrument_version)
    codes = {str(number): value for number, value in enumerate(sitting.answers, start=1)}
    fired = instruments.critical_answers(published, codes)
    return Facts(
        instrument=sitting.instrument,
        scores={"total": None},
        critical=tuple(hit.rule for hit in fired),
        answers=tuple(sitting.answers),
        is_complete=False,
    )
