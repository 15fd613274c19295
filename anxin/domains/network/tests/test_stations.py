"""What the public sees: the nearest stations, whether they are open, and who is in."""

import time as stopwatch
from datetime import datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.domains.network import api
from anxin.domains.network.contracts import (
    Duty,
    HostType,
    Service,
    StationFilter,
    Stretch,
    UnitKind,
    UnitStatus,
)
from anxin.domains.network.models import Unit
from anxin.domains.network.tests import factories
from anxin.kernel import clock
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db

HERE: dict[str, Any] = {"longitude": 116.60, "latitude": 35.40}
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.LOCAL)
MONDAY_EVENING = datetime(2026, 3, 2, 19, 0, tzinfo=clock.LOCAL)
LATE = tuple(Stretch(day, time(14), time(20)) for day in range(7))


def a_street() -> list[Unit]:
    """Three stations at growing distance: office hours, late, office hours and far away."""
    city = factories.a_unit(UnitKind.CITY)
    return [
        factories.a_unit(
            UnitKind.STATION, city, longitude=116.601, latitude=35.401, opening=factories.OFFICE_HOURS
        ),
        factories.a_unit(UnitKind.STATION, city, longitude=116.62, latitude=35.40, opening=LATE),
        factories.a_unit(
            UnitKind.STATION, city, longitude=116.99, latitude=35.70, opening=factories.OFFICE_HOURS
        ),
    ]


@requirement("R-019")
def test_stations_come_by_distance_with_their_opening_state() -> None:
    street = a_street()
    factories.on_duty_at(street[0], duty=Duty.DUTY_LEAD, seat=factories.OFFICE_SEAT, name="赵宁")

    found = api.stations_near(**HERE, at=MONDAY)

    assert [view.unit for view in found] == street
    assert [view.is_open for view in found] == [True, False, True]
    assert found[0].distance_m == pytest.approx(143, abs=2)
    assert found[0].open_until == datetime(2026, 3, 2, 17, 30, tzinfo=clock.LOCAL)
    assert [view.on_duty_names for view in found] == [("赵宁",), (), ()]
    assert found[1].opening.next_opens_at == datetime(2026, 3, 2, 14, 0, tzinfo=clock.LOCAL)


def test_the_list_can_be_narrowed_to_what_is_open_or_late() -> None:
    street = a_street()

    def shown(show: StationFilter, at: datetime) -> list[Unit]:
        return [view.unit for view in api.stations_near(**HERE, at=at, show=show)]

    assert shown(StationFilter.OPEN_NOW, MONDAY) == [street[0], street[2]]
    assert shown(StationFilter.OPEN_NOW, MONDAY_EVENING) == [street[1]]
    assert shown(StationFilter.EVENING, MONDAY) == [street[1]]


def test_the_filter_and_the_state_agree_in_the_last_minute_of_the_day() -> None:
    always = tuple(Stretch(day, time(0), time(23, 59)) for day in range(7))
    station = factories.a_unit(UnitKind.STATION, opening=always, **HERE)
    last_minute = datetime(2026, 3, 2, 23, 59, 30, tzinfo=clock.LOCAL)

    found = api.stations_near(**HERE, at=last_minute, show=StationFilter.OPEN_NOW)

    assert [view.unit for view in found] == [station]
    assert found[0].is_open


def test_what_is_not_open_to_visitors_is_not_listed() -> None:
    city = factories.a_unit(UnitKind.CITY)
    factories.a_unit(UnitKind.STATION, city, status=UnitStatus.PLANNED, **HERE)
    factories.a_unit(UnitKind.STATION, city, host_type=HostType.CUSTODY, **HERE)
    factories.a_unit(UnitKind.DEPARTMENT, city, **HERE)
    factories.a_unit(UnitKind.STATION, city)

    assert api.stations_near(**HERE, at=MONDAY) == []


@requirement("R-008")
def test_the_directory_filters_by_service_and_shows_therapy_for_medical_units_only() -> None:
    city = factories.a_unit(UnitKind.CITY)
    factories.a_unit(UnitKind.STATION, city, **HERE)
    medical = factories.a_unit(
        UnitKind.STATION,
        city,
        host_type=HostType.MEDICAL,
        is_medical_institution=True,
        services=(Service.THERAPY, Service.GROUP),
        **HERE,
    )

    found = api.stations_near(**HERE, at=MONDAY, service=Service.THERAPY)

    assert [view.unit for view in found] == [medical]
    assert all(view.unit.is_medical_institution for view in found)


def test_stations_of_an_area_come_by_name() -> None:
    small = factories.a_small_city()
    factories.a_unit(UnitKind.STATION, factories.a_unit(UnitKind.COUNTY, small.city))

    found = api.stations_in(area_path=small.county.path, at=MONDAY)

    assert {view.unit for view in found} == {small.station, small.county_centre}
    assert all(view.distance_m is None for view in found)


def test_a_list_takes_the_same_number_of_queries_however_long() -> None:
    a_street()
    with CaptureQueriesContext(connection) as few:
        api.stations_near(**HERE, at=MONDAY, limit=1)
    with CaptureQueriesContext(connection) as many:
        api.stations_near(**HERE, at=MONDAY, limit=3)

    # The second list looks further out: four circles instead of one.
    assert len(many) - len(few) <= 3


@requirement("R-017")
def test_twenty_two_thousand_stations_are_searched_well_within_a_second_and_counted_exactly() -> None:
    city = factories.a_unit(UnitKind.CITY)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO network_unit (uid, number, name, name_en, name_pinyin, slug, kind, host_type, line, parent_id,"
            " path, depth, is_medical_institution, services, status, second_centre_reason, address, access_note,"
            " phone, longitude, latitude)"
            " SELECT lpad(n::text, 36, '0'), 'N' || n, '驿站' || n, '', 'yizhan' || n || ' yz', 'n' || n, 'station',"
            " 'community', '', %s, %s || (1000000 + n) || '/', 1, false, '{counselling}', 'active', '', '', '', '',"
            " 116.0 + (n %% 150) * 0.01, 34.8 + (n / 150) * 0.007 FROM generate_series(1, 22000) AS n",
            [city.id, city.path],
        )
    began = stopwatch.perf_counter()

    near = api.stations_near(**HERE, at=MONDAY)
    page = api.stations_in(area_path=city.path, at=MONDAY)
    found = list(api.stations_queryset(at=MONDAY, text="yizhan21999"))
    total = api.stations_queryset(at=MONDAY).count()

    assert stopwatch.perf_counter() - began < 1
    assert total == 22_000
    assert len(near) == len(page) == 20
    assert [unit.number for unit in found] == ["N21999"]
    distances = [view.distance_m or 0 for view in near]
    assert distances == sorted(distances)
