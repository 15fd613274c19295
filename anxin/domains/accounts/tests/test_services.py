"""Accounts, phone codes, second factor."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.core.management import CommandError, call_command

from anxin.domains.accounts import api
from anxin.domains.accounts.backends import LoginBackend
from anxin.domains.accounts.contracts import (
    AccountKind,
    CodeCheck,
    CodeRequestedTooSoon,
    IssuedCode,
    LoginTaken,
    PasswordTooWeak,
    TooManyCodes,
)
from anxin.domains.accounts.models import Account, PhoneCode
from anxin.domains.audit.models import AuditEvent
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotPermitted
from anxin.kernel.identifiers_cn import MobileInvalid
from tests.house_eyes import reasons_of

SYSTEM, VISITOR = Actor.system("test"), Actor.anonymous()
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
PHONE, PASSWORD = "13800012345", "tall-pine-on-the-hill"
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account() -> Account:
    return api.create_account(actor=SYSTEM, kind=AccountKind.STAFF, login="zhaoning", password=PASSWORD)


def _staff(*permissions: str) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        uid="u",
        label="管理员",
        grants=(NodeGrant("/1/", "platform_admin", frozenset(permissions)),),
    )


def _ask(phone: str = PHONE, device: str = "") -> IssuedCode:
    return api.start_phone_code(actor=VISITOR, phone=phone, device=device)


def _check(code: str, phone: str = PHONE) -> CodeCheck:
    return api.check_phone_code(actor=VISITOR, phone=phone, code=code)


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_an_administrator_makes_accounts_and_others_do_not(account: Account) -> None:
    made = api.create_account(actor=_staff("accounts.manage"), kind=AccountKind.STAFF, login="sunlan")
    assert not made.has_usable_password()
    for actor in (VISITOR, _staff("risk.view")):
        with pytest.raises(NotPermitted):
            api.create_account(actor=actor, kind=AccountKind.STAFF, login="chenmo")
    assert set(Account.objects.values_list("login", flat=True)) == {"zhaoning", "sunlan"}


def test_a_taken_login_is_a_conflict_and_leaves_the_transaction_usable(account: Account) -> None:
    with pytest.raises(LoginTaken):
        api.create_account(actor=SYSTEM, kind=AccountKind.STAFF, login="zhaoning")
    assert Account.objects.count() == 1


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(PasswordTooWeak) as caught:
        api.create_account(actor=SYSTEM, kind=AccountKind.STAFF, login="zhaoning", password=weak)
    assert caught.value.field == "password"
    assert not Account.objects.exists()


def test_making_an_account_leaves_a_line_with_its_uid_and_without_its_login(account: Account) -> None:
    event = AuditEvent.objects.get(event="accounts:account:created")
    assert event.subject_uid == account.uid
    assert "zhaoning" not in str(vars(event).values())


def test_the_backend_knows_open_staff_accounts_only(account: Account, rf: Any) -> None:
    backend = LoginBackend()
    assert backend.authenticate(None, username="zhaoning", password=PASSWORD) == account
    assert authenticate(rf.post("/"), username="zhaoning", password=PASSWORD) == account
    assert backend.authenticate(None, username="zhaoning", password="wrong") is None
    assert backend.authenticate(None, username="nobody", password=PASSWORD) is None
    assert backend.authenticate(None, username="zhaoning") is None
    resident = api.create_account(actor=SYSTEM, kind=AccountKind.RESIDENT, login="f" * 64, password=PASSWORD)
    assert backend.authenticate(None, username=resident.login, password=PASSWORD) is None


def test_a_closed_account_is_kept_and_opens_nothing(account: Account) -> None:
    with pytest.raises(NotPermitted):
        api.deactivate(actor=_staff("risk.view"), account=account, reason="left")
    assert api.active_account(account_id=account.id) == account
    api.deactivate(actor=SYSTEM, account=account, reason="left")
    assert Account.objects.filter(id=account.id).exists()
    assert api.active_account(account_id=account.id) is None
    assert api.account_by_login(login="zhaoning") is None
    assert LoginBackend().authenticate(None, username="zhaoning", password=PASSWORD) is None
    event = AuditEvent.objects.get(event="accounts:account:deactivated")
    assert reasons_of(event) == {event.uid: "left"}


@pytest.mark.parametrize("broken", [None, "", "x", -1])
def test_a_broken_session_id_is_nobody(broken: object) -> None:
    assert api.active_account(account_id=broken) is None


def test_a_resident_is_found_by_phone_however_typed_and_the_phone_is_not_kept() -> None:
    made = api.create_account(actor=SYSTEM, kind=AccountKind.RESIDENT, login=api.login_for_phone(PHONE))
    assert api.account_by_login(login="+86 138 0001 2345") == made
    assert api.account_by_login(login="13900000000") is None
    assert PHONE not in made.login


def test_the_right_code_fits_once(at: Any) -> None:
    issued = _ask()
    assert len(issued.code) == 6
    assert issued.phone == PHONE
    assert _check(issued.code) is CodeCheck.RIGHT
    assert _check(issued.code) is CodeCheck.EXPIRED


def test_neither_phone_nor_code_is_kept_readable(at: Any) -> None:
    issued = _ask(device="mark")
    stored = str(PhoneCode.objects.values().get())
    assert PHONE not in stored
    assert issued.code not in PhoneCode.objects.get().digest
    assert "mark" not in stored


def test_a_code_belongs_to_its_phone(at: Any) -> None:
    issued = _ask()
    assert _check(issued.code, phone="13900000000") is CodeCheck.EXPIRED


def test_a_code_lives_five_minutes(at: Any) -> None:
    issued = _ask()
    at.shift(timedelta(minutes=4, seconds=59))
    assert _check(_other(issued.code)) is CodeCheck.WRONG
    at.shift(timedelta(seconds=1))
    assert _check(issued.code) is CodeCheck.EXPIRED


def test_five_tries_and_then_even_the_right_code_is_dead(at: Any) -> None:
    issued = _ask()
    found = [_check(_other(issued.code)) for _ in range(5)]
    assert found == [CodeCheck.WRONG] * 4 + [CodeCheck.EXHAUSTED]
    assert _check(issued.code) is CodeCheck.EXHAUSTED


def test_a_newer_code_puts_the_older_out_of_use(at: Any) -> None:
    first = _ask()
    at.shift(timedelta(minutes=1))
    second = _ask()
    if first.code != second.code:
        assert _check(first.code) is CodeCheck.WRONG
    assert _check(second.code) is CodeCheck.RIGHT


def test_one_code_a_minute_and_five_an_hour_for_each_phone(at: Any) -> None:
    _ask()
    at.shift(timedelta(seconds=59))
    with pytest.raises(CodeRequestedTooSoon) as caught:
        _ask()
    assert caught.value.params["seconds"] == 1
    for _ in range(4):
        at.shift(timedelta(minutes=1))
        _ask()
    at.shift(timedelta(minutes=1))
    with pytest.raises(TooManyCodes) as refused:
        _ask()
    assert refused.value.params["time"] == "11:00"
    assert PhoneCode.objects.count() == 5
    at.move_to(NOW + timedelta(hours=1))
    _ask()


def test_ten_codes_an_hour_for_each_device_whatever_the_phone(at: Any) -> None:
    for number in range(10):
        _ask(f"1390000000{number}", device="one")
    with pytest.raises(TooManyCodes):
        _ask("13900000099", device="one")
    _ask("13900000099", device="another")


def test_codes_older_than_an_hour_are_not_kept(at: Any) -> None:
    _ask()
    at.shift(timedelta(hours=1))
    _ask()
    assert PhoneCode.objects.count() == 1


def test_a_number_that_receives_no_text_gets_no_code(at: Any) -> None:
    with pytest.raises(MobileInvalid):
        _ask("0537-2345678")
    assert not PhoneCode.objects.exists()


@pytest.fixture
def secret(account: Account, at: Any) -> Any:
    offer = api.offer_second_factor(account=account)
    api.enrol_second_factor(actor=SYSTEM, account=account, secret=offer.secret, code=_totp(offer.secret))
    at.shift(timedelta(seconds=30))
    yield offer.secret
    cache.clear()


def _totp(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def _fits(account: Account, code: str) -> bool:
    return api.check_second_factor(actor=SYSTEM, account=account, code=code)


def test_an_offer_keeps_nothing_and_names_service_and_login(account: Account, settings: Any) -> None:
    settings.ANXIN_BRAND = {**settings.ANXIN_BRAND, "name": "安心"}
    offer = api.offer_second_factor(account=account)
    assert offer.address.startswith("otpauth://totp/zhaoning?")
    assert "issuer=%E5%AE%89%E5%BF%83" in offer.address
    assert not api.has_second_factor(account=account)
    assert api.offer_second_factor(account=account, secret=offer.secret) == offer


def test_the_code_of_the_app_fits_once(account: Account, secret: str) -> None:
    assert api.has_second_factor(account=account)
    code = _totp(secret)
    assert not _fits(account, _other(code))
    assert _fits(account, code)
    assert not _fits(account, code)


def test_recovery_codes_are_shown_once_and_each_fits_once(account: Account, secret: str) -> None:
    codes = api.fresh_recovery_codes(actor=SYSTEM, account=account)
    assert len(set(codes)) == 10
    assert api.fresh_recovery_codes(actor=SYSTEM, account=account) == []
    assert _fits(account, codes[0])
    assert not _fits(account, codes[0])
    assert _fits(account, codes[9])


def test_a_second_app_cannot_be_linked_beside_the_first(account: Account, secret: str) -> None:
    other = api.offer_second_factor(account=account).secret
    with pytest.raises(NotPermitted):
        api.enrol_second_factor(actor=SYSTEM, account=account, secret=other, code=_totp(other))
    assert not _fits(account, _totp(other))


def test_a_lost_phone_is_reset_by_an_administrator_only(account: Account, secret: str) -> None:
    with pytest.raises(NotPermitted):
        api.reset_second_factor(actor=_staff("risk.view"), account=account, reason="lost")
    assert api.has_second_factor(account=account)
    api.reset_second_factor(actor=_staff("accounts.manage"), account=account, reason="lost")
    assert not api.has_second_factor(account=account)
    assert not _fits(account, _totp(secret))


def test_the_reset_from_the_command_line_asks_for_a_reason(account: Account, secret: str) -> None:
    call_command("reset_second_factor", "zhaoning", reason="phone lost, seen in person")
    assert not api.has_second_factor(account=account)
    event = AuditEvent.objects.get(event="accounts:second-factor:reset")
    assert reasons_of(event) == {event.uid: "phone lost, seen in person"}
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_second_factor", "nobody", reason="x")
