"""Rights are what the grants say, for as long as they say it, and nothing else."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from anxin.domains.access import api
from anxin.domains.access.contracts import (
    AccountInactive,
    AlreadyGranted,
    DutiesNotSeparate,
    OwnRights,
    RoleNotForNode,
    RoleUnknown,
)
from anxin.domains.access.models import RoleGrant
from anxin.domains.access.policies import can_view_grant, visible_grants
from anxin.domains.access.rules.roles import SEPARATE_DUTIES
from anxin.domains.access.tests import factories
from anxin.domains.audit.models import AuditEvent
from anxin.domains.network import api as network_api
from anxin.domains.network.contracts import PeriodNotPossible, UnitKind
from anxin.domains.network.tests import factories as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.errors import NotPermitted
from tests.house_eyes import reasons_of

pytestmark = pytest.mark.django_db


def test_an_actor_carries_person_postings_and_rights_by_node_in_three_queries() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    posting = network.a_posting(small.station, network.a_person("赵宁", account_id=account.id))
    api.grant(actor=network.SYSTEM, account=account, role="counsellor", node=small.station)

    with CaptureQueriesContext(connection) as queries:
        actor = api.actor_for(account=account, request_uid="r1")

    assert len(queries) <= 3
    assert (actor.kind, actor.uid, actor.label) == (ActorKind.STAFF, account.uid, "赵宁")
    assert (actor.staff_id, actor.posting_ids, actor.request_uid) == (posting.staff_id, (posting.id,), "r1")
    assert actor.may("risk.read", at=small.station.path)
    assert not actor.may("risk.read", at=small.county.path)
    assert not actor.may("network.manage", at=small.station.path)
    assert actor.identified_paths == (small.station.path,)


def test_a_right_at_a_county_reaches_its_stations_and_no_others() -> None:
    small = network.a_small_city()
    neighbour = network.a_unit(UnitKind.COUNTY, small.city)
    actor = factories.a_member_of_staff(role="county_clinician", node=small.county, unit=small.county_centre)

    assert actor.may("risk.assess", at=small.station.path)
    assert not actor.may("risk.assess", at=neighbour.path)
    assert not actor.may("risk.assess", at=small.city.path)


def test_an_inactive_account_is_nobody() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    api.grant(actor=network.SYSTEM, account=account, role="auditor", node=small.city)
    account.is_active = False

    assert api.actor_for(account=account) == Actor.anonymous()


def test_a_resident_owns_the_archive_the_site_names_and_has_no_rights_by_node() -> None:
    account = factories.an_account("resident")

    actor = api.actor_for(account=account, resident_id=7, resident_uid="u7")

    assert (actor.kind, actor.resident_id, actor.resident_uid) == (ActorKind.RESIDENT, 7, "u7")
    assert (actor.grants, actor.staff_id) == ((), None)


def test_a_member_of_staff_owns_no_archive_through_the_same_door() -> None:
    assert api.actor_for(account=factories.an_account(), resident_id=7, resident_uid="u7").resident_id is None


def test_a_grant_counts_from_its_beginning_until_its_end(time_machine: TimeMachineFixture) -> None:
    small = network.a_small_city()
    account = factories.an_account()
    start = clock.now() + timedelta(hours=1)
    api.grant(
        actor=network.SYSTEM,
        account=account,
        role="auditor",
        node=small.city,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
    )

    def rights_at(moment_offset: timedelta) -> int:
        time_machine.move_to(start + moment_offset, tick=False)
        return len(api.actor_for(account=account).grants)

    assert rights_at(timedelta(seconds=-1)) == 0
    assert rights_at(timedelta(0)) == 1
    assert rights_at(timedelta(minutes=59, seconds=59)) == 1
    assert rights_at(timedelta(hours=1)) == 0


def test_rights_over_named_people_end_with_the_last_posting() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    posting = network.a_posting(small.station, network.a_person(account_id=account.id))
    api.grant(actor=network.SYSTEM, account=account, role="counsellor", node=small.station)
    assert api.actor_for(account=account).may("risk.read", at=small.station.path)

    network_api.end_posting(actor=network.SYSTEM, posting=posting, last_day=clock.today() - timedelta(days=1))

    actor = api.actor_for(account=account)
    assert (actor.grants, actor.posting_ids, actor.identified_paths) == ((), (), ())


def test_a_role_that_is_no_longer_in_the_data_gives_nothing() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    RoleGrant.objects.create(account=account, role="emperor", node=small.city)

    assert api.actor_for(account=account).grants == ()


@pytest.mark.parametrize(("held", "wanted"), [*permutations(sorted(SEPARATE_DUTIES), 2)])
def test_one_person_holds_one_of_the_three_watching_offices(held: str, wanted: str) -> None:
    small = network.a_small_city()
    account = factories.an_account()
    api.grant(actor=network.SYSTEM, account=account, role=held, node=small.city)

    with pytest.raises(DutiesNotSeparate):
        api.grant(actor=network.SYSTEM, account=account, role=wanted, node=small.city)
    with pytest.raises(DutiesNotSeparate):
        api.grant_all(actor=network.SYSTEM, rows=[(account, wanted, small.city)])
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(account=account, role=wanted, node=small.city)

    assert list(RoleGrant.objects.values_list("role", flat=True)) == [held]


def test_an_office_promised_for_later_counts_already() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    later = clock.now() + timedelta(days=30)
    api.grant(actor=network.SYSTEM, account=account, role="auditor", node=small.city, starts_at=later)

    with pytest.raises(DutiesNotSeparate):
        api.grant(actor=network.SYSTEM, account=account, role="platform_admin", node=small.city)


def test_an_office_that_has_ended_leaves_the_way_free() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    first = api.grant(actor=network.SYSTEM, account=account, role="auditor", node=small.city)
    api.revoke(actor=network.SYSTEM, held=first, reason="调岗")

    api.grant(actor=network.SYSTEM, account=account, role="platform_admin", node=small.city)

    assert [grant.role for grant in api.actor_for(account=account).grants] == ["platform_admin"]


def test_what_cannot_be_granted_is_refused_and_nothing_changes() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    closed = factories.an_account()
    closed.is_active = False
    moment = clock.now()
    with pytest.raises(RoleUnknown):
        api.grant(actor=network.SYSTEM, account=account, role="emperor", node=small.city)
    with pytest.raises(RoleNotForNode):
        api.grant(actor=network.SYSTEM, account=account, role="county_clinician", node=small.county_centre)
    with pytest.raises(RoleNotForNode):
        api.grant(actor=network.SYSTEM, account=account, role="resident", node=small.station)
    with pytest.raises(AccountInactive):
        api.grant(actor=network.SYSTEM, account=closed, role="auditor", node=small.city)
    with pytest.raises(PeriodNotPossible):
        api.grant(
            actor=network.SYSTEM,
            account=account,
            role="auditor",
            node=small.city,
            starts_at=moment,
            ends_at=moment,
        )

    assert not RoleGrant.objects.exists()


def test_a_role_is_given_once() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    api.grant(actor=network.SYSTEM, account=account, role="counsellor", node=small.station)

    with pytest.raises(AlreadyGranted):
        api.grant(actor=network.SYSTEM, account=account, role="counsellor", node=small.station)

    assert RoleGrant.objects.count() == 1


def test_a_manager_gives_rights_below_their_node_but_no_watching_office_and_none_to_themselves() -> None:
    small = network.a_small_city()
    own = factories.an_account()
    network.a_posting(small.county_centre, network.a_person(account_id=own.id))
    api.grant(actor=network.SYSTEM, account=own, role="county_manager", node=small.county)
    manager = api.actor_for(account=own)
    account = factories.an_account()

    api.grant(actor=manager, account=account, role="counsellor", node=small.station)
    for role, node in (("auditor", small.city), ("city_clinician", small.city)):
        with pytest.raises(NotPermitted):
            api.grant(actor=manager, account=account, role=role, node=node)
    with pytest.raises(OwnRights):
        api.grant(actor=manager, account=own, role="county_clinician", node=small.county)
    with pytest.raises(OwnRights):
        api.revoke(actor=manager, held=RoleGrant.objects.get(account=own))
    with pytest.raises(NotPermitted):
        api.grant(actor=Actor.anonymous(), account=account, role="counsellor", node=small.station)

    assert list(RoleGrant.objects.filter(account=account).values_list("role", flat=True)) == ["counsellor"]


def test_what_is_taken_away_is_gone_at_once_and_told_in_the_trail() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    held = api.grant(actor=network.SYSTEM, account=account, role="auditor", node=small.city)

    api.revoke(actor=network.SYSTEM, held=held, reason="离职")

    assert api.actor_for(account=account).grants == ()
    event = AuditEvent.objects.get(event="access:role:revoked")
    assert (event.subject_number, event.node_path) == ("auditor", small.city.path)
    assert reasons_of(event) == {event.uid: "离职"}


def test_the_rule_for_one_grant_and_the_rule_for_many_agree() -> None:
    small = network.a_small_city()
    actors = [
        Actor.anonymous(),
        network.SYSTEM,
        factories.a_member_of_staff(role="county_manager", node=small.county, unit=small.county_centre),
        factories.a_member_of_staff(role="counsellor", node=small.station),
        factories.a_member_of_staff(role="platform_admin", node=small.city),
    ]

    for actor in actors:
        everything = RoleGrant.objects.select_related("account", "node")
        assert set(visible_grants(actor, everything)) == {
            grant for grant in everything if can_view_grant(actor, grant)
        }
    assert api.grants_queryset(actor=actors[0]).count() == 0
    assert api.grants_queryset(actor=actors[3]).count() == 1


def test_all_roles_can_be_listed() -> None:
    assert list(api.roles())[:2] == ["resident", "guardian"]


def test_a_posting_that_begins_tomorrow_gives_nothing_today() -> None:
    small = network.a_small_city()
    account = factories.an_account()
    tomorrow: date = clock.today() + timedelta(days=1)
    network.a_posting(small.station, network.a_person(account_id=account.id), starts_on=tomorrow)
    api.grant(actor=network.SYSTEM, account=account, role="counsellor", node=small.station)

    assert api.actor_for(account=account).grants == ()
