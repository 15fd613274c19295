"""Providers that fail in every way they can: nothing is doubled, nothing is lost, and what is given up is listed."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Channel, Delivery, Letter, Outcome, Reach
from anxin.domains.notices.models import Message, Notice, Receipt
from anxin.domains.notices.services.sending import ATTEMPTS, LONGEST_PAUSE
from anxin.flows.send_notices import send_notices
from anxin.gateways import signed_http
from anxin.gateways.email import smtp
from anxin.gateways.tests.provider import (
    BUSY,
    FAULTS,
    LOST_REPLY,
    OK,
    REFUSED,
    SECRET,
    SILENT,
    Provider,
    running,
)
from anxin.gateways.wechat.signed import SHORT, SignedWechat
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.ids import new_uid
from anxin.kernel.signed_calls import SIGNATURE_HEADER, TIMESTAMP_HEADER, signed_headers
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

SYSTEM = Actor.system("test")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
RECEIPTS = "/receipts/sms/"


@pytest.fixture(scope="module")
def city(module_db: str) -> small_city.SmallCity:
    city = small_city.build()
    for number, person in enumerate(city.staff.values()):
        person.duty_phone = f"1390000000{number}"
        person.save()
    return city


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as made:
        yield made


@pytest.fixture(scope="module")
def reachable(provider: Provider, city: small_city.SmallCity) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    from django.conf import settings as ours

    patch.setattr(signed_http, "TIMEOUT_SECONDS", 0.2)
    patch.setattr(ours, "ANXIN_SMS_GATEWAY", "anxin.gateways.sms.signed.SignedSms")
    patch.setattr(ours, "ANXIN_SMS_URL", provider.url)
    patch.setattr(ours, "ANXIN_SMS_SECRET", SECRET)
    patch.setattr(ours, "ANXIN_VOICE_GATEWAY", "off")
    yield
    patch.undo()


@pytest.fixture
def at(reachable: None) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def _forget() -> None:
    with unit_of_work(SYSTEM):
        Notice.objects.all().delete()
        Message.objects.all().delete()


def _promise(city: small_city.SmallCity, number: int) -> Notice:
    with unit_of_work(SYSTEM):
        return notices.queue(
            actor=SYSTEM,
            key=f"k{number}",
            template="warning_waits",
            channel=Channel.SMS,
            params={"number": f"W-{number}"},
            staff_id=city.staff["zhao-ning"].id,
            scope_path=city.units["LIUAN"].path,
        )


def _report(*events: dict[str, str], secret: str = SECRET, **changes: str) -> Any:
    body = json.dumps({"events": list(events)}).encode()
    headers = signed_headers(secret, RECEIPTS, body) | changes
    return Client(enforce_csrf_checks=True).post(
        RECEIPTS, body, content_type="application/json", headers=headers
    )


def _event(key: str, state: str, event_id: str = "") -> dict[str, str]:
    return {"id": event_id or f"{state}-{key}", "key": key, "state": state, "at": clock.now().isoformat()}


def _kept() -> list[Notice]:
    with unit_of_work(SYSTEM):
        return list(Notice.objects.order_by("id"))


@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_no_letter_is_doubled_or_lost_whatever_the_provider_does(
    city: small_city.SmallCity, provider: Provider, reachable: None, data: st.DataObject
) -> None:
    script = data.draw(st.lists(st.sampled_from(FAULTS), max_size=9))
    with time_machine.travel(NOON, tick=False) as at:
        _forget()
        provider.forget(script)
        for number in range(3):
            _promise(city, number)
        for _ in range(ATTEMPTS + 1):
            notices.send_due(actor=SYSTEM)
            at.shift(LONGEST_PAUSE)
        states = data.draw(st.permutations(["delivered", "delivered", "failed", "read"]))
        for state in states:
            at.shift(timedelta(seconds=1))
            assert _report(*(_event(key, state) for key in provider.sent)).status_code == 200
        kept = {one.uid: Outcome(one.outcome) for one in _kept()}
        with unit_of_work(SYSTEM):
            listed = set(Message.objects.filter(state=Reach.UNREACHED).values_list("key", flat=True))
            lost = {one.key for one in Notice.objects.filter(outcome=Outcome.FAILED)}
    assert provider.unsigned == 0
    assert len(provider.sent) == len(set(provider.sent))
    assert set(kept) >= set(provider.sent)
    for uid, outcome in kept.items():
        assert outcome is (Outcome.READ if uid in provider.sent else Outcome.FAILED)
    assert listed == lost


def test_a_letter_whose_answer_was_lost_is_the_same_letter_at_the_next_try(
    city: small_city.SmallCity, provider: Provider, at: Any
) -> None:
    _forget()
    provider.forget([LOST_REPLY, SILENT, OK])
    notice = _promise(city, 1)
    for _ in range(3):
        notices.send_due(actor=SYSTEM)
        at.shift(LONGEST_PAUSE)
    (kept,) = _kept()
    assert (kept.outcome, kept.attempts, provider.sent) == (Outcome.SENT, 3, [notice.uid])
    assert provider.taken[notice.uid]["text"] == "有一件事等您接手：W-1。请打开工作台查看。"
    assert kept.provider_number.startswith("p-")


def test_a_provider_that_asks_for_a_pause_gets_it(
    city: small_city.SmallCity, provider: Provider, at: Any
) -> None:
    _forget()
    provider.forget([BUSY])
    _promise(city, 1)
    notices.send_due(actor=SYSTEM)
    at.shift(timedelta(seconds=119))
    assert notices.send_due(actor=SYSTEM) == []
    assert provider.calls == 1
    at.shift(timedelta(seconds=1))
    assert len(notices.send_due(actor=SYSTEM)) == 1


def test_what_is_refused_for_good_is_not_tried_again_and_somebody_else_is_called(
    city: small_city.SmallCity, provider: Provider, at: Any
) -> None:
    _forget()
    provider.forget([REFUSED])
    _promise(city, 1)
    send_notices()
    with unit_of_work(SYSTEM):
        dead = Message.objects.get(key="k1")
        called = Message.objects.exclude(key="k1").get()
    assert (dead.state, dead.raised_at) == (Reach.UNREACHED, NOON)
    assert called.template == "person_unreached"
    assert called.staff_id != city.staff["zhao-ning"].id


def test_a_report_that_is_not_signed_is_old_or_repeated_changes_nothing(
    city: small_city.SmallCity, provider: Provider, at: Any
) -> None:
    _forget()
    provider.forget([])
    notice = _promise(city, 1)
    notices.send_due(actor=SYSTEM)
    event = _event(notice.uid, "failed")
    assert _report(event, secret="somebody else's").status_code == 401
    assert _report(event, **{SIGNATURE_HEADER: "0" * 64}).status_code == 401
    assert _report(event, **{TIMESTAMP_HEADER: "1"}).status_code == 401
    assert Client().post("/receipts/fax/", b"{}", content_type="application/json").status_code == 401
    assert Client().get(RECEIPTS).status_code == 405
    body = json.dumps({"events": [_event(notice.uid, "delivered")]}).encode()
    headers = signed_headers(SECRET, RECEIPTS, body)
    at.shift(timedelta(minutes=6))
    old = Client().post(RECEIPTS, body, content_type="application/json", headers=headers)
    assert old.status_code == 401
    assert _kept()[0].outcome == Outcome.SENT
    headers = signed_headers(SECRET, RECEIPTS, body)
    answers = [
        Client().post(RECEIPTS, body, content_type="application/json", headers=headers).status_code
        for _ in range(2)
    ]
    assert answers == [200, 409]
    assert _report(_event(notice.uid, "delivered")).json() == {"taken": 0}
    with unit_of_work(SYSTEM):
        assert Receipt.objects.filter(notice_id=notice.id).count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"events": 1}',
        b'{"events": [{"id": "x"}]}',
        b"\xff",
        b'{"events": [' + b"[" * 5000,
    ],
)
def test_a_signed_report_that_says_nothing_is_refused(at: Any, body: bytes) -> None:
    headers = signed_headers(SECRET, RECEIPTS, body)
    assert Client().post(RECEIPTS, body, content_type="application/json", headers=headers).status_code == 400


def test_a_channel_without_a_secret_believes_nobody(at: Any) -> None:
    body = json.dumps({"events": []}).encode()
    headers = signed_headers("", "/receipts/voice/", body)
    answer = Client().post("/receipts/voice/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 401


def test_a_report_about_a_letter_nobody_sent_is_taken_and_kept_nowhere(at: Any) -> None:
    assert _report(_event(new_uid(), "delivered")).json() == {"taken": 0}


def test_wechat_says_no_more_than_its_fields_hold(provider: Provider, at: Any, settings: Any) -> None:
    provider.forget([])
    settings.ANXIN_WECHAT_URL, settings.ANXIN_WECHAT_SECRET = provider.url, SECRET
    settings.ANXIN_WECHAT_TEMPLATE = "t-1"
    letter = Letter(Channel.WECHAT, "open-1", "有一件事等您接手：W-1。请打开工作台查看。", new_uid(), "安心")
    assert SignedWechat().send(letter).is_accepted
    sent = provider.taken[letter.key]
    assert (sent["touser"], sent["template_id"]) == ("open-1", "t-1")
    assert sent["data"]["thing2"]["value"] == SHORT


class Mailbox:
    """Stands for an SMTP server: keeps what it is handed."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.letters: list[EmailMessage] = []

    def __enter__(self) -> "Mailbox":
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""

    def login(self, user: str, password: str) -> None:
        """Known here."""

    def send_message(self, message: EmailMessage) -> None:
        """Keep it, or refuse an address that does not exist."""
        if message["To"].startswith("gone"):
            raise smtp.smtplib.SMTPRecipientsRefused({message["To"]: (550, b"no such user")})
        self.letters.append(message)


def test_a_mail_has_a_subject_that_says_nothing_and_a_name_made_of_its_key(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    box = Mailbox()
    monkeypatch.setattr(smtp.smtplib, "SMTP_SSL", lambda *_, **__: box)
    settings.ANXIN_SMTP_HOST, settings.ANXIN_SMTP_FROM = "mail.example.org", "Anxin <no-reply@example.org>"
    letter = Letter(Channel.EMAIL, "li@example.org", "请登录查看。", new_uid(), "安心")
    assert smtp.SmtpEmail().send(letter) == Delivery("smtp", is_accepted=True)
    read = message_from_bytes(bytes(box.letters[0]))
    assert read["Message-ID"] == f"<{letter.key}@example.org>"
    assert "安心" in str(box.letters[0]["Subject"])
    gone = Letter(Channel.EMAIL, "gone@example.org", "请登录查看。", new_uid(), "安心")
    assert smtp.SmtpEmail().send(gone).is_final
