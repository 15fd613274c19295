"""Reading warnings, and counting them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.deadlines import api as deadlines
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import HIGH, Level, Permission, WarningEvent, WarningNotFound, WarningState
from anxin.domains.risk.models import ContactRequest, Warning
from anxin.domains.risk.policies import visible_warnings
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

_WITH = (
    "deadline",
    "deadline__owner",
    "deadline__owner__staff",
    "deadline__owner_unit",
    "unit",
    "holder__staff",
)


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """The numbers beside the segments of the board."""

    total: int
    waiting: int
    mine: int
    due_today: int


@query()
def warnings_queryset(*, actor: Actor) -> QuerySet[Warning]:
    """Warnings the actor may see, without content; with their clocks."""
    return visible_warnings(actor, Warning.objects.select_related(*_WITH))


@query()
def board_queryset(*, actor: Actor) -> QuerySet[Warning]:
    """Open warnings for the board: urgency first, then due time. Level, owner and clock only, no names."""
    return (
        warnings_queryset(actor=actor)
        .exclude(state=WarningState.CLOSED)
        .order_by("-level", "deadline__due_at", "id")
    )


@query()
def board_counts(*, actor: Actor, end_of_today: datetime) -> BoardCounts:
    """Counts over the whole board, in one query."""
    mine = Q(deadline__owner_id__in=actor.posting_ids)
    found = (
        visible_warnings(actor, Warning.objects.all())
        .exclude(state=WarningState.CLOSED)
        .aggregate(
            total=Count("id"),
            waiting=Count("id", filter=Q(state=WarningState.NEW)),
            mine=Count("id", filter=mine),
            due_today=Count("id", filter=Q(deadline__due_at__lte=end_of_today)),
        )
    )
    return BoardCounts(**found)


def find_warning(*, actor: Actor, uid: str, lock: bool = False) -> Warning:
    """The warning for acting on it, under the same policy. Raises ``WarningNotFound``."""
    warnings = visible_warnings(
        actor, Warning.objects.select_related("deadline", "resident", "unit", "contact_request")
    )
    if lock:
        warnings = warnings.select_for_update(of=("self",))
    found = warnings.filter(uid=uid).first()
    if found is None:
        raise WarningNotFound
    return found


@query()
def warning_brief(*, actor: Actor, uid: str) -> Warning:
    """Level, owner and clock of one warning, for the step that follows; no content, so no trace of a look."""
    return find_warning(actor=actor, uid=uid)


@query("risk:warning:viewed")
def access_warning(*, actor: Actor, uid: str) -> Warning:
    """One warning with its timeline, attempts and assessments. Seeing it is recorded and shown to the person."""
    warnings = warnings_queryset(actor=actor).select_related(
        "resident", "contact_request", "proposed_by", "signed_by", "evaluation"
    )
    found = warnings.prefetch_related("entries", "attempts__by", "assessments__by").filter(uid=uid).first()
    if found is None:
        raise WarningNotFound
    return found


@query()
def open_warnings_of_resident(*, actor: Actor, resident_id: int) -> QuerySet[Warning]:
    """Open warnings about one person, for the house and for the person's own result page."""
    if not actor.is_system and actor.resident_id != resident_id:
        return Warning.objects.none()
    return (
        Warning.objects.select_related(*_WITH)
        .filter(resident_id=resident_id)
        .exclude(state=WarningState.CLOSED)
        .order_by("-level", "-raised_at")
    )


@query()
def contact_request_of(*, actor: Actor, thread_id: int) -> ContactRequest:
    """The request a conversation began with. For the house only. Raises ``WarningNotFound``."""
    found = ContactRequest.objects.filter(thread_id=thread_id).first() if actor.is_system else None
    if found is None:
        raise WarningNotFound
    return found


@query()
def twins_of(*, actor: Actor, warning: Warning) -> QuerySet[Warning]:
    """Other open warnings about the same person, by archive or by phone, for merging."""
    others = warnings_queryset(actor=actor).exclude(id=warning.id).exclude(state=WarningState.CLOSED)
    same = Q(resident_id=warning.resident_id) if warning.resident_id else Q(pk__in=[])
    person = warning.resident or warning.contact_request
    if person is not None and person.phone_index:
        same |= Q(contact_request__phone_index=person.phone_index)
        same |= Q(resident__phone_index=person.phone_index)
    return others.filter(same)


@dataclass(frozen=True, slots=True)
class WarningFacts:
    """Countable facts of one node in one period; no person can be told from them."""

    node_path: str
    raised: int
    open: int
    overdue: int
    climbed: int
    acknowledged_in_time: int
    acknowledged: int
    by_level: dict[int, int]
    high_closed: int
    high_signed: int


@query()
def warning_facts(
    *, actor: Actor, node_paths: Iterable[str], since: datetime, until: datetime, at: datetime
) -> list[WarningFacts]:
    """Counts for each node of warnings raised in [since, until); for leaders, who see no row behind them.

    Row security would show such an actor nothing, so the house counts for them; the right to counts is checked here.
    """
    allowed = [path for path in node_paths if actor.may(Permission.VIEW_COUNTS, at=path)]
    with unit_of_work(Actor.system("counts")):
        return [_facts_of(path, since, until, at) for path in allowed]


