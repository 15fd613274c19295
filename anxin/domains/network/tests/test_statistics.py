"""Counts of the network as data: eleven centres or twelve, two trees, one total."""

from datetime import date

import pytest

from anxin.domains.network import api
from anxin.domains.network.contracts import HostType, Line, TaskForceAlreadyThere, TaskForceKind, UnitKind
from anxin.domains.network.models import TaskForce, Unit
from anxin.domains.network.tests import factories
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def a_county(city: Unit, *, stations: int) -> Unit:
    """A county with its centre and some stations."""
    county = factories.a_unit(UnitKind.COUNTY, city)
    factories.a_unit(UnitKind.COUNTY_CENTRE, county)
    for _ in range(stations):
        factories.a_unit(UnitKind.STATION, county, line=Line.COMMUNITY)
    return county


@requirement("R-001", "R-011")
def test_one_more_county_centre_is_data_and_every_sum_stays_right() -> None:
    city = factories.a_unit(UnitKind.CITY)
    for number in range(10):
        a_county(city, stations=number % 3)
    zone = factories.a_unit(UnitKind.ZONE, city)
    factories.a_unit(UnitKind.STATION, city)

    for added in (1, 2):
        a_county(city, stations=added)
        centres = api.counts_by_area(node=city, kinds=[UnitKind.COUNTY_CENTRE])
        stations = api.counts_by_area(node=city, kinds=[UnitKind.STATION])
        coverage = api.centre_coverage()

        assert sum(row.count for row in centres) == 10 + added
        assert sum(row.count for row in stations) == Unit.objects.filter(kind=UnitKind.STATION).count()
        assert (stations[-1].area, stations[-1].count) == (None, 1)
        assert len(coverage) == 11 + added
        assert [row.area for row in coverage if not row.centres] == [zone]
        assert list(api.responsible_areas_queryset()) == [row.area for row in coverage]


@requirement("R-001")
def test_a_town_managed_by_a_zone_with_another_countys_code_is_counted_once_on_either_tree() -> None:
    api.create_divisions(
        actor=factories.SYSTEM,
        rows=[
            ("990000", "云澄市", ""),
            ("990001", "清禾区", "990000"),
            ("990002", "石桥县", "990000"),
            ("990002104", "望桥镇", "990002"),
        ],
    )
    city = factories.a_unit(UnitKind.CITY, division="990000")
    county = factories.a_unit(UnitKind.COUNTY, city, division="990002")
    zone = factories.a_unit(UnitKind.ZONE, city)
    lent_town = factories.a_unit(UnitKind.TOWN, zone, division="990002104")
    factories.a_unit(UnitKind.STATION, lent_town, division="990002104")
    factories.a_unit(UnitKind.STATION, county, division="990002")
    factories.a_unit(UnitKind.STATION, zone)

    managed = {row.area: row.count for row in api.counts_by_area(node=city, kinds=[UnitKind.STATION])}
    legal = {
        (division.name if division else None): count
        for division, count in api.counts_by_division(node=city, kinds=[UnitKind.STATION]).items()
    }

    assert managed == {county: 1, zone: 2}
    assert legal == {"云澄市": 2, "清禾区": 0, "石桥县": 2, "望桥镇": 1, None: 1}
    assert sum(managed.values()) == legal["云澄市"] + legal[None] == 3


@requirement("R-018")
def test_stations_by_host_type_add_up_to_all_stations() -> None:
    city = factories.a_unit(UnitKind.CITY)
    for host_type in [*HostType, HostType.SCHOOL]:
        factories.a_unit(UnitKind.STATION, city, host_type=host_type)

    by_type = api.counts_by_host_type(node=city)

    assert set(by_type) == {host_type.value for host_type in HostType}
    assert by_type["school"] == 2
    assert sum(by_type.values()) == 7


@requirement("R-020")
def test_a_village_without_a_station_shows_which_one_serves_it() -> None:
    small = factories.a_small_city()
    owner = factories.a_unit(UnitKind.VILLAGE, small.town)
    own = factories.a_unit(UnitKind.STATION, owner)
    alone = factories.a_unit(UnitKind.VILLAGE, small.town)

    cover = {row.village: (row.station, row.is_own) for row in api.village_coverage(area=small.county)}

    assert cover == {
        small.village: (small.station, False),
        owner: (own, True),
        alone: (None, False),
    }


