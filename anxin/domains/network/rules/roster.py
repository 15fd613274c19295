"""Who is on duty at a moment. Weekly seats in local time, some past midnight, changed by dated exceptions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from anxin.domains.network.contracts import WeeklySeat


@dataclass(frozen=True, slots=True)
class Pattern:
    """A weekly seat of one posting at one unit."""

    posting_id: int
    unit_id: int
    duty: str
    seat: WeeklySeat
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A dated change; ``recorded`` grows with every change made, the latest one about a moment counts."""

    posting_id: int
    unit_id: int
    duty: str
    is_on: bool
    starts_at: datetime
    ends_at: datetime
    recorded: int


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody sits here, until then."""

    posting_id: int
    unit_id: int
    duty: str
    until: datetime
    priority: int


Key = tuple[int, int, str]


def days_to_ask(at: datetime) -> tuple[date, date]:
    """The two local days on which a seat taken at ``at`` can have begun. A seat lasts one day at most."""
    return (at.date() - timedelta(days=1), at.date())


def _ends(pattern: Pattern, at: datetime, working_days: Collection[date]) -> datetime | None:
    """When the turn that covers ``at`` ends, in local time; ``None`` when none does."""
    ends: datetime | None = None
    for day in days_to_ask(at):
        if day.weekday() not in pattern.seat.weekdays or day < pattern.valid_from:
            continue
        if pattern.valid_until is not None and day > pattern.valid_until:
            continue
        if pattern.seat.working_days_only and day not in working_days:
            continue
        starts = datetime.combine(day, pattern.seat.starts, at.tzinfo)
        finish = starts + timedelta(minutes=pattern.seat.minutes)
        if starts <= at < finish:
            ends = finish
    return ends


def _deciding(changes: Iterable[Change], at: datetime) -> dict[Key, Change]:
    latest: dict[Key, Change] = {}
    for change in sorted(changes, key=lambda one: one.recorded):
        if change.starts_at <= at < change.ends_at:
            latest[change.posting_id, change.unit_id, change.duty] = change
    return latest


def seats_at(
    *,
    patterns: Iterable[Pattern],
    changes: Collection[Change],
    at: datetime,
    working_days: Collection[date],
) -> list[Seat]:
    """Every seat taken at ``at`` (in local time), one for each posting, unit and duty; nearest priority first.

    ``working_days`` holds those of :func:`days_to_ask` on which offices work.
    """
    found: dict[Key, Seat] = {}
    for pattern in patterns:
        key = (pattern.posting_id, pattern.unit_id, pattern.duty)
        ends = _ends(pattern, at, working_days)
        if ends is None or (key in found and found[key].until >= ends):
            continue
        leaves = [
            one.starts_at for one in changes if _key(one) == key and not one.is_on and one.starts_at > at
        ]
        found[key] = Seat(*key, until=min([ends, *leaves]), priority=pattern.seat.priority)
    for key, change in _deciding(changes, at).items():
        if change.is_on:
            until = max(change.ends_at, found[key].until) if key in found else change.ends_at
            found[key] = Seat(*key, until=until, priority=found[key].priority if key in found else 1)
        else:
            found.pop(key, None)
    return sorted(found.values(), key=lambda seat: (seat.unit_id, seat.duty, seat.priority, seat.posting_id))


def _key(change: Change) -> Key:
    return (change.posting_id, change.unit_id, change.duty)


def is_possible(seat: WeeklySeat) -> bool:
    """Whether a seat has weekdays, and a length between a minute and a day."""
    weekdays = set(seat.weekdays)
    return (
        bool(weekdays)
        and weekdays <= set(range(7))
        and 0 < seat.minutes <= 1440
        and isinstance(seat.starts, time)
    )
