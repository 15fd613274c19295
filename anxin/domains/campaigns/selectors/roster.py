"""Reading rosters: files and their faults, classes in numbers, and the people of one class for those with the need."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.campaigns.contracts import (
    ConsentState,
    GroupCount,
    GroupNotFound,
    ImportState,
    ParticipantState,
    Permission,
)
from anxin.domains.campaigns.models import Campaign, Group, Participant, RosterFault, RosterImport
from anxin.domains.campaigns.policies import may_on_campaign, may_read_names
from anxin.domains.campaigns.selectors.campaigns import demand_work
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted


@query()
def rosters_of(*, actor: Actor, campaign: Campaign) -> list[RosterImport]:
    """The files, newest first."""
    demand_work(actor, campaign)
    return list(campaign.imports.select_related("started_by").order_by("-id"))


@query()
def roster_of(*, actor: Actor, campaign: Campaign, uid: str) -> RosterImport:
    """One file."""
    demand_work(actor, campaign)
    found = campaign.imports.select_related("started_by", "campaign").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


@query()
def roster_faults_queryset(*, actor: Actor, roster: RosterImport) -> QuerySet[RosterFault]:
    """What is wrong, row by row. Places and rules, no content."""
    demand_work(actor, roster.campaign)
    return roster.faults.order_by("sheet", "row", "id")


@query()
def faults_by_row(*, actor: Actor, roster_uid: str) -> Iterator[RosterFault]:
    """The same for the house, in a stream."""
    if not actor.is_system:
        raise NotPermitted
    return RosterFault.objects.filter(roster__uid=roster_uid).order_by("id").iterator(chunk_size=2000)


@query("campaigns:roster:returned")
def marked_roster_of(*, actor: Actor, campaign: Campaign, uid: str) -> RosterImport:
    """A file that is about to be handed back with its marks: it shows names and identity numbers."""
    roster = roster_of(actor=actor, campaign=campaign, uid=uid)
    if not (may_on_campaign(actor, Permission.PLAN, campaign) and may_read_names(actor, campaign.scope_path)):
        raise NotPermitted
    if not roster.has_marked_file:
        raise NotFound
    return roster


@query()
def group_counts(*, actor: Actor, campaign: Campaign) -> list[GroupCount]:
    """Every class in numbers, in the order of their names. No ranking, no name."""
    demand_work(actor, campaign)
    said_no = [ConsentState.REFUSED, ConsentState.WITHDRAWN]
    counted = campaign.groups.annotate(
        listed=Count("participants"),
        given=Count("participants", filter=Q(participants__consent=ConsentState.GIVEN)),
        no=Count("participants", filter=Q(participants__consent__in=said_no)),
        submitted=Count("participants", filter=Q(participants__state=ParticipantState.SUBMITTED)),
    )
    return [
        GroupCount(
            uid=one.uid,
            code=one.code,
            grade=one.grade,
            name=one.name,
            listed=one.listed,
            consent_given=one.given,
            consent_refused=one.no,
            consent_awaited=one.listed - one.given - one.no,
            submitted=one.submitted,
        )
        for one in counted.order_by("grade", "name", "id")
    ]


@query()
def class_of(*, actor: Actor, campaign: Campaign, uid: str) -> Group:
    """One class, for whoever may meet its people."""
    demand_work(actor, campaign)
    if not may_read_names(actor, campaign.scope_path):
        raise NotPermitted
    found = campaign.groups.filter(uid=uid).first()
    if found is None:
        raise GroupNotFound
    return found


@query("campaigns:class:viewed")
def people_of_class(*, actor: Actor, group: Group) -> list[Participant]:
    """The people of one class in the order of their numbers, to be shown masked: recorded for each."""
    return _class_of(actor, group)


@query("campaigns:names:unmasked")
def names_of_class(*, actor: Actor, group: Group) -> list[Participant]:
    """The same, to be shown by name: a look of its own, recorded for each."""
    return _class_of(actor, group)


def _class_of(actor: Actor, group: Group) -> list[Participant]:
    if not may_read_names(actor, group.campaign.scope_path):
        raise NotPermitted
    return sorted(group.participants.select_related("campaign"), key=place_in_class)


@query()
def is_unfinished(*, actor: Actor, roster_uid: str) -> bool:
    """Whether a file is still to be read, for the house."""
    unfinished = [ImportState.WAITING, ImportState.READING]
    return actor.is_system and RosterImport.objects.filter(uid=roster_uid, state__in=unfinished).exists()


def place_in_class(one: Participant) -> tuple[bool, int, str, int]:
    """For sorting: 2 before 10, and what is no number last."""
    number = one.roster_number
    return (not number.isdecimal(), int(number) if number.isdecimal() else 0, number, one.id)
