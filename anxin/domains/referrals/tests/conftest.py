"""One town for all tests of a module, never committed; each test's own writes are taken back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from anxin.domains.deadlines.models import Deadline
from anxin.domains.referrals.models import Referral, ReferralEntry, ReferralEvidence
from anxin.domains.referrals.tests.factories import START, SYSTEM, Town, a_town
from anxin.kernel.unit_of_work import unit_of_work

_TABLES = (Referral, ReferralEntry, ReferralEvidence, Deadline)


@pytest.fixture(scope="module")
def _clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture(scope="module")
def _built(_clock: time_machine.Traveller, django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_town()
        transaction.set_rollback(True)


@pytest.fixture
def traveller(_clock: time_machine.Traveller) -> Iterator[time_machine.Traveller]:
    """The clock, stopped at the start of the story; tests move it."""
    yield _clock
    _clock.move_to(START)


@pytest.fixture
def town(_built: Town, traveller: time_machine.Traveller) -> Iterator[Town]:
    """The city and a case. What a commit would ask for is asked for before the test's writes are taken back."""
    with transaction.atomic():
        yield _built
        with unit_of_work(SYSTEM), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)


@pytest.fixture
def written(town: Town) -> Callable[[], list[Any]]:
    """Every row of the room and its clocks: equal before and after a refusal."""

    def look() -> list[Any]:
        with unit_of_work(SYSTEM):
            return [list(table.objects.order_by("pk").values()) for table in _TABLES]

    return look
