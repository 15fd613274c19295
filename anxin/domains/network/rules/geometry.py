"""Distances on the ground."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
_METRES_PER_DEGREE = 111_195.0


def distance_m(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Great-circle distance in metres (haversine)."""
    north = radians(other_latitude - latitude) / 2
    east = radians(other_longitude - longitude) / 2
    chord = sin(north) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def box_around(longitude: float, latitude: float, radius_m: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a box that holds every point within ``radius_m``."""
    # One part in a thousand more than the sphere asks, so that rounding never cuts off the edge.
    north = radius_m / _METRES_PER_DEGREE * 1.001
    widest = min(89.9, abs(latitude) + north)
    east = north / cos(radians(widest))
    return longitude - east, latitude - north, longitude + east, latitude + north
