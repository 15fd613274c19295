"""Counting a set of warnings. Every figure of the overview comes from the same events, so that they always add up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median

from anxin.domains.indicators.contracts import Answer, Counts, Reach, Share
from anxin.domains.risk.contracts import WarningEvent, WarningState


def answer_of(event: WarningEvent, at: datetime) -> Answer:
    """Taken over in time, late or not at all; one that ended otherwise before it was due is nobody's delay."""
    if event.acknowledged_at is not None:
        return Answer.IN_TIME if event.acknowledged_at <= event.acknowledge_due_at else Answer.LATE
    overdue = event.state is WarningState.NEW and at > event.acknowledge_due_at
    return Answer.LATE if overdue else Answer.PENDING


def minutes_to_answer(event: WarningEvent) -> int | None:
    """Whole minutes from raising to taking over."""
    if event.acknowledged_at is None:
        return None
    return int((event.acknowledged_at - event.raised_at).total_seconds() // 60)


def reach_of(event: WarningEvent) -> Reach:
    """The highest rung it has called."""
    return Reach(event.rung)


def count(events: Iterable[WarningEvent], at: datetime) -> Counts:
    """The figures of one set."""
    all_events = list(events)
    answers = [answer_of(event, at) for event in all_events]
    in_time, late = answers.count(Answer.IN_TIME), answers.count(Answer.LATE)
    minutes = [value for event in all_events if (value := minutes_to_answer(event)) is not None]
    return Counts(
        raised=len(all_events),
        in_time=Share(in_time, in_time + late),
        late=late,
        median_minutes=int(median(minutes)) if minutes else None,
        to_city=sum(1 for event in all_events if event.climbed and reach_of(event) is Reach.CITY),
    )


def signatures(events: Sequence[WarningEvent]) -> Share:
    """Second signatures of the high warnings that ended."""
    ended = [event for event in events if event.high_ended]
    return Share(sum(1 for event in ended if event.signed), len(ended))
