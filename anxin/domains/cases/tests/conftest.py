"""A stage, an open case, and a look at everything the room has written."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps

from anxin.domains.audit.models import AuditEvent
from anxin.domains.cases.models import Case
from anxin.domains.cases.tests.factories import START, SYSTEM, Stage, a_stage, an_open_case
from anxin.domains.deadlines.models import Deadline
from anxin.kernel.unit_of_work import unit_of_work

_TABLES = (*apps.get_app_config("cases").get_models(), Deadline, AuditEvent)


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    """The clock, stopped at the start of the story; tests move it."""
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def stage(db: None, traveller: time_machine.Traveller) -> Stage:
    """The city and its people."""
    return a_stage()


@pytest.fixture
def case(stage: Stage) -> Case:
    """An L3 case just opened."""
    return an_open_case(stage)


@pytest.fixture
def written(db: None) -> Callable[[], list[Any]]:
    """Every row of the room, its clocks and the trail: equal before and after a refusal."""

    def look() -> list[Any]:
        with unit_of_work(SYSTEM):
            return [list(table.objects.order_by("pk").values()) for table in _TABLES]

    return look
