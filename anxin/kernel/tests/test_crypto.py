"""Sealed columns and blind indexes."""

import base64
import os
from typing import Any

import pytest
from django.db import connection

from anxin.domains.residents.models import Resident
from anxin.kernel.crypto import UnreadableCiphertext, blind_index, seal, unseal


def _key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_what_is_sealed_opens_again() -> None:
    stored = seal("李晴", context="t.name")
    assert "李晴" not in stored
    assert unseal(stored, context="t.name") == "李晴"


def test_the_same_words_never_look_the_same() -> None:
    assert seal("李晴", context="t.name") != seal("李晴", context="t.name")


def test_a_sealed_value_cannot_be_moved_to_another_column() -> None:
    with pytest.raises(UnreadableCiphertext):
        unseal(seal("李晴", context="t.name"), context="t.note")


@pytest.mark.parametrize("broken", ["", "v1.", "v1.AAAA", "v99.AAAA", "plain text"])
def test_a_broken_value_is_an_error_and_never_words(broken: str) -> None:
    with pytest.raises(UnreadableCiphertext):
        unseal(broken, context="t.name")


def test_an_altered_value_does_not_open() -> None:
    version, _, body = seal("李晴", context="t.name").partition(".")
    raw = bytearray(base64.b64decode(body))
    raw[-1] ^= 1
    with pytest.raises(UnreadableCiphertext):
        unseal(f"{version}.{base64.b64encode(bytes(raw)).decode()}", context="t.name")


def test_a_new_key_seals_and_the_old_one_still_opens(settings: Any) -> None:
    before = seal("李晴", context="t.name")
    settings.ANXIN_FIELD_KEYS = {**settings.ANXIN_FIELD_KEYS, "2": _key()}
    settings.ANXIN_FIELD_KEY_CURRENT = "2"
    assert seal("李晴", context="t.name").startswith("v2.")
    assert unseal(before, context="t.name") == "李晴"


def test_a_blind_index_finds_equals_and_tells_nothing() -> None:
    assert blind_index("13800012345", purpose="phone") == blind_index("13800012345", purpose="phone")
    assert blind_index("13800012345", purpose="phone") != blind_index("13800012346", purpose="phone")
    assert blind_index("13800012345", purpose="phone") != blind_index("13800012345", purpose="device")
    assert len(blind_index("13800012345", purpose="phone")) == 64


def test_a_blind_index_depends_on_the_key_of_this_place(settings: Any) -> None:
    here = blind_index("13800012345", purpose="phone")
    settings.ANXIN_INDEX_KEY = _key()
    assert blind_index("13800012345", purpose="phone") != here


def test_a_sealed_column_cannot_be_searched() -> None:
    lookup = "name__contains"
    with pytest.raises(NotImplementedError):
        Resident.objects.filter(**{lookup: "李"}).exists()


def test_empty_stays_empty_so_that_nothing_written_needs_no_key() -> None:
    field = Resident._meta.get_field("name")
    assert field.get_prep_value("") == ""
    assert field.from_db_value("", None, connection) == ""
    stored = field.get_prep_value("李晴")
    assert stored.startswith("v")
    assert field.from_db_value(stored, None, connection) == "李晴"
