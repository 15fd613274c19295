"""One small city for a whole module of tests, written and undone in one transaction."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from anxin.demo import city
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work

SCALE = 0.02
# A Tuesday in term time, in office hours.
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)


def rows(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """What a query answers, under whatever scope the caller is in."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


@pytest.fixture(scope="module")
def small_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[city.Summary]:
    """The city of noon, seen by the house."""
    with (
        time_machine.travel(NOON, tick=False),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        with unit_of_work(city.ACTOR):
            yield city.generate(scale=SCALE, progress=lambda _: None)
        transaction.set_rollback(True)
