"""The second factor of staff: time-based codes of an authenticator app, kept by allauth, sealed by us.

Codes are compared in real time even when the clock is simulated, because the app on the phone knows no other.
"""

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from anxin.domains.accounts.contracts import SecondFactorCodeWrong, SecondFactorOffer
from anxin.domains.accounts.models import Account
from anxin.domains.accounts.policies import demand_manage
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import seal, unseal
from anxin.kernel.errors import NotPermitted

SEALED_CONTEXT = "mfa_authenticator.data"


class SealedMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's hooks: secrets are sealed, and the entry in the app carries the name of the service."""

    def encrypt(self, text: str) -> str:
        """Seal a secret on its way into the database."""
        return seal(text, context=SEALED_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return unseal(encrypted_text, context=SEALED_CONTEXT)

    def get_totp_issuer(self) -> str:
        """The name the app shows above the code."""
        return str(settings.ANXIN_BRAND["name"])

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The login below it."""
        return user.get_username()


def has_second_factor(*, account: Account) -> bool:
    """Whether an authenticator app was enrolled."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def offer_second_factor(*, account: Account, secret: str = "") -> SecondFactorOffer:
    """What to show for enrolment: a new secret, or the one shown before. Nothing is kept here."""
    secret = secret or generate_totp_secret()
    return SecondFactorOffer(secret=secret, address=get_adapter().build_totp_url(account, secret))


def enrol_second_factor(*, actor: Actor, account: Account, secret: str, code: str) -> Account:
    """Keep ``secret`` once its first code proves that the app has it."""
    if has_second_factor(account=account):
        raise NotPermitted
    if not validate_totp_code(secret, code):
        raise SecondFactorCodeWrong(field="code")
    TOTP.activate(account, secret)
    RecoveryCodes.activate(account)
    return account


def check_second_factor(*, actor: Actor, account: Account, code: str) -> bool:
    """Whether ``code`` is the app's code of this moment or an unused recovery code. A code works once."""
    for kept in Authenticator.objects.filter(
        user=account, type__in=(Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    ).order_by("-type"):
        if kept.wrap().validate_code(code):
            kept.record_usage()
            return True
    return False


def has_recovery_codes(*, account: Account) -> bool:
    """Whether an unused recovery code is left."""
    kept = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return kept is not None and bool(kept.wrap().get_unused_codes())


def renew_recovery_codes(*, actor: Actor, account: Account) -> list[str]:
    """A new set, shown now and never again; earlier codes are worth nothing any more. One's own only."""
    if actor.uid != account.uid:
        raise NotPermitted
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(account)
    codes.mark_as_viewed()
    return list(codes.get_unused_codes())


def fresh_recovery_codes(*, actor: Actor, account: Account) -> list[str]:
    """The recovery codes, once: afterwards the list is empty."""
    kept = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is None or kept.wrap().did_view:
        return []
    codes = kept.wrap()
    codes.mark_as_viewed()
    return list(codes.get_unused_codes())


def reset_second_factor(*, actor: Actor, account: Account, reason: str) -> Account:
    """The phone is lost: the next sign-in enrols a new one."""
    demand_manage(actor)
    Authenticator.objects.filter(user=account).delete()
    return account
