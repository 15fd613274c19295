"""The devices somebody is signed in on, for the pages of residents and of staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anxin.domains.accounts import api as accounts
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One session."""

    uid: str
    what: str
    started_at: datetime
    seen_at: datetime
    is_here: bool


def device_lines(actor: Actor, account: "Account", here: str) -> list[DeviceLine]:
    """One's own open sessions; ``here`` is the name of the one that asks."""
    return [
        DeviceLine(
            uid=one.uid,
            what=one.browser or _("Unknown device"),
            started_at=one.started_at,
            seen_at=one.seen_at,
            is_here=one.session_name == here,
        )
        for one in accounts.visits_of(actor=actor, account=account)
    ]
