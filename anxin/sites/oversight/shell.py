"""The frame around every leaders' page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.network import api as network
from anxin.domains.risk.contracts import Permission as RiskPermission
from anxin.kernel import clock, heartbeat
from anxin.kernel.actor import Actor
from anxin.sites.marks import VisitRequest

OVERVIEW, EVENTS, RESULTS, STATIONS = "overview", "events", "results", "stations"


def page(
    request: VisitRequest, template: str, context: dict[str, Any], *, current: str, status: int = 200
) -> HttpResponse:
    """``template`` inside the frame."""
    return render(request, template, {**frame(request.actor, current), **context}, status=status)


def mark_of(actor: Actor) -> str:
    """Who took a table away, and when: on the file itself. It speaks of areas and names nobody."""
    return _("%(who)s, %(time)s. Figures of areas, nobody by name.") % {
        "who": actor.label,
        "time": f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
    }


def frame(actor: Actor, current: str) -> dict[str, Any]:
    """Menu, tabs, name, unit, and whether the clocks are being watched."""
    entries = [
        _entry(_("Overview"), "oversight:overview", "dashboard", current == OVERVIEW),
        _entry(_("Warnings and answers"), "oversight:events", "activity", current == EVENTS),
        _entry(_("Self-test results"), "oversight:results", "clipboard-check", current == RESULTS),
        _entry(_("Station network"), "oversight:stations", "building", current == STATIONS),
    ]
    if actor.may(RiskPermission.VIEW):
        entries.append(
            {**_entry(_("Warning board"), "staff:duty", "bell-ringing", False), "section": _("Duty")}
        )
    return {
        "menu": entries,
        "tabs": entries[:4],
        "home_url": reverse("oversight:overview"),
        "unit_name": _unit_name(actor),
        "user_name": actor.label,
        "duty_label": _("Oversight"),
        "user_menu": [
            {"label": _("Sign out"), "url": reverse("signin:sign_out"), "icon": "logout", "post": True}
        ],
        "worker_is_silent": heartbeat.is_stale(heartbeat.WORKER),
    }


def _entry(label: str, name: str, icon: str, is_current: bool) -> dict[str, Any]:
    return {
        "section": _("Oversight"),
        "label": label,
        "url": reverse(name),
        "icon": icon,
        "current": is_current,
    }


def _unit_name(actor: Actor) -> str:
    if actor.staff_id is None:
        return ""
    postings = network.postings_of(staff_id=actor.staff_id, on=clock.today())
    return postings[0].unit.name if postings else ""
