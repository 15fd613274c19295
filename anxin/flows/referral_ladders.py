"""Who is called for each step of a referral: at the receiver whoever can answer, then the sender, then upward.

So a receiver who stays silent gives it back to the sender's clock, and nobody's silence gives it to nobody.
"""

from typing import TYPE_CHECKING

from anxin.domains.access import api as access
from anxin.domains.campaigns.contracts import ClockSubject
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import Climb, Holder, Ladder, LadderRung, RungName
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.referrals import api as referrals
from anxin.domains.referrals.contracts import Permission, Side, Step
from anxin.domains.risk.contracts import Level
from anxin.domains.workforce import api as workforce
from anxin.flows.ladders import draw_ladder
from anxin.flows.tell_staff import CHANNELS, call_holder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.network.models import Posting, Unit
    from anxin.domains.referrals.models import Referral

SYSTEM = Actor.system("referrals")
_RUNGS = {1: RungName.STATION, 2: RungName.COUNTY, 3: RungName.CITY}


def receivers_of(unit: "Unit", tier: int) -> "list[Posting]":
    """Who at ``unit`` could answer one that asks for ``tier``: on duty first, then who leads, then the others."""
    today = clock.today()
    posted = [one for one in network.postings_queryset(path=unit.path, on=today) if one.unit_id == unit.id]
    staff = [one.staff_id for one in posted]
    may = access.staff_who_may(permission=Permission.ANSWER.value, at=unit.path, staff_ids=staff)
    tiers = workforce.tiers_of(staff_ids=may, on=today)
    on_duty = {seat.posting_id for seat in network.on_duty(unit_id=unit.id, at=clock.now())}
    able = [one for one in posted if one.staff_id in may and tiers[one.staff_id] >= tier]
    return sorted(able, key=lambda one: (one.id not in on_duty, not one.is_accountable, one.id))


def receiver_ids(unit: "Unit", tier: int) -> frozenset[int]:
    """The same, as the room takes them."""
    return frozenset(one.id for one in receivers_of(unit, tier))


def draw(referral: "Referral", step: Step) -> Ladder:
    """The ladder of one step."""
    own, _ = draw_ladder(
        unit_id=referral.from_unit_id,
        level=Level(max(referral.level, 1)),
        climbs=step.climbs_at,
        page_every=step.page_every,
        first=network.candidate_for(
            staff_id=referral.sender.staff_id, unit_id=referral.from_unit_id, at=clock.now()
        ),
        needs=Permission.READ,
    )
    if step.side is Side.SENDER:
        return own
    asked = _asked(referral)
    if asked is None:  # whoever could answer has left since: it is the sender's at once
        return own
    turns = [clock.now(), *(max(rung.starts_at, step.due_at) for rung in own.rungs)]
    holders = [_holder(asked), *(_again(rung) for rung in own.rungs)]
    return deadlines.build_ladder(holders, turns, step.page_every)


def _asked(referral: "Referral") -> "Posting | None":
    able = receivers_of(referral.to_unit, referral.tier)
    return next((one for one in able if one.id == referral.holder_id), able[0] if able else None)


def _holder(posting: "Posting") -> Holder:
    return Holder(
        rung=_RUNGS[referrals.rank_of(posting.unit.kind)],
        posting_id=posting.id,
        holder=posting.staff.name,
        unit_id=posting.unit_id,
        unit_name=posting.unit.name,
        unit_path=posting.unit.path,
    )


def _again(rung: LadderRung) -> Holder:
    return Holder(
        rung=rung.rung,
        posting_id=rung.posting_id,
        holder=rung.holder,
        unit_id=rung.unit_id,
        unit_name=rung.unit_name,
        unit_path=rung.unit_path,
    )


def call_whoever_is_next(referral: "Referral") -> None:
    """The first rung of the running clock is told that something waits for them."""
    deadline = referral.deadline
    if deadline is None:
        return
    rung = deadlines.standing_of(deadline, clock.now()).rung
    with unit_of_work(SYSTEM):
        call_holder(
            actor=SYSTEM,
            subject=ClockSubject(referral.uid, referral.number, rung.unit_path),
            rung=rung,
            occasion=f"{referral.state}:{referral.row_version}",
        )


def tell_sender(referral: "Referral") -> None:
    """The other side did something: the sender learns that there is news, on their own list and phone."""
    with unit_of_work(SYSTEM):
        for channel in CHANNELS:
            notices.queue(
                actor=SYSTEM,
                key=f"referral-news:{referral.uid}:{referral.row_version}:{channel}",
                template="referral_news",
                channel=channel,
                params={"number": referral.number},
                staff_id=referral.sender.staff_id,
                scope_path=referral.from_path,
            )


def tell_of_climb(climb: Climb) -> None:
    """The clock of a referral moved: the timeline says so, and whoever is next is called."""
    with unit_of_work(SYSTEM):
        referral = referrals.record_climb(actor=SYSTEM, climb=climb)
        if referral is None:
            return
        if climb.to_index > climb.from_index or climb.paged_now or climb.breached_now:
            call_holder(
                actor=SYSTEM,
                subject=ClockSubject(referral.uid, referral.number, climb.rung.unit_path),
                rung=climb.rung,
                occasion=f"climb:{climb.deadline_uid}:{climb.to_index}:{climb.pages}",
            )
