"""Postings, rosters and the person who always answers."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from anxin.domains.network import api
from anxin.domains.network.contracts import (
    Duty,
    DutyChange,
    PeriodNotPossible,
    Permission,
    Post,
    PostingNotInForce,
    SeatNotPossible,
    SuccessorMissing,
    UnitKind,
    WeeklySeat,
)
from anxin.domains.network.models import DutyException, DutyPattern, Posting, Unit
from anxin.domains.network.policies import (
    can_manage_unit,
    can_view_roster,
    manageable_units,
    visible_rosters,
)
from anxin.domains.network.tests import factories
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotFound, NotPermitted
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


def with_right(unit: Unit, *permissions: Permission) -> Actor:
    """Somebody with these rights at one node."""
    grants = (NodeGrant(unit.path, "role", frozenset(permission.value for permission in permissions)),)
    return Actor(kind=ActorKind.STAFF, uid="x", label="某人", grants=grants)


@requirement("R-023")
def test_a_person_at_two_units_is_counted_once() -> None:
    small = factories.a_small_city()
    before = api.headcount(path=small.city.path, on=TODAY)
    person = factories.a_person()
    factories.a_posting(small.station, person)
    factories.a_posting(small.hotline, person, post=Post.HOTLINE_OPERATOR)

    assert api.headcount(path=small.city.path, on=TODAY) == before + 1
    assert api.headcount(path=small.hotline.path, on=TODAY) == 2
    assert [posting.unit for posting in api.postings_of(staff_id=person.id, on=TODAY)] == [
        small.station,
        small.hotline,
    ]


def test_a_posting_counts_from_its_first_to_its_last_day() -> None:
    station = factories.a_unit(UnitKind.STATION)
    posting = factories.a_posting(station, starts_on=TODAY, ends_on=TODAY + timedelta(days=1))

    for offset, counts in ((-1, 0), (0, 1), (1, 1), (2, 0)):
        on = TODAY + timedelta(days=offset)
        assert len(api.postings_of(staff_id=posting.staff_id, on=on)) == counts
        assert api.headcount(path=station.path, on=on) == counts


def test_the_accountable_person_of_a_centre_hands_over_before_leaving() -> None:
    small = factories.a_small_city()
    accountable = Posting.objects.get(unit=small.city_centre, is_accountable=True)
    with pytest.raises(SuccessorMissing):
        api.end_posting(actor=factories.SYSTEM, posting=accountable, last_day=TODAY)
    accountable.refresh_from_db()
    assert accountable.ends_on is None

    api.name_accountable(actor=factories.SYSTEM, posting=small.city_clinician)
    api.end_posting(actor=factories.SYSTEM, posting=accountable, last_day=TODAY)

    assert Posting.objects.get(unit=small.city_centre, is_accountable=True) == small.city_clinician


def test_a_new_accountable_posting_takes_over() -> None:
    small = factories.a_small_city()

    new = factories.a_posting(small.county_centre, accountable=True)

    assert Posting.objects.get(unit=small.county_centre, is_accountable=True) == new


def test_who_is_leaving_cannot_become_accountable() -> None:
    small = factories.a_small_city()
    leaving = factories.a_posting(small.county_centre, ends_on=TODAY)

    with pytest.raises(PostingNotInForce):
        api.name_accountable(actor=factories.SYSTEM, posting=leaving)


def test_with_the_posting_its_duties_end() -> None:
    small = factories.a_small_city()
    later = api.put_on_roster(
        actor=factories.SYSTEM,
        posting=small.station_lead,
        duty=Duty.DUTY_LEAD,
        seat=factories.NIGHT_SEAT,
        valid_from=TODAY + timedelta(days=9),
    )

    api.end_posting(actor=factories.SYSTEM, posting=small.station_lead, last_day=TODAY)

    assert not DutyPattern.objects.filter(id=later.id).exists()
    assert DutyPattern.objects.get(posting=small.station_lead).valid_until == TODAY


def test_a_posting_cannot_end_before_it_began() -> None:
    small = factories.a_small_city()

    with pytest.raises(PeriodNotPossible):
        api.end_posting(
            actor=factories.SYSTEM,
            posting=small.station_lead,
            last_day=factories.LONG_AGO - timedelta(days=1),
        )
    with pytest.raises(PeriodNotPossible):
        factories.a_posting(small.station, starts_on=TODAY, ends_on=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"seat": WeeklySeat((), time(8), 60)}, SeatNotPossible),
        ({"valid_until": TODAY - timedelta(days=1)}, PeriodNotPossible),
    ],
)
def test_a_seat_that_cannot_be_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    posting = factories.a_posting(factories.a_unit(UnitKind.STATION))
    asked: dict[str, Any] = {"seat": factories.OFFICE_SEAT, "valid_from": TODAY, **changes}

    with pytest.raises(error):
        api.put_on_roster(actor=factories.SYSTEM, posting=posting, duty=Duty.DUTY_LEAD, **asked)

    assert not DutyPattern.objects.exists()


def test_a_posting_that_has_ended_gets_no_seat_and_no_cover() -> None:
    posting = factories.a_posting(factories.a_unit(UnitKind.STATION), ends_on=TODAY)
    tomorrow = clock.now() + timedelta(days=1)
    with pytest.raises(PostingNotInForce):
        api.put_on_roster(
            actor=factories.SYSTEM,
            posting=posting,
            duty=Duty.DUTY_LEAD,
            seat=factories.OFFICE_SEAT,
            valid_from=TODAY + timedelta(days=1),
        )
    with pytest.raises(PostingNotInForce):
        api.record_duty_exception(
            actor=factories.SYSTEM,
            posting=posting,
            duty=Duty.DUTY_LEAD,
            change=DutyChange.ON,
            starts_at=tomorrow,
            ends_at=tomorrow + timedelta(hours=1),
        )

    assert not DutyException.objects.exists()


def test_a_station_manager_keeps_the_roster_of_their_own_station_only() -> None:
    small = factories.a_small_city()
    manager = with_right(small.station, Permission.MANAGE_ROSTER)
    asked: dict[str, Any] = {
        "duty": Duty.DUTY_LEAD,
        "seat": factories.OFFICE_SEAT,
        "valid_from": TODAY,
    }
    before = DutyPattern.objects.count()

    made = api.put_on_roster(actor=manager, posting=factories.a_posting(small.station), **asked)
    with pytest.raises(NotPermitted):
        api.put_on_roster(actor=manager, posting=factories.a_posting(small.county_centre), **asked)
    with pytest.raises(NotPermitted):
        api.appoint(
            actor=manager,
            staff=factories.a_person(),
            unit=small.station,
            post=Post.TUTOR,
            starts_on=TODAY,
        )
    api.take_off_roster(actor=manager, pattern=made, last_day=TODAY)

    assert DutyPattern.objects.count() == before + 1


def test_the_rule_for_one_unit_and_the_rule_for_many_agree() -> None:
    small = factories.a_small_city()
    factories.a_unit(UnitKind.COUNTY, small.city)
    actors = [
        Actor.anonymous(),
        Actor.system("test"),
        *(
            with_right(node, permission)
            for node in (small.city, small.county, small.station)
            for permission in Permission
        ),
    ]

    for actor in actors:
        units = list(Unit.objects.all())
        assert set(manageable_units(actor, Unit.objects.all())) == {
            unit for unit in units if can_manage_unit(actor, unit)
        }
        assert set(visible_rosters(actor, Unit.objects.all())) == {
            unit for unit in units if can_view_roster(actor, unit)
        }


def test_people_and_postings_are_found_by_their_outer_names() -> None:
    posting = factories.a_posting(factories.a_unit(UnitKind.STATION))

    assert api.staff_by_uid(uid=posting.staff.uid) == posting.staff
    assert api.posting_by_uid(uid=posting.uid) == posting
    assert api.postings_by_id(posting_ids=[posting.id]) == {posting.id: posting}
    for look in (api.staff_by_uid, api.posting_by_uid):
        with pytest.raises(NotFound):
            look(uid="none")
