"""让人联系我.

Somebody who stays unknown leaves an area and a phone, and that becomes a warning with an owner and a clock.
"""

from typing import TYPE_CHECKING

from anxin.domains.accounts import api as accounts
from anxin.domains.network import api as network
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Source
from anxin.flows.raise_warning import Alert, raise_from
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.identifiers_cn import MobileInvalid, normalise_phone
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning

SYSTEM = Actor.system("contact request")
LEVEL_BY_SAFETY = {"yes": Level.L2, "unsure": Level.L3, "no": Level.L4}
REASONS: dict[str, dict[str, object]] = {
    "yes": {"code": "asked_for_contact", "message": "Somebody asked to be called back.", "params": {}},
    "unsure": {
        "code": "asked_unsure",
        "message": "Somebody asked to be called back and is not sure to be safe.",
        "params": {},
    },
    "no": {
        "code": "asked_unsafe",
        "message": "Somebody asked to be called back and says they are not safe now.",
        "params": {},
    },
}


def _fingerprint(number: str) -> str:
    """A mobile's is the one its owner would sign in with, so that twins are found; a fixed line has its own."""
    try:
        return accounts.login_for_phone(number)
    except MobileInvalid:
        return blind_index(number, purpose="fixed line")


def request_contact(
    *, actor: Actor, area_uid: str, phone: str, call_name: str = "", is_safe_now: str = "unsure"
) -> "Warning":
    """Leave the request; the warning it became, with owner and due time. Raises ``PhoneInvalid`` at field ``phone``."""
    number = normalise_phone(phone)
    area = network.unit_by_uid(uid=area_uid)
    with unit_of_work(SYSTEM):
        fingerprint = _fingerprint(number)
        request = risk.leave_contact_request(
            actor=SYSTEM,
            area_id=area.id,
            scope_path=area.path,
            phone=number,
            phone_index=fingerprint,
            call_name=call_name.strip()[:20],
            is_safe_now=is_safe_now,
        )
        alert = Alert(
            source=Source.CONTACT_REQUEST,
            source_key=f"contact:{request.uid}",
            level=LEVEL_BY_SAFETY.get(is_safe_now, Level.L3),
            reasons=(REASONS.get(is_safe_now, REASONS["unsure"]),),
            unit_id=area.id,
            scope_path=area.path,
            contact_request_id=request.id,
            phone_index=fingerprint,
        )
        return raise_from(actor=SYSTEM, alert=alert)
