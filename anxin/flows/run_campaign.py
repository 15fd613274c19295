"""The course of a screening campaign, from draft to archive, and the people its clocks call.

Each step is one transaction: state, history and clock move together or not at all. The house itself closes a campaign
whose time is over; everything else is somebody's decision.
"""

import logging
from typing import TYPE_CHECKING

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import CampaignState, Draw, Owed, Permission, Window
from anxin.domains.deadlines.contracts import Ladder
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import Level
from anxin.flows.ladders import draw_ladder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.campaigns.models import Campaign

log = logging.getLogger(__name__)
SYSTEM = Actor.system("campaigns")


def draw_for_owner(campaign: "Campaign") -> Draw:
    """The owner first, then those upward who may talk to people."""
    return _draw(campaign, Permission.INTERVIEW, first_staff_id=campaign.owner_id)


def draw_for_review(campaign: "Campaign") -> Draw:
    """Reviewers upward, never the owner."""
    return _draw(campaign, Permission.REVIEW, without=campaign.owner_id)


def _draw(
    campaign: "Campaign", needs: Permission, *, first_staff_id: int | None = None, without: int | None = None
) -> Draw:
    def draw(owed: Owed) -> Ladder:
        first = (
            network.candidate_for(staff_id=first_staff_id, unit_id=campaign.unit_id, at=clock.now())
            if first_staff_id
            else None
        )
        ladder, _ = draw_ladder(
            unit_id=campaign.unit_id,
            level=Level.L1,
            climbs=owed.climbs_at,
            page_every=owed.page_every,
            first=first,
            without_staff=() if without is None else (without,),
            needs=needs,
        )
        return ladder

    return draw


def send_to_review(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> "Campaign":
    """draft → ethics_check. Raises ``GuardsOpen`` with everything the plan lacks."""
    with unit_of_work(actor):
        campaign = campaigns.campaign_of(actor=actor, uid=campaign_uid)
        return campaigns.send_to_review(
            actor=actor,
            campaign_uid=campaign_uid,
            draw=draw_for_review(campaign),
            seen_version=seen_version,
        )


def approve(
    *, actor: Actor, campaign_uid: str, reason: str = "", seen_version: int | None = None
) -> "Campaign":
    """ethics_check → approved, by a reviewer above who is not the owner."""
    with unit_of_work(actor):
        return campaigns.approve(
            actor=actor, campaign_uid=campaign_uid, reason=reason, seen_version=seen_version
        )


def give_back(*, actor: Actor, campaign_uid: str, reason: str, seen_version: int | None = None) -> "Campaign":
    """ethics_check → draft, with the reason."""
    with unit_of_work(actor):
        return campaigns.give_back(
            actor=actor, campaign_uid=campaign_uid, reason=reason, seen_version=seen_version
        )


def open_consent(
    *, actor: Actor, campaign_uid: str, window: Window, seen_version: int | None = None
) -> "Campaign":
    """approved → consent_open."""
    with unit_of_work(actor):
        return campaigns.open_consent(
            actor=actor, campaign_uid=campaign_uid, window=window, seen_version=seen_version
        )


def start_running(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> "Campaign":
    """consent_open → running."""
    with unit_of_work(actor):
        return campaigns.start_running(actor=actor, campaign_uid=campaign_uid, seen_version=seen_version)


def close_answering(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> "Campaign":
    """running → quality_check."""
    with unit_of_work(actor):
        campaign = campaigns.campaign_of(actor=actor, uid=campaign_uid)
        return campaigns.close_answering(
            actor=actor, campaign_uid=campaign_uid, draw=draw_for_owner(campaign), seen_version=seen_version
        )


def finish_triage(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> "Campaign":
    """quality_check → triaged."""
    with unit_of_work(actor):
        campaign = campaigns.campaign_of(actor=actor, uid=campaign_uid)
        return campaigns.finish_triage(
            actor=actor, campaign_uid=campaign_uid, draw=draw_for_owner(campaign), seen_version=seen_version
        )


def begin_interviews(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> "Campaign":
    """triaged → interviewing."""
    with unit_of_work(actor):
        campaign = campaigns.campaign_of(actor=actor, uid=campaign_uid)
        return campaigns.begin_interviews(
            actor=actor, campaign_uid=campaign_uid, draw=draw_for_owner(campaign), seen_version=seen_version
        )


def report(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> "Campaign":
    """interviewing → reported."""
    with unit_of_work(actor):
        return campaigns.report(actor=actor, campaign_uid=campaign_uid, seen_version=seen_version)


def archive(*, actor: Actor, campaign_uid: str, seen_version: int | None = None) -> "Campaign":
    """reported → archived."""
    with unit_of_work(actor):
        return campaigns.archive(actor=actor, campaign_uid=campaign_uid, seen_version=seen_version)


def cancel(*, actor: Actor, campaign_uid: str, reason: str, seen_version: int | None = None) -> "Campaign":
    """Stop it, with the reason."""
    with unit_of_work(actor):
        return campaigns.cancel(
            actor=actor, campaign_uid=campaign_uid, reason=reason, seen_version=seen_version
        )


def close_ended() -> int:
    """Campaigns whose time is over go on to their quality check; how many did. A fault in one holds up no other."""
    with unit_of_work(SYSTEM):
        due = campaigns.campaigns_due(actor=SYSTEM, states=[CampaignState.RUNNING], before=clock.now())
    closed = 0
    for uid in due:
        try:
            close_answering(actor=SYSTEM, campaign_uid=uid)
            closed += 1
        except Exception:
            log.exception("campaign %s could not be closed; the next round tries again", uid)
    return closed
