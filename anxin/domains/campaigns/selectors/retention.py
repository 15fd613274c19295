"""Whose names are due to be taken off."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.campaigns.contracts import CampaignState
from anxin.domains.campaigns.models import Campaign, Participant
from anxin.kernel.actor import Actor


@query()
def names_due_queryset(*, actor: Actor, today: date) -> QuerySet[Campaign]:
    """Archived campaigns whose names are kept no longer, where somebody not in support is still named; for the house.

    Whoever was in support when the names were taken off is met here again once the support has ended.
    """
    if not actor.is_system:
        return Campaign.objects.none()
    named = (
        Participant.objects.filter(campaign=OuterRef("pk"))
        .exclude(identity_index__startswith="-")
        .exclude(triage__settled_at__isnull=True, triage__deadline__isnull=False)
    )
    due = Campaign.objects.filter(state=CampaignState.ARCHIVED, names_until__lte=today)
    return due.filter(Exists(named)).order_by("names_until", "id")


@query()
def persons_of(*, actor: Actor, campaign: Campaign) -> frozenset[str]:
    """The people (uid) behind the names of a campaign, for the house: to see whether the law holds one of them."""
    if not actor.is_system:
        return frozenset()
    uids = Participant.objects.filter(campaign=campaign, resident__isnull=False)
    return frozenset(uids.values_list("resident__uid", flat=True))
