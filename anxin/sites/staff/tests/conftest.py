"""The small city on a quiet Tuesday morning, browsers of its people, and a warning that waits."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from anxin.domains.assessments import api as assessments
from anxin.domains.risk.models import Warning
from anxin.flows import request_contact, save_answer, submit_questionnaire
from anxin.kernel import clock, heartbeat
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
BACKEND = "anxin.domains.accounts.backends.LoginBackend"
SYSTEM = Actor.system("test")


@pytest.fixture
def at() -> Iterator[Any]:
    """The clock of the test: Tuesday 10:00 in the city."""
    with time_machine.travel(TUESDAY_10, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> small_city.SmallCity:
    """The small city, with a worker that is alive."""
    heartbeat.beat(heartbeat.WORKER)
    return small_city.build()


@pytest.fixture
def browser(city: small_city.SmallCity) -> Callable[[str], Client]:
    """A browser without scripts, signed in as a persona."""

    def sign_in(code: str) -> Client:
        client = Client()
        client.force_login(city.accounts[code], backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def warn(city: small_city.SmallCity) -> Callable[..., Warning]:
    """A resident answers item 9 with 1 and everything else with 0: an L3 at their station."""

    def answer(code: str = "li-qing") -> Warning:
        actor = city.actor(code)
        with unit_of_work(actor):
            sitting = assessments.start_sitting(
                actor=actor,
                instrument="phq-9",
                language="zh-Hans",
                age=30,
                scope_path=city.residents[code].scope_path,
            )
        for number, value in enumerate([0] * 8 + [1], start=1):
            save_answer.save(actor=actor, sitting_uid=sitting.uid, item=number, value=value)
        found = submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid).warning
        assert found is not None
        return found

    return answer


@pytest.fixture
def warning(warn: Callable[..., Warning]) -> Warning:
    """The warning about 李晴 of 柳岸."""
    return warn()


@pytest.fixture
def unsafe(city: small_city.SmallCity) -> Warning:
    """Somebody unknown says they are not safe now and leaves a number: an L4 in 清禾区."""
    return request_contact.request_contact(
        actor=Actor.anonymous(),
        area_uid=city.units["Q"].uid,
        phone="13800000003",
        call_name="小周",
        is_safe_now="no",
    )


def stored(warning: Warning) -> Warning:
    """The warning as it is in the database now."""
    with unit_of_work(SYSTEM):
        return Warning.objects.get(uid=warning.uid)


def entries(warning: Warning) -> int:
    """How long its timeline is."""
    with unit_of_work(SYSTEM):
        return warning.entries.count()
