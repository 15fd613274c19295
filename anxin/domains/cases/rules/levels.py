"""Monotone risk: what may raise a level at once, what may lower it, and the pace that follows from it."""

from enum import StrEnum

from anxin.domains.risk.contracts import HIGH, Level


class Verdict(StrEnum):
    """What an assessment does to the level of a case."""

    TAKES_EFFECT = "takes_effect"
    WAITS = "waits"
    STALE = "stale"


def verdict(*, current: int, assessed: int, seen_version: int | None, version: int) -> Verdict:
    """A rise counts from whatever page; a lowering only from the newest, and from L3 or L4 not yet."""
    if assessed >= current:
        return Verdict.TAKES_EFFECT
    if seen_version != version:
        return Verdict.STALE
    return Verdict.WAITS if current >= HIGH else Verdict.TAKES_EFFECT


def pace_after(pace: int | None, level: int) -> int:
    """The fastest pace since the level was last L2 or below."""
    return level if level < HIGH else max(pace or 0, level)


def begins_ladder_anew(*, before: int, after: int) -> bool:
    """Whether a new episode begins: the level rose to L3 or L4, or within them."""
    return after > before and after >= HIGH


def pace_of(pace: int | None, level: int) -> Level:
    """How fast contacts follow each other now."""
    return Level(max(pace or 0, level)) if level >= HIGH else Level(level)
