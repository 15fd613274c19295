"""What every page needs to draw itself: help numbers, brand and the reader's display settings."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

TEXT_COOKIE = "ax_text"
CONTRAST_COOKIE = "ax_contrast"
TEXT_SIZES = frozenset({"normal", "large"})
CONTRASTS = frozenset({"normal", "high"})


class HelpNumber(TypedDict):
    """A number and, translated when drawn, its label, a note and when to use it."""

    number: str
    label: Any
    note: Any
    when: Any


# When to use which number. Only the three national numbers are known here; a number from the
# settings brings its own sentence in `when`, or is shown with its label alone.
_WHEN = {
    "12356": _("Psychological aid hotline, 24 hours"),
    "120": _("Somebody is hurt or physically in danger"),
    "110": _("Somebody may hurt you or others"),
}
_DEFAULT_NUMBERS = (
    {"number": "12356", "label": _("psychological aid"), "note": _("24 hours, free")},
    {"number": "120", "label": _("ambulance")},
    {"number": "110", "label": _("police")},
)
_DEFAULT_BRAND = {
    "name": _("Anxin"),
    "city": "",
    "service": _("mental health service"),
    "slogan": "",
}


def help_numbers() -> list[HelpNumber]:
    """The numbers from the settings, or the national ones: a page without numbers must not exist."""
    configured = getattr(settings, "ANXIN_HELP_NUMBERS", None) or _DEFAULT_NUMBERS
    return [
        HelpNumber(
            number=str(entry["number"]),
            label=entry["label"],
            note=entry.get("note", ""),
            when=entry.get("when") or _WHEN.get(str(entry["number"]), entry["label"]),
        )
        for entry in configured
    ]


def brand() -> dict[str, Any]:
    """The brand from the settings; on an English page ``name_en`` stands for ``name``, and so on, where it is set."""
    kept = {**_DEFAULT_BRAND, **getattr(settings, "ANXIN_BRAND", {})}
    if (get_language() or "").startswith("en"):
        kept |= {key: kept[f"{key}_en"] for key in _DEFAULT_BRAND if f"{key}_en" in kept}
    return kept


def neutral_exit_url() -> str:
    return getattr(settings, "ANXIN_NEUTRAL_EXIT_URL", "") or "about:blank"


def chosen(request: HttpRequest, parameter: str, cookie: str, allowed: frozenset[str]) -> str:
    """A setting from the address first (works without JavaScript), then from the cookie."""
    for value in (request.GET.get(parameter), request.COOKIES.get(cookie)):
        if value in allowed:
            return value
    return "normal"


def skin(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {
        "help_numbers": help_numbers(),
        "brand": brand(),
        "text_size": chosen(request, "text", TEXT_COOKIE, TEXT_SIZES),
        "contrast": chosen(request, "contrast", CONTRAST_COOKIE, CONTRASTS),
        "neutral_exit_url": neutral_exit_url(),
        "is_demo": bool(getattr(settings, "ANXIN_DEMO", False)),
    }
