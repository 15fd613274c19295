"""Filled-in forms for the tests: the smallest helper that reaches a wanted sum through every reversal."""

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Instrument

IDS = library.ids()
SCORES_BY_TOTAL = {"sds": "index", "sas": "index", "who-5": "index", "rses": "score_0_30"}
"""Where the bands of an instrument do not lie on its total."""


def codes_for(instrument: Instrument, values: list[int]) -> list[int]:
    """Printed codes that count as ``values``; turning a code twice gives it back."""
    return [item.value_of(value) for item, value in zip(instrument.items, values, strict=True)]


def lowest(instrument: Instrument) -> list[int]:
    return codes_for(instrument, [min(item.codes) for item in instrument.items])


def highest(instrument: Instrument) -> list[int]:
    return codes_for(instrument, [max(item.codes) for item in instrument.items])


def summing_to(instrument: Instrument, total: int) -> list[int]:
    """A form whose total is exactly ``total``, filled from the first item on."""
    values = [min(item.codes) for item in instrument.items]
    rest = total - sum(values)
    for place, item in enumerate(instrument.items):
        step = min(rest, max(item.codes) - values[place])
        values[place] += step
        rest -= step
    if rest:
        raise ValueError(f"{instrument.id} cannot sum to {total}")
    return codes_for(instrument, values)
