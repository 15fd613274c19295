"""The stage, on a day that stands still."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from anxin.domains.archives.tests.factories import SYSTEM, Stage, a_stage
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def stage(db: None, at: Any) -> Stage:
    with unit_of_work(SYSTEM):
        return a_stage()
