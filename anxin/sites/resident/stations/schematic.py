"""A schematic map: our own points on a plain grid, north up, drawn as SVG. No outside tiles, no invented roads."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIZE = 500
MARGIN = 70
_METRES_PER_DEGREE = 111_320.0
_SMALLEST_SPAN_M = 600.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place to draw. ``number`` 0 is the reader's own, rough position."""

    number: int
    longitude: float
    latitude: float
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Pin:
    """A point on the drawing."""

    number: int
    x: int
    y: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Schematic:
    """The drawing: pins, the lines of the grid, and how long one square is."""

    pins: tuple[Pin, ...]
    here: Pin | None
    lines: tuple[int, ...]
    square_m: int
    size: int = SIZE

    @property
    def square_km(self) -> str:
        """The length of one square in kilometres, without a needless nought."""
        return f"{self.square_m / 1000:g}"


def draw(points: Sequence[Point]) -> Schematic | None:
    """Fit all points into the square; nothing to draw without points."""
    if not points:
        return None
    longitudes = [point.longitude for point in points]
    latitudes = [point.latitude for point in points]
    middle = ((min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2)
    east_m = _METRES_PER_DEGREE * math.cos(math.radians(middle[1]))
    span_m = max(
        (max(longitudes) - min(longitudes)) * east_m,
        (max(latitudes) - min(latitudes)) * _METRES_PER_DEGREE,
        _SMALLEST_SPAN_M,
    )
    scale = (SIZE - 2 * MARGIN) / span_m
    pins = [
        Pin(
            point.number,
            round(SIZE / 2 + (point.longitude - middle[0]) * east_m * scale),
            round(SIZE / 2 - (point.latitude - middle[1]) * _METRES_PER_DEGREE * scale),
            point.is_open,
        )
        for point in points
    ]
    square_m = _square(span_m)
    step = square_m * scale
    return Schematic(
        pins=tuple(pin for pin in pins if pin.number),
        here=next((pin for pin in pins if not pin.number), None),
        lines=tuple(round(index * step) for index in range(1, math.ceil(SIZE / step))),
        square_m=square_m,
    )


def _square(span_m: float) -> int:
    """A round length that cuts the span into about four."""
    wanted = span_m / 4
    power = 10 ** math.floor(math.log10(wanted))
    return int(next(step * power for step in (1, 2, 5, 10) if step * power >= wanted))
