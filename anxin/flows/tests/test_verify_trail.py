"""The daily verification, and the one that was asked for."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from anxin.domains.audit import api as audit
from anxin.domains.audit.models import AuditChain, AuditCheck
from anxin.flows import verify_trail
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from config.jobs import kinds

SYSTEM = Actor.system("test")


def _promised() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [verify_trail.JOB])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "is_due"), [(23, False), (25, True)])
def test_it_is_promised_when_a_day_has_passed_and_only_once(hours: int, is_due: bool) -> None:
    AuditCheck.objects.create(rows=0, last_sequence=0, checked_at=clock.now() - timedelta(hours=hours))
    assert verify_trail.ask_if_due() is is_due
    verify_trail.ask_if_due()
    assert _promised() == int(is_due)


@pytest.mark.django_db
def test_a_trail_that_was_never_begun_is_not_due() -> None:
    assert not AuditChain.objects.exists()
    assert verify_trail.ask_if_due() is False


@pytest.mark.django_db
def test_who_asks_stands_in_the_trail_and_the_job_has_its_flow(system: Actor) -> None:
    with unit_of_work(system):
        verify_trail.ask(system)
        verify_trail.ask(system)
    assert _promised() == 1
    assert verify_trail.JOB in kinds()


def test_the_job_keeps_what_it_found_and_says_a_fault_aloud(
    fresh_db: str, databases: Any, tmp_path: Any, settings: Any, caplog: Any
) -> None:
    settings.ANXIN_AUDIT_ROOTS = tmp_path
    name = connection.settings_dict["NAME"]
    audit.record(actor=SYSTEM, event="network:unit:moved")
    with psycopg.connect(databases.cluster.url("anxin_worker", name), autocommit=True) as worker:
        worker.execute("SELECT audit_seal(10, now())")
    verify_trail.carry_on({})
    assert AuditCheck.objects.get().faults == []
    # Even the owner of the table meets its wall; whoever is above every wall does not.
    with psycopg.connect(databases.cluster.url("postgres", name), autocommit=True) as above:
        above.execute(
            "UPDATE audit_auditevent SET event = 'network:unit:created' WHERE event = 'network:unit:moved'"
        )
    verify_trail.carry_on({})
    assert "row-altered at 1" in AuditCheck.objects.latest("id").faults[0]
    assert "the trail has 1 faults" in caplog.text
