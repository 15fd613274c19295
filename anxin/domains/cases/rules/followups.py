"""The ladder of follow-ups: when each is meant, from when and until when it counts, and what a contact covers.

A ladder begins when the first contact that reaches the person at L3 or L4 has ended, and anew when the level has risen
since. The days after a week and more are meant for working days, when that fits into the window.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from anxin.domains.cases.contracts import FollowUpState, FollowUpWindow
from anxin.domains.risk.contracts import HIGH, Level

IsWorkingDay = Callable[[date], bool]
_BY_THE_DAY = timedelta(days=7)
_DAY = timedelta(days=1)


class Planned(Protocol):
    """What of a stored follow-up decides what becomes of it."""

    number: int
    opens_at: datetime
    due_at: datetime


def ladder_from(
    anchor: datetime, spans: Sequence[timedelta], window: float, is_working_day: IsWorkingDay
) -> tuple[FollowUpWindow, ...]:
    """Every follow-up after a contact that ended at ``anchor``, which is told in the city's own time."""
    made = []
    for number, span in enumerate(spans, start=1):
        opens_at, due_at = anchor + span * (1 - window), anchor + span * (1 + window)
        planned_at = anchor + span
        if span >= _BY_THE_DAY:
            planned_at = _on_a_working_day(planned_at, opens_at, due_at, is_working_day)
        made.append(FollowUpWindow(number, len(spans), planned_at, opens_at, due_at))
    return tuple(made)


def _on_a_working_day(
    planned: datetime, opens_at: datetime, due_at: datetime, is_working_day: IsWorkingDay
) -> datetime:
    """The nearest working day inside the window, the earlier of two; the day itself when there is none."""
    for distance in range((due_at - opens_at).days + 1):
        for moment in (planned - distance * _DAY, planned + distance * _DAY):
            if opens_at <= moment <= due_at and is_working_day(moment.date()):
                return moment
    return planned


def covered_by(rows: Iterable[Planned], at: datetime) -> dict[int, FollowUpState]:
    """What a contact that reached the person at ``at`` makes of the planned follow-ups, by number.

    It counts for every one whose window has opened: done, while its time has not passed; of those whose time has
    passed, only the last is done, late, and it stands for the others, which were missed.
    """
    opened = sorted((one for one in rows if one.opens_at <= at), key=lambda one: one.number)
    found = {}
    for place, one in enumerate(opened):
        is_missed = one.due_at < at and place + 1 < len(opened)
        found[one.number] = FollowUpState.MISSED if is_missed else FollowUpState.DONE
    return found


def may_move(
    window: FollowUpWindow, *, to: datetime, now: datetime, level: Level, next_planned_at: datetime | None
) -> bool:
    """Whether a follow-up may be meant for ``to``: ahead, before the next one, at L3 and L4 inside its own window."""
    if to <= now or (next_planned_at is not None and to >= next_planned_at):
        return False
    if level >= HIGH:
        return to <= window.due_at
    return to <= window.planned_at + 2 * (window.planned_at - window.opens_at) or to <= window.due_at
