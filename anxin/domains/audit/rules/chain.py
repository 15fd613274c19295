"""The chain of the trail: what a row comes to in bytes, how each digest stands on the one before, what is broken.

The database makes the same digests when it seals (``audit_canonical`` and ``audit_seal`` in the migrations); here they
are made again from what the tables hold. Free text is digested as it is stored, in half: to destroy the other half
changes no byte.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from anxin.domains.audit.contracts import Fault, FaultKind, Root

FIELDS = (
    *("uid", "occurred_at", "request_uid", "actor_kind", "actor_uid", "actor_label", "event"),
    *("subject_uid", "subject_number", "node_path", "person_uid", "reason", "opening_uid"),
)
# Among so many broken places is looked for a row that fits another's place; beyond it, only the places are named.
_MOST_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed row as the tables hold it. ``canonical`` is empty when the row itself is gone."""

    sequence: int
    digest: bytes
    event_uid: str
    canonical: bytes


def canonical(values: Sequence[str | datetime]) -> bytes:
    """The values in the order of :data:`FIELDS`, each with its length, so that no two rows come to the same bytes."""
    return b"".join(_netstring(_text(value)) for value in values)


def _text(value: str | datetime) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def _netstring(text: str) -> bytes:
    body = text.encode()
    return b"%d:%s," % (len(body), body)


def genesis(chain: str) -> bytes:
    """What the first digest of a chain stands on."""
    return sha256(f"anxin-audit-1:{chain}".encode()).digest()


def digest(previous: bytes, sequence: int, row: bytes) -> bytes:
    """The digest of the row at ``sequence``, standing on the one before it."""
    return sha256(previous + sequence.to_bytes(8, "big") + row).digest()


def broken_links(links: Iterable[Link], *, start: int, previous: bytes) -> Iterator[Fault]:
    """Every place at which the chain from ``start`` on does not hold. ``previous`` is the digest before it."""
    expected = start
    misfits: list[tuple[Link, bytes]] = []
    for link in links:
        if link.sequence != expected:
            yield Fault(
                FaultKind.SEAL_MISSING, expected, "", f"seals {expected} to {link.sequence - 1} are gone"
            )
        elif not link.canonical:
            yield Fault(FaultKind.ROW_REMOVED, link.sequence, "", "the row that was sealed here is gone")
        elif digest(previous, link.sequence, link.canonical) != link.digest:
            misfits.append((link, previous))
        expected, previous = link.sequence + 1, link.digest
    yield from _named(misfits)


def _named(misfits: list[tuple[Link, bytes]]) -> Iterator[Fault]:
    rows = [link for link, _ in misfits[:_MOST_COMPARED]]
    for link, previous in misfits:
        fitting = next(
            (one for one in rows if digest(previous, link.sequence, one.canonical) == link.digest), None
        )
        if fitting is None:
            line = "the row, or its seal, is not as it was when it was sealed"
            yield Fault(FaultKind.ROW_ALTERED, link.sequence, link.event_uid, line)
        else:
            line = f"here stood the row that now stands at {fitting.sequence}"
            yield Fault(FaultKind.ROW_MOVED, link.sequence, link.event_uid, line)


def roots_not_met(
    roots: Iterable[Root], *, last: int, first: int, digests: dict[int, bytes], kept: dict[int, bytes]
) -> Iterator[Fault]:
    """What was written down outside against the chain that now reaches from ``first`` to ``last``.

    ``digests`` are those of the seals, ``kept`` those the database remembers of its roots, also of purged segments.
    """
    for root in roots:
        if root.sequence > last:
            line = f"outside is written that the trail reached {root.sequence}; it ends at {last}"
            yield Fault(FaultKind.TAIL_CUT, last, "", line)
            continue
        found = digests.get(root.sequence) if root.sequence >= first else kept.get(root.sequence)
        if found is not None and found.hex() != root.digest:
            line = "the trail up to here is another than the one written down outside"
            yield Fault(FaultKind.REWRITTEN, root.sequence, "", line)
        elif found is None and root.sequence < first:
            line = "a segment that was summarised is not remembered any more"
            yield Fault(FaultKind.ROOT_MISSING, root.sequence, "", line)
