"""Linkages: the few facts, the second person, the answer and its time; and what others never learn."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.linkages import api
from anxin.domains.linkages.contracts import (
    BasisMissing,
    ConsentUnconfirmed,
    Fact,
    FactsMissing,
    FactsTooMany,
    Kind,
    LinkageNotFound,
    NobodyApproves,
    OwnRelease,
    RecipientUnknown,
    State,
)
from anxin.domains.linkages.models import ExpertCall, Linkage
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.domains.referrals.tests.factories import START, SYSTEM, a_case_in
from anxin.domains.residents.models import ActWithoutConsent
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Viewer
from anxin.flows import link_out
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement

FACTS = {Fact.PLACE: "柳岸路 18 号门口", Fact.DANGER: "正在危险中，需要马上到场"}
_MORE = (
    ("guan-li", "管理", "QC", "county_manager", "Q"),
    ("zhuan-jia", "专家", "QC", "expert_group", "Q"),
    ("tiao-jie", "调解", "TF", "department_data_user", "Q"),
    ("gu-zhu", "工会", "LIUAN", "employer_contact", "LIUAN"),
)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), time_machine.travel(START, tick=False) as moment, transaction.atomic():
        city = small_city.build()
        with unit_of_work(SYSTEM):
            for code, name, unit, role, node in _MORE:
                account = accounts.create_account(actor=SYSTEM, kind="staff", login=code)
                person = network.add_staff_member(actor=SYSTEM, name=name, account_id=account.id)
                network.appoint(
                    actor=SYSTEM,
                    staff=person,
                    unit=city.units[unit],
                    post=Post.OFFICER,
                    starts_on=small_city.SINCE,
                )
                access.grant(actor=SYSTEM, account=account, role=role, node=city.units[node])
                city.accounts[code], city.staff[code] = account, person
        yield city, a_case_in(city), moment
        transaction.set_rollback(True)


@pytest.fixture
def stage(_built: Any) -> Iterator[Any]:
    """The city and a case; each test's own writes are taken back, after what a commit would ask for."""
    city, case, moment = _built
    with transaction.atomic():
        yield city, link_out.Source(case_uid=case.uid)
        with unit_of_work(SYSTEM), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)
    moment.move_to(START)


@pytest.fixture
def travel(_built: Any) -> Any:
    """Moves the clock."""
    return _built[2]


def hand_off(city: Any, source: Any, **changes: Any) -> Any:
    fields = {"kind": Kind.HANDOFF, "recipient": "120", "reason": "请急救到场", "facts": FACTS}
    return link_out.begin(actor=city.actor("zhao-ning"), source=source, **{**fields, **changes})


@requirement("R-081")
def test_a_hand_off_says_who_when_what_and_when_it_was_taken_over(stage: Any, travel: Any) -> None:
    city, source = stage
    made = hand_off(city, source)
    travel.shift(timedelta(minutes=4))
    link_out.answer(actor=city.actor("zhao-ning"), uid=made.uid, text="120 已派车，15 分钟到")
    link_out.note_callback(actor=city.actor("zhao-ning"), uid=made.uid, text="已送到医院，家人在场")
    with unit_of_work(city.actor("zhao-ning")):
        seen = api.access_linkage(actor=city.actor("zhao-ning"), uid=made.uid)
        assert (seen.asked_by.name, seen.recipient, seen.asked_at) == ("赵宁", "120", START)
        assert seen.answered_at == START + timedelta(minutes=4)
        assert "柳岸路" in seen.facts
        assert [one.kind for one in seen.entries.order_by("id")] == ["begun", "answered", "callback"]


