"""The doctor sees jobs that nobody carries out, and those that were given up."""

import pytest
from django.db import connection

from anxin.kernel import heartbeat, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform import doctor
from anxin.platform.database import Database
from anxin.platform.doctor import Jobs, Level
from anxin.platform.postgres import OWNER


@pytest.mark.parametrize(
    ("found", "level", "words"),
    [
        (Jobs(0, 0, None, None), Level.OK, "0 wait"),
        (Jobs(0, 3, 30.0, 2.0), Level.OK, "3 wait"),
        (Jobs(2, 0, None, 2.0), Level.WARN, "2 were given up"),
        (Jobs(0, 3, 900.0, 2.0), Level.FAIL, "they are slow"),
        (Jobs(0, 3, 900.0, 900.0), Level.FAIL, "nobody carries them out"),
        (Jobs(0, 3, 900.0, None), Level.FAIL, "15 min"),
    ],
)
def test_what_the_numbers_mean(found: Jobs, level: Level, words: str) -> None:
    finding = doctor.check_jobs(found)
    assert finding.level is level
    assert words in finding.line


def test_the_numbers_are_read_off_the_tables(fresh_db: str) -> None:
    database = Database({OWNER: fresh_db}, fresh_db, None, external=False)
    assert doctor.jobs_of(database) == Jobs(0, 0, None, None)
    with unit_of_work(Actor.system("test")):
        for key in "abc":
            jobs.defer(job="x", queue=jobs.Queue.REPORTS, key=key, payload={})
        jobs.defer(job="x", queue=jobs.Queue.REPORTS, key="later", payload={}, after_seconds=600)
    heartbeat.beat(jobs.HEARTBEAT)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '1 hour'")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
        )
    found = doctor.jobs_of(database)
    assert (found.failed, found.waiting) == (1, 2)
    assert 3590 < (found.oldest_seconds or 0) < 3700
    assert (found.beat_seconds or 0) < 60
