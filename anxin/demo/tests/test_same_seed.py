"""The same seed gives the same city, another seed another one; and no city is made outside a demo."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction

from anxin.demo import city
from anxin.demo.tests.conftest import NOON, SCALE, rows
from anxin.demo.warnings import how_many
from anxin.kernel.crypto import unseal
from anxin.kernel.unit_of_work import unit_of_work

# Row ids come from sequences, which a rolled-back city has used up already; everything else has to be equal.
_SIGHTS = (
    "SELECT u.number, u.name, u.slug, u.longitude, u.latitude, u.depth, p.number, d.code, u.uid FROM network_unit u"
    " LEFT JOIN network_unit p ON p.id = u.parent_id LEFT JOIN network_division d ON d.id = u.division_id"
    " WHERE u.kind <> 'department' ORDER BY u.id",
    "SELECT s.name, s.uid, a.login, u.number, p.post, p.is_accountable, p.starts_on FROM network_posting p"
    " JOIN network_staffmember s ON s.id = p.staff_id JOIN accounts_account a ON a.id = s.account_id"
    " JOIN network_unit u ON u.id = p.unit_id ORDER BY p.id",
    "SELECT r.uid, r.born_on, r.sex, u.number, r.created_at, r.phone_index FROM residents_resident r"
    " JOIN network_unit u ON u.id = r.home_unit_id ORDER BY r.id",
    "SELECT uid, instrument, answers, submitted_at FROM assessments_sitting ORDER BY id",
    "SELECT rank() OVER (ORDER BY w.number), w.uid, w.state, w.level, w.raised_at, u.number FROM risk_warning w"
    " JOIN network_unit u ON u.id = w.unit_id ORDER BY w.id",
    "SELECT uid, kind, happened_at, author_label FROM risk_warningentry ORDER BY id",
)


def _portrait(seed: int) -> str:
    with transaction.atomic():
        with unit_of_work(city.ACTOR):
            city.generate(scale=SCALE, seed=seed, progress=lambda _: None)
            seen = [rows(statement) for statement in _SIGHTS]
            names = [unseal(one, context="residents_resident.name") for (one,) in rows(_NAMES)]
        transaction.set_rollback(True)
    return hashlib.sha256(json.dumps([seen, names], default=str).encode()).hexdigest()


_NAMES = "SELECT name FROM residents_resident ORDER BY id"


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_city() -> None:
    with time_machine.travel(NOON, tick=False):
        first, again, other = _portrait(7), _portrait(7), _portrait(8)

    assert first == again
    assert first != other


@pytest.mark.django_db
def test_no_city_is_made_outside_a_demo(settings: Any) -> None:
    settings.ANXIN_DEMO = False

    with pytest.raises(city.NotADemo):
        city.generate(scale=SCALE, progress=lambda _: None)
    assert not city.exists()


@pytest.mark.django_db
def test_shortened_response_times_do_not_reach_into_the_past(settings: Any, tmp_path: Path) -> None:
    settings.ANXIN_RESPONSE_TIMES = str(tmp_path / "not there")

    city.generate(scale=SCALE, progress=lambda _: None)
    assert str(tmp_path / "not there") == settings.ANXIN_RESPONSE_TIMES


@pytest.mark.django_db
def test_a_failure_on_the_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(city, "write_stories", broken)
    with pytest.raises(OSError, match="disk full"):
        city.generate(scale=SCALE, progress=lambda _: None)
    assert not city.exists()
    with unit_of_work(city.ACTOR):
        assert rows("SELECT count(*) FROM residents_resident") == [(0,)]


def test_a_small_city_has_enough_warnings_for_its_charts_and_never_more_than_its_people_can_raise() -> None:
    assert how_many(1.0, 20_000, 18_000) == 600
    assert how_many(0.1, 2_000, 1_800) == 180
    assert how_many(0.02, 400, 360) == 36
    assert how_many(1.0, 150, 18_000) == 30


@pytest.mark.django_db
def test_numbers_of_residents_and_self_tests_can_be_asked_for() -> None:
    said: list[str] = []
    made = city.generate(scale=SCALE, residents=150, sittings=900, progress=said.append)

    assert (made.residents, made.sittings) == (150, 900)
    with unit_of_work(city.ACTOR):
        assert rows("SELECT count(*) FROM assessments_sitting") == [(900,)]
    assert any("150 residents" in line for line in said)
