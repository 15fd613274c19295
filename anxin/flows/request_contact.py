"""让人联系我.

Somebody who stays unknown leaves an area and a phone, or asks to be answered in writing, and that becomes a warning
with an owner and a clock.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.accounts import api as accounts
from anxin.domains.conversations import api as conversations
from anxin.domains.network import api as network
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Source
from anxin.flows.raise_warning import Alert, raise_from
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.identifiers_cn import MobileInvalid, normalise_phone
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit
    from anxin.domains.risk.models import ContactRequest, Warning

SYSTEM = Actor.system("contact request")
LEVEL_BY_SAFETY = {"yes": Level.L2, "unsure": Level.L3, "no": Level.L4}
REASONS: dict[str, dict[str, object]] = {
    "yes": {"code": "asked_for_contact", "message": "Somebody asked to be contacted.", "params": {}},
    "unsure": {
        "code": "asked_unsure",
        "message": "Somebody asked to be contacted and is not sure to be safe.",
        "params": {},
    },
    "no": {
        "code": "asked_unsafe",
        "message": "Somebody asked to be contacted and says they are not safe now.",
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
        return _raise(area, is_safe_now, call_name, phone=number, way_back=_fingerprint(number))


@dataclass(frozen=True, slots=True)
class ChatOpened:
    """The warning a request to write became, and the code that opens the conversation: shown once."""

    warning: "Warning"
    code: str


def request_chat(*, area_uid: str, call_name: str = "", is_safe_now: str = "unsure") -> ChatOpened:
    """The same without a phone: the person is answered in writing and comes back with a code."""
    area = network.unit_by_uid(uid=area_uid)
    with unit_of_work(SYSTEM):
        thread, code = conversations.open_thread(actor=SYSTEM, scope_path=area.path)
        assert thread.code_index is not None
        warning = _raise(area, is_safe_now, call_name, way_back=thread.code_index, thread_id=thread.id)
        return ChatOpened(warning, code)


def _raise(
    area: "Unit",
    is_safe_now: str,
    call_name: str,
    *,
    way_back: str,
    phone: str = "",
    thread_id: int | None = None,
) -> "Warning":
    request = risk.leave_contact_request(
        actor=SYSTEM,
        area_id=area.id,
        scope_path=area.path,
        phone=phone,
        phone_index=way_back,
        thread_id=thread_id,
        call_name=call_name.strip()[:20],
        is_safe_now=is_safe_now,
    )
    return raise_from(actor=SYSTEM, alert=alert_of(request, f"contact:{request.uid}"))


def alert_of(request: "ContactRequest", source_key: str) -> Alert:
    """What a request says, as an alarm; ``source_key`` tells one occasion from the next."""
    return Alert(
        source=Source.CONTACT_REQUEST,
        source_key=source_key,
        level=LEVEL_BY_SAFETY.get(request.is_safe_now, Level.L3),
        reasons=(REASONS.get(request.is_safe_now, REASONS["unsure"]),),
        unit_id=request.area_id,
        scope_path=request.scope_path,
        contact_request_id=request.id,
        phone_index=request.phone_index,
    )
