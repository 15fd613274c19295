"""A small city and visitors to it."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests import small_city


@pytest.fixture
def city(db: None) -> small_city.SmallCity:
    return small_city.build()


@pytest.fixture
def visitor(city: small_city.SmallCity) -> Callable[..., Client]:
    """A browser in which ``code`` is signed in; nobody without a code."""

    def open_browser(code: str = "") -> Client:
        client = Client()
        if code:
            client.force_login(city.accounts[code])
        return client

    return open_browser
