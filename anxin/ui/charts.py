"""Charts as geometry: a row of scores over time, and how groups spread over bands. Templates draw them as SVG.

Everything is told by shape, pattern and word as well as by shade, and every colour is an attribute, so that the same
drawing stands in a page, in a file and on paper. A table with the same numbers belongs beside each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 360
_LEFT, _RIGHT, _TOP, _BASE = 34, 344, 20, 170
_FEW = 8
_ROW, _ROW_TOP, _BAR = 40, 6, 16
FILLS = ("none", "dots", "lines", "rungs", "full", "cross")
"""How the bands are told apart, from the first to the last; more bands than these begin again."""


@dataclass(frozen=True, slots=True)
class Score:
    """One value of a trend."""

    on: date
    value: float
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawn score; ``label`` is empty where there is no room for one."""

    x: float
    y: float
    label: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A level across the chart, with its words."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A drawn trend. ``band`` is (top, height) of what the form wavers by itself around the first score."""

    name: str
    title: str
    marks: tuple[Mark, ...]
    path: str
    band: tuple[float, float] | None
    lines: tuple[Line, ...]
    days: tuple[tuple[float, str, str], ...]
    low_words: str
    high_words: str
    has_doubtful: bool
    width: int = WIDTH
    height: int = 208
    left: int = _LEFT
    right: int = _RIGHT
    top: int = _TOP
    base: int = _BASE


def trend(
    scores: Sequence[Score],
    *,
    name: str,
    title: str,
    lowest: float,
    highest: float,
    band: tuple[float, float] | None = None,
    limits: Sequence[tuple[float, str]] = (),
    low_words: str = "",
    high_words: str = "",
    with_values: bool = True,
) -> Trend:
    """Draw ``scores``, the oldest first. ``limits`` are levels with their words (the cut-offs of a norm set)."""

    def across(day: date) -> float:
        span = (scores[-1].on - scores[0].on).days
        share = 0.5 if not span else (day - scores[0].on).days / span
        return round(_LEFT + 14 + share * (_RIGHT - _LEFT - 28), 1)

    def up(value: float) -> float:
        return round(_BASE - (value - lowest) / (highest - lowest or 1) * (_BASE - _TOP), 1)

    marks = tuple(
        Mark(
            across(one.on),
            up(one.value),
            f"{one.value:g}" if with_values and (len(scores) <= _FEW or place == len(scores) - 1) else "",
            one.is_doubtful,
        )
        for place, one in enumerate(scores)
    )
    points = [f"{mark.x} {mark.y}" for mark in marks]
    shown = scores if len(scores) == 1 else (scores[0], scores[-1])
    anchors = ("middle",) if len(shown) == 1 else ("start", "end")
    places = (across(shown[0].on),) if len(shown) == 1 else (float(_LEFT), float(_RIGHT))
    return Trend(
        name=name,
        title=title,
        marks=marks,
        path="M" + "L".join(points) if len(points) > 1 else "",
        band=None if band is None else (up(band[1]), round(up(band[0]) - up(band[1]), 1)),
        lines=tuple(Line(up(value), words) for value, words in limits),
        days=tuple(
            (x, anchor, f"{one.on:%Y-%m-%d}") for x, anchor, one in zip(places, anchors, shown, strict=True)
        ),
        low_words=low_words,
        high_words=high_words,
        has_doubtful=any(one.is_doubtful for one in scores),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """One row to draw. ``counts`` in the order of the bands, None where a number is not shown."""

    label: str
    n: int | None
    counts: Sequence[int | None]
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar; ``fill`` is one of ``FILLS`` or "open" for what is not shown."""

    x: float
    width: float
    fill: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One drawn row."""

    label: str
    note: str
    label_y: int
    y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Drawn groups, each bar as wide as the others, and what the patterns stand for."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    legend: tuple[tuple[int, int, str, str], ...]
    height: int
    width: int = WIDTH
    bar: int = _BAR


def spread(
    groups: Sequence[Group], *, bands: Sequence[str], open_words: str, name: str, title: str
) -> Spread:
    """Draw ``groups`` from top to bottom in the order given."""
    bars = tuple(
        Bar(
            group.label, group.note, _ROW_TOP + place * _ROW + 12, _ROW_TOP + place * _ROW + 18, _parts(group)
        )
        for place, group in enumerate(groups)
    )
    top = _ROW_TOP + len(groups) * _ROW + 6
    words = [(FILLS[place % len(FILLS)], band) for place, band in enumerate(bands)]
    if any(part.fill == "open" for bar in bars for part in bar.parts):
        words.append(("open", open_words))
    legend = tuple(
        (0 if place % 2 == 0 else WIDTH // 2, top + (place // 2) * 22, fill, label)
        for place, (fill, label) in enumerate(words)
    )
    height = top + (len(words) + 1) // 2 * 22
    return Spread(name=name, title=title, bars=bars, legend=legend, height=height)


def _parts(group: Group) -> tuple[Part, ...]:
    if not group.n:
        return ()
    parts: list[Part] = []
    at = 0.0
    for place, count in enumerate(group.counts):
        if count:
            width = round(WIDTH * count / group.n, 1)
            parts.append(Part(round(at, 1), width, FILLS[place % len(FILLS)]))
            at += width
    if WIDTH - at > 0.5:
        parts.append(Part(round(at, 1), round(WIDTH - at, 1), "open"))
    return tuple(parts)
