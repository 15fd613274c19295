"""No scope, no rows; one transaction, one scope."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import InternalError

from anxin.domains.residents.models import Consent, Resident
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import current_actor, unit_of_work
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
