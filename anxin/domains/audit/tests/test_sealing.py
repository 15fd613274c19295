"""Sealing beside writing: late transactions, two sealers, and who may not."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import errors

from anxin.domains.audit import api as audit
from anxin.domains.audit.models import AuditEvent, AuditRoot, AuditSeal, AuditWaiting
from anxin.domains.audit.tests.conftest import WORKER
from tests.house_eyes import reasons_of


def test_every_committed_row_gets_the_next_place_and_the_chain_holds(trail: Any) -> None:
    trail.write(5)
    assert AuditWaiting.objects.count() == 5
    assert trail.seal() == 5
    trail.write(3)
    assert trail.seal() == 3

    assert list(AuditSeal.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
        range(1, 9)
    )
    assert not AuditWaiting.objects.exists()
    assert audit.sealing_now().lag_seconds == 0
    assert trail.faults() == []


def test_a_row_of_a_transaction_that_ends_late_is_sealed_after_younger_ones(trail: Any) -> None:
    with psycopg.connect(trail.owner_url) as late:
        late.execute(
            "INSERT INTO audit_auditevent (uid, occurred_at, request_uid, actor_kind, actor_uid, actor_label, event,"
            " subject_uid, subject_number, node_path, person_uid, reason)"
            " VALUES ('late', now(), '', 'system', 's', 's', 'test:thing:done', '', '', '', '', '')"
        )
        trail.write(2)
        assert trail.seal() == 2
        assert trail.faults() == []
        late.commit()
    assert trail.seal() >= 1

    late_id = AuditEvent.objects.get(uid="late").id
    assert AuditSeal.objects.get(event_id=late_id).sequence > 2
    assert late_id < AuditEvent.objects.get(subject_number="T-0").id
    assert trail.faults() == []


def test_two_sealers_at_once_leave_one_chain_without_gap_or_twin(trail: Any) -> None:
    trail.write(60)
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait()
        try:
            while AuditWaiting.objects.exists():
                trail.seal(most=7)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert list(AuditSeal.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
        range(1, 61)
    )
    assert trail.faults() == []


def test_while_another_seals_this_one_does_nothing_and_waits_for_nobody(trail: Any) -> None:
    trail.write(2)
    with psycopg.connect(trail.owner_url) as other:
        other.execute("SELECT audit_seal(1, now())")
        assert trail.seal() == 0
        other.rollback()
    assert trail.seal() == 2


def test_a_writer_waits_for_no_sealer(trail: Any) -> None:
    trail.write(1)
    with psycopg.connect(trail.owner_url) as sealer:
        sealer.execute("SELECT audit_seal(10, now())")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            trail.write(1)
        sealer.commit()
    assert AuditWaiting.objects.count() == 1


def test_a_root_is_made_for_the_first_row_and_for_each_long_segment(trail: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("anxin.domains.audit.services.sealing.SEGMENT_ROWS", 4)
    for _ in range(5):
        trail.write(2)
        trail.seal()
    assert list(AuditRoot.objects.order_by("sequence").values_list("sequence", flat=True)) == [2, 6, 10]
    lines = next(trail.folder.glob("*.roots")).read_text().splitlines()
    assert len(lines) == 3
    assert trail.faults() == []


CHANGES = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}")
COLUMNS = {
    "audit_auditevent": "uid",
    "audit_auditseal": "sequence",
    "audit_auditroot": "sequence",
    "audit_auditchain": "uid",
    "audit_auditwaiting": "event_id",
    "audit_auditcheck": "uid",
}


def test_no_serving_role_can_change_or_remove_a_row(trail: Any, databases: Any) -> None:
    trail.write(2)
    trail.seal(most=1)
    for role in ("anxin_app", "anxin_worker", "anxin_intake"):
        with psycopg.connect(databases.cluster.url(role, trail.name), autocommit=True) as raw:
            for table, column in COLUMNS.items():
                for change in CHANGES:
                    with pytest.raises(errors.InsufficientPrivilege):
                        raw.execute(change.format(table=table, column=column))
    assert (AuditEvent.objects.count(), AuditSeal.objects.count(), AuditWaiting.objects.count()) == (2, 1, 1)
    assert trail.faults() == []


def test_only_the_worker_may_call_the_sealer_and_nobody_may_place_a_seal(trail: Any, databases: Any) -> None:
    trail.write(1)
    calls = ("SELECT audit_seal(10, now())", "SELECT audit_root(1, now())")
    places = (
        "INSERT INTO audit_auditseal VALUES (1, 1, '', now())",
        "INSERT INTO audit_auditwaiting VALUES (99)",
        "INSERT INTO audit_auditchain VALUES ('mine', now())",
        "INSERT INTO audit_auditroot VALUES (1, '', now(), now())",
    )
    for role in ("anxin_app", "anxin_worker", "anxin_intake"):
        with psycopg.connect(databases.cluster.url(role, trail.name), autocommit=True) as raw:
            for statement in places if role == "anxin_worker" else (*calls, *places):
                with pytest.raises(errors.InsufficientPrivilege):
                    raw.execute(statement)
    assert not AuditSeal.objects.exists()


def test_a_shredded_reason_is_gone_for_ever_and_the_chain_stays_true(trail: Any) -> None:
    trail.write(2, reason="她的母亲打来电话", person="person-1")
    trail.write(1, reason="另一个人的事", person="person-2")
    trail.seal()
    events = list(AuditEvent.objects.order_by("id"))
    assert list(reasons_of(*events).values()) == ["她的母亲打来电话"] * 2 + ["另一个人的事"]
    stored = trail.as_owner(
        "SELECT reason FROM audit_auditevent UNION ALL SELECT sealed FROM audit_auditshare"
    )
    assert "母亲" not in str(stored)

    assert audit.shred(actor=WORKER, person_uid="person-1") == 2

    assert list(reasons_of(*events).values()) == ["另一个人的事"]
    assert trail.as_owner("SELECT person_uid FROM audit_auditshare") == [("person-2",)]
    assert AuditEvent.objects.filter(event="audit:reasons:shredded", person_uid="person-1").count() == 1
    trail.seal()
    assert trail.faults() == []


def test_shredding_without_a_person_shreds_nothing(trail: Any) -> None:
    trail.write(1, reason="说明")
    assert audit.shred(actor=WORKER, person_uid="") == 0
    assert trail.as_owner("SELECT count(*) FROM audit_auditshare") == [(1,)]
