"""From forms to people: the rule proposes a level for each participant, humans confirm, talk, read again and plan.

A critical answer has raised its warning long before (``adopt_submissions``); it is proposed here at once too, without
waiting for the batch. A level 3 that a human sees where the rule saw none raises its warning here.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    ClockSubject,
    Draw,
    Owed,
    Permission,
    PlanDraft,
    TriageLevel,
    TriageStage,
    Worksheet,
)
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import Ladder
from anxin.domains.network import api as network
from anxin.domains.network.contracts import DutyCandidate
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Participant as Person
from anxin.domains.risk.contracts import Level, Reason, Source
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows import run_campaign
from anxin.flows.ladders import draw_ladder
from anxin.flows.raise_warning import Alert, raise_from
from anxin.flows.tell_staff import call_holder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.campaigns.models import Campaign, Participant, SupportPlan, Triage, WorksheetDraft
    from anxin.domains.residents.models import Resident

log = logging.getLogger(__name__)
SYSTEM = Actor.system("campaigns")
SET_SIZE = 200
SEEN_BY_COLLEAGUE = Reason(
    code="campaign-urgent", message="A colleague sees an urgent need after a screening campaign."
)
_CLINICAL = {TriageLevel.ATTENTION: Level.L1, TriageLevel.FOCUS: Level.L2, TriageLevel.URGENT: Level.L3}


def look_at_forms(*, campaign_uid: str, only_critical: bool = False) -> int:
    """Propose a level for everybody whose forms nobody has looked at; set by set, critical ones first. How many."""
    looked = 0
    while True:
        with unit_of_work(SYSTEM):
            campaign, found = campaigns.find_proposals(
                actor=SYSTEM, campaign_uid=campaign_uid, limit=SET_SIZE, only_critical=only_critical
            )
            if not found:
                return looked
            rows = campaigns.propose_levels(
                actor=SYSTEM,
                campaign=campaign,
                found=found,
                draw=_draw_for(campaign, _post_of(campaign.owner_id, campaign)),
            )
            for row in rows:
                if row.proposed == TriageLevel.URGENT:
                    _call(campaign, row, "proposed")
        looked += len(found)


def sweep_campaigns() -> int:
    """Close what is over, and look at those nobody has proposed a level for yet. How much was done."""
    done = run_campaign.close_ended()
    with unit_of_work(SYSTEM):
        waiting = campaigns.campaigns_to_look_at(actor=SYSTEM)
    for uid, only_critical in waiting:
        try:
            done += look_at_forms(campaign_uid=uid, only_critical=only_critical)
        except Exception:
            log.exception("the forms of campaign %s wait; the next round tries again", uid)
    return done


def confirm(
    *, actor: Actor, triage_uid: str, level: TriageLevel, seen_version: int | None = None
) -> "Triage":
    """Confirm or raise a proposal. Level 3 above the proposal raises a warning in the same transaction."""
    with unit_of_work(actor):
        row = campaigns.triage_brief(actor=actor, uid=triage_uid)
        before = row.proposed
        confirmed = campaigns.confirm_level(
            actor=actor,
            triage_uid=triage_uid,
            level=level,
            draw=_draw_of(row, actor),
            seen_version=seen_version,
        )
        if level is TriageLevel.URGENT and before != TriageLevel.URGENT:
            _raise_warning(row, f"confirmed:{confirmed.row_version}")
        return confirmed


def take_over(*, actor: Actor, triage_uid: str) -> "Triage":
    """One goes to talk to the person oneself."""
    with unit_of_work(actor):
        row = campaigns.triage_brief(actor=actor, uid=triage_uid)
        if actor.staff_id is None:
            raise NotPermitted
        return campaigns.assign_interviewer(
            actor=actor, triage_uid=triage_uid, staff_id=actor.staff_id, draw=_draw_of(row, actor)
        )


def keep_draft(*, actor: Actor, triage_uid: str, content: Mapping[str, str]) -> "WorksheetDraft":
    """Keep what was typed so far."""
    with unit_of_work(actor):
        return campaigns.keep_draft(actor=actor, triage_uid=triage_uid, content=content)


def record_interview(
    *, actor: Actor, triage_uid: str, worksheet: Worksheet, seen_version: int | None = None
) -> "Triage":
    """The talk. Finding level 3 where it was lower raises a warning in the same transaction."""
    with unit_of_work(actor):
        row = campaigns.triage_brief(actor=actor, uid=triage_uid)
        before = row.confirmed or row.proposed
        recorded = campaigns.record_interview(
            actor=actor,
            triage_uid=triage_uid,
            worksheet=worksheet,
            is_competent=_is_competent(actor),
            draw=_draw_of(row, actor),
            seen_version=seen_version,
        )
        if recorded.confirmed == TriageLevel.URGENT and before != TriageLevel.URGENT:
            _raise_warning(row, f"interview:{recorded.row_version}")
        if recorded.deadline is not None and recorded.deadline.stage == TriageStage.SECOND_READING:
            _call(row.participant.campaign, recorded, "second-reading")
        return recorded


def read_as_second(
    *, actor: Actor, triage_uid: str, agrees: bool, note: str, seen_version: int | None = None
) -> "Triage":
    """The second person, signed in as themselves."""
    with unit_of_work(actor):
        row = campaigns.triage_brief(actor=actor, uid=triage_uid)
        return campaigns.read_as_second(
            actor=actor,
            triage_uid=triage_uid,
            agrees=agrees,
            note=note,
            is_competent=_is_competent(actor),
            draw=_draw_for(row.participant.campaign, _post_of(row.interviewer_id, row.participant.campaign)),
            seen_version=seen_version,
        )


def write_plan(
    *, actor: Actor, triage_uid: str, plan: PlanDraft, seen_version: int | None = None
) -> "SupportPlan":
    """一生一策, a further version; the responsible person is called to look at it again."""
    with unit_of_work(actor):
        row = campaigns.triage_brief(actor=actor, uid=triage_uid)
        campaign = row.participant.campaign
        return campaigns.write_plan(
            actor=actor,
            triage_uid=triage_uid,
            plan=plan,
            draw=_draw_for(campaign, _post_of(plan.responsible_id, campaign)),
            seen_version=seen_version,
        )


def _draw_of(row: "Triage", actor: Actor) -> Draw:
    campaign = row.participant.campaign
    return _draw_for(campaign, _post_of(actor.staff_id, campaign))


def _post_of(staff_id: int | None, campaign: "Campaign") -> DutyCandidate | None:
    if staff_id is None:
        return None
    return network.candidate_for(staff_id=staff_id, unit_id=campaign.unit_id, at=clock.now())


def _draw_for(campaign: "Campaign", first: DutyCandidate | None) -> Draw:
    """``first`` holds the clock, then those upward who talk to people; a second reading is owed by somebody else."""

    def draw(owed: Owed) -> Ladder:
        by_other = owed.stage == TriageStage.SECOND_READING
        ladder, _ = draw_ladder(
            unit_id=campaign.unit_id,
            level=_CLINICAL.get(owed.level, Level.L1),
            climbs=owed.climbs_at,
            page_every=owed.page_every,
            first=None if by_other else first,
            without_staff=(first.staff_id,) if by_other and first is not None else (),
            needs=Permission.INTERVIEW,
        )
        return ladder

    return draw


def _call(campaign: "Campaign", row: "Triage", occasion: str) -> None:
    """Whoever the clock names hears of it now, not when it is late."""
    assert row.deadline is not None
    call_holder(
        actor=SYSTEM,
        subject=ClockSubject(uid=row.uid, number=campaign.number, scope_path=row.scope_path),
        rung=deadlines.standing_of(row.deadline, clock.now()).rung,
        occasion=f"{occasion}:{row.row_version}",
    )


def _is_competent(actor: Actor) -> bool:
    return actor.staff_id is not None and workforce.may_perform(
        staff_id=actor.staff_id, act=Act.CONFIRM_HIGH_RISK, on=clock.today()
    )


def _raise_warning(row: "Triage", occasion: str) -> None:
    with unit_of_work(SYSTEM):
        participant = row.participant
        person = _archive_of(participant)
        reason = {
            "code": SEEN_BY_COLLEAGUE.code,
            "message": SEEN_BY_COLLEAGUE.message,
            "params": dict(SEEN_BY_COLLEAGUE.params),
        }
        alert = Alert(
            source=Source.CAMPAIGN,
            source_key=f"{row.uid}:{occasion}",
            level=Level.L3,
            reasons=(reason,),
            unit_id=person.home_unit_id,
            scope_path=person.scope_path,
            resident_id=person.id,
            sex=person.sex,
            age=residents.age_on(person.born_on, clock.today()) if person.born_on else None,
        )
        raise_from(actor=SYSTEM, alert=alert)


def _archive_of(one: "Participant") -> "Resident":
    """The participant's archive, made when there was none."""
    person = Person(
        identity_index=one.identity_index,
        name=one.name,
        phone=one.phone,
        born_on=one.born_on,
        sex=one.sex,
        home_unit_id=one.campaign.unit_id,
        scope_path=one.scope_path,
    )
    (archive,) = residents.register_participants(actor=SYSTEM, people=[person])
    campaigns.link_residents(actor=SYSTEM, residents={one.id: archive.id})
    return archive
