"""The stations: host types, lines, names, hours and services, spread over all towns."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from itertools import cycle
from random import Random

from anxin.demo import names
from anxin.demo.names import Places
from anxin.demo.network import OFFICE, Network, UnitPlan, landline
from anxin.demo.places import Area, Ground

AT_SCALE_1 = 2203
SHARES = {
    "community": 0.38,
    "school": 0.24,
    "organ_enterprise": 0.16,
    "medical": 0.09,
    "elder_care": 0.09,
    "custody": 0.04,
}
LINES = {
    "community": "community",
    "school": "education",
    "organ_enterprise": "enterprise",
    "medical": "medical",
    "elder_care": "community",
    "custody": "public_security",
}
_DAY = timedelta(days=1)


def _weekdays(*days: int, opens: time, closes: time) -> tuple[tuple[int, time, time], ...]:
    return tuple((day, opens, closes) for day in days)


SCHOOL = _weekdays(*range(5), opens=time(8), closes=time(17))
EVENING = _weekdays(*range(5), opens=time(9), closes=time(20))
SATURDAY = OFFICE + _weekdays(5, opens=time(9), closes=time(16))
EVERY_DAY = _weekdays(*range(7), opens=time(9), closes=time(20))
HOSPITAL = _weekdays(*range(6), opens=time(8), closes=time(17, 30))
SHORT = _weekdays(*range(5), opens=time(9), closes=time(17))
_HOURS: dict[str, tuple[tuple[tuple[int, time, time], ...], ...]] = {
    "community": (OFFICE, OFFICE, OFFICE, EVENING, SATURDAY, SHORT, OFFICE, EVERY_DAY),
    "school": (SCHOOL,),
    "organ_enterprise": (OFFICE, OFFICE, SHORT, EVENING),
    "medical": (HOSPITAL, HOSPITAL, OFFICE),
    "elder_care": (OFFICE, SATURDAY, SHORT),
    "custody": (OFFICE,),
}
_ROADS = ("澄水路", "清溪路", "文昌路", "建设街", "和平街", "学府路", "向阳街", "梧桐路", "人民路", "中心街")
_ACCESS = ("无台阶", "有坡道", "一楼，门口两级台阶", "二楼，有电梯", "")
# Stations that the personas and the mock-ups name.
LIUAN, WANGQIAO = "柳岸社区心灵驿站", "望桥社区心灵驿站"


def _services(host_type: str, rng: Random) -> tuple[str, ...]:
    offered = ["education", "assessment", "counselling"]
    if rng.random() < 0.3:
        offered.append("group")
    return tuple(offered)


class _Founder:
    """Founds stations one by one; every name is given once."""

    def __init__(self, network: Network, ground: Ground, rng: Random, today: date) -> None:
        self.network, self.ground, self.rng, self.today = network, ground, rng, today
        self.firms = Places(rng)
        self.taken: Counter[str] = Counter()
        self.alike = Counter(town.short for town in ground.of_kind("town"))

    def found(self, host_type: str, area: Area, name: str, english: str) -> UnitPlan:
        """Add one station in ``area``."""
        rng = self.rng
        self.taken[name] += 1
        ground = (
            area if area.kind == "village" else rng.choice([one for one in area.walk() if not one.children])
        )
        return self.network.add(
            UnitPlan(
                kind="station",
                name=name,
                name_en=english,
                pinyin=names.pinyin(name[:-4], name[-4:]),
                parent=self.network.unit_of(area),
                division=area.division or ground.division,
                longitude=round(ground.longitude + rng.uniform(-0.006, 0.006), 6),
                latitude=round(ground.latitude + rng.uniform(-0.005, 0.005), 6),
                host_type=host_type,
                line=LINES[host_type],
                hours=EVERY_DAY if name == LIUAN else rng.choice(_HOURS[host_type]),
                services=_services(host_type, rng),
                is_medical=host_type == "medical",
                address=f"{area.name}{rng.choice(_ROADS)} {rng.randrange(1, 180)} 号",
                access_note=rng.choice(_ACCESS),
                phone=landline(rng),
                area_m2=float(rng.randrange(20, 120)),
                opened_on=self.today - _DAY * rng.randrange(120, 1400),
            )
        )

    def free(self, *candidates: str) -> str | None:
        """The first of ``candidates`` that no station bears yet."""
        return next((name for name in candidates if not self.taken[name]), None)


def found_stations(
    network: Network, ground: Ground, rng: Random, scale: float, today: date
) -> list[UnitPlan]:
    """All stations at ``scale``: in every town, of every host type, with the named ones."""
    founder = _Founder(network, ground, rng, today)
    total = round(AT_SCALE_1 * scale)
    quota = {kind: max(2, round(total * share)) for kind, share in SHARES.items() if kind != "community"}
    quota["community"] = max(len(ground.of_kind("town")), total - sum(quota.values()))
    for kind, makers in _MAKERS.items():
        supply = makers(founder)
        for _ in range(quota[kind]):
            host_area, name, english = next(supply)
            founder.found(kind, host_area, name, english)
    _serve_villages(network)
    return network.of_kind("station")


Supply = Iterator[tuple[Area, str, str]]


def _communities(founder: _Founder) -> Supply:
    """The named ones, then a community of every town in turn, then the rest, villages last."""
    ground, rng = founder.ground, founder.rng
    named = [ground.named(name.removesuffix("心灵驿站")) for name in (LIUAN, WANGQIAO)]
    first = [town.children[0] for town in ground.of_kind("town")]
    rest = [village for town in ground.of_kind("town") for village in town.children[1:]]
    rng.shuffle(rest)
    rest.sort(key=lambda village: village.name.endswith("村"))
    for village in dict.fromkeys(named + first + rest):
        yield village, f"{village.name}心灵驿站", f"{village.name_en} Station"
    for town in ground.of_kind("town"):
        yield town, f"{town.name}综治中心心灵驿站", f"{town.name_en} Community Safety Station"


def _numbered(
    founder: _Founder, areas: list[Area], titles: Callable[[Area], list[tuple[str, str]]]
) -> Supply:
    """Every area in turn gets the first of its titles that is not taken."""
    for area in cycle(areas):
        for name, english in titles(area):
            if founder.free(name):
                yield area, name, english
                break


def _schools(founder: _Founder) -> Supply:
    qinghe = founder.ground.named("清禾区")
    yield qinghe, "云澄三中心理辅导室", "Yuncheng No. 3 Middle School Counselling Room"

    def titles(town: Area) -> list[tuple[str, str]]:
        kinds = [
            ("中心小学", "Primary School"),
            ("中学", "Middle School"),
            ("实验小学", "Experimental School"),
        ]
        kinds += [("职业中专", "Vocational School"), ("第二中学", "No. 2 Middle School")]
        kinds += [
            (f"第{digit}小学", f"Primary School No. {n}") for n, digit in enumerate("二三四五六七八九", 2)
        ]
        return [
            (f"{_stem(founder, town)}{zh}心理辅导室", f"{town.name_en} {en} Counselling Room")
            for zh, en in kinds
        ]

    yield from _numbered(founder, founder.ground.of_kind("town"), titles)


def _stem(founder: _Founder, town: Area) -> str:
    """A town's short name, with its county where two towns would read alike."""
    return town.short if founder.alike[town.short] == 1 else f"{town.county.short}{town.short}"


