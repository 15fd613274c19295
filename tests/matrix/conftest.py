"""The worlds of the matrix are built once for each module, inside a transaction that is never committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction

from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests.matrix import http_world, pair_world
from tests.matrix.remembering import remembering
from tests.small_city import SYSTEM

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)


@contextmanager
def never_committed() -> Iterator[None]:
    """A transaction that leaves nothing, on a clock that stands still."""
    with time_machine.travel(TUESDAY_10, tick=False), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def pairs_in(django_db_setup: None, django_db_blocker: Any) -> Iterator[pair_world.PairWorld]:
    """The rows and the people of the policy-pair table, as the house sees them."""
    with django_db_blocker.unblock(), never_committed(), unit_of_work(SYSTEM):
        yield pair_world.build()


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[http_world.HttpWorld]:
    """The city with somebody in every role; each request of a test is rolled back by itself."""
    from django.test import override_settings

    state: Path = tmp_path_factory.mktemp("state")
    with (
        django_db_blocker.unblock(),
        override_settings(STATE_DIR=state),
        never_committed(),
        remembering() as memory,
    ):
        yield http_world.build(memory)
