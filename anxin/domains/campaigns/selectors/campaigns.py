"""Reading campaigns: the plan, the history, and counts. Nothing here shows a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from anxin.domains.audit.api import pure, query
from anxin.domains.campaigns import library
from anxin.domains.campaigns.contracts import (
    CampaignNotFound,
    CampaignState,
    ConsentState,
    GroupNotFound,
    ParticipantState,
    Permission,
)
from anxin.domains.campaigns.models import Campaign, CampaignEntry, Group, Participant
from anxin.domains.campaigns.policies import may_on_campaign, visible_campaigns, works_on_campaign
from anxin.domains.campaigns.rules.capacity import Capacity
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

AGREED = Q(consent=ConsentState.GIVEN) & ~Q(assent__in=[ConsentState.REFUSED, ConsentState.WITHDRAWN])
_WITH = ("unit", "owner", "reviewer")


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """How far one class has come: counts only."""

    uid: str
    name: str
    room: str
    planned_at: datetime | None
    standby: str
    listed: int
    agreed: int
    started: int
    submitted: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has come, class by class in the order of their names."""

    groups: tuple[GroupProgress, ...]
    listed: int
    agreed: int
    refused: int
    started: int
    submitted: int


@query()
def campaigns_queryset(*, actor: Actor) -> QuerySet[Campaign]:
    """Campaigns the actor may see, the newest first."""
    return visible_campaigns(actor, Campaign.objects.select_related(*_WITH)).order_by("-created_at", "-id")


def find_campaign(*, actor: Actor, uid: str) -> Campaign:
    """One campaign under the same policy. Raises ``CampaignNotFound``."""
    found = campaigns_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise CampaignNotFound
    return found


@query()
def campaign_of(*, actor: Actor, uid: str) -> Campaign:
    """One campaign with its steps; it says nothing about people. Raises ``CampaignNotFound``."""
    return find_campaign(actor=actor, uid=uid)


@query()
def history_of(*, actor: Actor, campaign: Campaign) -> list[CampaignEntry]:
    """What was decided by whom, newest first. ``NotPermitted`` for those who may read the sums only."""
    demand_work(actor, campaign)
    return list(campaign.entries.select_related("staff").order_by("-at", "-id"))


@query()
def groups_of(*, actor: Actor, campaign: Campaign) -> list[Group]:
    """The classes in the order of their names."""
    demand_work(actor, campaign)
    return list(campaign.groups.select_related("standby").order_by("grade", "name", "id"))


@query()
def group_of(*, actor: Actor, campaign: Campaign, uid: str) -> Group:
    """One class. Raises ``GroupNotFound``."""
    demand_work(actor, campaign)
    found = campaign.groups.select_related("standby").filter(uid=uid).first()
    if found is None:
        raise GroupNotFound
    return found


@query()
def progress_of(*, actor: Actor, campaign: Campaign) -> Progress:
    """Counts for each class; no name, no result."""
    demand_work(actor, campaign)
    counted = campaign.groups.select_related("standby").annotate(
        listed=Count("participants"),
        agreed=Count("participants", filter=_of_participants(AGREED)),
        started=Count("participants", filter=Q(participants__state=ParticipantState.STARTED)),
        submitted=Count("participants", filter=Q(participants__state=ParticipantState.SUBMITTED)),
    )
    groups = tuple(
        GroupProgress(
            uid=one.uid,
            name=f"{one.grade} {one.name}".strip(),
            room=one.room,
            planned_at=one.planned_at,
            standby=one.standby.name if one.standby else "",
            listed=one.listed,
            agreed=one.agreed,
            started=one.started,
            submitted=one.submitted,
        )
        for one in counted.order_by("grade", "name", "id")
    )
    refused = Participant.objects.filter(
        Q(consent=ConsentState.REFUSED) | Q(assent=ConsentState.REFUSED), campaign=campaign
    ).count()
    return Progress(
        groups=groups,
        listed=sum(one.listed for one in groups),
        agreed=sum(one.agreed for one in groups),
        refused=refused,
        started=sum(one.started for one in groups),
        submitted=sum(one.submitted for one in groups),
    )


@pure
def capacity_of(
    *, expected_participants: int, expected_positive_permille: int, interviewer_minutes: int
) -> Capacity:
    """The sum of the capacity rule with the figures in force."""
    return Capacity(
        participants=expected_participants,
        positive_permille=expected_positive_permille,
        minutes_each=library.figures().interview_minutes,
        available_minutes=interviewer_minutes,
    )


@query()
def campaigns_due(*, actor: Actor, states: Sequence[CampaignState], before: datetime) -> list[str]:
    """Campaigns in one of these states whose answering time is over, for the house."""
    if not actor.is_system:
        return []
    due = Campaign.objects.filter(state__in=states, runs_until__lte=before)
    return list(due.order_by("runs_until", "id").values_list("uid", flat=True))


@query()
def may_on(*, actor: Actor, permission: Permission, campaign: Campaign) -> bool:
    """Whether the actor holds ``permission`` for this campaign."""
    return may_on_campaign(actor, permission, campaign)


def demand_work(actor: Actor, campaign: Campaign) -> None:
    """Raises ``NotPermitted`` for those who may read the sums only."""
    if not works_on_campaign(actor, campaign):
        raise NotPermitted


def _of_participants(condition: Q) -> Q:
    """The same condition, seen from a group."""
    moved = Q()
    moved.connector, moved.negated = condition.connector, condition.negated
    for child in condition.children:
        if isinstance(child, Q):
            moved.children.append(_of_participants(child))
        else:
            name, value = child
            moved.children.append((f"participants__{name}", value))
    return moved
