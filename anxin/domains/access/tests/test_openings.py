"""Openings and exports in the room: who may, what the database refuses besides, and rivals."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from anxin.domains.access import api
from anxin.domains.access.contracts import (
    AlreadyOpen,
    ConfirmationNeeded,
    ExportNotReady,
    ExportWish,
    OwnExport,
    Record,
)
from anxin.domains.access.models import BreakGlass, Export
from anxin.domains.access.policies import (
    can_view_export,
    can_view_opening,
    visible_exports,
    visible_openings,
)
from anxin.domains.access.tests import factories
from anxin.domains.accounts.models import Account
from anxin.domains.network.contracts import UnitKind
from anxin.domains.network.tests import factories as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_house(db: None) -> Iterator[None]:
    """These tests are about the rules; what stands behind the wall is seen."""
    with unit_of_work(Actor.system("test")):
        yield


PERSON = "0190a000-0000-7000-8000-000000000007"


def account_of(actor: Actor) -> Account:
    return Account.objects.get(uid=actor.uid)


def again(actor: Actor, session_key: str = "") -> Actor:
    """The same person at their next request."""
    return api.actor_for(account=account_of(actor), session_key=session_key)


def a_record(path: str, resident_id: int = 7) -> Record:
    return Record(resident_id=resident_id, resident_uid=PERSON, number="R0001007", scope_path=path)


def opened(actor: Actor, path: str, resident_id: int = 7) -> BreakGlass:
    return api.open_record(
        actor=actor,
        account=account_of(actor),
        record=a_record(path, resident_id),
        cause="life_at_risk",
        words="来电",
    )


def a_wish(path: str, rows: int = 21) -> ExportWish:
    return ExportWish(kind="cases", title="x", params={}, rows=rows, scope_path=path)


def test_an_opening_reaches_the_actor_at_the_next_request_and_lends_reading_only() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    far = network.a_unit(UnitKind.COUNTY, small.city).path
    opening = opened(actor, far)

    with CaptureQueriesContext(connection) as queries:
        now = again(actor)

    # The account, the person, the postings, the grants; then two questions inside a unit of work of its own.
    assert len(queries) <= 10
    assert now.opened_residents == (7,)
    assert now.opening_for(PERSON) == opening.uid
    assert now.has_opened("risk.read", 7)
    assert not now.has_opened("risk.read", 8)
    assert not now.has_opened("risk.read", None)
    assert not now.has_opened("risk.act", 7)
    assert not now.has_opened("cases.write", 7)
    assert now.identified_paths == actor.identified_paths


def test_it_lends_no_more_than_the_role_holds() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="hotline_operator", node=small.city)
    opened(actor, small.city.path)
    now = again(actor)
    assert now.has_opened("risk.read", 7)
    assert not now.has_opened("assessments.read_answers", 7)


def test_it_ends_with_the_hour_and_with_the_posting(time_machine: TimeMachineFixture) -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    opening = opened(actor, "/elsewhere/")
    time_machine.move_to(opening.ends_at - timedelta(seconds=1), tick=False)
    assert again(actor).opened_residents == (7,)
    time_machine.move_to(opening.ends_at, tick=False)
    assert again(actor).opened_residents == ()
    second = opened(actor, "/elsewhere/")
    first = BreakGlass.objects.get(id=opening.id)
    assert first.ended_at == first.ends_at
    assert second.ended_at is None


def test_the_same_record_is_open_once_to_one_person_and_may_be_open_to_two() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    other = factories.a_member_of_staff(role="counsellor", node=small.station)
    opened(actor, "/elsewhere/")
    with pytest.raises(AlreadyOpen):
        opened(actor, "/elsewhere/")
    opened(actor, "/elsewhere/", resident_id=8)
    opened(other, "/elsewhere/")
    assert BreakGlass.objects.count() == 3


@pytest.mark.parametrize("role", ["counselling_tutor", "station_manager"])
def test_who_has_no_clinical_role_opens_nothing(role: str) -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role=role, node=small.station)
    with pytest.raises(NotPermitted):
        opened(actor, "/elsewhere/")
    assert not BreakGlass.objects.exists()


def test_nobody_opens_in_anothers_name() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    with pytest.raises(NotPermitted):
        api.open_record(
            actor=actor,
            account=factories.an_account(),
            record=a_record("/elsewhere/"),
            cause="life_at_risk",
            words="来电",
        )
    assert not BreakGlass.objects.exists()


def test_one_and_many_agree_on_who_sees_an_opening_and_an_export() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    opening = opened(actor, small.station.path)
    export = api.request_export(
        actor=actor, account=account_of(actor), wish=a_wish(small.station.path), purpose="x"
    )
    everybody = [
        actor,
        Actor.system("test"),
        Actor.anonymous(),
        *(
            factories.a_member_of_staff(role=role, node=node, unit=small.station)
            for role, node in (
                ("counsellor", small.station),
                ("county_manager", small.county),
                ("city_manager", small.city),
                ("security_officer", small.city),
                ("auditor", small.city),
                ("platform_admin", small.city),
            )
        ),
    ]
    seen = []
    for one in everybody:
        sees = can_view_opening(one, opening)
        assert visible_openings(one, BreakGlass.objects.all()).exists() is sees
        takes = can_view_export(one, export)
        assert visible_exports(one, Export.objects.all()).exists() is takes
        seen.append((sees, takes))
    assert seen == [
        (True, True),
        (True, True),
        (False, False),
        (False, False),
        (False, True),
        (False, True),
        (True, True),
        (False, True),
        (False, False),
    ]


def test_the_database_lets_nobody_review_or_approve_their_own() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    opening, moment = opened(actor, small.station.path), clock.now()
    export = api.request_export(
        actor=actor, account=account_of(actor), wish=a_wish(small.station.path), purpose="x"
    )
    own = account_of(actor).id
    for model, row, values in (
        (
            BreakGlass,
            opening,
            {"reviewed_at": moment, "reviewed_by": own, "verdict": "justified", "review": "x"},
        ),
        (Export, export, {"decided_at": moment, "decided_by": own, "is_approved": True}),
        (Export, export, {"taken_at": moment}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(id=row.id).update(**values)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM access_breakglass",
        "DELETE FROM access_export",
        "UPDATE access_breakglass SET reason = 'x'",
        "UPDATE access_breakglass SET ends_at = ends_at + interval '1 day'",
        "UPDATE access_breakglass SET account_id = account_id",
        "UPDATE access_export SET rows = 1",
        "UPDATE access_export SET needs_approval = false",
        "UPDATE access_export SET purpose = 'x'",
        "TRUNCATE access_export",
    ],
)
def test_who_serves_requests_cannot_rewrite_the_ledgers(statement: str) -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_reasons_and_purposes_are_sealed_in_the_database() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    opened(actor, small.station.path)
    api.request_export(
        actor=actor, account=account_of(actor), wish=a_wish(small.station.path), purpose="来电"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM access_breakglass UNION ALL SELECT purpose FROM access_export")
        assert all("来电" not in row[0] and row[0] for row in cursor.fetchall())


def test_a_confirmation_is_of_one_session_and_one_person(time_machine: TimeMachineFixture) -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    born_on = clock.today() - timedelta(days=14 * 365)
    with pytest.raises(ConfirmationNeeded):
        api.demand_confirmation(actor=actor, resident_uid=PERSON, born_on=born_on)
    given = api.confirm_need(
        actor=actor,
        account=account_of(actor),
        session_key="s1",
        record=a_record(small.station.path),
        purpose="x",
    )
    mine, elsewhere, unknown = again(actor, "s1"), again(actor, "s2"), again(actor)
    api.demand_confirmation(actor=mine, resident_uid=PERSON, born_on=born_on)
    for one, uid in ((mine, "other"), (elsewhere, PERSON), (unknown, PERSON)):
        with pytest.raises(ConfirmationNeeded):
            api.demand_confirmation(actor=one, resident_uid=uid, born_on=born_on)
    time_machine.move_to(given.ends_at, tick=False)
    assert again(actor, "s1").confirmed == frozenset()
    with pytest.raises(NotPermitted):
        api.confirm_need(
            actor=actor,
            account=account_of(actor),
            session_key="",
            record=a_record(small.station.path),
            purpose="x",
        )


def test_a_school_is_asked_about_everybody_not_known_to_be_of_age() -> None:
    small = network.a_small_city()
    teacher = factories.a_member_of_staff(role="school_psychology_teacher", node=small.station)
    assert api.needs_confirmation(actor=teacher, resident_uid=PERSON, born_on=None)
    adult = clock.today() - timedelta(days=30 * 365)
    assert not api.needs_confirmation(actor=teacher, resident_uid=PERSON, born_on=adult)


def test_an_approval_covers_no_more_rows_than_were_asked_for_and_nobody_says_yes_to_themselves() -> None:
    small = network.a_small_city()
    chief = factories.a_member_of_staff(role="county_manager", node=small.county, unit=small.county_centre)
    officer = factories.a_member_of_staff(role="security_officer", node=small.city, unit=small.station)
    export = api.request_export(
        actor=chief, account=account_of(chief), wish=a_wish(small.station.path), purpose="x"
    )
    with pytest.raises(OwnExport):
        api.approve_export(actor=chief, account=account_of(chief), uid=export.uid)
    api.approve_export(actor=officer, account=account_of(officer), uid=export.uid)
    with pytest.raises(ExportNotReady):
        api.take_export(actor=chief, uid=export.uid, rows=22)
    with pytest.raises(NotFound):
        api.take_export(actor=officer, uid=export.uid, rows=21)
    assert api.take_export(actor=chief, uid=export.uid, rows=21).taken_rows == 21


def test_a_named_approval_by_a_second_person_before_covers_the_file() -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    wish = ExportWish(
        kind="x", title="x", params={}, rows=400, scope_path=small.station.path, approved_by="S-2026-0001"
    )
    export = api.request_export(actor=actor, account=account_of(actor), wish=wish, purpose="x")
    assert (export.needs_approval, export.approval) == (False, "S-2026-0001")
    api.take_export(actor=actor, uid=export.uid, rows=401)
