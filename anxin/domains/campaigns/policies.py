"""Who may see and do what with a campaign and with the people it finds. Default: no.

Seeing a campaign shows sums. A person is met by name only with ``READ_NAMES``, and by those who talk to them.
"""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from anxin.domains.campaigns.contracts import Permission
from anxin.domains.campaigns.models import Campaign, Triage
from anxin.kernel.actor import Actor

SHOWS = (Permission.PLAN, Permission.REVIEW, Permission.RUN, Permission.INTERVIEW, Permission.VIEW_REPORT)
WORKS = (Permission.PLAN, Permission.REVIEW, Permission.RUN, Permission.INTERVIEW)


def may_on_campaign(actor: Actor, permission: Permission, campaign: Campaign) -> bool:
    """Whether the actor holds ``permission`` at the campaign's unit or above it."""
    return actor.may(permission, at=campaign.scope_path)


def can_view_campaign(actor: Actor, campaign: Campaign) -> bool:
    """Whoever plans, reviews, runs, interviews, or may read the sums there."""
    return any(may_on_campaign(actor, permission, campaign) for permission in SHOWS)


def works_on_campaign(actor: Actor, campaign: Campaign) -> bool:
    """The same without those who may read the sums only."""
    return any(may_on_campaign(actor, permission, campaign) for permission in WORKS)


def visible_campaigns(actor: Actor, campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """The same rule as ``can_view_campaign``, for many."""
    return _below(actor, SHOWS, campaigns)


def is_reviewer_above(actor: Actor, campaign: Campaign) -> bool:
    """Whether the actor reviews from a node above the unit whose plan it is."""
    paths = actor.paths_with(Permission.REVIEW)
    return any(campaign.scope_path.startswith(path) and path != campaign.scope_path for path in paths)


def can_view_triage(actor: Actor, triage: Triage) -> bool:
    """Those who talk to the people found, at their node."""
    return actor.may(Permission.INTERVIEW, at=triage.scope_path)


def visible_triages(actor: Actor, triages: QuerySet[Triage]) -> QuerySet[Triage]:
    """The same rule, for many."""
    return _below(actor, (Permission.INTERVIEW,), triages)


def may_read_names(actor: Actor, path: str) -> bool:
    """Whether a person at ``path`` may be met by name."""
    return actor.may(Permission.READ_NAMES, at=path)


def _below(actor: Actor, permissions: tuple[Permission, ...], rows: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    if actor.is_system:
        return rows
    paths = {path for permission in permissions for path in actor.paths_with(permission)}
    if not paths:
        return rows.none()
    return rows.filter(reduce(or_, (Q(scope_path__startswith=path) for path in paths)))