@requirement("R-024")
def test_lines_and_areas_cross_and_every_margin_agrees() -> None:
    city = factories.a_unit(UnitKind.CITY)
    north, south = a_county(city, stations=2), a_county(city, stations=1)
    factories.a_unit(UnitKind.STATION, north, host_type=HostType.SCHOOL, line=Line.EDUCATION)
    factories.a_unit(UnitKind.STATION, city, host_type=HostType.CUSTODY, line=Line.PUBLIC_SECURITY)

    table = api.line_by_area(node=city, kinds=[UnitKind.STATION])

    cells = {
        (row, column): table.cells[i][j]
        for i, row in enumerate(table.rows)
        for j, column in enumerate(table.columns)
    }
    assert cells[north.path, "community"] == 2
    assert cells[north.path, "education"] == 1
    assert cells[south.path, "community"] == 1
    assert cells["", "public_security"] == 1
    assert sum(table.row_totals) == sum(table.column_totals) == table.total == 5


def a_zone() -> Unit:
    """A functional zone with two towns."""
    zone = factories.a_unit(UnitKind.ZONE, factories.a_unit(UnitKind.CITY))
    for name in ("东溪镇", "西岭镇"):
        factories.a_unit(UnitKind.TOWN, zone, name=name)
    return zone


@requirement("R-131", "R-132", "R-133", "R-134", "R-158")
def test_a_task_force_is_set_up_with_fourteen_bodies_three_groups_and_the_seat_of_its_office() -> None:
    zone = a_zone()

    force = api.establish_task_force(actor=factories.SYSTEM, area=zone, starts_on=TODAY)

    roster = api.force_roster(force=force, on=TODAY)
    bodies = {seat.body for seat in roster if seat.body and not seat.group_id}
    posts = [seat.post for seat in roster if not seat.group_id]
    assert len(bodies) == 14
    assert force.office_seat.name == "卫健办"
    assert [posts.count(post) for post in ("director", "deputy_director", "office_director")] == [1, 2, 1]
    assert posts.count("full_time_deputy") == 2
    assert [group.name for group in force.groups.order_by("id")] == [
        "建设推进工作组",
        "政策研究工作组",
        "专家指导工作组",
    ]
    assert all(group.duties for group in force.groups.all())
    health = [seat.post for seat in roster if seat.body == force.office_seat and seat.body_post == "主任"]
    assert health == ["deputy_director", "office_director", "group_leader", "group_leader"]
    assert list(api.task_forces_queryset(path=zone.path, on=TODAY)) == [force]


@requirement("R-131")
def test_the_roster_of_an_earlier_day_can_still_be_printed_after_a_change() -> None:
    zone = a_zone()
    force = api.establish_task_force(actor=factories.SYSTEM, area=zone, starts_on=TODAY)
    seat = force.posts.get(post="director")
    later = date(2026, 6, 1)

    api.change_force_post(
        actor=factories.SYSTEM, seat=seat, body=force.office_seat, body_post="代主任", from_day=later
    )

    def director_on(day: date) -> list[str]:
        return [one.body_post for one in api.force_roster(force=force, on=day) if one.post == "director"]

    assert director_on(date(2026, 5, 31)) == ["区分管负责人"]
    assert director_on(later) == ["代主任"]


def test_an_area_has_one_task_force_of_a_kind_until_its_term_ends() -> None:
    zone = a_zone()
    first = api.establish_task_force(actor=factories.SYSTEM, area=zone, starts_on=TODAY)
    units = Unit.objects.count()
    with pytest.raises(TaskForceAlreadyThere):
        api.establish_task_force(actor=factories.SYSTEM, area=zone, starts_on=TODAY)

    api.end_task_force(actor=factories.SYSTEM, force=first, last_day=date(2026, 12, 31))
    api.establish_task_force(actor=factories.SYSTEM, area=zone, starts_on=date(2027, 1, 1))

    assert Unit.objects.count() == units
    assert api.force_roster(force=first, on=date(2027, 1, 1)) == []


def test_a_task_force_is_not_set_up_by_just_anybody() -> None:
    zone = a_zone()

    with pytest.raises(NotPermitted):
        api.establish_task_force(actor=Actor.anonymous(), area=zone, starts_on=TODAY)

    assert not TaskForce.objects.exists()


@requirement("R-135")
def test_towns_with_their_group_and_team_are_told_from_those_without() -> None:
    zone = a_zone()
    first, second = api.units_queryset(kinds=[UnitKind.TOWN], path=zone.path).order_by("number")

    api.establish_task_force(actor=factories.SYSTEM, area=first, starts_on=TODAY, kind=TaskForceKind.TOWN)

    progress = api.town_progress(area=zone, on=TODAY)
    assert [(row.town, row.has_group, row.has_team) for row in progress] == [
        (first, True, True),
        (second, False, False),
    ]
