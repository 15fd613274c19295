"""Passkeys of staff: instead of the code of an app, what a phone, a computer or a key on the ring vouches for.

A passkey answers for one address only, so a page that imitates ours gets nothing out of it. The app stays linked
beside it, for the day the device is elsewhere. The rows are allauth's, which counts them among the second factors.
"""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from anxin.domains.accounts.contracts import AccountKind, Challenge, Passkey, PasskeyRefused
from anxin.domains.accounts.models import Account
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted

MOST = 5
_KIND = Authenticator.Type.WEBAUTHN


def passkeys_of(*, account: Account) -> list[Passkey]:
    """In the order they were added. ``number`` is a piece of the credential's own public name."""
    return [
        Passkey(_number(row), row.data["name"], row.created_at, row.last_used_at) for row in _rows(account)
    ]


def offer_passkey(*, account: Account, host: str) -> Challenge:
    """What a device needs to make a passkey for this account at this address. Nothing is kept here."""
    user = PublicKeyCredentialUserEntity(
        name=account.login, display_name=account.login, id=account.uid.encode()
    )
    options, state = _server(host).register_begin(
        user,
        credentials=_credentials(account),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Challenge(_plain(options), dict(state))


def add_passkey(
    *,
    actor: Actor,
    account: Account,
    host: str,
    name: str,
    state: Mapping[str, Any],
    answer: Mapping[str, Any],
) -> Account:
    """Keep one's own passkey once the device has answered the challenge. Raises ``PasskeyRefused``."""
    if actor.uid != account.uid or account.kind != AccountKind.STAFF:
        raise NotPermitted
    if len(_rows(account)) >= MOST:
        raise PasskeyRefused
    try:
        data = _server(host).register_complete(dict(state), dict(answer)).credential_data
    except (ValueError, TypeError, KeyError):
        raise PasskeyRefused from None
    if data is None:
        raise PasskeyRefused
    Authenticator.objects.create(
        user=account, type=_KIND, data={"name": name.strip()[:40], "attested": websafe_encode(bytes(data))}
    )
    return account


def ask_passkey(*, account: Account, host: str) -> Challenge | None:
    """A fresh challenge for the passkeys of this account; none when it has none."""
    held = _credentials(account)
    if not held:
        return None
    options, state = _server(host).authenticate_begin(
        held, user_verification=UserVerificationRequirement.PREFERRED
    )
    return Challenge(_plain(options), dict(state))


def check_passkey(
    *, actor: Actor, account: Account, host: str, state: Mapping[str, Any], answer: Mapping[str, Any]
) -> bool:
    """Whether the answer is that of one of its passkeys to this challenge, which the caller has put out of use."""
    try:
        used = _server(host).authenticate_complete(dict(state), _credentials(account), dict(answer))
    except (ValueError, TypeError, KeyError, InvalidSignature):
        return False
    row = next(one for one in _rows(account) if _credential(one).credential_id == used.credential_id)
    row.record_usage()
    return True


def remove_passkey(*, actor: Actor, account: Account, number: str) -> Account:
    """Forget one's own. Raises ``NotFound``."""
    if actor.uid != account.uid:
        raise NotFound
    row = next((one for one in _rows(account) if _number(one) == number), None)
    if row is None:
        raise NotFound
    row.delete()
    return account


def _rows(account: Account) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=account, type=_KIND).order_by("id"))


def _number(row: Authenticator) -> str:
    return websafe_encode(_credential(row).credential_id)[:16]


def _credential(row: Authenticator) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(row.data["attested"]))


def _credentials(account: Account) -> list[AttestedCredentialData]:
    return [_credential(row) for row in _rows(account)]


def _server(host: str) -> Fido2Server:
    rp = PublicKeyCredentialRpEntity(name=str(settings.ANXIN_BRAND["name"]), id=host.partition(":")[0])
    return Fido2Server(rp)


def _plain(options: Any) -> dict[str, Any]:
    """As JSON: bytes are written in base64url, which is how browsers read them."""
    found: dict[str, Any] = dict(options)["publicKey"]
    return found
