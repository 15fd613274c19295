"""How the asking stands: counts for everybody who works on it, names only for the need."""

from django.db.models import Count, Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.campaigns.contracts import ConsentCounts, ConsentState, ParticipantState
from anxin.domains.campaigns.models import Campaign, Participant
from anxin.domains.campaigns.policies import may_read_names
from anxin.domains.campaigns.selectors.campaigns import demand_work
from anxin.domains.campaigns.selectors.roster import place_in_class
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

LISTED = 500


@query()
def consent_counts(*, actor: Actor, campaign: Campaign) -> ConsentCounts:
    """The roster by answer."""
    demand_work(actor, campaign)
    row = campaign.participants.aggregate(
        listed=Count("id"),
        given=Count("id", filter=Q(consent=ConsentState.GIVEN)),
        refused=Count("id", filter=Q(consent=ConsentState.REFUSED)),
        withdrawn=Count("id", filter=Q(consent=ConsentState.WITHDRAWN)),
        awaited=Count("id", filter=Q(consent=ConsentState.AWAITED)),
        without_phone=Count("id", filter=Q(consent=ConsentState.AWAITED, guardian_phone="")),
    )
    return ConsentCounts(**row)


@query("campaigns:awaited:viewed")
def awaited_of(*, actor: Actor, campaign: Campaign) -> list[Participant]:
    """Who has not answered yet, by class: those who need a reminder on paper or by a call. Never who said no."""
    demand_work(actor, campaign)
    if not may_read_names(actor, campaign.scope_path):
        raise NotPermitted
    waiting = _awaited(campaign).order_by("group__grade", "group__name", "id")[:LISTED]
    return sorted(waiting, key=lambda one: (one.group.grade, one.group.name, *place_in_class(one)))


def _awaited(campaign: Campaign) -> QuerySet[Participant]:
    return (
        campaign.participants.select_related("group")
        .filter(consent=ConsentState.AWAITED)
        .exclude(state=ParticipantState.EXCUSED)
    )
