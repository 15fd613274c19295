"""Nobody answered in time: the clock climbs, the next rung is called, and the timeline says so. Runs every second.

The worker runs it; when the worker is silent the live process does, under an advisory lock, so never both at once. Even
if neither ran, what the boards show is computed from the ladder and the clock.
"""

import logging
from dataclasses import replace

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import CAMPAIGN_SUBJECT, TRIAGE_SUBJECT
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import SUBJECT as CASE
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import Climb, LadderRung
from anxin.domains.linkages.contracts import SUBJECT as LINKAGE
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Rung
from anxin.domains.referrals.contracts import SUBJECT as REFERRAL
from anxin.domains.risk import api as risk
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows import break_glass, link_out, referral_ladders
from anxin.flows.ladders import SUBJECT, duty_team_at, reach_of
from anxin.flows.tell_staff import call_holder, call_staff
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
SYSTEM = Actor.system("escalation")


def escalate_overdue(*, limit: int = 100) -> int:
    """Write down what the due clocks did and call who is next; how many clocks moved.

    A fault about one clock is logged and holds up no other: its owner has moved all the same, and the last rung is
    called again at the next page.
    """
    with unit_of_work(SYSTEM):
        climbs = deadlines.climb_due(actor=SYSTEM, limit=limit, resolve=_on_duty_now)
        for climb in climbs:
            try:
                with unit_of_work(SYSTEM):
                    _tell(climb)
            except Exception:
                log.exception("clock %s climbed, but nobody could be told", climb.deadline_uid)
    return len(climbs)


def _on_duty_now(rung: LadderRung) -> LadderRung:
    """Who does the recorded holder's duty now, if that holder is not on duty any more."""
    seats = network.on_duty(unit_id=rung.unit_id, at=clock.now())
    if not seats or any(seat.posting_id == rung.posting_id for seat in seats):
        return rung
    competent = workforce.competent_staff_ids(
        staff_ids=[seat.staff_id for seat in seats], act=Act.CONFIRM_HIGH_RISK, on=clock.today()
    )
    seat = next((one for one in seats if one.staff_id in competent), seats[0])
    return replace(rung, posting_id=seat.posting_id, holder=seat.holder)


def _tell(climb: Climb) -> None:
    if climb.subject_kind == SUBJECT:
        _tell_of_warning(climb)
    elif climb.subject_kind == CASE:
        _tell_of_case(climb)
    elif climb.subject_kind == break_glass.SUBJECT:
        break_glass.tell_of_climb(climb)
    elif climb.subject_kind in (CAMPAIGN_SUBJECT, TRIAGE_SUBJECT):
        _tell_of_campaign(climb)
    elif climb.subject_kind == REFERRAL:
        referral_ladders.tell_of_climb(climb)
    elif climb.subject_kind == LINKAGE:
        link_out.tell_of_climb(climb)


def _tell_of_warning(climb: Climb) -> None:
    warning = risk.record_climb(actor=SYSTEM, climb=climb, reach_path=reach_of(climb.rung))
    if warning is None or not (climb.to_index > climb.from_index or climb.paged_now):
        return
    occasion = _occasion(climb)
    call_holder(actor=SYSTEM, subject=warning, rung=climb.rung, occasion=occasion)
    if climb.rung.rung.value == Rung.CITY.value:
        for colleague in duty_team_at(unit_id=warning.unit_id, rung=Rung.CITY, at=clock.now()):
            call_staff(actor=SYSTEM, subject=warning, staff_id=colleague.staff_id, occasion=occasion)


def _tell_of_case(climb: Climb) -> None:
    case = cases.record_climb(actor=SYSTEM, climb=climb)
    if case is not None and (climb.to_index > climb.from_index or climb.paged_now or climb.breached_now):
        call_holder(actor=SYSTEM, subject=case, rung=climb.rung, occasion=_occasion(climb))


def _tell_of_campaign(climb: Climb) -> None:
    subject = campaigns.clock_subject(
        actor=SYSTEM, kind_is_triage=climb.subject_kind == TRIAGE_SUBJECT, uid=climb.subject_uid
    )
    if subject is not None and (climb.to_index > climb.from_index or climb.paged_now or climb.breached_now):
        call_holder(actor=SYSTEM, subject=subject, rung=climb.rung, occasion=_occasion(climb))


def _occasion(climb: Climb) -> str:
    return f"climb:{climb.deadline_uid}:{climb.to_index}:{climb.pages}"
