"""Verification: the whole trail, compared with its chain and with what was written down outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from anxin.domains.audit import outside
from anxin.domains.audit.contracts import Fault, FaultKind, Verdict
from anxin.domains.audit.models import AuditChain, AuditCheck, AuditRoot, AuditWaiting
from anxin.domains.audit.rules import chain as rules
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

_AT_ONCE = 5000
_MOST_NAMED = 100
_LASTS_SECONDS = 6 * 60 * 60
_FROZEN, _USUAL = "ISOLATION LEVEL REPEATABLE READ, READ ONLY", "ISOLATION LEVEL READ COMMITTED, READ WRITE"
_LINKS = f"""
SELECT s.sequence, s.digest, e.id, {", ".join(f"e.{name}" for name in rules.FIELDS)}
FROM audit_auditseal s LEFT JOIN audit_auditevent e ON e.id = s.event_id ORDER BY s.sequence
"""
_UNSEEN = """
SELECT e.uid FROM audit_auditevent e
WHERE NOT EXISTS (SELECT 1 FROM audit_auditseal s WHERE s.event_id = e.id)
  AND NOT EXISTS (SELECT 1 FROM audit_auditwaiting w WHERE w.event_id = e.id)
ORDER BY e.id LIMIT %s
"""


def verify(*, actor: Actor, folder: Path | None = None) -> Verdict:
    """Compare everything, and keep what was found for the auditor's page."""
    verdict = _examined(actor, folder or settings.ANXIN_AUDIT_ROOTS)
    AuditCheck.objects.create(
        rows=verdict.rows,
        last_sequence=verdict.last_sequence,
        faults=[str(fault) for fault in verdict.faults[:_MOST_NAMED]],
    )
    return verdict


def _examined(actor: Actor, folder: Path) -> Verdict:
    chain = AuditChain.objects.order_by("begun_at").first()
    if chain is None:
        return Verdict(0, AuditWaiting.objects.count(), 0, 0, 0, tuple(_strangers(folder)))
    # What is outside is read first: what is sealed meanwhile is then ahead of it and never behind.
    try:
        said = outside.read(folder, chain.uid)
    except outside.OutsideUnreadable as error:
        said = outside.Outside()
        unreadable = [Fault(FaultKind.FILE_UNREADABLE, 0, "", str(error))]
    else:
        unreadable = []
    with _one_moment(actor):
        return _compared(chain.uid, said, unreadable)


@contextmanager
def _one_moment(actor: Actor) -> Iterator[None]:
    """Everything in the block is read as of one moment, however long it takes and whatever is sealed meanwhile."""
    begins = not connection.in_atomic_block  # tests wrap everything in a transaction that has already begun
    with connection.cursor() as cursor:
        if begins:  # the scope is the first thing said in a transaction, so this is said before it
            cursor.execute(f"SET SESSION CHARACTERISTICS AS TRANSACTION {_FROZEN}")
        try:
            with unit_of_work(actor, lasting_seconds=_LASTS_SECONDS):
                yield
        finally:
            if begins:
                cursor.execute(f"SET SESSION CHARACTERISTICS AS TRANSACTION {_USUAL}")


def _compared(chain: str, said: outside.Outside, found: list[Fault]) -> Verdict:
    kept = {one.sequence: bytes(one.digest) for one in AuditRoot.objects.all()}
    start = said.purged if said.purged in kept else 0
    previous = kept[start] if start else rules.genesis(chain)
    told = (*said.roots, said.end) if said.end else said.roots
    wanted = {root.sequence for root in told}
    digests: dict[int, bytes] = {}
    count, last = 0, start

    def watched() -> Iterator[rules.Link]:
        nonlocal count, last
        for link in _links():
            count, last = count + 1, link.sequence
            if link.sequence in wanted:
                digests[link.sequence] = link.digest
            yield link

    found += rules.broken_links(watched(), start=start + 1, previous=previous)
    found += rules.roots_not_met(told, last=last, first=start + 1, digests=digests, kept=kept)
    if kept and not said.is_there:
        line = "there is no file outside; put back the one of this trail, or begin one: anxin audit anchor"
        found.append(Fault(FaultKind.FILE_MISSING, last, "", line))
        kept = {}
    found += [
        Fault(FaultKind.ROOT_MISSING, sequence, "", "this root is not written down outside any more")
        for sequence in sorted(kept.keys() - {root.sequence for root in said.roots})
    ]
    found += [_stranger(name) for name in said.other_chains]
    found += [
        Fault(FaultKind.ROW_INSERTED, 0, uid, "this row came in without passing the seal")
        for uid in _unseen()
    ]
    return Verdict(count, AuditWaiting.objects.count(), len(said.roots), start + 1, last, tuple(found))


def _links() -> Iterator[rules.Link]:
    with connection.chunked_cursor() as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(_LINKS)
        while rows := cursor.fetchmany(_AT_ONCE):
            for sequence, digest, event_id, *values in rows:
                row = b"" if event_id is None else rules.canonical(values)
                yield rules.Link(sequence, bytes(digest), values[0] or "", row)


def _unseen() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, [_MOST_NAMED])
        return [uid for (uid,) in cursor.fetchall()]


def _strangers(folder: Path) -> list[Fault]:
    return [_stranger(name) for name in outside.read(folder, "").other_chains]


def _stranger(name: str) -> Fault:
    line = (
        f"the folder keeps roots of another trail, {name}: this one was begun anew, or the folder is shared"
    )
    return Fault(FaultKind.OTHER_CHAIN, 0, "", line)
