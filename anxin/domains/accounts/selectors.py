"""Finding accounts. Sign-in happens before there is an actor, so these are for the house, not for people."""

from typing import Any

from django.db.models import QuerySet

from anxin.domains.accounts.models import Account, Visit
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.identifiers_cn import PhoneInvalid, normalise_mobile

PHONE_PURPOSE = "phone"


def login_for_phone(phone: str) -> str:
    """The login of whoever signs in with ``phone``: its keyed fingerprint. Raises ``MobileInvalid``."""
    return blind_index(normalise_mobile(phone), purpose=PHONE_PURPOSE)


def active_account(*, account_id: Any) -> Account | None:
    """The account of a session, unless it was closed meanwhile."""
    try:
        return Account.objects.get(id=account_id, is_active=True)
    except (Account.DoesNotExist, TypeError, ValueError):
        return None


def account_by_login(*, login: str) -> Account | None:
    """An open account by its login; for residents the phone number will do."""
    found = Account.objects.filter(login=login, is_active=True).first()
    if found is not None:
        return found
    try:
        index = login_for_phone(login)
    except PhoneInvalid:
        return None
    return Account.objects.filter(login=index, is_active=True).first()


def account_by_uid(*, uid: str) -> Account | None:
    """An account by its outer name, open or closed."""
    return Account.objects.filter(uid=uid).first()


def visits_of(*, actor: Actor, account: Account) -> QuerySet[Visit]:
    """One's own open sessions, the one used last first; nobody else's."""
    visits = Visit.objects.filter(account=account, ended_at__isnull=True)
    return (visits if account.uid == actor.uid else visits.none()).order_by("-seen_at", "-id")
