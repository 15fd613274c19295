"""Rivals over one agreement: agreeing twice is one row, and a withdrawal waits for the use that goes on."""

import threading
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.domains.residents.models import Consent
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import RequestKind, RequestOpen
from anxin.domains.rights.models import SubjectRequest
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.race.test_rivals import SYSTEM, at_once


@pytest.fixture
def person(fresh_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Actor:
    file = tmp_path / "clock.json"
    clock.write_simulation(file, simulated=datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL))
    monkeypatch.setenv("ANXIN_CLOCK_FILE", str(file))
    return small_city.build().actor("li-qing")


def _agree(person: Actor) -> Consent:
    version = residents.consent_text(purpose=Purpose.SELF_TEST_NAMED).version
    with unit_of_work(person):
        return residents.give_consent(
            actor=person,
            resident_id=person.resident_id,
            purpose=Purpose.SELF_TEST_NAMED,
            text_version=version,
        )


def _withdraw(person: Actor) -> list[Consent]:
    with unit_of_work(person):
        return residents.withdraw_consent(
            actor=person, resident_id=person.resident_id, purpose=Purpose.SELF_TEST_NAMED
        )


def test_agreeing_four_times_at_once_is_one_agreement(person: Actor) -> None:
    outcomes = at_once(*(lambda: _agree(person) for _ in range(4)))
    assert len({one.uid for one in outcomes}) == 1
    with unit_of_work(SYSTEM):
        assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_taking_back_four_times_at_once_is_taken_back_once(person: Actor) -> None:
    _agree(person)
    outcomes = at_once(*(lambda: _withdraw(person) for _ in range(4)))
    assert sorted(len(one) for one in outcomes) == [0, 0, 0, 1]


def test_a_withdrawal_waits_for_the_use_that_asked_first(person: Actor) -> None:
    _agree(person)
    done = threading.Event()

    def withdraw() -> None:
        try:
            _withdraw(person)
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=withdraw)
    with unit_of_work(person):
        residents.demand_consent(
            actor=person, resident_id=person.resident_id, purpose=Purpose.SELF_TEST_NAMED
        )
        thread.start()
        assert not done.wait(0.5)
    thread.join(30)
    assert done.is_set()


def test_asking_twice_at_once_is_one_request(person: Actor) -> None:
    def ask() -> SubjectRequest:
        with unit_of_work(person):
            return rights.ask(actor=person, resident_id=person.resident_id, kind=RequestKind.DELETE)

    outcomes = at_once(*(ask for _ in range(3)))
    assert sum(isinstance(one, SubjectRequest) for one in outcomes) == 1
    assert sum(isinstance(one, RequestOpen) for one in outcomes) == 2
