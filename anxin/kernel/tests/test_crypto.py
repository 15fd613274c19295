"""Sealed columns and blind indexes."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from anxin.domains.residents.models import Resident
from anxin.kernel import keyring
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import (
    Sm4Gcm,
    UnreadableCiphertext,
    blind_index,
    current_index,
    demand_cipher,
    index_generation,
    newest_index,
    same_indexes,
    seal,
    unseal,
)
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.secrets import change, load_or_create, secret_file
from tests import small_city


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


@pytest.mark.parametrize(
    "broken", ["", "v1.", "v1.AAAA", "s1.", "s1.AAAA", "v99.AAAA", "x1.AAAA", ".AAAA", "plain text"]
)
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
    settings.ANXIN_INDEX_KEYS = {"1": _key()}
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


def test_sm4_is_the_cipher_of_the_standard() -> None:
    """GB/T 32907-2016, example 1, by way of counter mode: one block of zeros under a known counter block."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.CTR(key)).encryptor()
    assert encryptor.update(bytes(16)).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_vector_of_rfc_8998() -> None:
    cipher = Sm4Gcm(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    nonce = bytes.fromhex("00001234567800000000abcd")
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "".join(f"{pair:02x}" * 8 for pair in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    )
    sealed = cipher.encrypt(nonce, plain, context)
    assert sealed[:-16].hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert cipher.decrypt(nonce, sealed, context) == plain


def test_sm3_is_the_hash_of_the_standard() -> None:
    """GB/T 32905-2016, example 1."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_another_cipher_seals_from_now_on_and_the_old_values_open(settings: Any) -> None:
    before = seal("李晴", context="t.name")
    settings.ANXIN_FIELD_CIPHER = "sm4-gcm"
    after = seal("李晴", context="t.name")
    assert after.startswith("s1.")
    assert unseal(before, context="t.name") == unseal(after, context="t.name") == "李晴"
    settings.ANXIN_FIELD_CIPHER = "aes-256-gcm"
    assert unseal(after, context="t.name") == "李晴"


def test_a_value_altered_under_sm4_does_not_open_nor_in_another_column_nor_as_the_other_cipher(
    settings: Any,
) -> None:
    settings.ANXIN_FIELD_CIPHER = "sm4-gcm"
    stored = seal("李晴", context="t.name")
    raw = bytearray(base64.b64decode(stored.partition(".")[2]))
    raw[-1] ^= 1
    for wrong, context in (
        (f"s1.{base64.b64encode(bytes(raw)).decode()}", "t.name"),
        (stored, "t.note"),
        ("v" + stored[1:], "t.name"),
    ):
        with pytest.raises(UnreadableCiphertext):
            unseal(wrong, context=context)


def test_an_unknown_cipher_is_told_at_the_start(settings: Any) -> None:
    for known in ("aes-256-gcm", "sm4-gcm"):
        settings.ANXIN_FIELD_CIPHER = known
        demand_cipher()
    settings.ANXIN_FIELD_CIPHER = "rot13"
    with pytest.raises(ImproperlyConfigured, match="aes-256-gcm or sm4-gcm"):
        demand_cipher()


def test_an_index_made_with_an_old_key_is_found_by_the_new_one_without_the_value(settings: Any) -> None:
    before = blind_index("13800012345", purpose="phone")
    settings.ANXIN_INDEX_KEYS = {**settings.ANXIN_INDEX_KEYS, "2": f"sm3:{_key()}"}
    assert blind_index("13800012345", purpose="phone") == before, (
        "nobody writes with a key that is not current yet"
    )
    settings.ANXIN_INDEX_KEY_CURRENT = "2"
    after = blind_index("13800012345", purpose="phone")
    assert (len(before), len(after)) == (64, 64)
    assert (index_generation(before), index_generation(after)) == ("1", "2")
    assert newest_index(before) == current_index(before) == after
    assert same_indexes(before) == [before, after]
    assert same_indexes(after) == [after], "nobody can be led back to the old key"


def test_a_third_key_hangs_on_the_second(settings: Any) -> None:
    first = blind_index("x", purpose="p")
    settings.ANXIN_INDEX_KEYS = {**settings.ANXIN_INDEX_KEYS, "2": _key(), "3": _key()}
    settings.ANXIN_INDEX_KEY_CURRENT = "3"
    assert same_indexes(first)[-1] == newest_index(same_indexes(first)[1]) == blind_index("x", purpose="p")


@pytest.mark.parametrize("other", ["zhao-ning", "", "-0190", "1.abc", "g" * 64])
def test_what_is_no_index_is_left_alone(settings: Any, other: str) -> None:
    settings.ANXIN_INDEX_KEYS = {**settings.ANXIN_INDEX_KEYS, "2": _key()}
    assert index_generation(other) is None
    assert same_indexes(other) == [other]


@pytest.mark.django_db
def test_a_person_is_found_while_the_indexes_change_keys(settings: Any) -> None:
    city = small_city.build()
    settings.ANXIN_INDEX_KEYS = {**settings.ANXIN_INDEX_KEYS, "2": _key()}
    index = blind_index("13800000001", purpose="phone")
    with unit_of_work(Actor.system("test")):
        for stored in same_indexes(index):
            Resident.objects.filter(uid=city.residents["li-qing"].uid).update(phone_index=stored)
            assert Resident.objects.get(phone_index=index).uid == city.residents["li-qing"].uid
            assert Resident.objects.get(phone_index__in=[index]).uid == city.residents["li-qing"].uid
        assert not Resident.objects.filter(phone_index=blind_index("13800000009", purpose="phone")).exists()


def test_a_key_added_to_the_file_is_known_at_once(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("ANXIN_SECRET_FILE", raising=False)
    load_or_create(tmp_path)
    file = secret_file(tmp_path)
    settings.ANXIN_KEY_FILE = str(file)
    stored = seal("李晴", context="t.name")
    with change(file) as found:
        found["field_keys"]["2"] = _key()
        found["field_key_current"] = "2"
    assert seal("李晴", context="t.name").startswith("v2.")
    assert unseal(stored, context="t.name") == "李晴"
    file.write_text("{ damaged")
    assert keyring.keys().field_current == "2", "a running service goes on with the keys it has"
