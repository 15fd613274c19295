"""Changing keys while the service writes: nothing lost, nothing left behind, and a fall costs one batch."""

import base64
import multiprocessing
import os
import signal
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from anxin.domains.residents.models import Resident
from anxin.kernel import key_columns, rotation
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import EncryptedTextField, blind_index, seal
from anxin.kernel.models import KeyRotationStep
from anxin.kernel.unit_of_work import unit_of_work
from conftest import _pointed_at
from tests import small_city

SYSTEM = Actor.system("test")


def _key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def _quiet(_: str) -> None: ...


@pytest.fixture
def owner(fresh_db: str, databases: Any) -> Iterator[str]:
    """A city of one's own, seen as the role that changes keys: the owner of the tables."""
    small_city.build()
    url = databases.cluster.url("anxin_owner", urlsplit(fresh_db).path.lstrip("/"))
    with _pointed_at(url):
        yield url


@pytest.fixture
def second_key(settings: Any, owner: str) -> None:
    """There is a newer key, and it is the one in use."""
    settings.ANXIN_FIELD_KEYS = {**settings.ANXIN_FIELD_KEYS, "2": _key()}
    settings.ANXIN_FIELD_KEY_CURRENT = "2"


def _stored(column: str = "name") -> list[str]:
    with unit_of_work(SYSTEM), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM residents_resident ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def _names() -> list[str]:
    with unit_of_work(SYSTEM):
        return sorted(Resident.objects.values_list("name", flat=True))


def test_everything_comes_to_the_new_key_and_says_the_same(second_key: None) -> None:
    assert {one[:3] for one in _stored()} == {"v1."}
    assert rotation.rotate_values(tell=_quiet, batch=1) > 0
    assert {one[:3] for one in _stored()} == {"v2."}
    assert set(rotation.usage_of_values()) == {"v2"}
    assert _names() == ["李晴", "林夏"]
    assert rotation.rotate_values(tell=_quiet) == 0


def test_another_cipher_is_a_change_of_keys_too(second_key: None, settings: Any) -> None:
    settings.ANXIN_FIELD_CIPHER = "sm4-gcm"
    rotation.rotate_values(tell=_quiet)
    assert set(rotation.usage_of_values()) == {"s2"}
    assert _names() == ["李晴", "林夏"]


def test_what_somebody_writes_meanwhile_is_theirs_and_comes_to_the_new_key_too(
    second_key: None, settings: Any, monkeypatch: Any, owner: str, databases: Any
) -> None:
    renewed = rotation._change
    rivals: list[str] = []

    def with_a_rival(column: key_columns.Column, rows: list[tuple[str, str]]) -> int:
        if column.label == "residents_resident.name" and rows and not rivals:
            rivals.append(rows[0][0])
            settings.ANXIN_FIELD_KEY_CURRENT = "1"
            rival = seal("李青", context="residents_resident.name")
            settings.ANXIN_FIELD_KEY_CURRENT = "2"
            with psycopg.connect(
                databases.cluster.url("postgres", urlsplit(owner).path.lstrip("/"))
            ) as other:
                other.execute("UPDATE residents_resident SET name = %s WHERE id = %s", [rival, rows[0][0]])
        return renewed(column, rows)

    monkeypatch.setattr(rotation, "_change", with_a_rival)
    rotation.rotate_values(tell=_quiet)
    assert rivals
    assert "李青" in _names(), "the newer word stands"
    assert set(rotation.usage_of_values()) == {"v2"}


def _rotate_and_die(url: str, keys: dict[str, str]) -> None:
    from django.conf import settings

    settings.ANXIN_FIELD_KEYS, settings.ANXIN_FIELD_KEY_CURRENT = keys, "2"
    changed = rotation._change
    seen = []

    def until_the_second(column: key_columns.Column, rows: list[tuple[str, str]]) -> int:
        done = changed(column, rows)
        if column.label == "residents_resident.name" and rows:
            seen.append(rows)
            if len(seen) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
        return done

    rotation._change = until_the_second
    with _pointed_at(url):
        rotation.rotate_values(tell=_quiet, batch=1)


def test_killed_in_the_middle_it_goes_on_where_it_stopped(
    second_key: None, settings: Any, owner: str
) -> None:
    connection.close()
    child = multiprocessing.get_context("fork").Process(
        target=_rotate_and_die, args=(owner, dict(settings.ANXIN_FIELD_KEYS))
    )
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert sorted(one[:3] for one in _stored()) == ["v1.", "v2."], (
        "one batch stands, the other was not committed"
    )
    assert _names() == ["李晴", "林夏"], "in between everything can be read"
    step = KeyRotationStep.objects.get(column="residents_resident.name")
    assert (step.changed, step.finished_at) == (1, None)
    rotation.rotate_values(tell=_quiet, batch=1)
    assert set(rotation.usage_of_values()) == {"v2"}
    assert _names() == ["李晴", "林夏"]


def test_a_writer_that_never_learns_of_the_key_is_reported(second_key: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(
        rotation, "_has_old", lambda column, prefix: column.label == "residents_resident.phone"
    )
    with pytest.raises(rotation.RotationUnfinished, match=r"residents_resident\.phone"):
        rotation.rotate_values(tell=_quiet)


def test_indexes_come_to_a_new_key_without_the_values_and_people_are_found_all_the_while(
    owner: str, settings: Any
) -> None:
    before = set(_stored("phone_index"))
    settings.ANXIN_INDEX_KEYS = {**settings.ANXIN_INDEX_KEYS, "2": _key()}
    assert rotation.rotate_indexes(tell=_quiet, batch=1) > 0
    after = set(_stored("phone_index"))
    assert not before & after
    for current in ("1", "2"):
        settings.ANXIN_INDEX_KEY_CURRENT = current
        with unit_of_work(SYSTEM):
            found = Resident.objects.get(phone_index=blind_index("13800000001", purpose="phone"))
            assert found.name == "李晴"
            assert found.account is not None
            assert found.account.login == found.phone_index, "what was equal in two tables stays equal"
    assert set(rotation.usage_of_indexes()) == {"2"}
    with unit_of_work(SYSTEM):
        logins = set(
            apps.get_model("accounts", "Account").objects.filter(kind="staff").values_list("login", flat=True)
        )
    assert "zhao-ning" in logins, "a login that is a word is left alone"


def test_every_sealed_column_of_every_model_is_walked() -> None:
    walked = {column.label for column in key_columns.sealed_columns()}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                assert f"{model._meta.db_table}.{field.column}" in walked
    assert {"mfa_authenticator.data.secret", "mfa_authenticator.data.seed"} <= walked
