"""``/healthz``."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from anxin.kernel import clock, heartbeat, readiness
from anxin.kernel.models import Heartbeat

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What earlier tests of this process told about the lane is not this one's."""
    monkeypatch.setattr(readiness, "_parts", {})


def _worker_was_heard(ago: timedelta) -> None:
    Heartbeat.objects.create(name=heartbeat.WORKER, beat_at=clock.now(), real_beat_at=datetime.now(UTC) - ago)


@pytest.mark.django_db
def test_a_worker_never_heard_of_is_stale_and_the_web_is_still_well() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "web": "ok",
        "database": "ok",
        "worker": "stale",
        "trail": "ok",
        "trail_lag_seconds": 0,
        "worker_heartbeat_age_seconds": None,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "state"), [(timedelta(seconds=3), "ok"), (timedelta(seconds=31), "stale")])
def test_the_age_of_the_last_sign_of_life_is_told(ago: timedelta, state: str) -> None:
    _worker_was_heard(ago)
    body = Client().get("/healthz").json()
    assert body["worker"] == state
    assert body["worker_heartbeat_age_seconds"] == int(ago.total_seconds())


def test_a_database_that_does_not_answer_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(heartbeat, "age", gone)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"


@pytest.mark.django_db
@pytest.mark.parametrize(("is_ready", "state"), [(True, "ok"), (False, "unreachable")])
def test_the_lane_says_whether_it_can_keep_anything(is_ready: bool, state: str) -> None:
    readiness.tell("intake", is_ready)
    assert Client().get("/healthz").json()["intake"] == state