@requirement("R-081")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"facts": {**FACTS, Fact.NAME: "李晴"}}, FactsTooMany),
        ({"facts": {Fact.PLACE: "门口"}}, FactsMissing),
        ({"recipient": "12345"}, RecipientUnknown),
    ],
)
def test_a_hand_off_passes_on_the_few_facts_and_no_other(
    stage: Any, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    city, source = stage
    with pytest.raises(refusal):
        hand_off(city, source, **changes)
    with unit_of_work(SYSTEM):
        assert not Linkage.objects.exists()


@requirement("R-081")
def test_a_hand_off_that_nobody_takes_over_climbs(stage: Any, travel: Any) -> None:
    city, source = stage
    made = hand_off(city, source)
    travel.shift(timedelta(minutes=11))
    escalate_overdue()
    with unit_of_work(SYSTEM):
        found = Linkage.objects.select_related("deadline__owner__staff").get(uid=made.uid)
        assert found.deadline is not None
        assert found.deadline.owner.staff.name == "孙岚"
        assert found.entries.filter(kind="climbed").exists()


@requirement("R-053")
def test_the_expert_group_is_called_and_its_response_time_is_kept(stage: Any, travel: Any) -> None:
    city, source = stage
    made = hand_off(city, source, kind=Kind.EXPERTS, recipient="", facts={}, reason="请会商下一步")
    expert = city.actor("zhuan-jia")
    with unit_of_work(expert):
        (call,) = api.own_calls(actor=expert)
        assert "李晴" not in repr(call)
        with pytest.raises(LinkageNotFound):  # the call is theirs, the record is not
            api.access_linkage(actor=expert, uid=made.uid)
    travel.shift(timedelta(minutes=6))
    with pytest.raises(LinkageNotFound):
        link_out.respond(actor=city.actor("chen-mo"), call_uid=call.uid, is_coming=True)
    link_out.respond(actor=expert, call_uid=call.uid, is_coming=True)
    with unit_of_work(SYSTEM):
        kept = ExpertCall.objects.select_related("linkage").get(uid=call.uid)
        assert kept.responded_at == START + timedelta(minutes=6)
        assert (kept.is_coming, kept.linkage.state) == (True, State.ANSWERED)


@requirement("R-062")
def test_a_mediation_centre_learns_only_whether_it_was_accepted(stage: Any) -> None:
    city, _ = stage
    centre, station = city.actor("tiao-jie"), city.actor("zhao-ning")
    with pytest.raises(ConsentUnconfirmed):
        link_out.submit(
            actor=centre, unit_uid=city.units["LIUAN"].uid, name="", phone="1", reason="x", agrees=False
        )
    made = link_out.submit(
        actor=centre,
        unit_uid=city.units["LIUAN"].uid,
        name="林小满",
        phone="15400000009",
        reason="邻里纠纷后情绪低落，愿意接受帮助",
        agrees=True,
    )
    link_out.answer(actor=station, uid=made.uid, text="已约明天面谈，情况另记")
    with unit_of_work(centre):
        assert [(one.number, one.state) for one in api.own_submissions(actor=centre)] == [
            (made.number, State.ANSWERED)
        ]
        assert "面谈" not in repr(api.own_submissions(actor=centre))
        with pytest.raises(LinkageNotFound):
            api.access_linkage(actor=centre, uid=made.uid)
        assert not Linkage.objects.exists()  # the inner wall too
    other = city.actor("fang-zheng")
    assert api.own_submissions(actor=other) == []


@requirement("R-063")
def test_a_release_to_the_police_needs_a_ground_a_second_person_and_few_facts(stage: Any) -> None:
    city, source = stage
    ask = {"kind": Kind.RELEASE, "recipient": "110", "facts": {Fact.DANGER: "扬言伤人"}}
    with pytest.raises(BasisMissing):
        hand_off(city, source, **ask)
    with pytest.raises(FactsTooMany):
        hand_off(city, source, **{**ask, "facts": {**ask["facts"], Fact.CONDITION: "x"}, "basis": "MHL-28"})
    made = hand_off(city, source, **ask, basis="MHL-28")
    with pytest.raises(NotPermitted):
        link_out.answer(actor=city.actor("zhao-ning"), uid=made.uid, text="同意")
    with unit_of_work(SYSTEM):
        assert not ActWithoutConsent.objects.exists()  # nothing has left yet
    link_out.answer(actor=city.actor("guan-li"), uid=made.uid, text="依据充分，同意提供")
    with unit_of_work(SYSTEM):
        act = ActWithoutConsent.objects.get()
        assert (act.basis, act.recipient, act.told_at) == ("police", "110", None)
        hidden = rights.withheld_uids(
            actor=SYSTEM, resident_id=city.residents["li-qing"].id, viewer=Viewer.GUARDIAN
        )
        assert {act.uid, made.uid} <= set(hidden)


@requirement("R-063")
def test_nobody_approves_their_own_release(stage: Any) -> None:
    city, source = stage
    with unit_of_work(SYSTEM):
        access.grant(
            actor=SYSTEM, account=city.accounts["sun-lan"], role="county_manager", node=city.units["Q"]
        )
    both = city.actor("sun-lan")
    ask = {"kind": Kind.RELEASE, "recipient": "110", "reason": "防止伤害", "basis": "MHL-28"}
    made = link_out.begin(actor=both, source=source, facts={Fact.DANGER: "扬言伤人"}, **ask)
    with pytest.raises(OwnRelease):
        link_out.answer(actor=both, uid=made.uid, text="同意")
    with unit_of_work(SYSTEM):
        assert Linkage.objects.get(uid=made.uid).state == State.WAITING


def test_a_release_is_not_asked_for_where_nobody_else_could_approve(stage: Any) -> None:
    city, source = stage
    with unit_of_work(SYSTEM):
        for grant in access.grants_queryset(actor=SYSTEM).filter(role="county_manager"):
            access.revoke(actor=SYSTEM, held=grant)
    with pytest.raises(NobodyApproves):
        hand_off(
            city,
            source,
            kind=Kind.RELEASE,
            recipient="110",
            facts={Fact.DANGER: "扬言伤人"},
            basis="MHL-28",
        )


def test_a_duty_to_report_does_not_wait_for_consent_and_stays_out_of_a_guardians_sight(stage: Any) -> None:
    city, source = stage
    made = hand_off(
        city,
        source,
        kind=Kind.REPORT,
        recipient="110",
        facts={Fact.DANGER: "有人受到侵害"},
        basis="MPL-11",
    )
    with unit_of_work(SYSTEM):
        act = ActWithoutConsent.objects.get()
        assert (act.basis, act.told_at, act.tell_by) == ("mandatory_report", None, None)
        assert made.uid in rights.withheld_uids(
            actor=SYSTEM, resident_id=city.residents["li-qing"].id, viewer=Viewer.GUARDIAN
        )


def test_another_station_and_an_employer_see_no_linkage(stage: Any) -> None:
    city, source = stage
    hand_off(city, source)
    for code in ("chen-mo", "gu-zhu", "zhou-xing", "fang-zheng"):
        actor = city.actor(code)
        with unit_of_work(actor):
            assert list(api.linkages_queryset(actor=actor)) == []
