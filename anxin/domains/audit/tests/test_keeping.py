"""How long the trail is kept, and that what is taken out leaves a chain that still holds."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError

from anxin import trail as commands
from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import KeptTooShort
from anxin.domains.audit.models import AuditEvent, AuditRoot, AuditSeal
from anxin.domains.audit.rules.keeping import kept_since, months_before
from anxin.domains.audit.tests.conftest import WORKER, Trail, seen_as
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.errors import PlatformError

TODAY = date(2026, 11, 24)


@pytest.fixture
def year(trail: Trail, monkeypatch: Any) -> Trail:
    """Three segments: of January, of March, of today."""
    for day in (date(2026, 1, 5), date(2026, 3, 5), TODAY):
        moment = datetime(day.year, day.month, day.day, 10, tzinfo=clock.LOCAL)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        trail.write(3, reason="说明")
        trail.seal()
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment + timedelta(hours=2))
        trail.write(1)
        trail.seal()
    return trail


def test_the_same_day_some_months_earlier_or_the_last_one_of_that_month() -> None:
    assert months_before(TODAY, 6) == date(2026, 5, 24)
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert kept_since(today=TODAY, months=36) == date(2023, 11, 24)
    assert kept_since(today=TODAY, months=1) == date(2026, 5, 24)


def test_nothing_younger_than_the_law_asks_can_be_taken_out(year: Trail) -> None:
    with seen_as(year.owner_url), pytest.raises(KeptTooShort):
        audit.purge(actor=WORKER, before=date(2026, 5, 25))
    assert AuditEvent.objects.count() == 12
    assert year.faults() == []


def test_segments_that_are_old_enough_go_and_the_chain_still_holds(year: Trail) -> None:
    with seen_as(year.owner_url):
        reached = audit.purge(actor=WORKER, before=date(2026, 3, 1))
    assert reached == 4
    year.seal()

    assert AuditSeal.objects.order_by("sequence").first().sequence == 5
    assert AuditEvent.objects.filter(occurred_at__lt=datetime(2026, 3, 1, tzinfo=clock.LOCAL)).count() == 0
    assert year.as_owner("SELECT count(*) FROM audit_auditshare") == [(6,)]
    assert AuditRoot.objects.exclude(purged_at=None).count() == 2
    assert AuditEvent.objects.filter(event="audit:trail:purged", subject_number="4").count() == 1
    assert year.faults() == []

    year.as_owner("DELETE FROM audit_auditseal WHERE sequence = 5")
    assert year.faults() == [("seal-missing", 5), ("row-inserted", 0)]


def test_a_second_purge_finds_nothing_more(year: Trail) -> None:
    with seen_as(year.owner_url):
        audit.purge(actor=WORKER, before=date(2026, 3, 1))
        assert audit.purge(actor=WORKER, before=date(2026, 3, 1)) == 0
        assert audit.purge(actor=WORKER, before=date(2026, 4, 1)) == 8
    assert year.faults() == []


def test_rows_taken_out_without_saying_so_outside_are_missed(year: Trail) -> None:
    year.as_owner(
        "DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditseal WHERE sequence < 5)"
    )
    year.as_owner("DELETE FROM audit_auditseal WHERE sequence < 5")
    year.as_owner("UPDATE audit_auditroot SET purged_at = now() WHERE sequence < 5")
    assert year.faults() == [("seal-missing", 1)]


def test_no_serving_role_can_take_anything_out(year: Trail) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        audit.purge(actor=WORKER, before=date(2026, 3, 1))
    assert AuditEvent.objects.count() == 12
    assert year.faults() == []


def test_the_commands_say_what_they_did(year: Trail, tmp_path: Any) -> None:
    said: list[str] = []
    assert commands.verify(folder=None, as_json=False, tell=said.append)
    assert said == ["12 rows, 1 to 12; 6 roots outside; 0 not sealed yet", "The trail is as it was written."]

    file = tmp_path / "trail.jsonl"
    commands.export(after=10, reason="年度归档", into=file, tell=said.append)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert '"sequence": 11' in lines[0]
    assert "说明" not in lines[0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert AuditEvent.objects.filter(event="audit:trail:exported").count() == 1
    with pytest.raises(PlatformError):
        commands.export(after=0, reason="again", into=file, tell=said.append)

    commands.roots(tell=said.append)
    assert f"{4:>12}" in "".join(said)
    with seen_as(year.owner_url):
        commands.purge(before=date(2026, 3, 1), tell=said.append)
        assert said[-1] == "Taken out up to 4; their root remains."
        commands.purge(before=None, tell=said.append)
        assert said[-1] == "No segment ended before 2023-11-24."
        with pytest.raises(PlatformError, match="six months"):
            commands.purge(before=TODAY, tell=said.append)


def test_a_fault_is_printed_with_its_place(year: Trail) -> None:
    said: list[str] = []
    year.as_owner("DELETE FROM audit_auditevent WHERE subject_number = 'T-2'")
    assert not commands.verify(folder=year.folder, as_json=False, tell=said.append)
    assert said[0] == "row-removed at 3: the row that was sealed here is gone"
    assert not commands.verify(folder=year.folder, as_json=True, tell=said.append)
    assert '"intact": false' in said[-1]
    assert '"kind": "row-removed"' in said[-1]


def test_a_file_is_begun_where_there_is_none_and_never_over_another(year: Trail) -> None:
    said: list[str] = []
    with seen_as(year.owner_url):
        commands.purge(before=date(2026, 3, 1), tell=said.append)
    with pytest.raises(PlatformError, match="already"):
        commands.anchor(reason="again", tell=said.append)
    for file in year.folder.iterdir():
        file.unlink()
    assert [kind for kind, _ in year.faults()][-1] == "file-missing"

    commands.anchor(reason="恢复之后，与归档核对过", tell=said.append)
    year.seal()
    assert year.faults() == []
    assert AuditEvent.objects.filter(event="audit:roots:anchored").count() == 1
    year.as_owner("DELETE FROM audit_auditseal WHERE sequence = 6")
    assert ("seal-missing", 6) in year.faults()


def test_a_segment_with_a_row_about_somebody_held_by_law_stays_and_all_after_it(year: Trail) -> None:
    held, before = audit.Subject(person_uid="person-held"), date(2026, 4, 1)
    audit.record(actor=WORKER, event="test:thing:done", subjects=[held])
    year.seal()
    with seen_as(year.owner_url):
        with unit_of_work(WORKER):
            audit.hold(actor=WORKER, person=held, ground="法院通知书")
        # The row about them is the newest: the old segments before it may go.
        assert audit.purge(actor=WORKER, before=date(2026, 3, 1)) == 4
        with unit_of_work(WORKER):
            audit.lift_hold(actor=WORKER, person_uid="person-held", ground="案件已结")
            oldest = AuditEvent.objects.order_by("id").first()
        year.as_owner("UPDATE audit_legalhold SET person_uid = 'person-old', lifted_at = NULL")
        year.as_owner("UPDATE audit_auditevent SET person_uid = 'person-old' WHERE uid = %s", oldest.uid)
        assert audit.purge(actor=WORKER, before=before) == 0
