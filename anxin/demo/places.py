"""The invented ground: the legal division tree, and the areas of the management tree that lie over it.

The two trees differ on purpose (trap T2): the towns of a functional zone are managed by the zone, while their
division codes belong to the county they were taken from. Codes have the shape of GB/T 2260 but begin with 99,
which no province has. The map lies in the open sea, so that no real place is meant by a coordinate.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, pi, sin
from random import Random

from anxin.demo.forbidden import invented_place
from anxin.demo.names import Places, place_in_english

CITY = "云澄市"
CITY_CODE = "990100"
CENTRE = (123.800, 32.550)
ZONE_TAIL = {
    "经济开发区": "Economic Development Zone",
    "高新区": "High-tech Zone",
    "旅游度假区": "Resort Zone",
}


@dataclass(frozen=True, slots=True)
class DivisionPlan:
    """One row of the division tree."""

    code: str
    name: str
    parent_code: str | None


@dataclass(slots=True, eq=False)
class Area:
    """A node of the management tree that is a place. ``division`` is the code the ground has by law."""

    kind: str
    name: str
    name_en: str
    parent: "Area | None"
    division: str
    longitude: float
    latitude: float
    weight: float
    short: str = ""
    children: list["Area"] = field(default_factory=list)

    def __post_init__(self) -> None:
        invented_place(self.name)
        self.short = self.short or self.name[:-1]
        if self.parent is not None:
            self.parent.children.append(self)

    def walk(self) -> Iterator["Area"]:
        """This area and everything below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def county(self) -> "Area":
        """The county or zone this area lies in (itself, if it is one)."""
        return self if self.kind in ("county", "zone") or self.parent is None else self.parent.county


@dataclass(frozen=True, slots=True)
class _CountyPlan:
    name: str
    towns: int
    east: float
    north: float


# Offsets from the middle of the city in units of 0.2 degrees.
_COUNTIES = (
    _CountyPlan("清禾区", 14, 0.0, 0.0),
    _CountyPlan("澄东区", 11, 1.0, 0.1),
    _CountyPlan("临溪县", 13, -1.1, 0.4),
    _CountyPlan("望山县", 12, -0.2, 1.2),
    _CountyPlan("南泽县", 12, 0.2, -1.2),
    _CountyPlan("石桥县", 11, 1.7, -0.9),
    _CountyPlan("柏川县", 12, -1.5, -0.8),
    _CountyPlan("青岚县", 11, 1.4, 1.3),
    _CountyPlan("禾塘县", 11, -1.7, 1.5),
    _CountyPlan("月洲市", 13, 2.3, 0.4),
    _CountyPlan("松亭县", 10, -0.7, -1.8),
)
# The towns of each zone keep the code of the county named second.
_ZONES = (
    (_CountyPlan("云澄经济开发区", 2, 0.7, -0.7), "南泽县", ("柳堤镇", "禾丰镇"), "经济开发区"),
    (_CountyPlan("云澄高新区", 3, 0.6, 0.6), "澄东区", ("创新街道", "星河街道", "学苑街道"), "高新区"),
    (_CountyPlan("澜湖旅游度假区", 2, -0.6, 0.9), "临溪县", ("澜湖镇", "云台镇"), "旅游度假区"),
)
ECONOMIC_ZONE = _ZONES[0][0].name
# Places the personas and the mock-ups name: (county, town, community).
FIXED = (("清禾区", "河滨街道", "柳岸社区"), ("石桥县", "望桥镇", "望桥社区"))
_VILLAGES_AT_SCALE_1 = 2400
_COUNTY_KIND_EN = {"区": "District", "县": "County", "市": "City"}


@dataclass(frozen=True, slots=True)
class Ground:
    """The finished ground. ``areas`` has parents before children."""

    city: Area
    areas: list[Area]
    divisions: list[DivisionPlan]

    def of_kind(self, *kinds: str) -> list[Area]:
        """Areas of these kinds, in order."""
        return [area for area in self.areas if area.kind in kinds]

    def named(self, name: str) -> Area:
        """The one area called ``name``."""
        (found,) = [area for area in self.areas if area.name == name]
        return found


