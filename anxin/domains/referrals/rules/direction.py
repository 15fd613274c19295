"""Up, down or sideways, and what going up asks for (R-083)."""

from anxin.domains.network.contracts import UnitKind
from anxin.domains.referrals.contracts import Direction, StepSkipped, TierTooLow
from anxin.domains.risk.contracts import HIGH
from anxin.domains.workforce.contracts import Tier

_RANKS = {
    UnitKind.COUNTY_CENTRE: 2,
    UnitKind.CITY_CENTRE: 3,
    UnitKind.MEDICAL_INSTITUTION: 3,
}


def rank_of(kind: str) -> int:
    """Which level of the network a unit stands on: stations and the hotline are where people come in."""
    return _RANKS.get(UnitKind(kind), 1)


def direction_of(ranks: tuple[int, int], tiers: tuple[int, int]) -> Direction:
    """By the level of the network; between units of one level by the qualification that is asked for."""
    before, after = ranks if ranks[0] != ranks[1] else tiers
    if after == before:
        return Direction.SIDEWAYS
    return Direction.UP if after > before else Direction.DOWN


def check_tier(direction: Direction, *, own: int, asked: int, level: int) -> None:
    """Up means at least one tier higher; two or more only at a high risk. Raises ``TierTooLow``, ``StepSkipped``."""
    if direction is not Direction.UP:
        return
    if asked <= own and own < Tier.PSYCHIATRIST:
        raise TierTooLow(field="tier")
    if asked > own + 1 and level < HIGH:
        raise StepSkipped(field="tier")
