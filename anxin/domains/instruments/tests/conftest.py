"""The small city with its centre, on a Tuesday morning."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from anxin.domains.instruments.tests import makers
from anxin.kernel import clock
from tests.small_city import SmallCity

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def at() -> Iterator[Any]:
    """The clock of the test: Tuesday 10:00 in the city."""
    with time_machine.travel(TUESDAY_10, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> SmallCity:
    """Its centre has an author, a second and a third clinician, a manager; and there is who runs the platform."""
    return makers.build()