class _Surveyor:
    """Draws the ground; keeps the running numbers of the codes."""

    def __init__(self, rng: Random, scale: float) -> None:
        self.rng = rng
        self.scale = scale
        self.names = Places(rng)
        self.names.reserve(*(town for _, town, _ in FIXED), *(name for _, _, name in FIXED))
        self.names.reserve(*(town for _, _, towns, _ in _ZONES for town in towns))
        self.divisions: list[DivisionPlan] = []
        self._town_serial: dict[str, int] = {}

    def division(self, code: str, name: str, parent_code: str | None) -> str:
        self.divisions.append(DivisionPlan(code=code, name=name, parent_code=parent_code))
        return code

    def town_code(self, county_code: str) -> str:
        serial = self._town_serial[county_code] = self._town_serial.get(county_code, 0) + 1
        return f"{county_code}{serial:03d}"

    def near(self, area: Area, reach: float) -> tuple[float, float]:
        angle, distance = self.rng.uniform(0, 2 * pi), reach * self.rng.uniform(0.15, 1.0)
        return (
            round(area.longitude + distance * cos(angle), 5),
            round(area.latitude + distance * sin(angle) * 0.85, 5),
        )


def survey(rng: Random, scale: float) -> Ground:
    """Draw the ground at ``scale``: all counties and zones always, fewer towns and villages when small."""
    work = _Surveyor(rng, scale)
    work.division(CITY_CODE, CITY, None)
    city = Area("city", CITY, "Yuncheng City", None, CITY_CODE, *CENTRE, weight=1.0)
    codes: dict[str, str] = {}
    for serial, plan in enumerate(_COUNTIES, start=1):
        codes[plan.name] = work.division(f"{CITY_CODE[:4]}{serial:02d}", plan.name, CITY_CODE)
        english = f"{place_in_english(plan.name[:-1])} {_COUNTY_KIND_EN[plan.name[-1]]}"
        county = _county(city, plan, codes[plan.name], "county", english)
        fixed = [town for where, town, _ in FIXED if where == plan.name]
        _towns(work, county, codes[plan.name], fixed, max(2, round(plan.towns * scale)))
    for plan, home, towns, tail in _ZONES:
        english = f"{place_in_english(plan.name.removesuffix(tail))} {ZONE_TAIL[tail]}"
        zone = _county(city, plan, "", "zone", english)
        _towns(work, zone, codes[home], list(towns[: max(2, round(len(towns) * scale))]), 0)
    _villages(work, city)
    return Ground(city=city, areas=list(city.walk()), divisions=work.divisions)


def _county(city: Area, plan: _CountyPlan, code: str, kind: str, english: str) -> Area:
    east, north = CENTRE[0] + plan.east * 0.2, CENTRE[1] + plan.north * 0.2
    short = plan.name[:-1] if kind == "county" else plan.name.removeprefix("云澄")
    return Area(
        kind, plan.name, english, city, code, round(east, 5), round(north, 5), weight=plan.towns, short=short
    )


def _towns(work: _Surveyor, county: Area, code: str, fixed: list[str], count: int) -> None:
    urban = county.name.endswith("区")
    drawn = [
        work.names.town("街道" if urban and index % 3 else "镇" if index % 5 else "乡")
        for index in range(count - len(fixed))
    ]
    for name in fixed + drawn:
        town_code = work.division(work.town_code(code), name, code)
        stem = name.removesuffix("街道")
        Area(
            "town",
            name,
            f"{place_in_english(stem if stem != name else name[:-1])} Town",
            county,
            town_code,
            *work.near(county, 0.075),
            weight=work.rng.uniform(0.6, 1.6),
            short=stem if stem != name else name[:-1],
        )


def _villages(work: _Surveyor, city: Area) -> None:
    towns = [area for area in city.walk() if area.kind == "town"]
    total = max(len(towns), round(_VILLAGES_AT_SCALE_1 * work.scale))
    communities = {town: name for _, town, name in FIXED}
    weights = sum(town.weight for town in towns)
    for town in towns:
        count = max(1, round(total * town.weight / weights))
        urban = town.name.endswith("街道")
        for serial in range(1, count + 1):
            if serial == 1 and town.name in communities:
                name = communities[town.name]
            elif urban or serial == 1:
                name = work.names.community()
            else:
                name = work.names.village()
            code = work.division(f"{town.division}{serial:03d}", name, town.division)
            english = f"{place_in_english(name[:2])} {'Community' if name.endswith('社区') else 'Village'}"
            Area(
                "village",
                name,
                english,
                town,
                code,
                *work.near(town, 0.02),
                weight=work.rng.uniform(0.5, 1.5),
                short=name.removesuffix("社区").removesuffix("村"),
            )
