"""News about a person whose warning is open already.

Never lost, never quieter than before, always on somebody's board.
"""

from datetime import timedelta

import pytest
from django.db import connection

from anxin.domains.notices.models import Notice
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import AssessmentMissing, Ending, Findings, Level
from anxin.domains.risk.models import AlarmRecord, Warning, WarningEntry
from anxin.flows import (
    acknowledge_warning,
    answer_check_in,
    assess_warning,
    end_warning,
    request_contact,
)
from anxin.kernel import clock, outbox
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.worker import keep_promise

SYSTEM = Actor.system("test")


def stored(uid: str) -> Warning:
    with unit_of_work(SYSTEM):
        return Warning.objects.select_related("deadline__owner__staff").get(uid=uid)


def notices() -> int:
    with unit_of_work(SYSTEM):
        return Notice.objects.count()


@pytest.fixture
def way(journey):
    started = journey()
    started.answer([0] * 8 + [1])
    started.submit()
    return started


@pytest.fixture
def uid(way) -> str:
    with unit_of_work(SYSTEM):
        return str(Warning.objects.get().uid)


def bring_to_watch(city, uid: str) -> None:
    zhao, sun = city.actor("zhao-ning"), city.actor("sun-lan")
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=uid)
    assess_warning.assess(actor=zhao, warning_uid=uid, level=Level.L1, findings=Findings(), summary="平稳")
    end_warning.propose(actor=zhao, warning_uid=uid, ending=Ending.WATCH, reason="继续关注")
    end_warning.sign(actor=sun, warning_uid=uid)


def say(city, way, said: str) -> Warning:
    return answer_check_in.answer(
        actor=city.actor("li-qing"), sitting_uid=way.uid, is_safe_now=said, wants_call=False
    )


def test_not_safe_under_watch_is_an_l4_of_five_minutes(city, way, uid, at) -> None:
    bring_to_watch(city, uid)
    at.shift(3600)
    say(city, way, "no")
    after = stored(uid)
    assert (after.state, after.level) == ("new", Level.L4)
    assert after.deadline.due_at == clock.now() + timedelta(minutes=5)
    connection.check_constraints()


def test_the_same_alarm_while_an_end_waits_for_its_signature_reopens_and_calls(
    city, way, uid, journey
) -> None:
    zhao = city.actor("zhao-ning")
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=uid)
    assess_warning.assess(actor=zhao, warning_uid=uid, level=Level.L1, findings=Findings(), summary="误选")
    end_warning.propose(actor=zhao, warning_uid=uid, ending=Ending.FALSE_POSITIVE, reason="误选")
    version, calls = stored(uid).row_version, notices()
    again = journey()
    again.answer([0] * 8 + [3])
    after = stored(uid)
    assert after.state == "new"
    assert after.proposed_ending == ""
    assert after.row_version > version
    assert notices() > calls


def test_handing_in_after_the_answer_tells_the_holder_nothing_new(city, way, uid) -> None:
    with unit_of_work(SYSTEM):
        assert AlarmRecord.objects.count() == 2
        assert WarningEntry.objects.filter(kind="repeated").count() == 1
    assert notices() == 2, "one call through two channels"


def test_not_safe_a_week_after_the_end_is_a_new_warning(city, way, uid, at) -> None:
    bring_to_watch(city, uid)
    zhao, sun = city.actor("zhao-ning"), city.actor("sun-lan")
    end_warning.propose(actor=zhao, warning_uid=uid, ending=Ending.WATCH_OVER, reason="平稳")
    end_warning.sign(actor=sun, warning_uid=uid)
    at.shift(7 * 86400)
    fresh = say(city, way, "no")
    assert fresh.uid != uid
    assert (fresh.state, fresh.level) == ("new", Level.L4)


def test_a_second_critical_answer_in_one_draft_is_a_second_event(city, journey) -> None:
    draft = journey()
    draft.answer([None] * 8 + [1])
    draft.answer([None] * 8 + [0])
    draft.answer([None] * 8 + [3])
    with unit_of_work(SYSTEM):
        assert AlarmRecord.objects.count() == 2


def test_a_failed_alarm_is_raised_by_the_answer_as_it_was_given(city, journey, monkeypatch) -> None:
    def broken(facts):
        raise RuntimeError("a rule broke")

    draft = journey()
    monkeypatch.setattr("anxin.flows.evaluate_sitting.risk.evaluate", broken)
    draft.answer([None] * 8 + [3])
    monkeypatch.undo()
    draft.answer([None] * 8 + [0])
    for message in outbox.claim(by="test"):
        keep_promise(message)
    with unit_of_work(SYSTEM):
        assert Warning.objects.get().level == Level.L3


