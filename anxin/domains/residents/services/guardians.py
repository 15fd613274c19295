"""The guardian's token: made by staff who met the guardian, good for one child's phone."""

from datetime import timedelta

from django.core import signing

from anxin.domains.accounts import api as accounts
from anxin.domains.residents.contracts import GuardianConsentNeeded, Permission
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

GUARDIAN_TOKEN_LIFE = timedelta(days=7)
_GUARDIAN_SALT = "anxin.residents.guardian"


def issue_guardian_token(*, actor: Actor, phone: str, reason: str) -> str:
    """A token for one child's phone, made by staff who met the guardian in person; good for seven days."""
    if not actor.may(Permission.REGISTER):
        raise NotPermitted
    return signing.dumps(accounts.login_for_phone(phone), salt=_GUARDIAN_SALT)


def demand_guardian(token: str, phone_index: str, *, field: str = "") -> None:
    """Raise ``GuardianConsentNeeded`` unless ``token`` was made for this phone and is still good."""
    try:
        meant_for = signing.loads(token, salt=_GUARDIAN_SALT, max_age=GUARDIAN_TOKEN_LIFE)
    except signing.BadSignature:
        raise GuardianConsentNeeded(field=field) from None
    if meant_for != phone_index:
        raise GuardianConsentNeeded(field=field)
