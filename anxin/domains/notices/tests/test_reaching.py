"""One person, several ways: each is given its time, a person comes last, and nobody is left in silence."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

import pytest
import time_machine
from django.conf import settings as ours
from django.db import connection

from anxin.domains.notices import api
from anxin.domains.notices.contracts import (
    AddressMissing,
    AlreadySettled,
    Channel,
    Delivery,
    HoursHalf,
    LadderUnknown,
    Letter,
    NoteMissing,
    NotTheirPhone,
    NoWayLeft,
    Outcome,
    ParamsWrong,
    Quota,
    Reach,
    ReceiptEvent,
    ReceiptState,
    SafeWayClosed,
    Settlement,
    WishDraft,
)
from anxin.domains.notices.models import ContactWish, Message, Notice, QuotaUse
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=clock.LOCAL)
FIVE = timedelta(minutes=5)
PHONE_WAYS = frozenset({Channel.SMS, Channel.VOICE})


class Carrier:
    """Takes every letter of every channel and keeps it."""

    name = "carrier"
    gives_receipts = True
    letters: ClassVar[list[Letter]] = []

    def send(self, letter: Letter) -> Delivery:
        Carrier.letters.append(letter)
        return Delivery(gateway=self.name, is_accepted=True)


@pytest.fixture(scope="module")
def city(module_db: str) -> Iterator[small_city.SmallCity]:
    patch = pytest.MonkeyPatch()
    for channel in ("SMS", "WECHAT", "VOICE", "EMAIL"):
        patch.setattr(ours, f"ANXIN_{channel}_GATEWAY", f"{__name__}.Carrier")
    with time_machine.travel(NOON, tick=False):
        city = small_city.build()
    for number, person in enumerate(city.staff.values()):
        person.duty_phone = f"1390000000{number}"
        person.save()
    yield city
    patch.undo()


@pytest.fixture
def at(city: small_city.SmallCity) -> Iterator[Any]:
    Carrier.letters = []
    with unit_of_work(SYSTEM):
        for model in (Message, Notice, ContactWish, QuotaUse):
            model.objects.all().delete()
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def _reach(city: small_city.SmallCity, **changes: Any) -> Message:
    options = {
        "key": "k",
        "template": "warning_waits",
        "params": {"number": "W-1"},
        "scope_path": city.units["LIUAN"].path,
        "staff_id": city.staff["zhao-ning"].id,
        **changes,
    }
    with unit_of_work(SYSTEM):
        return api.reach(actor=SYSTEM, **options)


def _reach_resident(city: small_city.SmallCity, **changes: Any) -> Message:
    options = {"template": "told_afterwards", "params": {}, "staff_id": None}
    return _reach(city, **options, resident_id=city.residents["li-qing"].id, **changes)


def _go_on(is_over: bool = False) -> None:
    api.carry_on(actor=SYSTEM, is_over=lambda *_: is_over)
    api.send_due(actor=SYSTEM)


def _stored() -> Message:
    with unit_of_work(SYSTEM):
        return Message.objects.get(key="k")


def _attempts() -> list[str]:
    with unit_of_work(SYSTEM):
        return [f"{one.channel} {one.outcome}" for one in Notice.objects.order_by("id")]


def _report(channel: Channel, state: ReceiptState) -> None:
    with unit_of_work(SYSTEM):
        notice = Notice.objects.get(channel=channel)
        event = ReceiptEvent(new_uid(), notice.uid, state, clock.now())
        api.take_receipts(actor=SYSTEM, gateway=channel.value, signature=new_uid(), events=[event])


def _wish(
    city: small_city.SmallCity, open_ways: frozenset[Channel] = PHONE_WAYS, **changes: Any
) -> ContactWish:
    actor, person = city.actor("li-qing"), city.residents["li-qing"]
    with unit_of_work(actor):
        return api.set_wishes(
            actor=actor, resident_uid=person.uid, draft=WishDraft(open=open_ways, **changes)
        )


@requirement("R-073")
def test_a_colleague_who_does_not_look_is_called_by_the_next_way_until_only_a_person_is_left(
    city: small_city.SmallCity, at: Any
) -> None:
    _reach(city)
    _go_on()
    assert _attempts() == ["in_app queued", "sms sent"]
    at.shift(FIVE - timedelta(seconds=1))
    _go_on()
    assert len(Carrier.letters) == 1
    at.shift(timedelta(seconds=1))
    _go_on()
    assert _attempts()[2:] == ["voice sent"]
    at.shift(FIVE)
    _go_on()
    message = _stored()
    assert (message.state, message.step_at, message.ended_at) == (Reach.UNREACHED, None, clock.now())
    assert [line["channel"] for line in message.course] == ["in_app", "sms", "voice", "duty_phone"]
    assert [one.text for one in Carrier.letters] == ["有一件事等您接手：W-1。请打开工作台查看。"] * 2


def test_reading_it_here_ends_the_calls_also_when_it_is_late(city: small_city.SmallCity, at: Any) -> None:
    reader = city.actor("zhao-ning")
    for wait in (0, 3):
        with unit_of_work(SYSTEM):
            Message.objects.all().delete()
        _reach(city)
        for _ in range(wait):
            _go_on()
            at.shift(FIVE)
        with unit_of_work(reader):
            (line,) = api.unread_for(actor=reader)
            assert api.unread_count(actor=reader) == 1
            api.mark_read(actor=reader, uid=line.uid)
            assert api.unread_count(actor=reader) == 0
        assert (_stored().state, _stored().reached_by) == (Reach.REACHED, "in_app")
        at.shift(FIVE)
        _go_on()
        assert _stored().state == Reach.REACHED


def test_all_at_once_is_read_by_its_receiver_only(city: small_city.SmallCity, at: Any) -> None:
    _reach(city)
    for code in ("sun-lan", "chen-mo", "li-qing"):
        actor = city.actor(code)
        with unit_of_work(actor):
            assert api.mark_all_read(actor=actor) is None
    assert _stored().state == Reach.TRYING
    reader = city.actor("zhao-ning")
    with unit_of_work(reader):
        assert len(api.mark_all_read(actor=reader) or []) == 1
    assert _stored().state == Reach.REACHED


def test_what_was_taken_over_meanwhile_is_called_to_no_more(city: small_city.SmallCity, at: Any) -> None:
    _reach(city, subject=("warning", "w-uid"))
    at.shift(FIVE)
    _go_on(is_over=True)
    assert (_stored().state, _stored().reached_by) == (Reach.REACHED, "act")


def test_a_way_that_fails_does_not_use_up_its_time(city: small_city.SmallCity, at: Any) -> None:
    _reach(city)
    _go_on()
    _report(Channel.SMS, ReceiptState.FAILED)
    _go_on()
    assert _attempts() == ["in_app queued", "sms undelivered", "voice sent"]
    _report(Channel.VOICE, ReceiptState.READ)
    assert (_stored().state, _stored().reached_by) == (Reach.REACHED, "voice")


def test_where_no_other_way_works_the_list_here_still_gets_its_time(
    city: small_city.SmallCity, at: Any
) -> None:
    _reach(city, staff_id=None)
    for _ in range(3):
        _go_on()
    assert _attempts() == ["in_app queued", "sms no_address", "voice no_address"]
    assert (_stored().state, _stored().step_at) == (Reach.TRYING, NOON + FIVE)
    at.shift(FIVE)
    _go_on()
    assert _stored().state == Reach.UNREACHED


def test_a_fault_about_one_message_holds_up_no_other(
    city: small_city.SmallCity, at: Any, caplog: Any
) -> None:
    _reach(city, key="bad", subject=("warning", "bad"))
    _reach(city)
    at.shift(FIVE)

    def is_over(kind: str, uid: str, promised_at: datetime) -> bool:
        raise ZeroDivisionError

    api.carry_on(actor=SYSTEM, is_over=is_over)
    assert _stored().course[-1]["channel"] == "voice"
    with unit_of_work(SYSTEM):
        bad = Message.objects.get(key="bad")
    assert (bad.state, bad.step_at) == (Reach.TRYING, clock.now() + timedelta(minutes=1))


def test_the_same_key_is_the_same_promise_and_only_reviewed_words_and_ladders_are_used(
    city: small_city.SmallCity, at: Any
) -> None:
    assert _reach(city).id == _reach(city, params={"number": "W-2"}).id
    for changes, error in (
        ({"params": {"number": "抑郁"}}, ParamsWrong),
        ({"params": {}}, ParamsWrong),
        ({"ladder": "shout"}, LadderUnknown),
    ):
        with pytest.raises(error):
            _reach(city, key="other", **changes)
    with unit_of_work(SYSTEM):
        assert Message.objects.count() == 1


@requirement("R-073")
def test_who_was_not_reached_waits_for_a_person_who_writes_down_what_they_did(
    city: small_city.SmallCity, at: Any
) -> None:
    message = _reach(city)
    for _ in range(3):
        _go_on()
        at.shift(FIVE)
    options = {"uid": message.uid, "how": Settlement.DUTY_PHONE, "note": "打通了值班电话"}
    for code in ("chen-mo", "li-qing", "zhou-xing"):
        stranger = city.actor(code)
        with unit_of_work(stranger):
            assert api.unreached_count(actor=stranger) == 0
            with pytest.raises(NotFound):
                api.access_message(actor=stranger, uid=message.uid)
            with pytest.raises(NotFound):
                api.settle(actor=stranger, **options)
    lead = city.actor("sun-lan")
    with unit_of_work(lead):
        assert [one.uid for one in api.unreached_queryset(actor=lead)] == [message.uid]
        with pytest.raises(NoteMissing):
            api.settle(actor=lead, **options | {"note": " "})
    assert _stored().state == Reach.UNREACHED
    with unit_of_work(lead):
        api.settle(actor=lead, **options)
        with pytest.raises(AlreadySettled):
            api.settle(actor=lead, **options)
        assert api.unreached_count(actor=lead) == 0
    kept = _stored()
    assert (kept.state, kept.settled_by_id, kept.settled_note) == (
        *(Reach.SETTLED, city.staff["sun-lan"].id),
        "打通了值班电话",
    )
    with unit_of_work(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT settled_note FROM notices_message")
        assert "值班电话" not in cursor.fetchone()[0]


def test_a_closed_way_is_passed_over_even_when_it_cannot_wait(city: small_city.SmallCity, at: Any) -> None:
    _wish(city, frozenset({Channel.VOICE}))
    _reach_resident(city)
    _go_on()
    assert _attempts() == ["in_app queued", "voice sent"]
    assert [one.to for one in Carrier.letters] == ["13800000001"]


def test_a_way_closed_after_the_promise_is_not_used_any_more(city: small_city.SmallCity, at: Any) -> None:
    _reach_resident(city)
    _wish(city, frozenset({Channel.VOICE}))
    api.send_due(actor=SYSTEM)
    assert Carrier.letters == []
    assert _attempts() == ["in_app queued", "sms withheld"]
    _go_on()
    assert [one.channel for one in Carrier.letters] == [Channel.VOICE]


def test_in_danger_the_night_does_not_count_and_otherwise_it_does(
    city: small_city.SmallCity, at: Any
) -> None:
    at.move_to(NIGHT)
    _reach_resident(city)
    api.send_due(actor=SYSTEM)
    assert len(Carrier.letters) == 1
    with unit_of_work(SYSTEM):
        api.queue(
            actor=SYSTEM,
            key="later",
            template="guardian_told",
            channel=Channel.SMS,
            params={"unit": "柳岸小学", "day": "12-01"},
            scope_path=city.units["LIUAN"].path,
            phone="13800000009",
        )
    api.send_due(actor=SYSTEM, lane="ordinary")
    assert len(Carrier.letters) == 1
    with unit_of_work(SYSTEM):
        due = api.next_try_at(actor=SYSTEM, lane="ordinary")
    assert due == NIGHT + timedelta(hours=9)
    at.move_to(due)
    api.send_due(actor=SYSTEM, lane="ordinary")
    assert len(Carrier.letters) == 2


def test_a_subscription_in_wechat_buys_one_message(city: small_city.SmallCity, at: Any) -> None:
    person = city.residents["li-qing"]
    with unit_of_work(SYSTEM):
        api.bind_wechat(actor=SYSTEM, resident_uid=person.uid, openid="open-1", subscriptions=1)
    for number in range(2):
        _reach_resident(city, key=f"k{number}")
        api.send_due(actor=SYSTEM)
    assert [(one.channel, one.to) for one in Carrier.letters] == [(Channel.WECHAT, "open-1")]
    assert _attempts() == ["in_app queued", "wechat sent", "in_app queued", "wechat withheld"]
    _go_on()
    assert Carrier.letters[1].channel is Channel.SMS


def test_the_phone_of_the_family_is_used_only_while_the_person_agrees(
    city: small_city.SmallCity, at: Any
) -> None:
    person = city.residents["li-qing"]
    options = {
        "template": "told_afterwards",
        "channel": Channel.SMS,
        "params": {},
        "scope_path": city.units["LIUAN"].path,
        "resident_id": person.id,
        "phone": "13800000077",
    }
    with unit_of_work(SYSTEM), pytest.raises(NotTheirPhone):
        api.queue(actor=SYSTEM, key="family", **options)
    with unit_of_work(SYSTEM):
        assert not Notice.objects.exists()
    actor, purpose = city.actor("li-qing"), Purpose.EMERGENCY_CONTACT
    version = residents.consent_text(purpose=purpose).version
    with unit_of_work(actor):
        residents.give_consent(actor=actor, resident_id=person.id, purpose=purpose, text_version=version)
    with unit_of_work(SYSTEM):
        api.queue(actor=SYSTEM, key="family", **options)
    api.send_due(actor=SYSTEM)
    assert [one.to for one in Carrier.letters] == ["13800000077"]
    with unit_of_work(actor):
        residents.withdraw_consent(actor=actor, resident_id=person.id, purpose=purpose)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (WishDraft(open=frozenset()), NoWayLeft),
        (WishDraft(open=frozenset({Channel.EMAIL}), email="li@example.org"), NoWayLeft),
        (WishDraft(open=PHONE_WAYS, safe_channel=Channel.EMAIL), SafeWayClosed),
        (WishDraft(open=PHONE_WAYS | {Channel.EMAIL}), AddressMissing),
        (WishDraft(open=PHONE_WAYS | {Channel.WECHAT}), AddressMissing),
        (WishDraft(open=PHONE_WAYS, safe_from=time(18)), HoursHalf),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_changes(
    city: small_city.SmallCity, at: Any, draft: WishDraft, error: type[Exception]
) -> None:
    actor, person = city.actor("li-qing"), city.residents["li-qing"]
    with unit_of_work(actor), pytest.raises(error):
        api.set_wishes(actor=actor, resident_uid=person.uid, draft=draft)
    with unit_of_work(SYSTEM):
        assert not ContactWish.objects.exists()


def test_a_colleague_of_the_station_writes_it_down_and_nobody_elsewhere(
    city: small_city.SmallCity, at: Any
) -> None:
    person, draft = city.residents["li-qing"], WishDraft(open=PHONE_WAYS)
    for code in ("chen-mo", "zhou-xing", "he-jia"):
        stranger = city.actor(code)
        with unit_of_work(stranger):
            with pytest.raises(NotFound):
                api.set_wishes(actor=stranger, resident_uid=person.uid, draft=draft)
            with pytest.raises(NotFound):
                api.wishes_of_person(actor=stranger, resident_uid=person.uid)
    with unit_of_work(SYSTEM):
        assert not ContactWish.objects.exists()
    colleague = city.actor("zhao-ning")
    with unit_of_work(colleague):
        api.set_wishes(actor=colleague, resident_uid=person.uid, draft=draft)
        assert api.wishes_of_person(actor=colleague, resident_uid=person.uid).refused == ["email", "wechat"]


def test_what_units_spend_is_counted_and_only_safety_touches_its_part(
    city: small_city.SmallCity, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anxin.domains.notices import library

    monkeypatch.setitem(library.orders().quotas, Channel.SMS, Quota(limit=2, reserve=1))
    path = city.units["LIUAN"].path
    with unit_of_work(SYSTEM):
        for number in range(3):
            api.queue(
                actor=SYSTEM,
                key=f"o{number}",
                template="guardian_told",
                channel=Channel.SMS,
                params={"unit": "柳岸小学", "day": "12-01"},
                scope_path=path,
                phone="13800000009",
            )
    api.send_due(actor=SYSTEM, lane="ordinary")
    for number in range(2):
        _reach(city, key=f"k{number}")
    api.send_due(actor=SYSTEM)
    assert _attempts()[:3] == ["sms sent", "sms over_quota", "sms over_quota"]
    assert len(Carrier.letters) == 3
    with unit_of_work(SYSTEM):
        (line,) = api.uses_in(actor=SYSTEM, month=api.quota_month())
        assert (line.used, line.used_for_safety) == (3, 2)
        assert Message.objects.filter(state=Reach.UNREACHED, lane="ordinary").count() == 2
    with unit_of_work(city.actor("zhao-ning")):
        assert api.uses_in(actor=city.actor("zhao-ning"), month=api.quota_month()) == []


def test_what_a_person_asked_to_forget_goes_with_its_receipts_and_a_closed_way_stays_closed(
    city: small_city.SmallCity, at: Any
) -> None:
    person = city.residents["li-qing"]
    _wish(city, frozenset({Channel.SMS, Channel.EMAIL}), email="li@example.org")
    _reach_resident(city)
    api.send_due(actor=SYSTEM)
    _report(Channel.SMS, ReceiptState.DELIVERED)
    assert _stored().state == Reach.REACHED
    with unit_of_work(SYSTEM):
        forgotten = api.forget_messages(actor=SYSTEM, resident_id=person.id, person_uid=person.uid)
        assert forgotten is not None
        assert forgotten.count == 2
        assert not Notice.objects.exists()
        wish = ContactWish.objects.get()
    assert (wish.email, wish.refused) == ("", ["voice", "wechat"])


def test_calls_that_reached_nobody_end_when_somebody_took_over(city: small_city.SmallCity, at: Any) -> None:
    _reach(city, subject=("warning", "w-uid"))
    for _ in range(3):
        _go_on()
        at.shift(FIVE)
    with unit_of_work(SYSTEM):
        assert api.end_taken_over(actor=SYSTEM, is_over=lambda *_: False) is None
        assert api.end_taken_over(actor=SYSTEM, is_over=lambda *_: True) == 1
    assert (_stored().state, Outcome.SENT.value in _attempts()[1]) == (Reach.REACHED, True)
