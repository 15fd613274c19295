"""Two people publish at the same moment, on real connections: one wins, and the other is told."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anxin.domains.audit.models import AuditEvent
from anxin.domains.instruments import api
from anxin.domains.instruments.contracts import AlreadyPublished
from anxin.domains.instruments.models import InstrumentVersion
from anxin.domains.instruments.tests import makers
from anxin.domains.instruments.tests.makers import (
    AUTHOR,
    MANAGER,
    SECOND,
    THIRD,
    approved,
    drafted,
    sent,
    shipped,
)
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SmallCity


@pytest.fixture
def city(fresh_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCity:
    """Committed."""
    file = tmp_path / "clock.json"
    clock.write_simulation(file, simulated=datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL))
    monkeypatch.setenv("ANXIN_CLOCK_FILE", str(file))
    return makers.build()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Every act in a thread of its own, all released together; results or errors, in order."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def publishing(city: SmallCity, code: str, version: InstrumentVersion) -> Callable[[], Any]:
    actor = city.actor(code)

    def act() -> Any:
        with unit_of_work(actor):
            return api.publish(actor=actor, uid=version.uid)

    return act


def settled(outcomes: list[Any]) -> tuple[list[Any], list[Any]]:
    won = [one for one in outcomes if isinstance(one, InstrumentVersion)]
    return won, [one for one in outcomes if isinstance(one, AlreadyPublished)]


@requirement("R-067")
def test_of_two_publishers_of_one_version_one_wins(city: SmallCity) -> None:
    version = approved(city, sent(city, drafted(city)))
    won, lost = settled(at_once(*(publishing(city, code, version) for code in (SECOND, THIRD, MANAGER))))
    assert (len(won), len(lost)) == (1, 2)
    stored = InstrumentVersion.objects.get()
    assert (stored.state, stored.publisher_id) == ("published", won[0].publisher_id)
    assert stored.entries.filter(act="published").count() == 1
    assert AuditEvent.objects.filter(event="instruments:version:published").count() == 1


def test_of_two_versions_published_at_once_one_is_in_force(city: SmallCity) -> None:
    first = approved(city, sent(city, drafted(city)))
    second = approved(city, sent(city, drafted(city)))
    won, lost = settled(at_once(publishing(city, SECOND, first), publishing(city, THIRD, second)))
    assert len(won) + len(lost) == 2
    assert InstrumentVersion.objects.filter(state="published").count() == 1
    assert InstrumentVersion.objects.filter(state="retired").count() == len(won) - 1


def test_two_drafts_at_once_get_two_numbers(city: SmallCity) -> None:
    actor = city.actor(AUTHOR)
    with unit_of_work(actor):
        definition = shipped(actor, "gad-7")

    def act() -> Any:
        with unit_of_work(actor):
            return api.draft_from(actor=actor, definition=definition)

    made = at_once(act, act, act)
    assert {one.version for one in made} == {"1.0.1000", "1.0.1001", "1.0.1002"}
