"""Template tags of the design system. Each draws one component; none reads a domain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from anxin.kernel.clock import now as clock_now
from anxin.ui import context as ui_context

register = template.Library()

RISK_LEVELS = {
    "L4": (_("L4 Critical"), "siren"),
    "L3": (_("L3 High risk"), "alert-triangle"),
    "L2": (_("L2 Moderate risk"), "alert-circle"),
    "L1": (_("L1 Watch"), "eye"),
    "L0": (_("L0 Steady"), "leaf"),
}
WORK_CARDS = {
    "red": _("Red card"),
    "yellow": _("Yellow card"),
    "blue": _("Blue card"),
    "none": _("No card"),
}
# Grade of a public event: Roman numeral and the colour in words.
GRADES = {
    1: ("Ⅰ", _("Red")),
    2: ("Ⅱ", _("Orange")),
    3: ("Ⅲ", _("Yellow")),
    4: ("Ⅳ", _("Blue")),
}
LADDER_BARS = ((1, 0, 15, 7), (2, 12, 9, 13), (3, 24, 2, 20))
SOON_SHARE = 0.3


@register.simple_tag
def asset(path: str) -> str:
    """URL of a built file. Unlike `static` it never fails: an error page must come out in any state."""
    try:
        return staticfiles_storage.url(f"ui/{path}")
    except (ValueError, OSError, ImproperlyConfigured):
        return f"{settings.STATIC_URL}ui/{path}"


@register.simple_tag
def icon(name: str, cls: str = "") -> SafeString:
    """Decorative icon from the sprite; the word stands beside it in the template."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f"ax-icon {cls}".strip(),
        asset("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def page_skin(context: Context) -> dict[str, Any]:
    """The skin of this page, also where no context processor ran (error pages)."""
    return {
        "help_numbers": context.get("help_numbers") or ui_context.help_numbers(),
        "brand": context.get("brand") or ui_context.brand(),
        "text_size": context.get("text_size") or "normal",
        "contrast": context.get("contrast") or "normal",
        "now": clock_now(),
        "exit_url": context.get("neutral_exit_url") or ui_context.neutral_exit_url(),
        "is_demo": context.get("is_demo", bool(getattr(settings, "ANXIN_DEMO", False))),
    }


@register.simple_tag(takes_context=True)
def menu_items(context: Context) -> list[dict[str, Any]]:
    """The resident menu: `menu` from the context, else ANXIN_RESIDENT_MENU; marks the current entry."""
    entries = context.get("menu") or getattr(settings, "ANXIN_RESIDENT_MENU", None) or []
    request = context.get("request")
    path = getattr(request, "path", "")
    items = []
    for entry in entries:
        url = str(entry["url"])
        here = path == url or (url != "/" and path.startswith(url))
        items.append({**entry, "url": url, "current": entry.get("current", here)})
    return items


@register.simple_tag
def share(part: float, whole: float) -> str:
    """`part` of `whole` as a percentage for an SVG width, kept between 0 and 100."""
    if not whole:
        return "0%"
    return f"{max(0.0, min(100.0, 100 * part / whole)):.1f}%"


@register.inclusion_tag("ui/components/risk.html")
def risk(level: str | int, large: bool = False) -> dict[str, Any]:
    """Clinical risk capsule; `level` is "L0".."L4" or 0..4. Staff pages only."""
    key = f"L{level}" if isinstance(level, int) else str(level).upper()
    words, symbol = RISK_LEVELS[key]
    return {"level": key, "words": words, "symbol": symbol, "large": large}


@register.inclusion_tag("ui/components/workcard.html")
def workcard(card: str, state: str = "") -> dict[str, Any]:
    """Administrative card of a unit: "red", "yellow", "blue" or "none", with its state in words."""
    return {"card": card, "words": WORK_CARDS[card], "state": state}


@register.inclusion_tag("ui/components/pennant.html")
def pennant(grade: int, event: str = "") -> dict[str, Any]:
    """Emergency level of a public event, 1..4; without `event` the colour is said in words."""
    numeral, colour = GRADES[int(grade)]
    return {"grade": int(grade), "numeral": numeral, "words": event or colour}


@register.inclusion_tag("ui/components/countdown.html")
def countdown(
    due: datetime | None,
    start: datetime | None = None,
    met: bool = False,
    paused: bool = False,
    big: bool = False,
    label: str = "",
) -> dict[str, Any]:
    """Countdown to `due` by the server's clock; the bar is the share left of the time since `start`.

    `label` is what a screen reader hears before a change, for example the number of the warning.
    """
    now = clock_now()
    state, left = "normal", 1.0
    if due is not None:
        if start is not None and due > start:
            left = max(0.0, min(1.0, (due - now) / (due - start)))
        if due <= now:
            state = "overdue"
        elif start is not None and left < SOON_SHARE:
            state = "soon"
    if paused:
        state = "paused"
    if met or due is None:
        state = "met"
    return {
        "due": due,
        "start": start,
        "now": now,
        "state": state,
        "left": f"{100 * left:.1f}%",
        "big": big,
        "label": label,
    }


@register.inclusion_tag("ui/components/ladder.html")
def ladder(rung: int, label: str, missed: int | None = None) -> dict[str, Any]:
    """Three bars: station, county centre, city centre and hotline. `missed` rungs passed unanswered."""
    passed = max(0, rung - 1) if missed is None else missed
    bars = []
    for place, x, y, height in LADDER_BARS:
        state = "now" if place == rung else "missed" if rung - passed <= place < rung else "ahead"
        bars.append({"x": x, "y": y, "height": height, "state": state, "lines": _hatching(x, y, height)})
    return {"bars": bars, "label": label, "missed": passed}


def _hatching(x: int, y: int, height: int) -> str:
    """Diagonal strokes inside a bar 8 wide, as an SVG path; no pattern, hence no repeated ids."""
    strokes = []
    for bottom in range(4, height + 8, 5):
        x1, y1 = x, y + bottom
        x2, y2 = x + 8, y + bottom - 8
        if y1 > y + height:
            x1, y1 = x1 + (y1 - y - height), y + height
        if y2 < y:
            x2, y2 = x2 - (y - y2), y
        strokes.append(f"M{x1} {y1}L{x2} {y2}")
    return "".join(strokes)


@register.inclusion_tag("ui/form_field.html")
def field(
    bound: BoundField,
    hint: str = "",
    optional: bool = False,
    cls: str = "",
    label: str = "",
) -> dict[str, Any]:
    """One form field: label, hint, error and control, tied together for screen readers."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", None) or type(widget).__name__.lower()
    is_group = kind in {"radio", "checkbox"} and hasattr(widget, "choices")
    is_check = kind == "checkbox" and not is_group
    shown_hint = hint or bound.help_text
    described = [f"{bound.auto_id}-hint"] if shown_hint else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attrs: dict[str, Any] = {"class": "ax-choice__input" if is_check else f"ax-input {cls}".strip()}
    if described and not is_group:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors and not is_group:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": shown_hint,
        "optional": optional,
        "is_group": is_group,
        "is_check": is_check,
        "kind": kind,
        "described": " ".join(described),
        "control": "" if is_group else bound.as_widget(attrs=attrs),
        "inline": "ax-choices--inline" in cls,
    }


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is wrong with the whole form, on top of the page, each line a link to its field."""
    lines = [("", message) for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        lines.extend((target, message) for message in bound.errors)
    return {"lines": lines}


@register.inclusion_tag("ui/components/bar.html")
def bar(value: float, highest: float, limit: float | None = None) -> dict[str, Any]:
    """One bar of a bar table, starting at zero. `limit` draws the target as a dashed line."""
    return {"width": share(value, highest), "limit": None if limit is None else share(limit, highest)}


@register.inclusion_tag("ui/components/stacked_bar.html")
def stacked_bar(counts: dict[str, float], highest: float) -> dict[str, Any]:
    """One bar made of risk levels, lowest first; `counts` maps "L0".."L4" to numbers, "unshown" those left open."""
    parts = []
    at = 0.0
    for level in ("L0", "L1", "L2", "L3", "L4", "unshown"):
        value = counts.get(level) or 0
        if value:
            parts.append({"level": level, "x": share(at, highest), "width": share(value, highest)})
            at += value
    return {"parts": parts}
