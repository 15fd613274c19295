"""Filled-in forms for the tests: the smallest helpers that reach a wanted score through every reversal."""

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import EntryKind, Instrument, Item, Scale, ScaleKind

ALL_IDS = library.ids()
IDS = tuple(name for name in ALL_IDS if library.get(name).offered)
"""What may be scored: a key that nobody verified is not among them."""
WRITTEN = tuple(name for name in IDS if any(item.entry is not None for item in library.get(name).items))
TICKED = tuple(name for name in IDS if name not in WRITTEN)
SCORES_BY_TOTAL = {
    "sds": "index",
    "sas": "index",
    "who-5": "index",
    "rses": "score_0_30",
    "rses-satisfied-first": "score_0_30",
}
"""Where the bands of an instrument do not lie on its total."""


def code_for(item: Item, value: int) -> int:
    """The first printed code that counts so much."""
    return next(code for code in item.codes if item.value_of(code) == value)


def codes_for(instrument: Instrument, values: list[int]) -> list[int]:
    """Printed codes that count as ``values``."""
    return [code_for(item, value) for item, value in zip(instrument.items, values, strict=True)]


def lowest(instrument: Instrument) -> list[int]:
    return codes_for(instrument, [min(item.values) for item in instrument.items])


def highest(instrument: Instrument) -> list[int]:
    return codes_for(instrument, [max(item.values) for item in instrument.items])


def summing_to(instrument: Instrument, total: int) -> list[int]:
    """A form whose total is exactly ``total``, every other item at its lowest."""
    return reaching(instrument, instrument.scale("total"), total)


def reaching(instrument: Instrument, scale: Scale, score: float) -> list[int]:
    """A ticked form on which ``scale`` is exactly ``score``. ``ValueError`` where no form can be."""
    if scale.kind is ScaleKind.LINEAR:
        return _reaching_linear(instrument, scale, score)
    if scale.kind is ScaleKind.SUM_OF:
        numbers = [number for part in scale.parts for number in instrument.scale(part).items]
        return _with_sum(instrument, numbers, score)
    if scale.kind is ScaleKind.MEAN:
        return _with_sum(instrument, list(scale.items), score * len(scale.items))
    if scale.kind is ScaleKind.COUNT:
        return _with_count(instrument, scale, score)
    return _with_sum(instrument, list(scale.items), score)


def reachable(instrument: Instrument, scale: Scale) -> set[float]:
    """Every score a complete ticked form can have on the scale."""
    if scale.kind is ScaleKind.LINEAR:
        base = reachable(instrument, instrument.scale(scale.of))
        return {int(score * scale.times // 1) + scale.plus for score in map(int, base)}
    if scale.kind is ScaleKind.COUNT:
        return set(map(float, range(len(scale.items) + 1)))
    numbers = [n for part in scale.parts for n in instrument.scale(part).items] or scale.items
    sums = {0}
    for number in numbers:
        sums = {before + value for before in sums for value in instrument.item(number).values}
    return {total / len(numbers) if scale.kind is ScaleKind.MEAN else total for total in sums}


def _reaching_linear(instrument: Instrument, scale: Scale, score: float) -> list[int]:
    base = instrument.scale(scale.of)
    top = sum(max(instrument.item(number).values) for number in base.items)
    for total in range(top + 1):
        if int(total * scale.times // 1) + scale.plus == score:
            try:
                return reaching(instrument, base, total)
            except ValueError:
                continue
    raise ValueError(f"{instrument.id}: {scale.id} is never {score}")


def _with_count(instrument: Instrument, scale: Scale, count: float) -> list[int]:
    values = [min(item.values) for item in instrument.items]
    for number in scale.items[: int(count)]:
        values[number - 1] = max(instrument.item(number).values)
    return codes_for(instrument, values)


def _with_sum(instrument: Instrument, numbers: list[int], score: float) -> list[int]:
    """Which sums the items reach is worked out one item after the other, then walked back."""
    wanted = round(score)
    if abs(wanted - score) > 1e-9:
        raise ValueError(f"{instrument.id} cannot sum to {score}")
    reached: list[dict[int, int]] = [{0: 0}]
    for number in numbers:
        sums = {before + value: value for before in reached[-1] for value in instrument.item(number).values}
        reached.append(sums)
    values = [min(item.values) for item in instrument.items]
    for number, sums in zip(reversed(numbers), reversed(reached[1:]), strict=True):
        if wanted not in sums:
            raise ValueError(f"{instrument.id} cannot sum to {score}")
        values[number - 1] = sums[wanted]
        wanted -= sums[wanted]
    return codes_for(instrument, values)


def written(item: Item, low: bool) -> object:
    """A fitting answer to a written question."""
    assert item.entry is not None
    if item.entry.kind is EntryKind.CLOCK:
        return "23:00" if low else "07:00"
    return item.entry.low if low else min(item.entry.high, 8)
