"""T2: the rules look at what was kept and raise the warning it asks for. Idempotent: a crash means a second try.

A whole sitting is looked at once, after it was handed in. A critical answer of a signed-in person is looked
at as it was given, before anything is handed in and whatever was answered later: each such answer is an event
of its own.
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


def evaluate_sitting(*, sitting_uid: str) -> "Warning | None":
    """Evaluate a handed-in sitting; the warning, if its level asks for one."""
    with unit_of_work(SYSTEM):
        sitting = assessments.sitting_for_evaluation(actor=SYSTEM, uid=sitting_uid)
        sheet = sitting.score_sheet
        facts = Facts(
            instrument=sitting.instrument,
            scores=sheet.scores,
            critical=tuple(hit["rule"] for hit in sheet.critical),
            answers=tuple(sitting.answers),
            is_complete=bool(sheet.validity.get("complete")),
            previous_total=assessments.previous_total(actor=SYSTEM, sitting=sitting),
        )
        warning = _raise_if_asked(sitting, facts, "submitted")
        if sitting.evaluated_at is None:
            assessments.mark_evaluated(actor=SYSTEM, sitting=sitting)
        return warning


def evaluate_answer(*, sitting_uid: str, entry_id: int) -> "Warning | None":
    """Evaluate one critical answer as it was given; the warning it raises."""
    with unit_of_work(SYSTEM):
        sitting = assessments.sitting_for_evaluation(actor=SYSTEM, uid=sitting_uid)
        item, value = assessments.answer_given(actor=SYSTEM, sitting=sitting, entry_id=entry_id)
        published = instruments.published_version(sitting.instrument, sitting.instrument_version)
        fired = instruments.critical_answers(published, {str(item): value})
        facts = Facts(
            instrument=sitting.instrument,
            scores={"total": None},
            critical=tuple(hit.rule for hit in fired),
            is_complete=False,
        )
        return _raise_if_asked(sitting, facts, f"answer:{entry_id}")


def _raise_if_asked(sitting: "Sitting", facts: Facts, occasion: str) -> "Warning | None":
    decision = risk.evaluate(facts)
    evaluation = risk.record_evaluation(
        actor=SYSTEM,
        sitting_id=sitting.id,
        scope_path=sitting.scope_path,
        occasion=occasion,
        decision=decision,
    )
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
