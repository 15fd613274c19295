"""The running house for the journeys: one PostgreSQL apart, so that it may be killed."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from anxin.kernel import clock
from anxin.kernel.sessions import SessionStore
from anxin.platform.postgres import Cluster
from conftest import STATE, Databases, _pointed_at
from tests import small_city
from tests.system.stack import Stack
from tests.system.windows import ARGUMENTS, DESK

# Playwright's synchronous interface keeps an event loop in the test's thread; the ORM is used there only to arrange.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
BACKEND = "anxin.domains.accounts.backends.LoginBackend"


@pytest.fixture(scope="session")
def own_cluster(databases: Databases) -> Iterator[Databases]:
    """A second cluster, for tests that kill it."""
    with Cluster.for_tests(STATE) as cluster:
        yield Databases(cluster)


class House:
    """The small city, running."""

    def __init__(self, stack: Stack, city: small_city.SmallCity) -> None:
        self.stack, self.city = stack, city

    def session(self, code: str) -> str:
        """A signed-in session of a persona; how they sign in is tested elsewhere."""
        account = self.city.accounts[code]
        store = SessionStore()
        store[SESSION_KEY] = str(account.pk)
        store[BACKEND_SESSION_KEY] = BACKEND
        store[HASH_SESSION_KEY] = account.get_session_auth_hash()
        store.create()
        return str(store.session_key)


@pytest.fixture
def house(
    own_cluster: Databases, tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> Iterator[House]:
    """Web and worker on a fresh small city, Tuesday ten o'clock, time running at its usual pace."""
    name = own_cluster.clone()
    stack = Stack(own_cluster.cluster, name, tmp_path)
    stack.set_time(TUESDAY_10)
    before = os.environ.get("ANXIN_CLOCK_FILE")
    os.environ["ANXIN_CLOCK_FILE"] = str(stack.clock_file)
    try:
        with django_db_blocker.unblock(), _pointed_at(stack.environment["DATABASE_URL"]):
            city = small_city.build()
            stack.start("web", "worker")
            yield House(stack, city)
    finally:
        stack.stop()
        if before is None:
            del os.environ["ANXIN_CLOCK_FILE"]
        else:
            os.environ["ANXIN_CLOCK_FILE"] = before
        own_cluster.drop(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=os.environ.get("ANXIN_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Any]:
    """A fresh window, signed in as a persona or as nobody."""
    opened: list[BrowserContext] = []

    def open_window(code: str = "", *, size: dict[str, int] = DESK, **options: Any) -> Page:
        context = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=house.stack.base, **options
        )
        if code:
            context.add_cookies(
                [{"name": "sessionid", "value": house.session(code), "url": house.stack.base}]
            )
        opened.append(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()
