"""What the sign-in pages show."""

import io
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from anxin.domains.network import api as network
from anxin.domains.network.contracts import UnitKind
from anxin.domains.residents import api as residents
from anxin.flows.sign_in_resident import SentCode
from anxin.kernel import clock

_CHOOSABLE = (UnitKind.COUNTY, UnitKind.ZONE, UnitKind.TOWN)


@dataclass(frozen=True, slots=True)
class SentNote:
    """The line below the code field. ``shown`` is the code itself, in a demo whose gateway sends nothing."""

    phone: str
    until: str
    shown: str
    is_accepted: bool


def sent_note(sent: SentCode) -> SentNote:
    """Only a demo may show a code on screen: anywhere else that would be a door without a lock."""
    pretends = sent.gateway == "null"
    return SentNote(
        phone=residents.mask_phone(sent.phone),
        until=f"{clock.local(sent.expires_at):%H:%M}",
        shown=sent.code if pretends and settings.ANXIN_DEMO else "",
        is_accepted=sent.is_accepted and (settings.ANXIN_DEMO or not pretends),
    )


def area_choices() -> list[tuple[str, Any]]:
    """Counties and zones, each with its towns; call inside a unit of work."""
    english = (get_language() or "").startswith("en")
    areas = network.units_queryset(kinds=_CHOOSABLE, status=None).order_by("depth", "number")
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for area in areas:
        name = (area.name_en if english else "") or area.name
        above = next((path for path in groups if area.path.startswith(path)), None)
        if above is None:
            groups[area.path] = (name, [(area.uid, name)])
        else:
            groups[above][1].append((area.uid, name))
    return [(name, choices) for name, choices in groups.values()]


def qr_code(address: str) -> SafeString:
    """The QR code as SVG in the page. Its only variable part is black squares."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        scale=5,
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
    )
    return mark_safe(out.getvalue().decode())


def in_fours(secret: str) -> str:
    """A secret that somebody has to type by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
