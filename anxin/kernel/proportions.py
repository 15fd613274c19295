"""Shares of counts and how sure one can be of them. Plain arithmetic, no domain words."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """A part of a whole with its interval, all as fractions of 1."""

    part: int
    whole: int
    share: float
    low: float
    high: float


def wilson(part: int, whole: int, *, z: float = Z_95) -> Proportion | None:
    """The share with its Wilson score interval; of nothing there is none, not zero.

    Wilson EB (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
    Statistical Association 22(158): 209-212. Unlike the textbook interval it stays inside 0 to 1 and is not empty
    at 0 or at the whole (Brown LD, Cai TT, DasGupta A (2001). Statistical Science 16(2): 101-133).
    """
    if not 0 <= part <= whole:
        raise ValueError("a part lies between nothing and the whole")
    if whole == 0:
        return None
    share = part / whole
    spread = z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * sqrt(share * (1 - share) / whole + spread / (4 * whole))
    # At the ends the formula gives exactly 0 and 1; floating point may miss them by a hair.
    low = 0.0 if part == 0 else middle - reach
    high = 1.0 if part == whole else middle + reach
    return Proportion(part=part, whole=whole, share=share, low=low, high=high)
