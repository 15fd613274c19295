"""The keys of a running house, changed by hand from the command line."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from anxin.domains.audit.models import AuditEvent
from anxin.domains.residents.models import Resident
from anxin.kernel import rotation
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index, seal, unseal
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.errors import PlatformError
from anxin.platform.key_file import FIELD, INDEX, add_key, drop_key, use_newest
from anxin.platform.secrets import change, load_or_create, read, secret_file
from conftest import ROOT, _pointed_at
from tests import small_city

SYSTEM = Actor.system("test")
Keys = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def key_file(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys of one's own, in a file that this process watches as the service does."""
    for name in [one for one in os.environ if one.startswith("ANXIN_")]:
        monkeypatch.delenv(name)
    load_or_create(tmp_path)
    file = secret_file(tmp_path)
    with change(file) as found:  # the database knows the scopes of the test run
        found |= {
            "scope_keys": settings.ANXIN_SCOPE_KEYS,
            "scope_key_current": settings.ANXIN_SCOPE_KEY_CURRENT,
        }
    settings.ANXIN_KEY_FILE = str(file)
    return file


@pytest.fixture
def keys(key_file: Path, fresh_db: str, databases: Any) -> Iterator[Keys]:
    """``anxin keys …`` beside this process, which goes on serving."""
    small_city.build()
    owner = databases.cluster.url("anxin_owner", urlsplit(fresh_db).path.lstrip("/"))
    environment = os.environ | {
        "ANXIN_STATE_DIR": str(key_file.parent),
        "ANXIN_SECRET_FILE": str(key_file),
        "ANXIN_OWNER_DATABASE_URL": owner,
        "DATABASE_URL": fresh_db,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "anxin.cli", "keys", *arguments],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    with _pointed_at(owner):
        yield run


def _find(phone: str) -> Resident:
    with unit_of_work(SYSTEM):
        return Resident.objects.get(phone_index=blind_index(phone, purpose="phone"))


def test_keys_are_added_put_to_use_and_taken_away_beside_a_running_service(
    keys: Keys, key_file: Path
) -> None:
    assert keys("add").returncode == 0
    assert seal("x", context="t.c").startswith("v1."), "a key that was added is not in use yet"

    early = keys("retire", "1")
    assert early.returncode == 1
    assert "is the one in use" in early.stderr or "values need key 1" in early.stderr

    done = keys("rotate")
    assert done.returncode == 0, done.stderr
    assert "Key 2 is in use" in done.stdout
    assert seal("x", context="t.c").startswith("v2."), "this process noticed without being started again"
    assert set(rotation.usage_of_values()) == {"v2"}
    assert _find("13800000001").name == "李晴"

    listed = keys("list").stdout
    assert "no value" in listed
    assert not any(key in listed for key in read(key_file)["field_keys"].values()), "keys are never shown"

    assert keys("retire", "1").returncode == 0
    assert set(read(key_file)["field_keys"]) == {"2"}
    assert _find("13800000001").name == "李晴"
    with unit_of_work(SYSTEM):
        told = set(AuditEvent.objects.filter(event__startswith="keys:").values_list("event", flat=True))
    assert told == {"keys:key:added", "keys:key:rotated", "keys:key:retired"}


def test_the_index_gets_a_new_key_and_everybody_is_found_again(keys: Keys) -> None:
    before = _find("13800000001").phone_index
    assert keys("add", "--index").returncode == 0
    assert _find("13800000001").phone_index == before
    done = keys("rotate", "--index")
    assert done.returncode == 0, done.stderr
    found = _find("13800000001")
    assert found.phone_index == blind_index("13800000001", purpose="phone") != before
    assert set(rotation.usage_of_indexes()) == {"2"}


def test_a_key_that_something_is_sealed_with_stays(keys: Keys, key_file: Path) -> None:
    keys("add")
    use_newest(key_file, FIELD)
    refused = keys("retire", "1")
    assert refused.returncode == 1
    assert "values need key 1" in refused.stderr
    assert set(read(key_file)["field_keys"]) == {"1", "2"}


def test_the_file_stays_with_its_owner_and_nothing_else_in_it_changes(key_file: Path) -> None:
    before = read(key_file)
    assert (add_key(key_file, FIELD), add_key(key_file, INDEX)) == ("2", "2")
    after = read(key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert {name for name in before if before[name] != after[name]} == {"field_keys", "index_keys"}
    assert after["field_keys"]["1"] == before["field_keys"]["1"]


def test_the_key_in_use_and_one_that_is_not_there_cannot_be_dropped(key_file: Path) -> None:
    for version in ("1", "7"):
        with pytest.raises(PlatformError):
            drop_key(key_file, version)
    assert set(read(key_file)["field_keys"]) == {"1"}


def test_keys_of_the_environment_are_not_ours_to_change(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANXIN_FIELD_KEYS", json.dumps(read(key_file)["field_keys"]))
    monkeypatch.setenv("ANXIN_FIELD_KEY_CURRENT", "1")
    content = key_file.read_bytes()
    with pytest.raises(PlatformError, match="environment"):
        add_key(key_file, FIELD)
    assert key_file.read_bytes() == content


def test_what_this_process_sealed_another_one_opens(key_file: Path) -> None:
    stored = seal("李晴", context="t.c")
    add_key(key_file, FIELD)
    use_newest(key_file, FIELD)
    assert unseal(stored, context="t.c") == "李晴"
