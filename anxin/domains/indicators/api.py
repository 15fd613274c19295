"""The door of the indicators room."""

from anxin.domains.audit.api import pure
from anxin.domains.indicators import library
from anxin.domains.indicators.rules import periods
from anxin.domains.indicators.selectors import children_of, events_behind, node_for, nodes_queryset, overview

numbers = pure(library.numbers)
period_until = pure(periods.period_until)
week_of = pure(periods.week_of)

__all__ = [
    "children_of",
    "events_behind",
    "node_for",
    "nodes_queryset",
    "numbers",
    "overview",
    "period_until",
    "week_of",
]
