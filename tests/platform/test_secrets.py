"""The secrets file: made once, for its owner only, never replaced."""

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from anxin.platform.errors import PlatformError
from anxin.platform.secrets import load_or_create, secret_file


def test_the_file_is_made_for_its_owner_only(state: Path) -> None:
    load_or_create(state)

    assert stat.S_IMODE(secret_file(state).stat().st_mode) == 0o600


def test_keys_are_32_bytes_and_the_current_one_is_among_them(state: Path) -> None:
    found = load_or_create(state)

    assert len(base64.b64decode(found["field_keys"][found["field_key_current"]])) == 32
    assert len(base64.b64decode(found["index_keys"][found["index_key_current"]])) == 32
    assert len(found["django_secret_key"]) >= 50


def test_a_second_start_finds_the_same_secrets(state: Path) -> None:
    assert load_or_create(state) == load_or_create(state)


def test_starts_at_the_same_moment_agree_on_one_set(state: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load_or_create, [state] * 16))

    assert all(each == found[0] for each in found)


def test_what_is_missing_is_added_and_what_is_there_stays(state: Path) -> None:
    secret_file(state).write_text(json.dumps({"field_keys": {"7": "kept"}, "field_key_current": "7"}))

    found = load_or_create(state)

    assert found["field_keys"] == {"7": "kept"}
    assert found["field_key_current"] == "7"
    assert found["index_keys"]["1"]


def test_the_one_index_key_of_an_early_file_goes_on_finding_people(state: Path) -> None:
    secret_file(state).write_text(json.dumps({"index_key": "kept"}))

    found = load_or_create(state)

    assert found["index_keys"] == {"1": "kept"}
    assert found["token_key"] == "kept"


def test_keys_of_the_environment_are_used_and_not_written_down(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANXIN_FIELD_KEYS", '{"1": "from a vault"}')
    monkeypatch.setenv("ANXIN_FIELD_KEY_CURRENT", "1")

    assert load_or_create(state)["field_keys"] == {"1": "from a vault"}
    assert "vault" not in secret_file(state).read_text()
    assert "field_keys" not in json.loads(secret_file(state).read_text())


@pytest.mark.parametrize("value", ["not json", '["a list"]'])
def test_keys_of_the_environment_that_cannot_be_read_are_named(
    state: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ANXIN_FIELD_KEYS", value)

    with pytest.raises(PlatformError, match="ANXIN_FIELD_KEYS"):
        load_or_create(state)

    assert not secret_file(state).exists()


def test_a_new_index_key_carries_its_hash(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_INDEX_HASH", "sm3")

    assert load_or_create(state)["index_keys"]["1"].startswith("sm3:")


def test_an_unknown_hash_is_refused(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_INDEX_HASH", "md5")

    with pytest.raises(PlatformError, match="sha256 or sm3"):
        load_or_create(state)


def test_a_file_that_others_can_read_is_closed_to_them(state: Path) -> None:
    load_or_create(state)
    secret_file(state).chmod(0o644)

    load_or_create(state)

    assert stat.S_IMODE(secret_file(state).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["{", "[]", "", "null"])
def test_a_damaged_file_is_reported_and_never_replaced(state: Path, content: str) -> None:
    secret_file(state).write_text(content)

    with pytest.raises(PlatformError, match="is damaged"):
        load_or_create(state)

    assert secret_file(state).read_text() == content


def test_another_file_can_be_named(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_SECRET_FILE", str(tmp_path / "elsewhere.json"))

    load_or_create(state)

    assert (tmp_path / "elsewhere.json").exists()
    assert not os.listdir(state)
