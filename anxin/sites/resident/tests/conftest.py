"""The small city, its resident, and a browser without scripts: the test client."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from anxin.kernel import clock
from tests import small_city

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
BACKEND = "anxin.domains.accounts.backends.LoginBackend"


@pytest.fixture
def at() -> Iterator[Any]:
    """The clock of the test: Tuesday 10:00 in the city."""
    with time_machine.travel(TUESDAY_10, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> small_city.SmallCity:
    """Stations, people on duty, one resident; rolled back after the test."""
    return small_city.build()


@pytest.fixture
def visitor(city: small_city.SmallCity) -> Client:
    """Somebody nobody knows."""
    return Client()


@pytest.fixture
def resident(city: small_city.SmallCity) -> Client:
    """李晴, signed in."""
    client = Client()
    client.force_login(city.residents["li-qing"].account, backend=BACKEND)
    return client


@pytest.fixture
def agree() -> Callable[[Client], None]:
    """Start the self-test under one's own name, with consent."""

    def start(client: Client) -> None:
        client.post("/self-tests/phq-9/", {"how": "named"})
        page = client.get("/self-tests/phq-9/consent/")
        client.post(
            "/self-tests/phq-9/consent/",
            {"agree": "on", "version": page.context["text"].version},
        )

    return start


def answer_all(client: Client, values: list[int]) -> str:
    """Answer one question a page by plain posts, passing by the help page; the address it ends at."""
    here = ""
    for number, value in enumerate(values, start=1):
        response = client.post(f"/self-tests/phq-9/{number}/", {"value": value, "step": "next"})
        here = response["Location"]
    return here
