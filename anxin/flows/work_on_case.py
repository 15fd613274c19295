"""The work on a case: assess, write down, move on, hand over. Its clock is drawn anew each time, the manager first."""

from typing import TYPE_CHECKING

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import AssessmentDraft, CaseState, Draw, EntryDraft
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.risk.contracts import Level
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows.ladders import draw_for_case
from anxin.flows.tell_staff import CHANNELS
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case, CaseAssessment, CaseEntry


def _draw(case: "Case", *, level: Level | None = None, staff_id: int | None = None) -> Draw:
    """The ladder of this case: its manager first, or whoever is to become it."""
    manager = network.candidate_for(
        staff_id=staff_id or case.manager.staff_id, unit_id=case.unit_id, at=clock.now()
    )
    return draw_for_case(unit_id=case.unit_id, level=level or Level(case.level), manager=manager)


def assess(
    *, actor: Actor, case_uid: str, draft: AssessmentDraft, seen_version: int | None = None
) -> "CaseAssessment":
    """Keep an assessment. Raises ``NotCompetent``, and ``SecondReaderNeeded`` for lowering L3 or L4 alone."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        concerned = [one for one in (actor.staff_id, draft.second_reader_id) if one is not None]
        competent = workforce.competent_staff_ids(
            staff_ids=concerned, act=Act.CONFIRM_HIGH_RISK, on=clock.today()
        )
        return cases.assess_case(
            actor=actor,
            case_uid=case_uid,
            draft=draft,
            competent_staff_ids=competent,
            draw=_draw(case, level=max(draft.level, Level.L1)),
            seen_version=seen_version,
        )


def add_entry(
    *, actor: Actor, case_uid: str, entry: EntryDraft, seen_version: int | None = None
) -> "CaseEntry":
    """Write down a contact, a session, a talk with the family or a note."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        return cases.add_entry(
            actor=actor, case_uid=case_uid, entry=entry, draw=_draw(case), seen_version=seen_version
        )


def enter_state(
    *, actor: Actor, case_uid: str, state: CaseState, note: str, seen_version: int | None = None
) -> "Case":
    """Move on along workflow 4.3."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        return cases.enter_state(
            actor=actor,
            case_uid=case_uid,
            state=state,
            note=note,
            draw=_draw(case),
            seen_version=seen_version,
        )


def assign(
    *, actor: Actor, case_uid: str, posting_uid: str, reason: str, seen_version: int | None = None
) -> "Case":
    """Hand the case over, and tell the new manager. Raises ``ManagerUnfit``."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        posting = network.posting_by_uid(uid=posting_uid)
        handed = cases.assign(
            actor=actor,
            case_uid=case_uid,
            manager_posting_id=posting.id,
            reason=reason,
            draw=_draw(case, staff_id=posting.staff_id),
            seen_version=seen_version,
        )
        for channel in CHANNELS:
            notices.queue(
                actor=actor,
                key=f"assigned:{handed.uid}:{handed.row_version}:{channel}",
                template="case_assigned",
                channel=channel,
                params={"number": handed.number},
                staff_id=posting.staff_id,
                scope_path=handed.scope_path,
            )
        return handed
