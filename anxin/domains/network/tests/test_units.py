"""The management tree: making, moving and activating units, and what is refused."""

from datetime import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anxin.domains.network import api
from anxin.domains.network.contracts import (
    HostInstitutionMissing,
    HostType,
    HostTypeMismatch,
    OpeningHoursOverlap,
    Permission,
    SecondCityCentre,
    Service,
    Stretch,
    TherapyOutsideMedicalUnit,
    UnitAlreadyThere,
    UnitBelowItself,
    UnitDraft,
    UnitKind,
    UnitNotFound,
    UnitReferenceUnknown,
    UnitStatus,
)
from anxin.domains.network.models import OpeningHours, Unit
from anxin.domains.network.tests import factories
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotPermitted
from anxin.kernel.models import OutboxMessage
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db


def manager_of(unit: Unit) -> Actor:
    """Somebody who manages ``unit`` and what is below."""
    grants = (NodeGrant(unit.path, "county_manager", frozenset({Permission.MANAGE.value})),)
    return Actor(kind=ActorKind.STAFF, uid="manager", label="经理", grants=grants)


def test_a_path_is_the_chain_of_ids_down_to_the_unit_itself() -> None:
    small = factories.a_small_city()

    assert small.station.path == f"/{small.city.id}/{small.county.id}/{small.town.id}/{small.station.id}/"
    assert small.station.depth == 3
    assert api.ancestors(unit=small.station) == [small.city, small.county, small.town]
    assert api.ancestors(unit=small.city) == []
    assert api.path_of(unit_id=small.station.id) == small.station.path
    assert api.city() == small.city


def test_a_tree_can_be_made_in_one_call_parents_first() -> None:
    drafts = [
        UnitDraft(number="C", name="云澄市", kind=UnitKind.CITY),
        UnitDraft(number="C1", name="清禾区", kind=UnitKind.COUNTY, parent="C"),
        UnitDraft(
            number="S1",
            name="柳岸社区心灵驿站",
            kind=UnitKind.STATION,
            parent="C1",
            host_type=HostType.COMMUNITY,
            opening=factories.OFFICE_HOURS,
        ),
        UnitDraft(number="V1", name="柳岸社区", kind=UnitKind.VILLAGE, parent="C1", served_by="S1"),
    ]

    city, county, station, village = api.create_units(actor=factories.SYSTEM, drafts=drafts)

    assert station.path == f"{city.path}{county.id}/{station.id}/"
    assert village.served_by == station
    assert station.slug == "s1"
    assert OpeningHours.objects.filter(unit=station).count() == 5
    assert api.unit_by_slug(slug="s1") == api.unit_by_uid(uid=station.uid) == station


@pytest.mark.parametrize("text", ["柳岸", "liuan", "LIU AN", "lasqxlyz", "las"])
def test_a_unit_is_found_by_name_pinyin_and_initials(text: str) -> None:
    city = factories.a_unit(UnitKind.CITY)
    station = factories.a_unit(UnitKind.STATION, city, name="柳岸社区心灵驿站")
    factories.a_unit(UnitKind.STATION, city, name="望桥社区心灵驿站")

    assert list(api.units_found_queryset(text=text)) == [station]


def test_an_empty_search_finds_nothing() -> None:
    factories.a_unit(UnitKind.CITY)

    assert list(api.units_found_queryset(text="  ")) == []


def test_a_number_is_taken_only_once_and_nothing_of_the_call_stays() -> None:
    city = factories.a_unit(UnitKind.CITY)
    before = Unit.objects.count()
    twice = UnitDraft(number="D1", name="卫健办", kind=UnitKind.DEPARTMENT, parent=city.number)

    with pytest.raises(UnitAlreadyThere):
        api.create_units(actor=factories.SYSTEM, drafts=[twice, twice])

    assert Unit.objects.count() == before


@pytest.mark.parametrize("field", ["parent", "served_by", "host_institution", "division"])
def test_a_draft_that_names_an_unknown_unit_is_refused(field: str) -> None:
    changes: dict[str, Any] = {field: "nowhere"}

    with pytest.raises(UnitReferenceUnknown) as refused:
        api.create_unit(
            actor=factories.SYSTEM,
            draft=UnitDraft(number="X", name="无", kind=UnitKind.DEPARTMENT, **changes),
        )

    assert refused.value.field == field
    assert not Unit.objects.exists()


