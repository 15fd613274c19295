"""Scales as FHIRPath that an SDC form can compute, where it says exactly what the key says.

A form with branches, fixed values or filling in has scales that FHIRPath over the answers alone would get wrong; they
carry no expression, and a reader finds the whole key in our extension.
"""

from anxin.domains.instruments.contracts import Instrument, Item, Scale, ScaleKind


def expression(instrument: Instrument, scale: Scale) -> str | None:
    """``None`` where there is none that is exact."""
    if scale.least_answered is not None or not _is_plain(instrument, scale):
        return None
    derived_from = (*scale.parts, *((scale.of,) if scale.of else ()))
    if any(expression(instrument, instrument.scale(one)) is None for one in derived_from):
        return None
    match scale.kind:
        case ScaleKind.SUM:
            return _complete(scale, f"{_weights(scale)}.sum()")
        case ScaleKind.MEAN:
            return _complete(scale, f"{_weights(scale)}.sum() / {len(scale.items)}")
        case ScaleKind.COUNT if scale.at_least is not None:
            return _complete(scale, f"{_counted(scale)}.count()")
        case ScaleKind.MEAN_OF_COUNTED:
            counted = _counted(scale)
            mean = f"{counted}.sum() / {counted}.count()"
            return _complete(scale, f"iif({counted}.exists(), {mean}, {{}})")
        case ScaleKind.SUM_OF:
            return " + ".join(_other(part) for part in scale.parts)
        case ScaleKind.LINEAR:
            times = f"{_other(scale.of)} * {scale.times.numerator} / {scale.times.denominator}"
            # the key drops the fraction downwards, and FHIRPath's floor() does the same
            return f"({times}).floor()" + (f" + {scale.plus}" if scale.plus else "")
        case ScaleKind.STEPS:
            return _stepped(scale)
    return None


def _is_plain(instrument: Instrument, scale: Scale) -> bool:
    """Whether each of its items counts what its answer weighs, and nothing where there is none."""
    branched = {name for rule in instrument.ask_when for name in rule.questions}
    branched |= {str(number) for rule in instrument.skips for number in rule.skips}
    return all(_counts_its_answer(instrument.item(number), branched) for number in scale.items)


def _counts_its_answer(item: Item, branched: set[str]) -> bool:
    ticked = item.entry is None and item.refusal is None and item.blank_counts is None
    return ticked and item.asked_of is None and str(item.number) not in branched


def _weights(scale: Scale) -> str:
    return f"%resource.item.where(linkId in ({_names(scale)})).answer.value.weight()"


def _names(scale: Scale) -> str:
    return " | ".join(f"'{number}'" for number in scale.items)


def _counted(scale: Scale) -> str:
    return f"{_weights(scale)}.where($this >= {scale.at_least})"


def _complete(scale: Scale, score: str) -> str:
    """Nothing as soon as one answer is missing: a missing answer never counts as nought."""
    answers = f"%resource.item.where(linkId in ({_names(scale)})).answer"
    return f"iif({answers}.count() = {len(scale.items)}, {score}, {{}})"


def _other(scale_id: str) -> str:
    return (
        "%resource.item.where(linkId = 'scores').item"
        f".where(linkId = 'score.{scale_id}').answer.value.first()"
    )


def _stepped(scale: Scale) -> str | None:
    base = _other(scale.of) if scale.of else f"{_weights(scale)}.sum()"
    points = "{}"
    for step in scale.steps:
        points = f"iif({base} >= {step.at_least}, {step.value}, {points})"
    return points if scale.of else _complete(scale, points)
