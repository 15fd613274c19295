"""The units over the ground: centres, hotline, institutions, departments, offices and stations, as a plan."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import Any

from anxin.demo import names
from anxin.demo.forbidden import invented_place
from anxin.demo.places import ECONOMIC_ZONE, Area, Ground

OFFICE = tuple((day, time(8, 30), time(17, 30)) for day in range(5))
ROUND_THE_CLOCK = tuple((day, time(0), time(23, 59, 59)) for day in range(7))
CENTRE_SERVICES = ("education", "assessment", "counselling", "group", "therapy", "crisis")
CITY_CENTRE = "云澄市心理健康中心"
HOTLINE = "云澄市心理热线"
CITY_HOSPITAL = "云澄市精神卫生中心"
TASK_FORCE_OFFICE = "云澄市社会心理服务专班办公室"
# Not every county and zone has a centre (trap T1): the stations of the resort zone climb to the city at once.
WITHOUT_CENTRE = "澜湖旅游度假区"

HOSPITAL_DEPARTMENTS = (
    ("临床心理科", "Clinical Psychology"),
    ("儿童青少年心理科", "Child and Adolescent Psychology"),
    ("精神科", "Psychiatry"),
    ("睡眠医学科", "Sleep Medicine"),
)
# The bodies of R-158 under generic names, as the task force of the zone finds them; its two towns make 14 of them.
ZONE_BODIES = (
    ("党政办公室", "Party and Government Office"),
    ("党群工作中心", "Party and Masses Work Centre"),
    ("经济发展局", "Economic Development Bureau"),
    ("财政局", "Finance Bureau"),
    ("社会事业中心", "Social Affairs Centre"),
    ("应急管理中心", "Emergency Management Centre"),
    ("矛盾纠纷调处化解中心", "Dispute Mediation Centre"),
    ("总工会", "Federation of Trade Unions"),
    ("公安分局", "Public Security Sub-bureau"),
    ("教育分局", "Education Sub-bureau"),
    ("卫健办", "Health Office"),
    ("疾控中心", "Centre for Disease Control"),
)


@dataclass(slots=True, eq=False)
class UnitPlan:
    """One unit to be. ``id`` and ``path`` are given when it is written down."""

    kind: str
    name: str
    name_en: str
    pinyin: str
    parent: "UnitPlan | None"
    division: str
    longitude: float | None = None
    latitude: float | None = None
    host_type: str | None = None
    line: str = ""
    hours: tuple[tuple[int, time, time], ...] = ()
    services: tuple[str, ...] = ()
    is_medical: bool = False
    served_by: "UnitPlan | None" = None
    host: "UnitPlan | None" = None
    address: str = ""
    access_note: str = ""
    phone: str = ""
    area_m2: float | None = None
    opened_on: date | None = None
    status: str = "active"
    area: Area | None = None
    number: str = ""
    slug: str = ""
    id: int = 0
    path: str = ""
    depth: int = 0
    children: list["UnitPlan"] = field(default_factory=list)

    def __post_init__(self) -> None:
        invented_place(self.name)
        invented_place(self.address)
        if self.parent is not None:
            self.parent.children.append(self)
            self.depth = self.parent.depth + 1

    def up(self) -> Iterator["UnitPlan"]:
        """This unit and its superiors, nearest first."""
        yield self
        if self.parent is not None:
            yield from self.parent.up()


@dataclass(slots=True)
class Network:
    """All units, parents before children, with the ones others ask for by name."""

    units: list[UnitPlan] = field(default_factory=list)
    of_area: dict[int, UnitPlan] = field(default_factory=dict)
    centre_of: dict[int, UnitPlan] = field(default_factory=dict)

    def add(self, unit: UnitPlan) -> UnitPlan:
        """Append ``unit``; its parent is already there."""
        self.units.append(unit)
        return unit

    def of_kind(self, *kinds: str) -> list[UnitPlan]:
        """Units of these kinds, in order."""
        return [unit for unit in self.units if unit.kind in kinds]

    def named(self, name: str) -> UnitPlan:
        """The one unit called ``name``."""
        (found,) = [unit for unit in self.units if unit.name == name]
        return found

    def unit_of(self, area: Area) -> UnitPlan:
        """The unit that is this area."""
        return self.of_area[id(area)]

    def county_of(self, unit: UnitPlan) -> UnitPlan | None:
        """The county or zone above ``unit``."""
        return next((above for above in unit.up() if above.kind in ("county", "zone")), None)

    def centre_for(self, unit: UnitPlan) -> UnitPlan | None:
        """The county centre that answers for ``unit``, if its county or zone has one of its own."""
        county = self.county_of(unit)
        return self.centre_of.get(id(county)) if county is not None else None


def landline(rng: Random) -> str:
    """A telephone number under the area code 0000, which is nobody's."""
    return f"0000-{rng.randrange(2_000_000, 9_000_000)}"


