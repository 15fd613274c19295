"""A member of staff asks a resident, or copies what they wrote on paper: the same two transactions as a self-test.

Every answer is kept as it is said, and a critical one raises or joins the warning at once, by the same rules. The
result goes to who asked; nothing is decided here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import InterviewDraft
from anxin.domains.risk import api as risk
from anxin.flows import save_answer
from anxin.flows.submit_questionnaire import SubmitResult, raise_alarm_now
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting

SYSTEM = Actor.system("interviews")


def start(*, actor: Actor, resident_uid: str, draft: InterviewDraft, follows_uid: str = "") -> "Sitting":
    """Begin, or go on with one's own."""
    with unit_of_work(actor):
        return assessments.start_interview(
            actor=actor, resident_uid=resident_uid, draft=draft, follows_uid=follows_uid
        )


def enter_paper(*, actor: Actor, sitting_uid: str, answers: Mapping[int, int | None]) -> bool:
    """The first entry of a paper; whether an answer on it asks for somebody now."""
    is_critical = False
    for item, value in answers.items():
        saved = save_answer.take_down(actor=actor, sitting_uid=sitting_uid, item=item, value=value).saved
        is_critical = is_critical or bool(saved.critical)
    with unit_of_work(actor):
        assessments.mark_entered(actor=actor, sitting_uid=sitting_uid)
    return is_critical


def check_paper(
    *, actor: Actor, sitting_uid: str, second: Mapping[int, int | None], is_settled: bool = False
) -> SubmitResult:
    """The second entry; when both agree, or the paper was looked at again, it is handed in.

    Raises ``PaperDiffers`` with the places. What the second entry corrects is written beside the first.
    """
    with unit_of_work(actor):
        places = assessments.compare_paper(
            actor=actor, sitting_uid=sitting_uid, second=second, is_settled=is_settled
        )
    for item in places:
        save_answer.take_down(actor=actor, sitting_uid=sitting_uid, item=item, value=second.get(item))
    with unit_of_work(actor):
        assessments.mark_checked(actor=actor, sitting_uid=sitting_uid, differences=len(places))
    return hand_in(actor=actor, sitting_uid=sitting_uid, allow_missing=True)


def hand_in(*, actor: Actor, sitting_uid: str, allow_missing: bool = False) -> SubmitResult:
    """T1, and for a critical sheet T2 at once. Repeating it returns the same sitting and the same warning."""
    with unit_of_work(actor):
        sitting = assessments.submit_interview(
            actor=actor, sitting_uid=sitting_uid, allow_missing=allow_missing
        )
        is_critical = bool(sitting.score_sheet.critical)
    warning = raise_alarm_now(sitting_uid) if is_critical else None
    return SubmitResult(sitting=sitting, is_critical=is_critical, warning=warning)


def is_somebody_called(sitting: "Sitting") -> bool:
    """Whether a warning about this person is open, for a page that must not promise what has not happened."""
    with unit_of_work(SYSTEM):
        return risk.open_warnings_of_resident(actor=SYSTEM, resident_id=sitting.resident_id).exists()