def _facts_of(path: str, since: datetime, until: datetime, at: datetime) -> WarningFacts:
    below = Warning.objects.filter(scope_path__startswith=path)
    raised = below.filter(raised_at__gte=since, raised_at__lt=until)
    is_open = ~Q(state=WarningState.CLOSED)
    in_time = Q(acknowledged_at__isnull=False) & Q(acknowledged_at__lte=F("acknowledge_due_at"))
    counted = raised.aggregate(
        raised=Count("id"),
        acknowledged=Count("id", filter=Q(acknowledged_at__isnull=False)),
        acknowledged_in_time=Count("id", filter=in_time),
        climbed=Count("id", filter=Q(climbed=True)),
        high_closed=Count(
            "id", filter=Q(state=WarningState.CLOSED, level__gte=HIGH, merged_into__isnull=True)
        ),
        high_signed=Count(
            "id",
            filter=Q(
                state=WarningState.CLOSED, level__gte=HIGH, merged_into__isnull=True, signed_by__isnull=False
            ),
        ),
        level_1=Count("id", filter=Q(level=1)),
        level_2=Count("id", filter=Q(level=2)),
        level_3=Count("id", filter=Q(level=3)),
        level_4=Count("id", filter=Q(level=4)),
    )
    now_open = below.filter(is_open).aggregate(
        open=Count("id"), overdue=Count("id", filter=Q(deadline__due_at__lt=at))
    )
    levels = {level: counted.pop(f"level_{level}") for level in (1, 2, 3, 4)}
    return WarningFacts(node_path=path, by_level=levels, **counted, **now_open)


_RUNGS = ("station", "county", "city")


def _rung_of_reach(reach_path: str) -> str:
    return {1: "city", 2: "county"}.get(reach_path.count("/") - 1, "station")


_CLOCK_FIELDS = tuple(
    f"deadline__{name}" for name in ("ladder", "due_at", "paused_at", "ended_at", "is_open")
)
_EVENT_FIELDS = (
    *("scope_path", "reach_path", "level", "state", "climbed", "raised_at", "acknowledge_due_at"),
    *("acknowledged_at", "closed_at", "merged_into", "signed_by", "unit", "unit__line"),
    *_CLOCK_FIELDS,
)


def _event(warning: Warning, at: datetime) -> WarningEvent:
    rung, climbed = _rung_of_reach(warning.reach_path), warning.climbed
    if warning.deadline is not None:
        now_at = deadlines.standing_of(warning.deadline, at)
        rung = max(rung, now_at.rung.rung.value, key=_RUNGS.index)
        climbed = climbed or now_at.index > 0
    return WarningEvent(
        node_path=warning.scope_path,
        line=warning.unit.line,
        level=Level(warning.level),
        state=WarningState(warning.state),
        rung=rung,
        climbed=climbed,
        raised_at=warning.raised_at,
        acknowledge_due_at=warning.acknowledge_due_at,
        acknowledged_at=warning.acknowledged_at,
        high_ended=warning.closed_at is not None and warning.level >= HIGH and warning.merged_into_id is None,
        signed=warning.signed_by_id is not None,
    )


@query()
def warning_events(
    *, actor: Actor, node_path: str, since: datetime, until: datetime, at: datetime
) -> list[WarningEvent]:
    """The warnings raised in [since, until) at a node and below, newest first, stripped of everything about the person.

    Where they stand is computed from their clocks at ``at``, like on the boards. Needs the right to counts.
    """
    if not actor.may(Permission.VIEW_COUNTS, at=node_path):
        return []
    with unit_of_work(Actor.system("counts")):
        found = Warning.objects.filter(
            scope_path__startswith=node_path, raised_at__gte=since, raised_at__lt=until
        )
        rows = found.select_related("deadline", "unit").only(*_EVENT_FIELDS)
        rows = rows.order_by("-raised_at", "-id")
        return [_event(warning, at) for warning in rows.iterator(chunk_size=2000)]


@query()
def unowned_now(*, actor: Actor, node_path: str, at: datetime) -> int:
    """Open warnings nobody answers for at ``at``: no running clock, or its holder is not in post that day."""
    if not actor.may(Permission.VIEW_COUNTS, at=node_path):
        return 0
    with unit_of_work(Actor.system("counts")):
        found = Warning.objects.filter(scope_path__startswith=node_path).exclude(state=WarningState.CLOSED)
        clocks = found.select_related("deadline").only(*_CLOCK_FIELDS)
        holders = [_holder_at(warning, at) for warning in clocks.iterator(chunk_size=2000)]
        postings = network.postings_by_id(posting_ids={one for one in holders if one is not None})
        day = clock.local(at).date()
        in_post = {
            key
            for key, one in postings.items()
            if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
        }
        return sum(1 for one in holders if one not in in_post)


def _holder_at(warning: Warning, at: datetime) -> int | None:
    if warning.deadline is None or not warning.deadline.is_open:
        return None
    return deadlines.standing_of(warning.deadline, at).rung.posting_id
