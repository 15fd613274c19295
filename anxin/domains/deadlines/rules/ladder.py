"""The ladder: who holds a clock at a moment. Pure, so that a dead worker cannot hide a breach.

Everything shown about a clock follows from three values, the ladder, the due time and the moment: whoever
looks, with or without a worker alive, sees the same rung, the same owner and the same breach.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any, Protocol

from anxin.domains.deadlines.contracts import Holder, Ladder, LadderRung, RungName, Standing

_MICROSECOND = timedelta(microseconds=1)


class Clocked(Protocol):
    """What of a stored clock decides its standing."""

    due_at: datetime
    ladder: Any
    paused_at: datetime | None
    ended_at: datetime | None


def standing(ladder: Ladder, due_at: datetime, now: datetime) -> Standing:
    """Where a running clock stands at ``now``.

    The last rung whose turn has begun holds it, before that the first. Above the last rung there is nobody,
    so once the clock is overdue there, its holder is called again every ``page_every``; ``pages`` counts
    those calls.
    """
    rungs = ladder.rungs
    index = max((i for i, rung in enumerate(rungs) if rung.starts_at <= now), default=0)
    ahead = rungs[index + 1 :]
    is_overdue = now >= due_at
    pages = 0
    changes = [rung.starts_at for rung in ahead]
    if not is_overdue:
        changes.append(due_at)
    elif not ahead:
        since = max(rungs[-1].starts_at, due_at)
        pages = max((now - since) // ladder.page_every, 0)
        changes.append(since + (pages + 1) * ladder.page_every)
    return Standing(
        rung=rungs[index],
        index=index,
        passed=rungs[:index],
        ahead=ahead,
        is_overdue=is_overdue,
        pages=pages,
        next_change_at=min(changes),
    )


def standing_of(clocked: Clocked, now: datetime) -> Standing:
    """Where a stored clock stands at ``now``: when ended, as it was left; when paused, as if it went on."""
    moment = now if clocked.ended_at is None else min(now, clocked.ended_at)
    ladder, due_at = load_ladder(clocked.ladder), clocked.due_at
    if clocked.paused_at is not None:
        pause = max(moment - clocked.paused_at, timedelta(0))
        ladder, due_at = shift(ladder, pause), due_at + pause
    return standing(ladder, due_at, moment)


def build_ladder(holders: Sequence[Holder], climbs_at: Sequence[datetime], page_every: timedelta) -> Ladder:
    """A ladder in the order of ``holders``, each holding from the moment at the same place in ``climbs_at``.

    A turn never begins before the turn below it: a later moment further down moves the ones above.
    """
    if len(holders) != len(climbs_at):
        raise ValueError("each holder needs the moment their turn begins")
    return Ladder(
        rungs=tuple(
            LadderRung(
                rung=holder.rung,
                posting_id=holder.posting_id,
                holder=holder.holder,
                unit_id=holder.unit_id,
                unit_name=holder.unit_name,
                unit_path=holder.unit_path,
                starts_at=starts_at,
            )
            for holder, starts_at in zip(holders, accumulate(climbs_at, max), strict=True)
        ),
        page_every=page_every,
    )


def shift(ladder: Ladder, by: timedelta) -> Ladder:
    """The same ladder, every turn later by ``by``."""
    return replace(ladder, rungs=tuple(replace(rung, starts_at=rung.starts_at + by) for rung in ladder.rungs))


def with_rung(ladder: Ladder, index: int, holder: LadderRung) -> Ladder:
    """The same ladder with somebody else at ``index``; the rung and its turn stay what they were."""
    old = ladder.rungs[index]
    fresh = replace(holder, rung=old.rung, starts_at=old.starts_at)
    return replace(ladder, rungs=(*ladder.rungs[:index], fresh, *ladder.rungs[index + 1 :]))


def dump_ladder(ladder: Ladder) -> dict[str, Any]:
    """The ladder as JSON, by value: whole microseconds and UTC moments, so that loading is exact."""
    return {
        "page_every_us": ladder.page_every // _MICROSECOND,
        "rungs": [
            {
                "rung": rung.rung.value,
                "posting_id": rung.posting_id,
                "holder": rung.holder,
                "unit_id": rung.unit_id,
                "unit_name": rung.unit_name,
                "unit_path": rung.unit_path,
                "starts_at": rung.starts_at.astimezone(UTC).isoformat(),
            }
            for rung in ladder.rungs
        ],
    }


def load_ladder(raw: dict[str, Any]) -> Ladder:
    """The ladder that :func:`dump_ladder` wrote."""
    return Ladder(
        rungs=tuple(
            LadderRung(
                rung=RungName(rung["rung"]),
                posting_id=rung["posting_id"],
                holder=rung["holder"],
                unit_id=rung["unit_id"],
                unit_name=rung["unit_name"],
                unit_path=rung["unit_path"],
                starts_at=datetime.fromisoformat(rung["starts_at"]),
            )
            for rung in raw["rungs"]
        ),
        page_every=raw["page_every_us"] * _MICROSECOND,
    )
