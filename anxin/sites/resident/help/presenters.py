"""What the call-me pages show and pass on."""

from typing import TYPE_CHECKING, Any

from anxin.domains.deadlines import api as deadlines
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.sites.resident.device import Receipt
from anxin.sites.resident.results.promise import unit_of
from anxin.sites.resident.stations.presenters import name_of

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning


def area_choices() -> list[tuple[str, str]]:
    """The areas somebody can be in."""
    return [(area.uid, name_of(area)) for area in network.responsible_areas_queryset()]


def area_uid(slug: str) -> str:
    """The area remembered on the device, to start with."""
    return next((area.uid for area in network.responsible_areas_queryset() if area.slug == slug), "")


def request_from(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The form as the flow takes it."""
    return {
        "area_uid": cleaned["area"],
        "phone": cleaned["phone"],
        "call_name": cleaned["call_name"],
        "is_safe_now": cleaned["is_safe_now"],
    }


def chat_request_from(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The form as the flow takes it when the person wants to write."""
    return {key: cleaned[key] for key in ("call_name", "is_safe_now")} | {"area_uid": cleaned["area"]}


def receipt_of(warning: "Warning") -> Receipt:
    """Who holds the request now and by when they take it over."""
    deadline = warning.deadline
    standing = deadlines.standing_of(deadline, clock.now())
    return Receipt(unit=unit_of(standing.rung), holder=standing.rung.holder, due_at=deadline.due_at)
