"""Who has how many cases in hand, who is overdue, and who stands in for whom. No person, no content."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.cases.contracts import Load
from anxin.domains.cases.models import Case, CaseTask, ManagerCover
from anxin.domains.cases.policies import visible_cases
from anxin.domains.deadlines import api as deadlines
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def covers_in_force(on: date) -> QuerySet[ManagerCover]:
    """Covers that hold on a day."""
    begun = ManagerCover.objects.filter(starts_on__lte=on, ends_on__gte=on)
    return begun.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))


@query()
def loads(*, actor: Actor, path: str) -> list[Load]:
    """The open cases at ``path`` and below that the actor may see, counted for each manager; two queries."""
    still_open = visible_cases(
        actor, Case.objects.filter(closed_at__isnull=True, scope_path__startswith=path)
    )
    late = Q(deadlines.is_overdue_q(at=clock.now(), prefix="deadline__"))
    rows = (
        still_open.order_by()
        .values_list("manager_id", "level")
        .annotate(number=Count("id"), overdue=Count("id", filter=late))
    )
    levels: dict[int, dict[int, int]] = defaultdict(dict)
    overdue: dict[int, int] = defaultdict(int)
    for manager, level, number, is_late in rows:
        levels[manager][level] = number
        overdue[manager] += is_late
    return [Load(manager, by_level, overdue[manager]) for manager, by_level in levels.items()]


@query()
def loads_by_place(*, actor: Actor, path: str) -> dict[str, Load]:
    """The same for each unit path below ``path``: a supervisor's board over an area. ``posting_id`` is 0."""
    still_open = visible_cases(
        actor, Case.objects.filter(closed_at__isnull=True, scope_path__startswith=path)
    )
    late = Q(deadlines.is_overdue_q(at=clock.now(), prefix="deadline__"))
    rows = (
        still_open.order_by()
        .values_list("unit__path", "level")
        .annotate(number=Count("id"), overdue=Count("id", filter=late))
    )
    levels: dict[str, dict[int, int]] = defaultdict(dict)
    overdue: dict[str, int] = defaultdict(int)
    for place, level, number, is_late in rows:
        levels[place][level] = number
        overdue[place] += is_late
    return {place: Load(0, by_level, overdue[place]) for place, by_level in levels.items()}


@query()
def open_tasks_by_posting(*, actor: Actor, posting_ids: Iterable[int]) -> dict[int, int]:
    """How many tasks whose day has passed each of these colleagues has, in cases the actor may see."""
    late = CaseTask.objects.filter(
        owner__in=list(posting_ids),
        done_at__isnull=True,
        due_on__lt=clock.today(),
        case__in=visible_cases(actor, Case.objects.filter(closed_at__isnull=True)),
    )
    return dict(late.order_by().values_list("owner_id").annotate(number=Count("id")))


@query()
def covers_now(*, actor: Actor, posting_ids: Iterable[int] | None = None) -> dict[int, ManagerCover]:
    """Who stands in today, by the posting they stand in for."""
    rows = covers_in_force(clock.today()).select_related("posting__staff", "by__staff", "by__unit")
    if posting_ids is not None:
        rows = rows.filter(posting_id__in=list(posting_ids))
    return {one.posting_id: one for one in rows}


@query()
def covered_postings(*, actor: Actor) -> list[int]:
    """The postings the actor stands in for today."""
    rows = covers_in_force(clock.today()).filter(by__in=actor.posting_ids)
    return list(rows.values_list("posting_id", flat=True))


@query()
def covers_ahead(*, actor: Actor, path: str) -> list[ManagerCover]:
    """Covers in force or to come for colleagues posted at ``path`` and below."""
    rows = ManagerCover.objects.filter(
        ended_on__isnull=True, ends_on__gte=clock.today(), posting__unit__path__startswith=path
    )
    return list(
        rows.select_related("posting__staff", "posting__unit", "by__staff", "by__unit").order_by("starts_on")
    )


@query()
def cases_in_hand(*, actor: Actor, posting_id: int) -> list[str]:
    """The uids of the open cases one posting manages, for those who hand them over."""
    rows = visible_cases(actor, Case.objects.filter(manager_id=posting_id, closed_at__isnull=True))
    return list(rows.order_by("id").values_list("uid", flat=True))
