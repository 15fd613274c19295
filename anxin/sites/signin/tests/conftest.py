"""A small city whose staff have passwords, and browsers in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from anxin.domains.accounts.services.accounts import set_checked_password
from anxin.kernel import clock
from tests import small_city

PASSWORD = "tall-pine-on-the-hill"
TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def at() -> Iterator[Any]:
    """Tuesday 10:00."""
    with time_machine.travel(TUESDAY_10, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any, settings: Any) -> Iterator[small_city.SmallCity]:
    """Every member of staff has the same password and no second factor yet."""
    settings.ANXIN_DEMO_PERSONAS = "anxin.sites.signin.tests.people.PERSONAS"
    made = small_city.build()
    for code in made.staff:
        set_checked_password(made.accounts[code], PASSWORD)
        made.accounts[code].save()
    yield made
    cache.clear()


@pytest.fixture
def browser(city: small_city.SmallCity) -> Client:
    """Nobody is signed in."""
    return Client()
