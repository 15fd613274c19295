"""The doctor sees a database whose walls would believe nobody."""

from typing import Any

import pytest

from anxin.platform import doctor
from anxin.platform.database import Database
from anxin.platform.doctor import Level
from anxin.platform.postgres import OWNER
from anxin.platform.secrets import new_key
from conftest import STATE


@pytest.fixture
def database(databases: Any, django_db_setup: None) -> Any:
    """A clone, as its owner."""
    name = databases.clone()
    url = databases.cluster.url(OWNER, name)
    yield Database({OWNER: url}, url, None, external=False)
    databases.drop(name)


def test_it_says_which_key_is_believed_and_which_is_not(database: Database) -> None:
    known = doctor.load_or_create(STATE)
    assert doctor.check_walls(database, known).level is Level.OK
    for unknown in (
        {"scope_keys": {"1": new_key()}},
        {"scope_keys": {"7": new_key()}, "scope_key_current": "7"},
    ):
        finding = doctor.check_walls(database, {**known, **unknown})  # type: ignore[typeddict-item]
        assert finding.level is Level.FAIL
        assert "anxin migrate" in finding.line
