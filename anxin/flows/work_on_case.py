"""The work on a case: assess, write down, move on, hand over. Its clock is drawn anew each time, the manager first."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import AssessmentDraft, CaseState, EntryDraft, SharedField
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import Level
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows.case_people import draw_for, require_fit, tell
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.cases.models import (
        Case,
        CaseAssessment,
        CaseConference,
        CaseEntry,
        CaseFollowUp,
        CaseLowering,
    )


def assess(
    *, actor: Actor, case_uid: str, draft: AssessmentDraft, seen_version: int | None = None
) -> "CaseAssessment | CaseLowering":
    """Keep an assessment. One that lowers L3 or L4 waits for the second reader it names, who is told.

    Raises ``NotCompetent``, ``SecondReaderNeeded``, and ``LevelChanged`` for a lowering from an older page.
    """
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        concerned = [one for one in (actor.staff_id, draft.second_reader_id) if one is not None]
        competent = workforce.competent_staff_ids(
            staff_ids=concerned, act=Act.CONFIRM_HIGH_RISK, on=clock.today()
        )
        made = cases.assess_case(
            actor=actor,
            case_uid=case_uid,
            draft=draft,
            competent_staff_ids=competent,
            draw=draw_for(case, level=max(draft.level, Level(case.level), Level.L1)),
            seen_version=seen_version,
        )
        waits = cases.waiting_lowering_of(actor=actor, case=case)
        if waits is not None and waits.uid == made.uid and draft.second_reader_id is not None:
            tell(
                actor=actor,
                case=case,
                staff_id=draft.second_reader_id,
                template="warning_signature",
                occasion=f"lowering:{made.uid}",
            )
        return made


def confirm_lowering(*, actor: Actor, case_uid: str, lowering_uid: str) -> "CaseAssessment":
    """As the second reader: let the lower level count."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        competent = workforce.competent_staff_ids(
            staff_ids=[actor.staff_id] if actor.staff_id else [], act=Act.CONFIRM_HIGH_RISK, on=clock.today()
        )
        return cases.confirm_lowering(
            actor=actor,
            case_uid=case_uid,
            lowering_uid=lowering_uid,
            competent_staff_ids=competent,
            draw=draw_for(case),
        )


def decline_lowering(*, actor: Actor, case_uid: str, lowering_uid: str, reason: str) -> "CaseLowering":
    """As the second reader: leave the level where it is."""
    with unit_of_work(actor):
        return cases.decline_lowering(
            actor=actor, case_uid=case_uid, lowering_uid=lowering_uid, reason=reason
        )


def add_entry(
    *, actor: Actor, case_uid: str, entry: EntryDraft, seen_version: int | None = None
) -> "CaseEntry":
    """Write down a contact, a session, a talk with the family or a note."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        return cases.add_entry(
            actor=actor, case_uid=case_uid, entry=entry, draw=draw_for(case), seen_version=seen_version
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
            draw=draw_for(case),
            seen_version=seen_version,
        )


def move_followup(
    *, actor: Actor, case_uid: str, followup_uid: str, to: datetime, reason: str
) -> "CaseFollowUp":
    """Mean a follow-up for another time."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        return cases.move_followup(
            actor=actor,
            case_uid=case_uid,
            followup_uid=followup_uid,
            to=to,
            reason=reason,
            draw=draw_for(case),
        )


def assign(
    *, actor: Actor, case_uid: str, posting_uid: str, reason: str, seen_version: int | None = None
) -> "Case":
    """Hand the case over, and tell the new manager. Raises ``ManagerUnfit``."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        posting = network.posting_by_uid(uid=posting_uid)
        require_fit(case, posting)
        handed = cases.assign(
            actor=actor,
            case_uid=case_uid,
            manager_posting_id=posting.id,
            reason=reason,
            draw=draw_for(case, staff_id=posting.staff_id),
            seen_version=seen_version,
        )
        tell(
            actor=actor,
            case=handed,
            staff_id=posting.staff_id,
            template="case_assigned",
            occasion=f"assigned:{handed.row_version}",
        )
        return handed


def call_conference(
    *,
    actor: Actor,
    case_uid: str,
    question: str,
    shared: Collection[SharedField],
    posting_uids: Collection[str],
    closes_at: datetime,
) -> "CaseConference":
    """Invite colleagues of any unit, and tell them."""
    with unit_of_work(actor):
        case = cases.case_brief(actor=actor, uid=case_uid)
        members = [network.posting_by_uid(uid=uid) for uid in posting_uids]
        called = cases.call_conference(
            actor=actor,
            case_uid=case_uid,
            question=question,
            shared=shared,
            member_posting_ids={one.id for one in members},
            closes_at=closes_at,
        )
        for one in members:
            occasion = f"conference:{called.uid}"
            tell(actor=actor, case=case, staff_id=one.staff_id, template="warning_waits", occasion=occasion)
        return called