def _organs(founder: _Founder) -> Supply:
    ground = founder.ground
    yield ground.named("清禾区"), "清禾图书馆心灵驿站", "Qinghe Library Station"
    for area in ground.of_kind("county", "zone"):
        yield area, f"{area.short}政务服务中心心灵驿站", f"{area.name_en} Government Services Station"
    towns = ground.of_kind("town")
    for index, town in enumerate(cycle(towns)):
        if index % 3 == 0 and founder.free(f"{town.name}机关心灵驿站"):
            yield town, f"{town.name}机关心灵驿站", f"{town.name_en} Government Station"
        else:
            firm = founder.firms.firm()
            yield town, f"{firm}心灵驿站", f"{names.place_in_english(firm[:2])} Company Station"


def _medical(founder: _Founder) -> Supply:
    ground = founder.ground
    for area in ground.of_kind("county", "zone"):
        title = "人民医院" if area.kind == "county" else "社区医院"
        yield area, f"{area.short}{title}心理咨询室", f"{area.name_en} Hospital Counselling Room"

    def titles(town: Area) -> list[tuple[str, str]]:
        kinds = [("卫生院", "Health Centre"), ("社区卫生服务中心", "Community Health Centre")]
        kinds += [("第二卫生院", "Second Health Centre"), ("妇幼保健站", "Maternal and Child Health Station")]
        return [
            (f"{_stem(founder, town)}{zh}心理咨询室", f"{town.name_en} {en} Counselling Room")
            for zh, en in kinds
        ]

    yield from _numbered(founder, ground.of_kind("town"), titles)


def _elder_care(founder: _Founder) -> Supply:
    def titles(town: Area) -> list[tuple[str, str]]:
        kinds = [
            ("敬老院", "Home for the Elderly"),
            ("颐养院", "Nursing Home"),
            ("日间照料中心", "Day Centre"),
        ]
        return [(f"{_stem(founder, town)}{zh}心灵驿站", f"{town.name_en} {en} Station") for zh, en in kinds]

    yield from _numbered(founder, founder.ground.of_kind("town"), titles)


def _custody(founder: _Founder) -> Supply:
    def titles(area: Area) -> list[tuple[str, str]]:
        kinds = [("看守所", "Detention House"), ("社区矫正中心", "Community Corrections Centre")]
        kinds += [("拘留所", "Short-term Detention House"), ("戒毒康复中心", "Rehabilitation Centre")]
        kinds += [
            ("交警大队", "Traffic Police"),
            ("特警大队", "Special Police"),
            ("消防救援站", "Fire Station"),
        ]
        return [(f"{area.short}{zh}心灵驿站", f"{area.name_en} {en} Station") for zh, en in kinds]

    yield from _numbered(founder, founder.ground.of_kind("county", "zone"), titles)


_MAKERS: dict[str, Callable[[_Founder], Supply]] = {
    "community": _communities,
    "school": _schools,
    "organ_enterprise": _organs,
    "medical": _medical,
    "elder_care": _elder_care,
    "custody": _custody,
}


def _serve_villages(network: Network) -> None:
    """A village without a station of its own is served by the nearest one of its town (R-020)."""
    for village in network.of_kind("village"):
        if any(child.kind == "station" for child in village.children) or village.parent is None:
            continue
        stations = [
            station
            for place in (*village.parent.children, village.parent)
            for station in place.children
            if station.kind == "station" and station.host_type == "community"
        ]
        village.served_by = min(stations, key=lambda station: _square(station, village), default=None)


def _square(one: UnitPlan, other: UnitPlan) -> float:
    return ((one.longitude or 0) - (other.longitude or 0)) ** 2 + (
        (one.latitude or 0) - (other.latitude or 0)
    ) ** 2
