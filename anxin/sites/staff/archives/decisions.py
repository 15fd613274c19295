"""Moves and merges that wait, and those that were decided: what the page of decisions shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import MergeState, TransferState
from anxin.kernel.actor import Actor
from anxin.sites.staff.archives.words import EVIDENCE, MERGE_STATES, TRANSFER_STATES
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.archives.models import Merge, Transfer

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Move:
    """One move between two units."""

    uid: str
    number: str
    before: str
    after: str
    is_asked_for: bool
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: Words
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that may be one person."""

    uid: str
    sides: tuple[archives.Side, ...]
    evidence: list[Words]
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: Words
    may_decide: bool
    may_undo: bool
    needs_other: bool


def moves(actor: Actor) -> list[Move]:
    """The newest moves of the actor's units."""
    return [_move(actor, one) for one in archives.transfers_queryset(actor=actor)[:SHOWN]]


def _move(actor: Actor, one: "Transfer") -> Move:
    waits = one.state == TransferState.PROPOSED
    return Move(
        uid=one.uid,
        number=one.archive_number,
        before=one.from_unit.name,
        after=one.to_unit.name,
        is_asked_for=one.is_asked_for,
        reason=one.reason,
        proposed_by=one.proposed_by.name,
        proposed_at=one.proposed_at,
        state=TRANSFER_STATES[TransferState(one.state)],
        may_decide=waits
        and one.proposed_by_id != actor.staff_id
        and archives.may_decide_transfer(actor, one),
    )


def matches(actor: Actor) -> list[Match]:
    """The newest merges of the actor's units; the two sides only while somebody has to decide or could undo."""
    return [_match(actor, one) for one in archives.merges_queryset(actor=actor)[:SHOWN]]


def _match(actor: Actor, one: "Merge") -> Match:
    waits, stands = one.state == MergeState.PROPOSED, one.state == MergeState.CONFIRMED
    needs_other = one.crosses_units and one.proposed_by_id == actor.staff_id
    return Match(
        uid=one.uid,
        sides=archives.access_sides(actor=actor, merge_uid=one.uid) if waits or stands else (),
        evidence=[EVIDENCE[sign] for sign in one.evidence],
        reason=one.reason,
        proposed_by=one.proposed_by.name,
        proposed_at=one.proposed_at,
        state=MERGE_STATES[MergeState(one.state)],
        may_decide=waits and not needs_other,
        may_undo=stands,
        needs_other=waits and needs_other,
    )
