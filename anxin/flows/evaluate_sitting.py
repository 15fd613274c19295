"""T2: the rules look at what was kept and raise the warning it asks for. Idempotent: a crash means a second try.

A whole sitting is looked at once, after it was handed in. A critical answer of a signed-in person is looked
at as it was given, before anything is handed in and whatever was answered later: each such answer is an event
of its own.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Conduct
from anxin.domains.campaigns import api as campaigns
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Respondent
from anxin.domains.residents import api as residents
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Facts, Level, Reason, Source
from anxin.flows.raise_warning import Alert, raise_from
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting
    from anxin.domains.risk.models import Warning

SYSTEM = Actor.system("risk")
ABOUT_SOMEBODY = frozenset({Respondent.PARENT, Respondent.TEACHER, Respondent.INFORMANT})
ASKED = Reason("interview", "Asked in a talk by a member of staff.")
ON_PAPER = Reason("paper", "Copied from a paper form.")
ABOUT = Reason("informant", "Said by somebody else about the person.")
DOUBTFUL = Reason("doubtful", "The answers may not be reliable; look again in a talk.")


def evaluate_sitting(*, sitting_uid: str) -> "Warning | None":
    """Evaluate a handed-in sitting; the warning, if its level asks for one."""
    with unit_of_work(SYSTEM):
        sitting = assessments.sitting_for_evaluation(actor=SYSTEM, uid=sitting_uid)
        (facts,) = facts_of([sitting])
        warning = _raise_if_asked(sitting, facts, "submitted")
        if sitting.evaluated_at is None:
            assessments.mark_evaluated(actor=SYSTEM, sitting=sitting)
        return warning


def facts_of(sittings: "Sequence[Sitting]") -> list[Facts]:
    """What the rules look at in handed-in sittings, in their order."""
    before = assessments.previous_totals(actor=SYSTEM, sittings=sittings)
    return [
        Facts(
            instrument=sitting.instrument,
            scores=sitting.score_sheet.scores,
            critical=tuple(hit["rule"] for hit in sitting.score_sheet.critical),
            answers=tuple(sitting.answers),
            is_complete=bool(sitting.score_sheet.validity.get("complete")),
            previous_total=before.get(sitting.id),
        )
        for sitting in sittings
    ]


def evaluate_answer(*, sitting_uid: str, entry_id: int) -> "Warning | None":
    """Evaluate one critical answer as it was given; the warning it raises."""
    with unit_of_work(SYSTEM):
        sitting = assessments.sitting_for_evaluation(actor=SYSTEM, uid=sitting_uid)
        question, value = assessments.answer_given(actor=SYSTEM, sitting=sitting, entry_id=entry_id)
        published = instruments.published_version(sitting.instrument, sitting.instrument_version)
        fired = instruments.critical_answers(published, {question: value})
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
        source=_source_of(sitting),
        source_key=f"{sitting.uid}:{occasion}",
        level=decision.level,
        reasons=risk.reasons_of(decision) + _circumstances(sitting),
        unit_id=person.home_unit_id,
        scope_path=person.scope_path,
        resident_id=person.id,
        evaluation_id=evaluation.id,
        sex=person.sex,
        age=residents.age_on(person.born_on, clock.today()) if person.born_on else None,
    )
    return raise_from(actor=SYSTEM, alert=alert)


def _source_of(sitting: "Sitting") -> Source:
    if sitting.conduct != Conduct.ONLINE:
        return Source.STAFF
    from_campaign = campaigns.came_from_campaign(actor=SYSTEM, sitting_id=sitting.id)
    return Source.CAMPAIGN if from_campaign else Source.SELF_TEST


def _circumstances(sitting: "Sitting") -> tuple[dict[str, object], ...]:
    """What a colleague should know about how the answers came in. It changes no level."""
    found = [
        reason
        for is_so, reason in (
            (sitting.conduct == Conduct.INTERVIEW, ASKED),
            (sitting.conduct == Conduct.PAPER, ON_PAPER),
            (sitting.respondent in ABOUT_SOMEBODY, ABOUT),
            (sitting.is_doubtful, DOUBTFUL),
        )
        if is_so
    ]
    return tuple({"code": one.code, "message": one.message, "params": {}} for one in found)
