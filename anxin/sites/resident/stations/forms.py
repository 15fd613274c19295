"""What may be asked of the list of stations. All of it stands in the address, so that a list can be sent on."""

from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

from anxin.domains.network.contracts import Service, StationFilter

TEXT_LENGTH = 40
Choice = TypeVar("Choice", StationFilter, Service)


@dataclass(frozen=True, slots=True)
class Position:
    """Where the device says it is, rounded by the device to about a hundred metres."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class StationQuery:
    """A list asked for. What cannot be read is left out rather than refused: the reader gets stations, not an error."""

    area: str = ""
    text: str = ""
    show: StationFilter = StationFilter.ALL
    service: Service | None = None
    near: Position | None = None
    page: int = 1

    def address(self, **changes: object) -> str:
        """The query string of this list with ``changes``, from the first page."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        parts = {
            "area": other.area,
            "q": other.text,
            "show": other.show.value if other.show is not StationFilter.ALL else "",
            "service": other.service.value if other.service else "",
            "near": f"{other.near.longitude:.3f},{other.near.latitude:.3f}" if other.near else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})


def read_query(data: QueryDict, *, area: str) -> StationQuery:
    """The list that ``data`` asks for; ``area`` is the one remembered on the device."""
    return StationQuery(
        area=data.get("area", area)[:120],
        text=data.get("q", "").strip()[:TEXT_LENGTH],
        show=_one_of(StationFilter, data.get("show", "")) or StationFilter.ALL,
        service=_one_of(Service, data.get("service", "")),
        near=_position(data.get("near", "")),
        page=int(data.get("page", "")) if data.get("page", "").isdecimal() else 1,
    )


def _one_of(kind: type[Choice], value: str) -> Choice | None:
    return kind(value) if value in {each.value for each in kind} else None


def _position(value: str) -> Position | None:
    try:
        longitude, latitude = (float(part) for part in value.split(","))
    except ValueError:
        return None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        return None
    return Position(longitude, latitude)
