"""打开不属于自己的档案: one record, one person, one hour, a reason; the officer knows at once and reviews in a day.

Looking the person up and opening the record are one act: nobody learns whether somebody is known here without leaving
an opening that is reviewed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.access import api as access
from anxin.domains.access.contracts import (
    AlreadyOpen,
    Cause,
    NobodyReviews,
    Permission,
    Record,
    SignedIn,
    Verdict,
)
from anxin.domains.accounts import api as accounts
from anxin.domains.archives import api as archives
from anxin.domains.cases import api as cases
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder, Ladder, LadderRung, RungName
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import MobileInvalid, PhoneInvalid
from anxin.domains.residents.contracts import Permission as ResidentsPermission
from anxin.domains.risk import api as risk
from anxin.flows.tell_staff import CHANNELS, call_holder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted, Refused
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from datetime import datetime

    from anxin.domains.access.models import BreakGlass
    from anxin.domains.deadlines.contracts import Climb
    from anxin.domains.network.models import Posting
    from anxin.domains.residents.models import Resident

SYSTEM = Actor.system("break-glass")
SUBJECT = "break_glass"
STAGE = "review"


@dataclass(frozen=True, slots=True)
class Plea:
    """What the member of staff says: whose record (its number, or the person's phone), why, in words."""

    who: str
    cause: Cause
    reason: str


class NobodyFound(Refused):
    """No record under this number."""

    code = "nobody-found"
    message = "There is no record under this number. Check it with the person."


def open_record(*, actor: Actor, account: SignedIn, plea: Plea) -> "BreakGlass":
    """Open the record, tell the officers and the people in charge, and start the clock of the review.

    Raises ``NobodyFound``, ``AlreadyOpen`` (also where the record is within the actor's duty anyway),
    ``NobodyReviews``, ``ReasonMissing``, ``NotPermitted``.
    """
    if not actor.may(Permission.BREAK_GLASS):
        raise NotPermitted
    with unit_of_work(SYSTEM):
        resident = _find(plea.who)
        if _is_theirs(actor, resident):
            raise AlreadyOpen(field="who")
        officers = _officers(resident.scope_path, without=actor)
        if not officers:
            raise NobodyReviews
        opening = access.open_record(
            actor=actor,
            account=account,
            record=record_of(resident),
            cause=plea.cause,
            words=plea.reason,
            opened_from=_unit_of(actor),
        )
        ladder = Ladder(
            rungs=(_rung(officers[0], opening.opened_at),),
            page_every=access.limits().window,
        )
        deadlines.start(
            actor=SYSTEM,
            order=ClockOrder(
                subject_kind=SUBJECT,
                subject_uid=opening.uid,
                stage=STAGE,
                due_at=opening.review_due_at,
                ladder=ladder,
            ),
        )
        _tell(opening, [one.staff_id for one in officers], "break_glass_opened")
        told = {one.staff_id for one in officers} | {actor.staff_id}
        in_charge = [one for one in _in_charge(resident) if one not in told]
        _tell(opening, in_charge, "break_glass_told")
        return opening


def record_of(resident: "Resident") -> Record:
    """The record by value. A name that a member of staff bears too is flagged: it may be a colleague's record."""
    return Record(
        resident_id=resident.id,
        resident_uid=resident.uid,
        number=resident.number,
        scope_path=resident.scope_path,
        is_colleague=network.has_staff_named(name=resident.name),
    )


def end(*, actor: Actor, uid: str) -> "BreakGlass":
    """The need is over before the hour is."""
    with unit_of_work(actor):
        return access.end_opening(actor=actor, uid=uid)


def review(*, actor: Actor, account: SignedIn, uid: str, verdict: Verdict, text: str) -> "BreakGlass":
    """Say whether it was justified; the clock of the review stops. What the room refuses is refused."""
    with unit_of_work(actor):
        opening = access.review_opening(actor=actor, account=account, uid=uid, verdict=verdict, text=text)
        running = deadlines.open_deadline_of(
            actor=SYSTEM, subject_kind=SUBJECT, subject_uid=opening.uid, stage=STAGE
        )
        if running is not None:
            deadlines.meet(actor=actor, deadline_id=running.id)
        return opening


def tell_of_climb(climb: "Climb") -> None:
    """The review is late: its holder is called again, at every page, until somebody reviews."""
    opening = access.access_opening(actor=SYSTEM, uid=climb.subject_uid)
    if climb.breached_now or climb.paged_now or climb.to_index > climb.from_index:
        occasion = f"climb:{climb.deadline_uid}:{climb.to_index}:{climb.pages}"
        call_holder(actor=SYSTEM, subject=opening, rung=climb.rung, occasion=occasion)


def _find(who: str) -> "Resident":
    people = residents.residents_queryset(actor=SYSTEM).select_related("home_unit")
    said = who.strip()
    found = people.filter(number=said.upper()).first() if said else None
    if found is None and said:
        try:
            found = people.filter(phone_index=accounts.login_for_phone(said)).first()
        except (MobileInvalid, PhoneInvalid):
            found = None
    if found is None:
        raise NobodyFound(field="who")
    return found


def _is_theirs(actor: Actor, resident: "Resident") -> bool:
    """Whether the whole record is within the actor's duty anyway: the person, and the archive if there is one."""
    if not actor.may(ResidentsPermission.VIEW, at=resident.scope_path):
        return False
    archive = archives.archive_of(actor=SYSTEM, resident_id=resident.id)
    return archive is None or archives.can_read_archive(actor, archive)


def _officers(path: str, *, without: Actor) -> "list[Posting]":
    """The postings of those who review for the node, in the order of their grants."""
    found = []
    for account_id in access.accounts_that_may(permission=Permission.REVIEW_OPENINGS, at=path):
        staff = network.staff_by_account(account_id=account_id)
        if staff is None or staff.id == without.staff_id:
            continue
        found += network.postings_of(staff_id=staff.id, on=clock.today())[:1]
    return found


def _in_charge(resident: "Resident") -> list[int]:
    """Whoever leads the unit of the record, and whoever has the person in hand now."""
    told = [one.staff_id for one in network.leaders_of(path=resident.scope_path, on=clock.today())]
    case = cases.open_case_of(actor=SYSTEM, resident_id=resident.id)
    if case is not None:
        told.append(case.manager.staff_id)
    for warning in risk.open_warnings_of_resident(actor=SYSTEM, resident_id=resident.id):
        if warning.deadline is not None:
            told.append(warning.deadline.owner.staff_id)
    return list(dict.fromkeys(told))


def _tell(opening: "BreakGlass", staff_ids: list[int], template: str) -> None:
    for staff_id in staff_ids:
        for channel in CHANNELS:
            notices.queue(
                actor=SYSTEM,
                key=f"{template}:{opening.uid}:{staff_id}:{channel}",
                template=template,
                channel=channel,
                params={"number": opening.number},
                staff_id=staff_id,
                scope_path=opening.scope_path,
            )


def _unit_of(actor: Actor) -> str:
    if actor.staff_id is None:
        return ""
    postings = network.postings_of(staff_id=actor.staff_id, on=clock.today())
    return postings[0].unit.name if postings else ""


def _rung(posting: "Posting", starts_at: "datetime") -> LadderRung:
    return LadderRung(
        rung=RungName.CITY,
        posting_id=posting.id,
        holder=posting.staff.name,
        unit_id=posting.unit_id,
        unit_name=posting.unit.name,
        unit_path=posting.unit.path,
        starts_at=starts_at,
    )
