"""KPI-17: of the people who were passed on, how many came back with feedback in time. A chain counts once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from anxin.domains.referrals.contracts import Direction, LoopCount


@dataclass(frozen=True, slots=True)
class Sent:
    """One referral that was sent, as far as it is counted."""

    chain_uid: str
    direction: Direction
    sent_at: datetime
    feedback_at: datetime | None
    feedback_due_at: datetime | None


def count_chains(rows: Iterable[Sent]) -> tuple[LoopCount, ...]:
    """Chains by the direction of their first referral, whoever was asked on the way and however often."""
    chains: dict[str, list[Sent]] = {}
    for row in sorted(rows, key=lambda one: one.sent_at):
        chains.setdefault(row.chain_uid, []).append(row)
    return tuple(_count(direction, chains.values()) for direction in Direction)


def _count(direction: Direction, chains: Iterable[list[Sent]]) -> LoopCount:
    mine = [chain for chain in chains if chain[0].direction is direction]
    in_time = sum(any(_is_in_time(row) for row in chain) for chain in mine)
    told = sum(any(row.feedback_at is not None for row in chain) for chain in mine)
    return LoopCount(
        direction=direction, sent=len(mine), in_time=in_time, late=told - in_time, waiting=len(mine) - told
    )


def _is_in_time(row: Sent) -> bool:
    return (
        row.feedback_at is not None
        and row.feedback_due_at is not None
        and row.feedback_at <= row.feedback_due_at
    )
