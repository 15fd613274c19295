"""The doctor sees a trail that nobody seals, and one in which a verification found something."""

from datetime import date

import pytest

from anxin.domains.audit import api as audit
from anxin.kernel.actor import Actor
from anxin.platform import doctor
from anxin.platform.database import Database
from anxin.platform.doctor import Level, Trail
from anxin.platform.postgres import OWNER

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("found", "level", "words"),
    [
        (Trail(0, 1.0, DAY, 0), Level.OK, "whole on 2026-11-24"),
        (Trail(9, 2.0, DAY, 0), Level.OK, "sealed"),
        (Trail(9, 31.0, DAY, 0), Level.FAIL, "9 rows wait"),
        (Trail(9, None, None, 0), Level.FAIL, "9 rows wait"),
        (Trail(0, 1.0, None, 0), Level.WARN, "never verified"),
        (Trail(0, 1.0, DAY, 3), Level.FAIL, "found 3 faults"),
    ],
)
def test_what_the_numbers_mean(found: Trail, level: Level, words: str) -> None:
    finding = doctor.check_trail(found)
    assert finding.level is level
    assert words in finding.line


def test_the_numbers_are_read_off_the_tables(fresh_db: str) -> None:
    database = Database({OWNER: fresh_db}, fresh_db, None, external=False)
    assert doctor.trail_of(database) == Trail(0, None, None, 0)
    audit.record(actor=Actor.system("test"), event="test:thing:done")
    assert doctor.trail_of(database).waiting == 1
