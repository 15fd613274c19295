"""The door of the indicators room."""

from anxin.domains.audit.api import pure
from anxin.domains.indicators import library
from anxin.domains.indicators.groups import group_report, group_units, reported_instruments
from anxin.domains.indicators.rules import periods, quarters
from anxin.domains.indicators.selectors import children_of, events_behind, node_for, nodes_queryset, overview

numbers = pure(library.numbers)
finished_quarters = pure(quarters.finished_quarters)
period_until = pure(periods.period_until)
week_of = pure(periods.week_of)

__all__ = [
    "children_of",
    "events_behind",
    "finished_quarters",
    "group_report",
    "group_units",
    "node_for",
    "nodes_queryset",
    "numbers",
    "overview",
    "period_until",
    "reported_instruments",
    "week_of",
]
