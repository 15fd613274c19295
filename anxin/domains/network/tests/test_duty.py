"""From a unit upward: who could answer now, in how many queries, and who does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.domains.network import api
from anxin.domains.network.contracts import (
    Duty,
    DutyCandidate,
    DutyChange,
    HostType,
    RouteReason,
    Rung,
    UnitKind,
    UnitNotFound,
    UnitStatus,
)
from anxin.domains.network.models import Posting
from anxin.domains.network.tests import factories
from anxin.kernel import clock

pytestmark = pytest.mark.django_db

MONDAY_MORNING = datetime(2026, 3, 2, 10, 0, tzinfo=clock.LOCAL)
MONDAY_NIGHT = datetime(2026, 3, 2, 3, 0, tzinfo=clock.LOCAL)


def _everybody(candidates: list[Any]) -> frozenset[int]:
    return frozenset(one.posting_id for one in candidates)


def test_the_station_answers_in_its_hours_with_the_whole_ladder_behind_it() -> None:
    small = factories.a_small_city()

    found = api.candidates_upward(unit_id=small.station.id, at=MONDAY_MORNING)

    assert [one.posting_id for one in found if one.on_duty] == [posting.id for posting in small.postings]
    assert [one.rung for one in found if one.on_duty] == [Rung.STATION, Rung.COUNTY, Rung.CITY, Rung.CITY]
    assert [one.unit_id for one in found if not one.on_duty] == [small.county_centre.id, small.city_centre.id]
    assert [one.distance for one in found if one.on_duty] == [0, 2, 3, 3]


def test_everybody_upward_is_found_in_four_queries() -> None:
    small = factories.a_small_city()

    with CaptureQueriesContext(connection) as queries:
        api.candidates_upward(unit_id=small.station.id, at=MONDAY_MORNING)

    assert len(queries) <= 4


def test_at_three_in_the_night_a_closed_station_hands_over_to_whoever_is_on_duty_above() -> None:
    small = factories.a_small_city()
    candidates = api.candidates_upward(unit_id=small.station.id, at=MONDAY_NIGHT)

    route = api.choose_route(candidates=candidates, competent_posting_ids=_everybody(candidates))

    assert route.candidate.posting_id == small.county_clinician.id
    assert route.reason == RouteReason.NOBODY_NEARER_ON_DUTY


def test_a_village_without_its_own_station_starts_at_the_one_that_serves_it() -> None:
    small = factories.a_small_city()

    found = api.candidates_upward(unit_id=small.village.id, at=MONDAY_MORNING)

    assert found[0].posting_id == small.station_lead.id
    assert api.serving_unit(unit=small.village) == small.station
    assert api.serving_unit(unit=small.station) == small.station
    assert api.serving_unit(unit=small.county) == small.county


def test_a_village_starts_at_its_own_station_then_at_the_one_it_names_then_at_its_towns() -> None:
    small = factories.a_small_city()
    named = factories.a_unit(UnitKind.STATION, factories.a_unit(UnitKind.VILLAGE, small.town))
    village = factories.a_unit(UnitKind.VILLAGE, small.town, served_by=named.number)
    factories.a_unit(UnitKind.STATION, village, host_type=HostType.SCHOOL)
    own = factories.a_unit(UnitKind.STATION, village)

    served = []
    for closing in (own, named, small.station):
        served.append(api.serving_unit(unit=village))
        closing.status = UnitStatus.SUSPENDED
        closing.save()

    assert served == [own, named, small.station]
    assert api.serving_unit(unit=village) == village
    assert api.candidates_upward(unit_id=village.id, at=MONDAY_MORNING)[0].unit_id == small.county_centre.id


def test_a_county_area_starts_at_its_centre() -> None:
    small = factories.a_small_city()

    found = api.candidates_upward(unit_id=small.county.id, at=MONDAY_MORNING)

    assert found[0].posting_id == small.county_clinician.id
    assert found[0].distance == 0


def test_a_suspended_unit_has_nobody_on_duty() -> None:
    small = factories.a_small_city()
    small.station.status = UnitStatus.SUSPENDED
    small.station.save()

    found = api.candidates_upward(unit_id=small.station.id, at=MONDAY_MORNING)

    assert found[0].posting_id == small.county_clinician.id
    assert api.on_duty(unit_id=small.station.id, at=MONDAY_MORNING) == []


def test_leave_empties_a_seat_and_cover_fills_it() -> None:
    small = factories.a_small_city()
    cover = factories.a_posting(small.station)
    hours: dict[str, Any] = {"starts_at": MONDAY_MORNING, "ends_at": MONDAY_MORNING + timedelta(hours=4)}
    api.record_duty_exception(
        actor=factories.SYSTEM,
        posting=small.station_lead,
        duty=Duty.DUTY_LEAD,
        change=DutyChange.OFF,
        **hours,
    )
    api.record_duty_exception(
        actor=factories.SYSTEM, posting=cover, duty=Duty.DUTY_LEAD, change=DutyChange.ON, **hours
    )

    found = api.on_duty(unit_id=small.station.id, at=MONDAY_MORNING)

    assert [one.posting_id for one in found] == [cover.id]
    assert found[0].until == MONDAY_MORNING + timedelta(hours=4)


def test_who_leaves_is_on_duty_no_more_from_the_next_midnight() -> None:
    small = factories.a_small_city()
    night = factories.on_duty_at(small.county_centre, duty=Duty.DUTY_CLINICIAN, seat=factories.NIGHT_SEAT)
    api.end_posting(actor=factories.SYSTEM, posting=night, last_day=MONDAY_MORNING.date())
    before = datetime(2026, 3, 2, 23, 59, tzinfo=clock.LOCAL)

    assert night.id in _everybody(api.on_duty(unit_id=small.county_centre.id, at=before))
    assert night.id not in _everybody(
        api.on_duty(unit_id=small.county_centre.id, at=before + timedelta(minutes=1))
    )


def test_with_nobody_on_duty_the_accountable_of_the_nearest_centre_answers_and_the_reason_says_so() -> None:
    small = factories.a_small_city()
    for posting in small.postings:
        posting.duty_patterns.all().delete()
    candidates = api.candidates_upward(unit_id=small.station.id, at=MONDAY_MORNING)

    route = api.choose_route(candidates=candidates, competent_posting_ids=frozenset())

    assert route.candidate.unit_id == small.county_centre.id
    assert route.reason == RouteReason.ACCOUNTABLE_OF_CENTRE


def test_a_person_off_duty_is_found_through_their_nearest_posting_on_the_way_up() -> None:
    small = factories.a_small_city()
    at_night = api.candidate_for(
        staff_id=small.station_lead.staff_id, unit_id=small.station.id, at=MONDAY_NIGHT
    )
    assert at_night is not None
    assert (at_night.posting_id, at_night.on_duty) == (small.station_lead.id, False)


def test_a_neighbour_granted_a_role_here_stands_one_step_away_and_a_stranger_nowhere() -> None:
    small = factories.a_small_city()
    neighbour = factories.a_posting(factories.a_unit(UnitKind.STATION, small.town))
    other_town = factories.a_unit(UnitKind.TOWN, small.county)
    stranger = factories.a_posting(factories.a_unit(UnitKind.STATION, other_town))

    def from_here(posting: Posting) -> DutyCandidate | None:
        return api.candidate_for(staff_id=posting.staff_id, unit_id=small.station.id, at=MONDAY_MORNING)

    found = from_here(neighbour)
    assert found is not None
    assert (found.posting_id, found.on_duty, found.distance) == (neighbour.id, False, 1)
    assert from_here(stranger) is None


def test_an_unknown_unit_is_not_an_empty_answer() -> None:
    with pytest.raises(UnitNotFound):
        api.candidates_upward(unit_id=987654321, at=datetime.now(UTC))