@requirement("R-006")
def test_a_second_active_city_centre_needs_a_reason() -> None:
    city = factories.a_unit(UnitKind.CITY)
    factories.a_unit(UnitKind.CITY_CENTRE, city)
    with pytest.raises(SecondCityCentre):
        factories.a_unit(UnitKind.CITY_CENTRE, city)
    second = factories.a_unit(UnitKind.CITY_CENTRE, city, status=UnitStatus.BUILT)

    with pytest.raises(SecondCityCentre):
        api.activate_unit(actor=factories.SYSTEM, unit=second, second_centre_reason="  ")
    second.refresh_from_db()
    assert second.status == UnitStatus.BUILT

    api.activate_unit(actor=factories.SYSTEM, unit=second, second_centre_reason="搬迁期间两处并行")
    second.refresh_from_db()
    assert (second.status, second.second_centre_reason) == (UnitStatus.ACTIVE, "搬迁期间两处并行")


@requirement("R-006")
def test_the_database_itself_refuses_a_second_centre_without_a_reason() -> None:
    city = factories.a_unit(UnitKind.CITY)
    factories.a_unit(UnitKind.CITY_CENTRE, city)
    second = factories.a_unit(UnitKind.CITY_CENTRE, city, status=UnitStatus.BUILT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(id=second.id).update(status=UnitStatus.ACTIVE)


@requirement("R-013")
def test_a_county_centre_cannot_be_active_without_a_medical_host() -> None:
    county = factories.a_unit(UnitKind.COUNTY, factories.a_unit(UnitKind.CITY))
    office = factories.a_unit(UnitKind.DEPARTMENT, county)
    with pytest.raises(HostInstitutionMissing):
        factories.a_unit(UnitKind.COUNTY_CENTRE, county, host_institution="")
    with pytest.raises(HostInstitutionMissing):
        factories.a_unit(UnitKind.COUNTY_CENTRE, county, host_institution=office.number)
    planned = factories.a_unit(UnitKind.COUNTY_CENTRE, county, host_institution="", status=UnitStatus.PLANNED)

    with pytest.raises(HostInstitutionMissing):
        api.activate_unit(actor=factories.SYSTEM, unit=planned)
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(id=planned.id).update(status=UnitStatus.ACTIVE)

    hosted = factories.a_unit(UnitKind.COUNTY_CENTRE, county)
    assert hosted.status == UnitStatus.ACTIVE


@requirement("R-008")
def test_therapy_is_offered_by_medical_units_only() -> None:
    city = factories.a_unit(UnitKind.CITY)
    therapy = (Service.ASSESSMENT, Service.THERAPY)
    with pytest.raises(TherapyOutsideMedicalUnit):
        factories.a_unit(UnitKind.STATION, city, services=therapy)
    station = factories.a_unit(UnitKind.STATION, city)
    with pytest.raises(TherapyOutsideMedicalUnit):
        api.set_services(actor=factories.SYSTEM, unit=station, services=therapy)
    station.refresh_from_db()
    assert station.services == [Service.COUNSELLING]
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(id=station.id).update(services=["therapy"])

    medical = factories.a_unit(
        UnitKind.STATION, city, host_type=HostType.MEDICAL, is_medical_institution=True, services=therapy
    )
    assert Service.THERAPY in medical.services


@requirement("R-018")
def test_every_station_has_exactly_one_host_type_and_nothing_else_has_one() -> None:
    city = factories.a_unit(UnitKind.CITY)
    with pytest.raises(HostTypeMismatch):
        factories.a_unit(UnitKind.STATION, city, host_type=None)
    with pytest.raises(HostTypeMismatch):
        factories.a_unit(UnitKind.DEPARTMENT, city, host_type=HostType.SCHOOL)
    station = factories.a_unit(UnitKind.STATION, city)
    for unit, host_type in ((station, None), (city, "school")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.filter(id=unit.id).update(host_type=host_type)


def test_moving_a_unit_rewrites_everything_below_it_and_tells_the_other_rooms() -> None:
    small = factories.a_small_city()
    other = factories.a_unit(UnitKind.COUNTY, small.city)
    old = small.town.path

    moved = api.move_unit(actor=factories.SYSTEM, unit=small.town, parent=other)

    small.station.refresh_from_db()
    assert moved.path == f"{other.path}{moved.id}/"
    assert small.station.path == f"{moved.path}{small.station.id}/"
    assert small.station.depth == 3
    assert api.ancestors(unit=small.station) == [small.city, other, moved]
    message = OutboxMessage.objects.get(topic=api.TOPIC_UNIT_MOVED)
    assert message.payload == {"unit_uid": moved.uid, "old_path": old, "new_path": moved.path}


def test_moving_a_unit_to_another_height_corrects_the_depth_below_it() -> None:
    small = factories.a_small_city()

    api.move_unit(actor=factories.SYSTEM, unit=small.town, parent=small.city)

    small.station.refresh_from_db()
    assert (small.station.depth, small.station.path.count("/")) == (2, 4)


def test_a_unit_cannot_be_moved_below_itself() -> None:
    small = factories.a_small_city()

    for parent in (small.town, small.station):
        with pytest.raises(UnitBelowItself):
            api.move_unit(actor=factories.SYSTEM, unit=small.town, parent=parent)

    small.town.refresh_from_db()
    assert small.town.parent == small.county
    assert not OutboxMessage.objects.exists()


def test_a_move_needs_the_right_at_both_ends() -> None:
    small = factories.a_small_city()
    other = factories.a_unit(UnitKind.COUNTY, small.city)

    with pytest.raises(NotPermitted):
        api.move_unit(actor=manager_of(small.county), unit=small.town, parent=other)

    small.town.refresh_from_db()
    assert small.town.parent == small.county


def test_a_manager_makes_units_below_their_own_node_and_nowhere_else() -> None:
    small = factories.a_small_city()
    other = factories.a_unit(UnitKind.COUNTY, small.city)
    draft: dict[str, Any] = {"name": "新驿站", "kind": UnitKind.STATION, "host_type": HostType.SCHOOL}

    made = api.create_unit(
        actor=manager_of(small.county), draft=UnitDraft(number="N1", parent=small.town.number, **draft)
    )
    with pytest.raises(NotPermitted):
        api.create_unit(
            actor=manager_of(small.county), draft=UnitDraft(number="N2", parent=other.number, **draft)
        )

    assert made.path.startswith(small.county.path)
    assert not Unit.objects.filter(number="N2").exists()


def test_new_opening_hours_replace_the_old_and_overlaps_change_nothing() -> None:
    station = factories.a_unit(UnitKind.STATION, opening=factories.OFFICE_HOURS)
    overlapping = [Stretch(0, time(8), time(12)), Stretch(0, time(11), time(14))]
    with pytest.raises(OpeningHoursOverlap):
        api.set_opening_hours(actor=factories.SYSTEM, unit=station, hours=overlapping)
    assert api.week_of(unit=station) == list(factories.OFFICE_HOURS)

    api.set_opening_hours(actor=factories.SYSTEM, unit=station, hours=[Stretch(5, time(9), time(12))])

    assert api.week_of(unit=station) == [Stretch(5, time(9), time(12))]


def test_what_does_not_exist_is_not_found() -> None:
    for look in (
        lambda: api.unit_by_uid(uid="none"),
        lambda: api.unit_by_slug(slug="none"),
        lambda: api.unit_by_id(unit_id=0),
        lambda: api.path_of(unit_id=0),
    ):
        with pytest.raises(UnitNotFound):
            look()


def test_only_who_manages_the_whole_city_changes_the_legal_tree() -> None:
    small = factories.a_small_city()
    with pytest.raises(NotPermitted):
        api.create_divisions(actor=manager_of(small.county), rows=[("370900", "云澄市", "")])

    made = api.create_divisions(
        actor=manager_of(small.city), rows=[("370900", "云澄市", ""), ("370901", "清禾区", "370900")]
    )

    assert made[1].parent == made[0]
