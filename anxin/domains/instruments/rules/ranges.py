"""The least and the greatest score that can occur on each scale."""

from fractions import Fraction

from anxin.domains.instruments.contracts import Instrument, Item, Scale, ScaleKind
from anxin.domains.instruments.rules.answers import step_value

_WHOLE = frozenset({ScaleKind.SUM, ScaleKind.COUNT, ScaleKind.LINEAR, ScaleKind.SUM_OF, ScaleKind.STEPS})


def whole_numbered(scale: Scale) -> bool:
    return scale.kind in _WHOLE


def score_range(instrument: Instrument, scale: Scale) -> tuple[float, float]:
    match scale.kind:
        case ScaleKind.LINEAR:
            low, high = score_range(instrument, instrument.scale(scale.of))
            return (
                int(Fraction(low) * scale.times // 1) + scale.plus,
                int(Fraction(high) * scale.times // 1) + scale.plus,
            )
        case ScaleKind.SUM_OF:
            ends = [score_range(instrument, instrument.scale(part)) for part in scale.parts]
            return sum(low for low, _ in ends), sum(high for _, high in ends)
        case ScaleKind.STEPS:
            low, high = stepped_range(instrument, scale)
            points = [step.value for step in scale.steps if low < step.at_least <= high]
            points.append(step_value(scale.steps, low))
            return min(points), max(points)
        case ScaleKind.SLEEP_EFFICIENCY:
            return 0, 100
        case _:
            return _item_range(instrument, scale)


def stepped_range(instrument: Instrument, scale: Scale) -> tuple[float, float]:
    """What a stepped scale takes its steps over."""
    if scale.of:
        return score_range(instrument, instrument.scale(scale.of))
    ends = [item_ends(instrument.item(number)) for number in scale.items]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def item_ends(item: Item) -> tuple[int, int]:
    """The least and the greatest value of one item."""
    if item.entry is None:
        return min(item.values), max(item.values)
    if item.entry.steps:
        points = [step.value for step in item.entry.steps]
        return min(points), max(points)
    return entry_bounds(item)


def entry_bounds(item: Item) -> tuple[int, int]:
    """The bounds of a written answer as it is kept: hours and clock times in minutes."""
    entry = item.entry
    if entry is None:
        raise ValueError(f"item {item.number} is ticked, not written")
    unit = 1 if entry.kind == "number" else 60
    return entry.low * unit, entry.high * unit


def _item_range(instrument: Instrument, scale: Scale) -> tuple[float, float]:
    ends = [item_ends(instrument.item(number)) for number in scale.items]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    if scale.kind is ScaleKind.SUM:
        return sum(lows), sum(highs)
    if scale.kind is ScaleKind.COUNT:
        return 0, len(ends)
    if scale.kind is ScaleKind.MEAN_OF_COUNTED:
        return scale.at_least or min(lows), max(highs)
    if scale.least_answered is None:
        return sum(lows) / len(ends), sum(highs) / len(ends)
    return min(lows), max(highs)
