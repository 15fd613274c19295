"""What the owner of the tables can do to the trail, and that a verification finds it and names the place."""

from collections.abc import Callable

import pytest

from anxin.domains.audit import api as audit
from anxin.domains.audit.models import AuditCheck, AuditEvent, AuditSeal
from anxin.domains.audit.tests.conftest import WORKER, Trail

OF = "(SELECT event_id FROM audit_auditseal WHERE sequence = {})"


def _row_removed(trail: Trail) -> None:
    trail.as_owner(f"DELETE FROM audit_auditevent WHERE id = {OF.format(4)}")


def _row_altered(trail: Trail) -> None:
    trail.as_owner(f"UPDATE audit_auditevent SET actor_label = 'somebody else' WHERE id = {OF.format(4)}")


def _time_altered(trail: Trail) -> None:
    trail.as_owner(
        f"UPDATE audit_auditevent SET occurred_at = occurred_at - interval '1 ms' WHERE id = {OF.format(4)}"
    )


def _moved_between_fields(trail: Trail) -> None:
    """Taken out of one field and put at the end of its neighbour: all fields in a row would read the same."""
    trail.as_owner(
        "UPDATE audit_auditevent SET actor_uid = actor_uid || left(actor_label, 1),"
        f" actor_label = substr(actor_label, 2) WHERE id = {OF.format(4)}"
    )


def _seal_altered(trail: Trail) -> None:
    trail.as_owner("UPDATE audit_auditseal SET digest = sha256('x') WHERE sequence = 4")


def _reordered(trail: Trail) -> None:
    (four,), (six,) = trail.as_owner(
        "SELECT event_id FROM audit_auditseal WHERE sequence IN (4, 6) ORDER BY sequence"
    )
    for sequence, event in ((4, -1), (6, four), (4, six)):
        trail.as_owner("UPDATE audit_auditseal SET event_id = %s WHERE sequence = %s", event, sequence)


def _inserted(trail: Trail) -> None:
    trail.as_owner("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_await_seal")
    trail.write(1)
    trail.as_owner("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_await_seal")


def _removed_with_its_seal(trail: Trail) -> None:
    _row_removed(trail)
    trail.as_owner("DELETE FROM audit_auditseal WHERE sequence = 4")


def _tail_cut(trail: Trail) -> None:
    trail.as_owner(
        "DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditseal WHERE sequence > 6)"
    )
    trail.as_owner("DELETE FROM audit_auditseal WHERE sequence > 6")


def _head_cut(trail: Trail) -> None:
    trail.as_owner(
        "DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditseal WHERE sequence < 4)"
    )
    trail.as_owner("DELETE FROM audit_auditseal WHERE sequence < 4")


def _rewritten(trail: Trail) -> None:
    """A row is altered and the whole chain is made anew, with its own function, by somebody who knows how."""
    _row_altered(trail)
    trail.as_owner("DELETE FROM audit_auditseal")
    trail.as_owner("INSERT INTO audit_auditwaiting SELECT id FROM audit_auditevent ON CONFLICT DO NOTHING")
    trail.as_owner("SELECT audit_seal(1000, now())")


def _never_was(trail: Trail) -> None:
    for table in ("event", "seal", "root", "chain"):
        trail.as_owner(f"DELETE FROM audit_audit{table}")


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (_row_removed, [("row-removed", 4)]),
        (_row_altered, [("row-altered", 4)]),
        (_time_altered, [("row-altered", 4)]),
        (_moved_between_fields, [("row-altered", 4)]),
        (_seal_altered, [("row-altered", 4), ("row-altered", 5)]),
        (_reordered, [("row-moved", 4), ("row-moved", 6)]),
        (_inserted, [("row-inserted", 0)]),
        (_removed_with_its_seal, [("seal-missing", 4)]),
        (_tail_cut, [("tail-cut", 6)]),
        (_head_cut, [("seal-missing", 1)]),
        (_rewritten, [("rewritten", 8)]),
        (_never_was, [("other-chain", 0)]),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_what_is_done_to_the_trail_is_found_and_its_place_is_named(
    trail: Trail, tamper: Callable[[Trail], None], found: list[tuple[str, int]]
) -> None:
    for _ in range(4):
        trail.write(2)
        trail.seal()
    assert trail.faults() == []

    tamper(trail)

    faults = trail.faults()
    assert faults[-1:] == found if tamper is _rewritten else faults == found


def test_a_chain_that_was_cut_does_not_overwrite_what_was_said_outside(trail: Trail) -> None:
    trail.write(8)
    trail.seal()
    _tail_cut(trail)
    trail.write(3)
    trail.seal()  # the chain now reaches 9, further than the 8 that were said
    kinds = {kind for kind, _ in trail.faults()}
    assert "rewritten" in kinds


@pytest.mark.parametrize("file", ["roots", "end"])
def test_a_file_outside_that_is_damaged_or_gone_is_told(trail: Trail, file: str) -> None:
    trail.write(3)
    trail.seal()
    path = next(trail.folder.glob(f"*.{file}"))
    path.write_text("{nothing\n")
    assert "file-unreadable" in {kind for kind, _ in trail.faults()}
    path.unlink()
    kinds = [kind for kind, _ in trail.faults()]
    assert kinds == (["file-missing"] if file == "roots" else [])


def test_a_root_that_is_not_outside_any_more_is_told(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anxin.domains.audit.services.sealing.SEGMENT_ROWS", 2)
    for _ in range(3):
        trail.write(2)
        trail.seal()
    path = next(trail.folder.glob("*.roots"))
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[2]]) + "\n")
    assert trail.faults() == [("root-missing", 4)]


def test_a_waiting_row_that_is_taken_away_leaves_an_empty_place(trail: Trail) -> None:
    trail.write(3)
    trail.as_owner("DELETE FROM audit_auditevent WHERE subject_number = 'T-1'")
    trail.seal()
    assert trail.faults() == [("row-removed", 2)]


def test_a_verification_is_kept_and_stands_in_the_trail_itself(trail: Trail) -> None:
    trail.write(2)
    trail.seal()
    verdict = audit.verify(actor=WORKER, folder=trail.folder)
    assert (verdict.rows, verdict.last_sequence, verdict.is_intact) == (2, 2, True)
    assert AuditEvent.objects.filter(event="audit:trail:verified").count() == 1
    kept = audit.last_check()
    assert (kept.rows, kept.last_sequence, kept.faults) == (2, 2, [])
    assert AuditCheck.objects.count() == 1
    assert AuditSeal.objects.count() == 2


def test_an_empty_trail_is_whole(trail: Trail) -> None:
    assert trail.faults() == []
