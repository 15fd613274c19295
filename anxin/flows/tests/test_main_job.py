"""The main job: answers kept, alarm raised, the right person called; and what happens when half of it fails."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from anxin.domains.assessments.contracts import SittingIncomplete
from anxin.domains.assessments.models import AnswerEntry, ScoreSheet, Sitting
from anxin.domains.deadlines.models import Deadline
from anxin.domains.notices.models import Notice
from anxin.domains.risk.contracts import Level
from anxin.domains.risk.models import Evaluation, Warning, WarningEntry
from anxin.flows import answer_check_in, evaluate_sitting, request_contact, sweep_unevaluated
from anxin.kernel import clock, outbox
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers_cn import PhoneInvalid
from anxin.kernel.unit_of_work import unit_of_work
from anxin.worker import keep_promise
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")


def everything(model):
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


@requirement("R-059", "R-071")
def test_one_on_item_nine_raises_a_high_warning_with_owner_and_clock(warning, city) -> None:
    assert warning.level == Level.L3
    deadline = Deadline.objects.get(id=warning.deadline_id)
    assert deadline.owner.staff == city.staff["zhao-ning"]
    assert deadline.due_at == clock.now() + timedelta(minutes=30)
    assert deadline.is_open
    assert [rung["holder"] for rung in deadline.ladder["rungs"]] == ["赵宁", "孙岚", "邵明"]
    connection.check_constraints()


def test_the_warning_is_there_before_anything_is_handed_in(journey) -> None:
    way = journey()
    results = way.answer([None] * 8 + [1])
    assert results[-1].saved.critical == ("self_harm",)
    assert results[-1].warning is not None
    assert [one.state for one in everything(Sitting)] == ["draft"]


def test_handing_in_afterwards_joins_the_same_warning(journey) -> None:
    way = journey()
    raised = way.answer([3] * 8 + [2])[-1].warning
    result = way.submit()
    assert result.warning.uid == raised.uid
    assert len(everything(Warning)) == 1
    assert len(everything(Evaluation)) == 2


def test_a_changed_critical_answer_is_recorded_and_takes_nothing_back(journey) -> None:
    way = journey()
    way.answer([None] * 8 + [2])
    way.answer([None] * 8 + [0])
    entries = everything(AnswerEntry)
    assert [(e.item, e.value, e.previous) for e in entries] == [(9, 2, None), (9, 0, 2)]
    (warning,) = everything(Warning)
    assert warning.state == "new"
    assert "answer_changed" in [entry.kind for entry in everything(WarningEntry)]


def test_submitting_twice_gives_one_result_and_one_warning(journey) -> None:
    way = journey()
    way.answer([0] * 8 + [1])
    first, second = way.submit(), way.submit()
    assert first.sitting.uid == second.sitting.uid
    assert first.warning.uid == second.warning.uid
    assert len(everything(ScoreSheet)) == len(everything(Warning)) == 1


def test_an_incomplete_sitting_is_refused_and_nothing_changes(journey) -> None:
    way = journey()
    way.answer([1] * 8)
    with pytest.raises(SittingIncomplete) as refusal:
        way.submit()
    assert refusal.value.params["items"] == (9,)
    assert [one.state for one in everything(Sitting)] == ["draft"]
    assert everything(ScoreSheet) == []


def test_handing_in_with_a_gap_on_purpose_leaves_the_total_empty_never_zero(journey) -> None:
    way = journey()
    way.answer([1] * 8)
    way.submit(allow_missing=True)
    assert everything(ScoreSheet)[0].scores["total"] is None


def test_a_fault_in_the_rules_keeps_the_answers_and_the_promise(journey, monkeypatch) -> None:
    def broken(facts):
        raise RuntimeError("a rule broke")

    way = journey()
    monkeypatch.setattr("anxin.flows.evaluate_sitting.risk.evaluate", broken)
    way.answer([0] * 8 + [1])
    result = way.submit()
    assert result.is_critical
    assert result.warning is None
    assert [one.state for one in everything(Sitting)] == ["submitted"]
    assert everything(Warning) == []
    monkeypatch.undo()
    for message in outbox.claim(by="test"):
        keep_promise(message)
    (warning,) = everything(Warning)
    assert warning.level == Level.L3


def test_a_message_that_fails_is_kept_and_tried_again(journey, monkeypatch, at) -> None:
    way = journey()
    way.answer([1] * 9)
    way.submit()

    def broken(facts):
        raise RuntimeError("a rule broke")

    monkeypatch.setattr("anxin.flows.evaluate_sitting.risk.evaluate", broken)
    messages = outbox.claim(by="test")
    for message in messages:
        keep_promise(message)
    assert outbox.claim(by="test") == []
    at.shift(10)
    monkeypatch.undo()
    again = outbox.claim(by="test")
    assert {m.uid for m in again} == {m.uid for m in messages}
    for message in again:
        keep_promise(message)
    at.shift(600)
    assert outbox.claim(by="test") == []


def test_the_sweep_finds_a_sitting_nobody_evaluated(journey, at) -> None:
    way = journey()
    way.answer([2] * 8 + [0])
    way.submit()
    assert sweep_unevaluated.sweep_unevaluated() == 0, "not before a minute has passed"
    at.shift(61)
    assert sweep_unevaluated.sweep_unevaluated() == 1
    assert [w.level for w in everything(Warning)] == [Level.L2]
    assert sweep_unevaluated.sweep_unevaluated() == 0


def test_evaluating_twice_changes_nothing(journey) -> None:
    way = journey()
    way.answer([2] * 8 + [0])
    way.submit()
    first = evaluate_sitting.evaluate_sitting(sitting_uid=way.uid)
    second = evaluate_sitting.evaluate_sitting(sitting_uid=way.uid)
    assert first.uid == second.uid
    assert len(everything(Warning)) == len(everything(Evaluation)) == 1


def test_a_calm_sitting_raises_nothing(journey) -> None:
    way = journey()
    way.answer([0] * 9)
    result = way.submit()
    assert not result.is_critical
    assert evaluate_sitting.evaluate_sitting(sitting_uid=way.uid) is None
    assert everything(Warning) == []


def test_the_call_holds_neither_score_nor_name_nor_illness(warning, city) -> None:
    for notice in everything(Notice):
        text = repr(notice.params)
        assert notice.staff == city.staff["zhao-ning"]
        for secret in ("李晴", "PHQ", "phq", "心理", "total", "L3"):
            assert secret not in text


@requirement("R-073")
def test_saying_not_safe_makes_the_open_warning_l4_and_tightens_its_clock(journey) -> None:
    way = journey()
    way.answer([0] * 8 + [1])
    warning = way.submit().warning
    risen = answer_check_in.answer(actor=way.actor, sitting_uid=way.uid, is_safe_now="no", wants_call=True)
    assert risen.uid == warning.uid
    assert risen.level == Level.L4
    assert Deadline.objects.get(id=risen.deadline_id).due_at == clock.now() + timedelta(minutes=5)
    assert Deadline.objects.filter(subject_uid=warning.uid, is_open=True).count() == 1
    connection.check_constraints()


def test_saying_safe_never_lowers_anything(journey) -> None:
    way = journey()
    way.answer([0] * 8 + [1])
    warning = way.submit().warning
    before = Deadline.objects.get(id=warning.deadline_id).due_at
    after = answer_check_in.answer(actor=way.actor, sitting_uid=way.uid, is_safe_now="yes", wants_call=False)
    assert after.level == Level.L3
    assert Deadline.objects.get(id=after.deadline_id).due_at == before


@pytest.mark.parametrize(("said", "level"), [("yes", Level.L2), ("unsure", Level.L3), ("no", Level.L4)])
def test_an_anonymous_request_for_contact_becomes_a_warning(city, said: str, level: Level) -> None:
    warning = request_contact.request_contact(
        actor=Actor.anonymous(),
        area_uid=city.units["Q"].uid,
        phone="１３８ 0000-0003",
        call_name="小林",
        is_safe_now=said,
    )
    assert warning.level == level
    assert warning.resident_id is None
    assert Deadline.objects.get(id=warning.deadline_id).owner.staff == city.staff["sun-lan"]
    with connection.cursor() as cursor, unit_of_work(SYSTEM):
        cursor.execute("SELECT phone, call_name FROM risk_contactrequest")
        stored = cursor.fetchone()
    assert "13800000003" not in stored[0]
    assert "小林" not in stored[1]


def test_a_phone_that_cannot_be_called_is_refused_and_nothing_is_kept(city) -> None:
    with pytest.raises(PhoneInvalid) as refusal:
        request_contact.request_contact(
            actor=Actor.anonymous(), area_uid=city.units["Q"].uid, phone="1380000"
        )
    assert refusal.value.field == "phone"
    assert everything(Warning) == []


@requirement("R-020")
def test_at_three_in_the_morning_the_county_answers_for_a_closed_station(city, journey, at) -> None:
    at.move_to(datetime(2026, 11, 25, 3, 0, tzinfo=clock.LOCAL))
    way = journey()
    way.answer([0] * 8 + [1])
    warning = way.submit().warning
    deadline = Deadline.objects.get(id=warning.deadline_id)
    assert deadline.owner.staff == city.staff["sun-lan"]
    assert warning.reach_path == city.units["Q"].path
    assert [rung["rung"] for rung in deadline.ladder["rungs"]] == ["county", "city"]
