"""The eyes with which tests look at the trail: those of the house, whoever acted last.

The wall around the trail shows no row without a scope, and most tests ask after the act what was written about it.
``AuditEvent.objects`` exists in tests only; the product reads through ``AuditEvent.trail`` and meets the wall.
"""

from typing import Any

from django.db.models import Manager, QuerySet

from anxin.domains.audit import api as audit
from anxin.domains.audit.models import AuditEvent
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

_HOUSE = Actor.system("test")


class SeenByTheHouse(QuerySet[AuditEvent]):
    """Every question is asked in a unit of work of the house."""

    def _fetch_all(self) -> None:
        with unit_of_work(_HOUSE):
            super()._fetch_all()

    def count(self) -> int:
        """How many."""
        with unit_of_work(_HOUSE):
            return super().count()

    def exists(self) -> bool:
        """Whether there is one."""
        with unit_of_work(_HOUSE):
            return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Figures over all."""
        with unit_of_work(_HOUSE):
            return super().aggregate(*args, **kwargs)


def reasons_of(*events: AuditEvent) -> dict[str, str]:
    """The reasons given for these events, by the event's uid."""
    with unit_of_work(_HOUSE):
        return audit.reasons_of(events=events)


def open_eyes() -> None:
    """Give tests ``AuditEvent.objects``."""
    AuditEvent.add_to_class("objects", Manager.from_queryset(SeenByTheHouse)())
