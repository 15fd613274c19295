"""No scope, no rows; one transaction, one scope."""

import contextvars
import json
import secrets
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.db import ProgrammingError, connection, transaction
from django.db.utils import InternalError

from anxin.domains.residents.models import Consent, Resident
from anxin.kernel import scopes
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import ScopeRefused, current_actor, unit_of_work
from tests import small_city

SYSTEM = Actor.system("test")


@pytest.fixture
def city(db: None) -> small_city.SmallCity:
    made = small_city.build()
    assert current_actor() is None
    return made


def _seen() -> set[str]:
    return {resident.name for resident in Resident.objects.all()}


@pytest.mark.django_db
def test_the_app_role_owns_nothing_and_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("anxin_app", False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'anxin_owner'"
        )
        assert cursor.fetchone() == (0,)


def test_without_a_scope_a_personal_table_is_empty(city: small_city.SmallCity) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM residents_resident")
        assert cursor.fetchone() == (0,)


def test_the_house_sees_everybody(city: small_city.SmallCity) -> None:
    with unit_of_work(SYSTEM):
        assert _seen() == {"李晴", "林夏"}


def test_a_resident_sees_only_their_own_row(city: small_city.SmallCity) -> None:
    with unit_of_work(city.actor("li-qing")):
        assert _seen() == {"李晴"}


def test_staff_see_whom_their_nodes_cover_and_nobody_else(city: small_city.SmallCity) -> None:
    for code, names in {
        "zhao-ning": {"李晴"},
        "chen-mo": {"林夏"},
        "bai-lu": set(),
        "sun-lan": {"李晴"},
        "shao-ming": {"李晴", "林夏"},
        "zhou-xing": set(),
        "fang-zheng": set(),
    }.items():
        with unit_of_work(city.actor(code)):
            assert _seen() == names, code


def test_an_anonymous_visitor_sees_nobody(city: small_city.SmallCity) -> None:
    with unit_of_work(Actor.anonymous()):
        assert _seen() == set()


def test_a_resident_cannot_write_into_the_row_of_another(city: small_city.SmallCity) -> None:
    other = city.residents["lin-xia"]
    with unit_of_work(city.actor("li-qing")):
        assert Resident.objects.filter(id=other.id).update(safe_hours="never") == 0
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            Consent.objects.create(resident_id=other.id, purpose="account", text_version="1")
    with unit_of_work(SYSTEM):
        assert Resident.objects.get(id=other.id).safe_hours == ""
        assert not Consent.objects.filter(resident_id=other.id).exists()


def test_a_nested_unit_puts_the_outer_scope_back(city: small_city.SmallCity) -> None:
    resident = city.actor("li-qing")
    with unit_of_work(resident):
        with unit_of_work(SYSTEM):
            assert _seen() == {"李晴", "林夏"}
            assert current_actor() == SYSTEM
        assert _seen() == {"李晴"}
        assert current_actor() == resident


def test_after_the_last_unit_nothing_is_seen_again(city: small_city.SmallCity) -> None:
    with unit_of_work(SYSTEM):
        assert _seen()
    assert _seen() == set()


def _write_and_fail() -> None:
    with unit_of_work(SYSTEM):
        Resident.objects.update(safe_hours="evenings")
        raise RuntimeError


def test_an_error_takes_the_work_and_the_scope_with_it(city: small_city.SmallCity) -> None:
    resident = city.actor("li-qing")
    with unit_of_work(resident):
        with pytest.raises(RuntimeError):
            _write_and_fail()
        assert _seen() == {"李晴"}
        assert current_actor() == resident
        assert Resident.objects.get().safe_hours == ""


def test_a_pooled_connection_does_not_carry_a_scope_to_the_next_person(fresh_db: str) -> None:
    city = small_city.build()
    with unit_of_work(SYSTEM):
        assert len(_seen()) == 2
    assert not connection.in_atomic_block
    assert _seen() == set()
    with unit_of_work(city.actor("li-qing")):
        assert _seen() == {"李晴"}
    assert _seen() == set()


def test_a_process_with_another_key_is_told_and_does_not_take_the_city_for_empty(
    city: small_city.SmallCity, settings: pytest.FixtureRequest
) -> None:
    settings.ANXIN_SCOPE_KEYS = {"1": b64encode(secrets.token_bytes(32)).decode()}  # type: ignore[attr-defined]
    with pytest.raises(ScopeRefused, match="anxin migrate"), unit_of_work(SYSTEM):
        pytest.fail("the work was begun")
    assert current_actor() is None
    assert _seen() == set()


def test_a_process_learns_the_key_that_replaced_its_own_from_the_secret_file(
    city: small_city.SmallCity,
    settings: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    file = tmp_path / "secrets.json"
    known = {
        "scope_keys": configured.ANXIN_SCOPE_KEYS,
        "scope_key_current": configured.ANXIN_SCOPE_KEY_CURRENT,
    }
    file.write_text(json.dumps(known), encoding="utf-8")
    monkeypatch.setattr(scopes, "_learnt", None)
    settings.ANXIN_SCOPE_KEYS = {"1": b64encode(secrets.token_bytes(32)).decode()}  # type: ignore[attr-defined]
    settings.ANXIN_KEY_FILE = str(file)  # type: ignore[attr-defined]
    for _ in range(2):
        with unit_of_work(SYSTEM):
            assert Resident.objects.count() == 2


def test_a_scope_that_has_run_out_when_it_is_set_begins_no_work(city: small_city.SmallCity) -> None:
    with pytest.raises(ScopeRefused), unit_of_work(SYSTEM, lasting_seconds=-2):
        pytest.fail("the work was begun")


@pytest.mark.parametrize("year", [2001, 2063])
def test_a_simulated_clock_makes_no_scope_older_or_younger(city: small_city.SmallCity, year: int) -> None:
    with time_machine.travel(datetime(year, 1, 1, tzinfo=UTC)), unit_of_work(SYSTEM):
        assert len(_seen()) == 2
        with unit_of_work(city.actor("li-qing")):
            assert _seen() == {"李晴"}


def test_work_in_another_thread_is_another_transaction_though_it_knows_the_actor(fresh_db: str) -> None:
    city = small_city.build()

    def elsewhere() -> set[str]:
        try:
            with unit_of_work(city.actor("li-qing")):
                return _seen()
        finally:
            connection.close()

    with unit_of_work(SYSTEM), ThreadPoolExecutor(1) as pool:
        assert pool.submit(contextvars.copy_context().run, elsewhere).result() == {"李晴"}
        assert len(_seen()) == 2
