"""What every write to a campaign shares: the locked row, its history, its clock."""

import hashlib
import json

from django.db import connection

from anxin.domains.campaigns.contracts import (
    CAMPAIGN_SUBJECT,
    CampaignChanged,
    CampaignNotFound,
    CampaignReasonMissing,
    CampaignState,
    Draw,
    Owed,
    Permission,
)
from anxin.domains.campaigns.models import Campaign, CampaignEntry
from anxin.domains.campaigns.policies import may_on_campaign, visible_campaigns
from anxin.domains.campaigns.selectors.campaigns import find_campaign
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

_PLAN_FIELDS = (
    *("title", "segment", "age_min", "age_max", "purpose", "data_kinds", "recipients", "retention_months"),
    *("impact_assessment", "consent_text_version", "expected_participants", "expected_positive_permille"),
    *(
        "interviewer_minutes",
        "target_permille",
        "runs_from",
        "runs_until",
        "state",
        "owner_id",
        "reviewer_id",
    ),
)


def next_number() -> str:
    """The next number for people, ``S-101``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('campaigns_number')")
        return f"S-{cursor.fetchone()[0]}"


def staff_id_of(actor: Actor) -> int:
    """The member of staff who acts; a program decides nothing about people."""
    if actor.staff_id is None:
        raise NotPermitted
    return actor.staff_id


def locked(
    actor: Actor, uid: str, permission: Permission | None, seen_version: int | None = None
) -> Campaign:
    """The campaign, locked after its clock. ``CampaignNotFound`` outside the scope, ``NotPermitted`` inside it."""
    campaign = find_campaign(actor=actor, uid=uid)
    if permission is not None and not may_on_campaign(actor, permission, campaign):
        raise NotPermitted
    deadlines.lock_clock(actor=actor, subject_kind=CAMPAIGN_SUBJECT, subject_uid=uid)
    held = visible_campaigns(actor, Campaign.objects.select_related("unit", "owner"))
    found = held.select_for_update(of=("self",), no_key=True).filter(uid=uid).first()
    if found is None:
        raise CampaignNotFound
    if seen_version is not None and seen_version != found.row_version:
        raise CampaignChanged
    return found


def require_reason(reason: str) -> str:
    """The reason, trimmed. Raises ``CampaignReasonMissing``."""
    if not reason.strip():
        raise CampaignReasonMissing(field="reason")
    return reason.strip()


def fingerprint(campaign: Campaign) -> str:
    """The plan as it stands, in one line: what was approved can be told from what was run."""
    plan = {name: getattr(campaign, name) for name in _PLAN_FIELDS}
    steps = campaign.steps.order_by("position").values_list(
        "position", "instrument", "instrument_version", "language", "follows"
    )
    text = json.dumps({**plan, "steps": [list(step) for step in steps]}, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def role_in(actor: Actor, campaign: Campaign, *permissions: Permission) -> str:
    """The role that carries one of these rights there; "system" for the house."""
    if actor.is_system:
        return "system"
    held = [
        grant.role
        for grant in actor.grants
        if campaign.scope_path.startswith(grant.path) and grant.permissions & set(permissions)
    ]
    return held[0] if held else ""


def write_entry(
    campaign: Campaign, *, actor: Actor, role: str, before: str, before_hash: str, reason: str
) -> CampaignEntry:
    """One line of the history, with its author as they were."""
    return CampaignEntry.objects.create(
        campaign=campaign,
        at=clock.now(),
        staff_id=actor.staff_id,
        role=role,
        before=before,
        after=campaign.state,
        before_hash=before_hash,
        after_hash=fingerprint(campaign),
        reason=reason,
    )


def switch_clock(campaign: Campaign, owed: Owed | None, draw: Draw | None, *, actor: Actor) -> None:
    """End what is owed now as done, and start what is owed next."""
    running = deadlines.open_deadline_of(actor=actor, subject_kind=CAMPAIGN_SUBJECT, subject_uid=campaign.uid)
    if running is not None:
        deadlines.meet(actor=actor, deadline_id=running.id)
    if owed is not None and draw is not None:
        deadlines.start(
            actor=actor,
            order=ClockOrder(CAMPAIGN_SUBJECT, campaign.uid, owed.stage, owed.due_at, draw(owed)),
        )


def save(campaign: Campaign, *fields: str) -> Campaign:
    """Write the named fields and count the version up."""
    campaign.row_version += 1
    campaign.save(update_fields=[*fields, "row_version"])
    return campaign


def state_of(campaign: Campaign) -> CampaignState:
    """Where it stands."""
    return CampaignState(campaign.state)
