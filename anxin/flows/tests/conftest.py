"""A small city, a quiet Tuesday morning, and the main job in one call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine

from anxin.domains.assessments import api as assessments
from anxin.flows import save_answer, submit_questionnaire
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def at() -> Iterator[Any]:
    """The clock of the test: Tuesday 10:00 in the city, moved with ``at.move_to`` and ``at.shift``."""
    with time_machine.travel(TUESDAY_10, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> small_city.SmallCity:
    """The small city, in a transaction that is rolled back."""
    return small_city.build()


@dataclass
class Journey:
    """A resident's way through a self-test."""

    city: small_city.SmallCity
    code: str
    uid: str

    @property
    def actor(self):
        return self.city.actor(self.code)

    def answer(self, values: list[int | None]) -> list[save_answer.SaveResult]:
        return [
            save_answer.save(actor=self.actor, sitting_uid=self.uid, item=number, value=value)
            for number, value in enumerate(values, start=1)
            if value is not None
        ]

    def submit(self, **options) -> submit_questionnaire.SubmitResult:
        return submit_questionnaire.submit(actor=self.actor, sitting_uid=self.uid, **options)


def begin(city: small_city.SmallCity, code: str = "li-qing", instrument: str = "phq-9") -> Journey:
    """Start a sitting as ``code``."""
    actor = city.actor(code)
    with unit_of_work(actor):
        sitting = assessments.start_sitting(
            actor=actor,
            instrument=instrument,
            language="zh-Hans",
            age=30,
            scope_path=city.residents[code].scope_path,
        )
    return Journey(city, code, sitting.uid)


@pytest.fixture
def journey(city: small_city.SmallCity) -> Callable[..., Journey]:
    """Start a self-test."""
    return lambda code="li-qing", instrument="phq-9": begin(city, code, instrument)


@pytest.fixture
def warning(journey: Callable[..., Journey]) -> Any:
    """The warning of a resident who answered item 9 with 1 and everything else with 0."""
    way = journey()
    way.answer([0] * 8 + [1])
    return way.submit().warning
