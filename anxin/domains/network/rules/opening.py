"""Opening hours: open at a moment, until when, and when next. A stretch to 23:59 or later runs to midnight."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from anxin.domains.network.contracts import OpeningState, Stretch

NEARLY_MIDNIGHT = time(23, 59)


def have_overlap(stretches: Iterable[Stretch]) -> bool:
    """Whether two stretches of a weekday overlap, one ends before it starts, or a weekday does not exist."""
    ordered = sorted(stretches, key=lambda one: (one.weekday, one.opens_at))
    if any(one.closes_at <= one.opens_at or not 0 <= one.weekday <= 6 for one in ordered):
        return True
    return any(
        first.weekday == second.weekday and second.opens_at < first.closes_at
        for first, second in pairwise(ordered)
    )


def _on(stretches: Sequence[Stretch], day: date) -> list[Stretch]:
    return sorted((one for one in stretches if one.weekday == day.weekday()), key=lambda one: one.opens_at)


def _span(stretch: Stretch, day: date, moment: datetime) -> tuple[datetime, datetime]:
    opens = datetime.combine(day, stretch.opens_at, moment.tzinfo)
    if stretch.closes_at >= NEARLY_MIDNIGHT:
        return opens, datetime.combine(day + timedelta(days=1), time(0), moment.tzinfo)
    return opens, datetime.combine(day, stretch.closes_at, moment.tzinfo)


def state_at(stretches: Sequence[Stretch], at: datetime) -> OpeningState:
    """The state at ``at``, given in local time. Stretches that touch, also at midnight, count as one."""
    week = [at.date() + timedelta(days=offset) for offset in range(8)]
    spans = [_span(one, day, at) for day in week for one in _on(stretches, day)]
    today = tuple((one.opens_at, one.closes_at) for one in _on(stretches, at.date()))
    until: datetime | None = None
    for opens, closes in spans:
        covers = opens <= at < closes if until is None else opens == until
        until = closes if covers else until
    if until is None:
        following = next((opens for opens, _ in spans if opens > at), None)
        return OpeningState(is_open=False, until=None, today=today, next_opens_at=following)
    if until >= at + timedelta(days=7):
        return OpeningState(is_open=True, until=None, today=today, is_round_the_clock=True)
    return OpeningState(is_open=True, until=until, today=today)
