"""The report of a campaign: sums in which no small number can be read, groups in the order of their names, no ranking.

One table, not two: what is left out of one could be worked out from the other.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Q, Value, When

from anxin.domains.audit.api import query
from anxin.domains.campaigns import library
from anxin.domains.campaigns.contracts import CampaignNotFound, CampaignState, Segment, TriageLevel
from anxin.domains.campaigns.models import Campaign, Participant
from anxin.domains.campaigns.policies import can_view_campaign, works_on_campaign
from anxin.domains.campaigns.selectors.campaigns import AGREED
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.small_cells import GroupTable, group_table
from anxin.kernel.unit_of_work import unit_of_work

LEVELS = tuple(level.value for level in TriageLevel)
NOT_HANDED_IN, NOT_AGREED = "not_handed_in", "not_agreed"
COLUMNS = (*LEVELS, NOT_HANDED_IN, NOT_AGREED)
REPORTED = frozenset({CampaignState.REPORTED, CampaignState.ARCHIVED})
_COUNTED = frozenset({CampaignState.TRIAGED, CampaignState.INTERVIEWING}) | REPORTED
_KIND = Case(
    *(
        When(Q(triage__confirmed=level) | Q(triage__confirmed="", triage__proposed=level), then=Value(level))
        for level in LEVELS
    ),
    When(AGREED, then=Value(NOT_HANDED_IN)),
    default=Value(NOT_AGREED),
    output_field=CharField(),
)


@dataclass(frozen=True, slots=True)
class Report:
    """Everybody listed, by class where that tells nothing about anybody: at which level, or not answered."""

    table: GroupTable
    only_totals: bool
    is_final: bool


@query()
def report_of(*, actor: Actor, campaign: Campaign) -> Report:
    """The sums. ``NotPermitted`` before triage is finished, and for those who read sums only before it is reported.

    Employers' campaigns are never split, whoever asks: in a workshop everybody knows everybody.
    """
    if not can_view_campaign(actor, campaign):
        raise CampaignNotFound
    state = CampaignState(campaign.state)
    if state not in _COUNTED or (state not in REPORTED and not works_on_campaign(actor, campaign)):
        raise NotPermitted
    figures, segment = library.figures(), Segment(campaign.segment)
    only_totals = segment in figures.only_totals
    with unit_of_work(Actor.system("counts")):
        counts = _counts(campaign, only_totals=only_totals)
    return Report(
        table=group_table(counts, columns=COLUMNS, smallest=figures.smallest_cell[segment]),
        only_totals=only_totals,
        is_final=state in REPORTED,
    )


def _counts(campaign: Campaign, *, only_totals: bool) -> dict[str, dict[str, int]]:
    names = {
        one.id: "" if only_totals else f"{one.grade} {one.name}".strip()
        for one in campaign.groups.order_by("grade", "name", "id")
    }
    found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in names.values()}
    people = Participant.objects.filter(campaign=campaign).annotate(kind=_KIND).order_by()
    for group_id, kind, count in people.values_list("group_id", "kind").annotate(count=Count("id")):
        found[names[group_id]][kind] += count
    return {name: dict(row) for name, row in found.items()}