def build_network(ground: Ground, rng: Random, today: date) -> Network:
    """Areas, centres, institutions, departments and offices; the stations come later."""
    network = Network()
    for area in ground.areas:
        parent = network.of_area.get(id(area.parent)) if area.parent is not None else None
        unit = UnitPlan(
            kind=area.kind,
            name=area.name,
            name_en=area.name_en,
            pinyin=names.pinyin(area.name),
            parent=parent,
            division=area.division,
            longitude=area.longitude,
            latitude=area.latitude,
            area=area,
        )
        network.of_area[id(area)] = network.add(unit)
    city = network.unit_of(ground.city)
    _city_units(network, city, rng, today)
    for area in ground.of_kind("county", "zone"):
        if area.name != WITHOUT_CENTRE:
            _county_units(network, area, rng, today)
    _zone_bodies(network, network.unit_of(ground.named(ECONOMIC_ZONE)))
    return network


@dataclass(frozen=True, slots=True)
class _Site:
    """A spot on the ground, and the superior of what is founded there."""

    network: Network
    parent: UnitPlan
    division: str

    def found(self, kind: str, name: str, english: str, **more: Any) -> UnitPlan:
        """Add a unit here, below the superior unless another is named."""
        return self.network.add(
            UnitPlan(
                kind=kind,
                name=name,
                name_en=english,
                pinyin=names.pinyin(name),
                parent=more.pop("parent", self.parent),
                division=self.division,
                longitude=self.parent.longitude,
                latitude=self.parent.latitude,
                **more,
            )
        )


def _city_units(network: Network, city: UnitPlan, rng: Random, today: date) -> None:
    site = _Site(network, city, city.children[0].division)
    hospital = site.found(
        "medical_institution",
        CITY_HOSPITAL,
        "Yuncheng Mental Health Hospital",
        address="清禾区澄水路 1 号",
        phone=landline(rng),
        is_medical=True,
        hours=ROUND_THE_CLOCK,
    )
    for name, english in HOSPITAL_DEPARTMENTS:
        site.found("department", name, english, parent=hospital, is_medical=True, hours=OFFICE)
    site.found(
        "city_centre",
        CITY_CENTRE,
        "Yuncheng City Centre for Mental Health",
        host=hospital,
        is_medical=True,
        services=CENTRE_SERVICES,
        hours=ROUND_THE_CLOCK,
        address="清禾区澄水路 3 号",
        access_note="无台阶，有电梯",
        phone=landline(rng),
        area_m2=2600.0,
        opened_on=today - timedelta(days=1430),
    )
    site.found(
        "hotline",
        HOTLINE,
        "Yuncheng Psychological Hotline",
        services=("hotline", "crisis"),
        hours=ROUND_THE_CLOCK,
        phone="12356",
        opened_on=today - timedelta(days=1100),
    )
    site.found("task_force_office", TASK_FORCE_OFFICE, "Task-force Office of Yuncheng", hours=OFFICE)


def _county_units(network: Network, area: Area, rng: Random, today: date) -> None:
    county = network.unit_of(area)
    site = _Site(network, county, area.division or area.children[0].division)
    stem = area.name if area.kind == "county" else area.short
    hospital = site.found(
        "medical_institution",
        f"{stem}精神卫生中心",
        f"{area.name_en} Psychiatric Hospital",
        address=f"{area.name}安康路 {rng.randrange(1, 60)} 号",
        phone=landline(rng),
        is_medical=True,
        hours=ROUND_THE_CLOCK,
    )
    network.centre_of[id(county)] = site.found(
        "county_centre",
        f"{stem}心理健康中心",
        f"{area.name_en} Centre for Mental Health",
        host=hospital,
        is_medical=True,
        services=CENTRE_SERVICES,
        hours=ROUND_THE_CLOCK,
        address=f"{area.name}安康路 {rng.randrange(60, 120)} 号",
        access_note=rng.choice(("无台阶", "无台阶，有电梯", "有坡道")),
        phone=landline(rng),
        area_m2=float(rng.randrange(400, 900)),
        opened_on=today - timedelta(days=rng.randrange(700, 1200)),
    )


def _zone_bodies(network: Network, zone: UnitPlan) -> None:
    site = _Site(network, zone, zone.children[0].division)
    for name, english in ZONE_BODIES:
        site.found("department", name, english, hours=OFFICE)
