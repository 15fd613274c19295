"""The ground, the stations, the names and the rosters, before anything is written."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from anxin import ui
from anxin.demo import names
from anxin.demo.network import Network, build_network
from anxin.demo.personas import PERSONAS
from anxin.demo.places import ECONOMIC_ZONE, Ground, survey
from anxin.demo.roster import DAY_STARTS, HALF_DAY, NIGHT_STARTS, is_on_duty, round_the_clock
from anxin.demo.stations import AT_SCALE_1, LIUAN, SHARES, WANGQIAO, found_stations
from anxin.demo.tides import DAYS, Tides
from anxin.domains.network.contracts import HostType, Line, Service
from anxin.kernel import clock
from tests.requirements_marker import requirement

TODAY = date(2026, 11, 24)


def _plan(scale: float) -> tuple[Ground, Network]:
    ground = survey(Random("ground"), scale)
    network = build_network(ground, Random("network"), TODAY)
    found_stations(network, ground, Random("stations"), scale, TODAY)
    return ground, network


@pytest.mark.parametrize("scale", [0.01, 0.1, 1.0])
@requirement("R-001", "R-011", "R-018")
def test_every_scale_keeps_the_counties_the_zones_and_every_host_type_in_every_town(scale: float) -> None:
    ground, network = _plan(scale)
    stations = network.of_kind("station")

    assert len(ground.of_kind("county")) == 11
    assert len(ground.of_kind("zone")) == 3
    assert {station.host_type for station in stations} == set(HostType) == set(SHARES)
    assert all(station.line in set(Line) for station in stations)
    above = {id(unit) for station in stations for unit in station.up()}
    assert all(id(network.unit_of(town)) in above for town in ground.of_kind("town"))
    assert {LIUAN, WANGQIAO} <= {station.name for station in stations}


@requirement("R-001")
@requirement("R-017")
def test_the_whole_city_has_as_many_stations_as_the_sources_and_no_name_twice() -> None:
    _, network = _plan(1.0)

    assert len(network.of_kind("station")) == AT_SCALE_1 >= 2195
    assert max(Counter(unit.name for unit in network.units).values()) == 1


@requirement("R-001")
def test_the_towns_of_the_economic_zone_keep_the_codes_of_another_county() -> None:
    ground, _ = _plan(0.02)
    zone = ground.named(ECONOMIC_ZONE)

    assert zone.division == ""
    assert len(zone.children) == 2
    (code,) = {town.division[:6] for town in zone.children}
    home = next(division for division in ground.divisions if division.code == code)
    assert home.name in {county.name for county in ground.of_kind("county")}


def test_division_codes_are_of_no_real_province_and_hang_together() -> None:
    ground, _ = _plan(0.1)
    codes = [division.code for division in ground.divisions]

    assert len(set(codes)) == len(codes)
    assert all(code.startswith("99") for code in codes)
    parents = {division.code: division.parent_code for division in ground.divisions}
    for code, parent in parents.items():
        assert parent is None or (parent in parents and code.startswith(parent[:4]))


@requirement("R-020")
def test_a_village_without_a_station_is_served_by_one() -> None:
    _, network = _plan(1.0)

    for village in network.of_kind("village"):
        has_one = any(child.kind == "station" for child in village.children)
        assert has_one != (village.served_by is not None and village.served_by.kind == "station")


@requirement("R-013")
def test_county_centres_name_a_medical_host_and_only_medical_units_offer_therapy() -> None:
    _, network = _plan(0.02)

    assert all(centre.host and centre.host.is_medical for centre in network.of_kind("county_centre"))
    assert all(unit.is_medical for unit in network.units if Service.THERAPY in unit.services)


@pytest.mark.parametrize("people", [4, 5, 9])
@pytest.mark.parametrize("first_always_by_day", [True, False])
def test_a_centre_is_never_empty_and_nobody_sits_twice(people: int, first_always_by_day: bool) -> None:
    seats = round_the_clock(
        people,
        duty="duty_clinician",
        starts=(DAY_STARTS, NIGHT_STARTS),
        minutes=HALF_DAY,
        first_always_by_day=first_always_by_day,
    )
    monday = datetime(2026, 11, 23, tzinfo=clock.LOCAL)
    for half_hours in range(7 * 48):
        moment = monday + timedelta(minutes=30 * half_hours)
        assert sum(is_on_duty(shifts, moment) for shifts in seats) == 1


def test_the_tides_add_up_rise_in_the_evening_and_never_reach_the_future() -> None:
    now = datetime(2026, 11, 24, 9, 20, tzinfo=clock.LOCAL)
    tides = Tides(now)
    counts = tides.spread(18_000)
    assert sum(counts) == 18_000
    assert len(counts) == DAYS + 1

    rng = Random("tides")
    moments = [moment for number, count in enumerate(counts) for moment in tides.moments(number, count, rng)]
    assert max(moments) <= now
    hours = Counter(moment.hour for moment in moments)
    assert hours[20] > 2 * hours[10] > 20 * hours[3]
    months = Counter((moment.year, moment.month) for moment in moments)
    assert months[2026, 10] > 1.3 * months[2026, 8]


def test_just_after_midnight_nothing_is_in_the_future() -> None:
    now = datetime(2026, 11, 24, 0, 1, tzinfo=clock.LOCAL)

    assert all(moment <= now for moment in Tides(now).moments(DAYS, 3, Random("night")))


def test_every_persona_has_an_icon_of_the_house() -> None:
    icons = json.loads((Path(ui.__file__).parent / "icons.json").read_text(encoding="utf-8"))

    assert {persona.icon for persona in PERSONAS} <= set(icons)


def test_names_are_written_in_english_as_at_home() -> None:
    assert [persona.name_en for persona in PERSONAS] == [
        "Li Qing",
        "Zhao Ning",
        "Sun Lan",
        "He Jia",
        "Shao Ming",
        "Wen Jing",
        "Chen Mo",
        "Zhou Xing",
        "Fang Zheng",
        "Deng Yan",
    ]
    assert names.pinyin("柳岸社区", "心灵驿站") == "liu an she qu xin ling yi zhan"
