"""Slips to cut out: one for each person, with their name for handing out, and a code a phone opens.

They bear the whole name, because a slip in the wrong hands answers for another child. The campaign was approved by a
second person, the look is recorded for each of them, and the sheet says who printed it and when.
The token stands behind the ``#`` of the address: a phone keeps it to itself, and no server or log ever sees it.
"""

from dataclasses import dataclass
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe

from anxin.domains.campaigns import api as campaigns
from anxin.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece of paper."""

    name: str
    number: str
    picture: SafeString


def slips_page(actor: Actor, uid: str, class_uid: str, *, address: str, entry: str) -> dict[str, Any]:
    """The slips of one class. ``address`` is that of the questionnaire, ``entry`` that for typing."""
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    group = campaigns.class_of(actor=actor, campaign=campaign, uid=class_uid)
    people = campaigns.people_of_class(actor=actor, group=group)
    entries = campaigns.slips_of(actor=actor, people=people)
    return {
        "campaign": campaign,
        "name": f"{group.grade} {group.name}".strip(),
        "code": campaigns.shown_code(group.code),
        "class_uid": class_uid,
        "entry_address": entry.removeprefix("https://").removeprefix("http://"),
        "slips": [
            Slip(
                name=one.participant.name,
                number=one.participant.roster_number,
                picture=picture_of(f"{address}#{one.fragment}"),
            )
            for one in entries
        ],
    }


def picture_of(address: str) -> SafeString:
    """The code as a drawing, with the quiet zone it needs. Made of numbers only, so it may stand in a page."""
    drawn = segno.make_qr(address, error="m").svg_inline(border=4, omitsize=True, svgclass="ax-slip__code")
    return mark_safe(drawn)