def test_a_rise_beyond_the_station_is_on_the_county_board_at_once(city, journey) -> None:
    """北门 has only a tutor, who may answer L2 but not L3."""
    with unit_of_work(SYSTEM):
        person = city.residents["li-qing"]
        person.home_unit, person.scope_path = city.units["BEIMEN"], city.units["BEIMEN"].path
        person.save()
    from anxin.flows.evaluate_sitting import evaluate_sitting

    heavy = journey()
    heavy.answer([2] * 8 + [0])
    heavy.submit()
    low = evaluate_sitting(sitting_uid=heavy.uid)
    assert stored(low.uid).deadline.owner.staff.name == "白露"
    critical = journey()
    critical.answer([0] * 8 + [1])
    risen = stored(low.uid)
    assert risen.level == Level.L3
    assert risen.deadline.owner.staff.name == "孙岚"
    sun = city.actor("sun-lan")
    with unit_of_work(sun):
        assert [one.uid for one in risk.board_queryset(actor=sun)] == [low.uid]
    acknowledge_warning.acknowledge(actor=sun, warning_uid=low.uid)


def test_an_old_assessment_does_not_end_a_risen_warning(city, way, uid) -> None:
    bring_to_watch(city, uid)
    say(city, way, "no")
    zhao = city.actor("zhao-ning")
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=uid)
    # The watch was assessed at the same frozen moment; a later alarm needs a later assessment.
    _alarm_at(uid, clock.now() + timedelta(seconds=1))
    with pytest.raises(AssessmentMissing):
        end_warning.propose(actor=zhao, warning_uid=uid, ending=Ending.FALSE_POSITIVE, reason="误选")
    assert stored(uid).state == "acknowledged"


def _alarm_at(uid: str, moment) -> None:
    with unit_of_work(SYSTEM):
        AlarmRecord.objects.create(
            warning=Warning.objects.get(uid=uid),
            source="check_in",
            source_key="later",
            level=4,
            is_news=True,
            raised_at=moment,
        )


def test_pressing_send_twice_makes_one_warning_of_a_contact_request(city) -> None:
    for _ in range(2):
        request_contact.request_contact(
            actor=Actor.anonymous(), area_uid=city.units["Q"].uid, phone="13800000003", is_safe_now="no"
        )
    with unit_of_work(SYSTEM):
        assert Warning.objects.count() == 1
        assert AlarmRecord.objects.count() == 2


def test_nobody_accountable_at_the_city_does_not_stop_a_warning(city, journey) -> None:
    from anxin.domains.network.models import Posting
    from anxin.domains.workforce.models import Credential

    Posting.objects.filter(unit=city.units["CC"]).update(is_accountable=False)
    Credential.objects.filter(staff__in=[city.staff["shao-ming"], city.staff["he-jia"]]).update(
        valid_until="2026-01-01"
    )
    way = journey()
    way.answer([0] * 8 + [1])
    warning = way.submit().warning
    assert stored(warning.uid).deadline.owner.staff.name == "赵宁"


def test_a_broken_file_of_times_leaves_the_last_good_ones_in_force(settings, tmp_path, caplog) -> None:
    from anxin.domains.risk import library

    before = library.response_times()
    broken = tmp_path / "times.yaml"
    broken.write_text("levels: {L4: [", encoding="utf-8")
    settings.ANXIN_RESPONSE_TIMES = str(broken)
    assert library.response_times() == before
    assert "cannot be read" in caplog.text


def test_a_fault_about_one_clock_does_not_stop_the_others(city, way, uid, at, monkeypatch) -> None:
    from anxin.flows import escalate_overdue as module

    request_contact.request_contact(
        actor=Actor.anonymous(), area_uid=city.units["LIUAN"].uid, phone="13800000004", is_safe_now="no"
    )
    original = module._tell

    def faulty(climb):
        if climb.subject_uid == uid:
            raise KeyError("planted")
        original(climb)

    monkeypatch.setattr(module, "_tell", faulty)
    at.shift(31 * 60)
    assert module.escalate_overdue() == 2
    with unit_of_work(SYSTEM):
        assert Warning.objects.exclude(uid=uid).get().climbed


def test_words_about_a_person_stay_out_of_the_trail(city, way, uid) -> None:
    from anxin.domains.audit.models import AuditEvent

    bring_to_watch(city, uid)
    assert not AuditEvent.objects.filter(event__startswith="risk:").exclude(reason="").exists()


def test_whoever_could_not_see_it_does_not_own_it(city, journey) -> None:
    """On duty and qualified at the county centre, but granted nothing at the county: the city answers instead."""
    from anxin.domains.access.models import RoleGrant

    RoleGrant.objects.filter(account__in=[city.accounts["sun-lan"], city.accounts["zhao-ning"]]).update(
        ends_at=clock.now()
    )
    way = journey()
    way.answer([0] * 8 + [1])
    warning = stored(way.submit().warning.uid)
    assert warning.deadline.owner.staff.name == "邵明"
    shao = city.actor("shao-ming")
    with unit_of_work(shao):
        assert [one.uid for one in risk.board_queryset(actor=shao)] == [warning.uid]
