"""Promised once, sent once, read by the receiver."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
import time_machine
from django.db import connection

from anxin.domains.notices import api
from anxin.domains.notices.contracts import Delivery, Letter, Outcome, ParamsWrong, TemplateUnknown
from anxin.domains.notices.models import Notice
from anxin.domains.notices.policies import can_read_notice, readable_notices
from anxin.domains.notices.services.sending import ATTEMPTS, LEASE, LONGEST_PAUSE, PAUSE
from anxin.flows import send_notices
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

SYSTEM = Actor.system("test")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)


class Recorder:
    """A gateway that remembers, and refuses while ``is_down``."""

    name = "recorder"
    gives_receipts = True
    sent: ClassVar[list[tuple[str, str]]] = []
    is_down: ClassVar[bool] = False

    def send(self, letter: Letter) -> Delivery:
        if Recorder.is_down:
            raise ConnectionError("no carrier")
        Recorder.sent.append((letter.to, letter.text))
        return Delivery(gateway=self.name, is_accepted=True)


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def carrier(settings: Any) -> type[Recorder]:
    settings.ANXIN_SMS_GATEWAY = f"{__name__}.Recorder"
    Recorder.sent, Recorder.is_down = [], False
    return Recorder


@pytest.fixture
def city(db: None, at: Any) -> small_city.SmallCity:
    return _with_phones(small_city.build())


def _with_phones(city: small_city.SmallCity) -> small_city.SmallCity:
    for number, person in enumerate(city.staff.values()):
        person.duty_phone = f"1390000000{number}"
        person.save()
    return city


def _promise(city: small_city.SmallCity, key: str = "k", **changes: Any) -> Notice:
    options = {
        "template": "warning_waits",
        "channel": "sms",
        "params": {"number": "W1"},
        "staff_id": city.staff["zhao-ning"].id,
        "scope_path": city.units["LIUAN"].path,
        **changes,
    }
    with unit_of_work(SYSTEM):
        return api.queue(actor=SYSTEM, key=key, **options)


def _stored(key: str = "k") -> Notice:
    with unit_of_work(SYSTEM):
        return Notice.objects.get(key=key)


def test_the_same_key_is_the_same_promise(city: small_city.SmallCity, carrier: type[Recorder]) -> None:
    first = _promise(city)
    again = _promise(city, params={"number": "W2"})
    assert (first.id, again.params) == (again.id, {"number": "W1"})
    assert len(api.send_due(actor=SYSTEM)) == 1
    assert api.send_due(actor=SYSTEM) == []
    assert carrier.sent == [("13900000000", "有一件事等您接手：W1。请打开工作台查看。")]


def test_what_was_not_reviewed_is_not_promised(city: small_city.SmallCity) -> None:
    with pytest.raises(TemplateUnknown):
        _promise(city, template="free_text")
    with pytest.raises(ParamsWrong):
        _promise(city, params={"number": "W1", "score": "21"})
    with unit_of_work(SYSTEM):
        assert not Notice.objects.exists()


def test_the_null_gateway_signs_its_rows(city: small_city.SmallCity) -> None:
    _promise(city)
    api.send_due(actor=SYSTEM)
    row = _stored()
    assert (row.outcome, row.gateway, row.sent_at) == (Outcome.SENT, "null", NOW)


def test_a_resident_is_reached_at_the_phone_of_the_archive(
    city: small_city.SmallCity, carrier: type[Recorder]
) -> None:
    resident = city.residents["li-qing"]
    _promise(city, template="call_promised", params={"time": "16:02"}, staff_id=None, resident_id=resident.id)
    api.send_due(actor=SYSTEM)
    assert carrier.sent[0][0] == "13800000001"
    assert "16:02" in carrier.sent[0][1]


def test_nobody_to_send_to_is_told_and_not_tried_again(
    city: small_city.SmallCity, carrier: type[Recorder]
) -> None:
    person = city.staff["zhao-ning"]
    person.duty_phone = ""
    person.save()
    _promise(city)
    assert api.send_due(actor=SYSTEM) == []
    assert _stored().outcome == Outcome.NO_ADDRESS
    assert api.send_due(actor=SYSTEM) == []


def test_a_carrier_that_is_down_is_tried_again_later_and_given_up_in_the_end(
    city: small_city.SmallCity, carrier: type[Recorder], at: Any, caplog: Any
) -> None:
    _promise(city)
    carrier.is_down = True
    assert api.send_due(actor=SYSTEM) == []
    assert _stored().outcome == Outcome.QUEUED
    assert api.send_due(actor=SYSTEM) == []
    assert _stored().attempts == 1
    at.shift(PAUSE)
    carrier.is_down = False
    assert len(api.send_due(actor=SYSTEM)) == 1
    assert _stored().attempts == 2

    _promise(city, "other")
    carrier.is_down = True
    for _ in range(ATTEMPTS + 2):
        api.send_due(actor=SYSTEM)
        at.shift(LONGEST_PAUSE)
    row = _stored("other")
    assert (row.outcome, row.attempts, row.sent_at) == (Outcome.FAILED, ATTEMPTS, None)


def test_what_a_crashed_sender_left_behind_is_sent_after_its_lease(
    city: small_city.SmallCity, carrier: type[Recorder], at: Any
) -> None:
    _promise(city)
    with unit_of_work(SYSTEM):
        Notice.objects.update(outcome=Outcome.SENDING, next_try_at=NOW + LEASE, attempts=1)
    assert api.send_due(actor=SYSTEM) == []
    at.shift(LEASE)
    assert len(api.send_due(actor=SYSTEM)) == 1


def test_rivals_send_each_message_once(fresh_db: str, carrier: type[Recorder]) -> None:
    city = _with_phones(small_city.build())
    for number in range(24):
        _promise(city, f"k{number}", params={"number": f"W{number}"})
    start = threading.Barrier(2)

    def rival() -> None:
        start.wait()
        api.send_due(actor=SYSTEM)
        connection.close()

    rivals = [threading.Thread(target=rival) for _ in range(2)]
    for thread in rivals:
        thread.start()
    for thread in rivals:
        thread.join()
    assert len(carrier.sent) == 24
    assert len({text for _, text in carrier.sent}) == 24


def test_a_message_inside_the_house_is_not_sent_by_a_carrier(
    city: small_city.SmallCity, carrier: type[Recorder]
) -> None:
    _promise(city, channel="in_app")
    assert api.send_due(actor=SYSTEM) == []
    assert carrier.sent == []


def test_the_receiver_reads_it_and_nobody_else(city: small_city.SmallCity, at: Any) -> None:
    notice = _promise(city, channel="in_app")
    at.shift(timedelta(minutes=1))
    for code in ("sun-lan", "chen-mo", "zhou-xing", "li-qing"):
        actor = city.actor(code)
        with unit_of_work(actor):
            assert api.unread_for(actor=actor) == []
            with pytest.raises(NotFound):
                api.mark_read(actor=actor, uid=notice.uid)
    assert _stored().read_at is None
    receiver = city.actor("zhao-ning")
    with unit_of_work(receiver):
        unread = api.unread_for(actor=receiver)
        assert [(line.text, line.queued_at) for line in unread] == [
            ("有一件事等您接手：W1。请打开工作台查看。", NOW)
        ]
        api.mark_read(actor=receiver, uid=notice.uid)
        at.shift(timedelta(minutes=1))
        api.mark_read(actor=receiver, uid=notice.uid)
        assert api.unread_for(actor=receiver) == []
    assert _stored().read_at == NOW + timedelta(minutes=1)


def test_the_predicate_for_one_and_the_filter_for_many_agree(city: small_city.SmallCity) -> None:
    _promise(city, "a")
    _promise(city, "b", staff_id=city.staff["sun-lan"].id)
    _promise(city, "c", staff_id=None, resident_id=city.residents["li-qing"].id)
    actors = [SYSTEM, Actor.anonymous(), *(city.actor(code) for code in city.accounts)]
    with unit_of_work(SYSTEM):
        rows = list(Notice.objects.all())
        for actor in actors:
            many = set(readable_notices(actor, Notice.objects.all()).values_list("id", flat=True))
            assert many == {row.id for row in rows if can_read_notice(actor, row)}, actor.label


def test_a_code_is_sent_at_once_and_lies_in_no_table(
    city: small_city.SmallCity, carrier: type[Recorder], caplog: Any
) -> None:
    options: dict[str, Any] = {
        "actor": SYSTEM,
        "phone": "13800012345",
        "template": "sign_in_code",
        "params": {"code": "123456"},
    }
    assert api.text_now(**options).is_accepted
    assert "123456" in carrier.sent[0][1]
    carrier.is_down = True
    assert not api.text_now(**options).is_accepted
    with unit_of_work(SYSTEM):
        assert not Notice.objects.exists()
    assert "123456" not in caplog.text
    assert "13800012345" not in caplog.text


def _ask_guardian(city: small_city.SmallCity, key: str = "g") -> Notice:
    return _promise(
        city,
        key,
        template="guardian_asked",
        params={"unit": "柳岸小学", "day": "12-01"},
        staff_id=None,
        phone="13800000009",
        secret="https://example.org/consent/abc/",
    )


def test_what_may_wait_stands_in_another_line_and_is_promised_to_a_job(
    city: small_city.SmallCity, carrier: type[Recorder]
) -> None:
    for number in range(3):
        _ask_guardian(city, f"g{number}")
    _promise(city, "alarm")
    assert [one.key for one in api.send_due(actor=SYSTEM)] == ["alarm"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, status::text FROM procrastinate_jobs WHERE task_name = 'notices.send_ordinary'"
        )
        assert cursor.fetchall() == [("notices", "todo")]
    send_notices.send_ordinary({})
    assert len(carrier.sent) == 4
    send_notices.send_ordinary({})
    assert len(carrier.sent) == 4


def test_phone_and_secret_are_sealed_until_they_were_sent_and_gone_afterwards(
    city: small_city.SmallCity, carrier: type[Recorder]
) -> None:
    _ask_guardian(city)
    with unit_of_work(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(n)::text FROM notices_notice n")
        row = cursor.fetchone()[0]
    assert "13800000009" not in row
    assert "consent/abc" not in row
    send_notices.send_ordinary({})
    [(phone, text)] = carrier.sent
    assert phone == "13800000009"
    assert "https://example.org/consent/abc/" in text
    assert "心理" not in text
    kept = _stored("g")
    assert (kept.outcome, kept.phone, kept.secret) == (Outcome.SENT, "", "")


def test_what_a_gateway_did_not_take_is_tried_by_a_later_job(
    city: small_city.SmallCity, carrier: type[Recorder], at: Any
) -> None:
    _ask_guardian(city)
    Recorder.is_down = True
    send_notices.send_ordinary({})
    assert _stored("g").phone == "13800000009"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NOT NULL")
        assert cursor.fetchone() == (1,)
    Recorder.is_down = False
    at.shift(PAUSE + timedelta(seconds=1))
    send_notices.send_ordinary({})
    assert len(carrier.sent) == 1


def test_a_secret_that_is_missing_or_not_asked_for_is_refused(city: small_city.SmallCity) -> None:
    with pytest.raises(ParamsWrong):
        _promise(city, "x", template="guardian_asked", params={"unit": "u", "day": "d", "link": "open"})
    with pytest.raises(ParamsWrong):
        _promise(city, "y", template="guardian_asked", params={"unit": "u", "day": "d"})
    with pytest.raises(ParamsWrong):
        _promise(city, "z", secret="not asked for")
    with unit_of_work(SYSTEM):
        assert not Notice.objects.exists()
