"""What a reader has open outside their duty, for the banner on every page."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from anxin.domains.access import api as access
from anxin.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenNow:
    """The banner."""

    number: str
    record: str
    ends_at: datetime
    opened_at: datetime
    url: str
    end_url: str


def open_now(actor: Actor) -> list[OpenNow]:
    """What the reader has open, for the banner on every page. No query for nearly everybody."""
    return [
        OpenNow(
            number=one.number,
            record=one.resident_number,
            ends_at=one.ends_at,
            opened_at=one.opened_at,
            url=reverse("staff:break-glass-one", args=[one.uid]),
            end_url=reverse("staff:break-glass-end", args=[one.uid]),
        )
        for one in access.running_openings(actor=actor)
    ]
