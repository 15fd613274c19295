"""The frame around every staff page: who is signed in, where, on duty until when, and what they may open."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.access import api as access
from anxin.domains.access.contracts import Permission as AccessPermission
from anxin.domains.archives.contracts import Permission as ArchivesPermission
from anxin.domains.assessments.contracts import Permission as AssessmentsPermission
from anxin.domains.audit.contracts import Permission as AuditPermission
from anxin.domains.campaigns.contracts import Permission as CampaignsPermission
from anxin.domains.cases.contracts import Permission as CasesPermission
from anxin.domains.indicators import api as indicators
from anxin.domains.indicators.contracts import Permission as IndicatorsPermission
from anxin.domains.instruments.contracts import Permission as InstrumentsPermission
from anxin.domains.linkages.contracts import Permission as LinkagesPermission
from anxin.domains.network import api as network
from anxin.domains.network.contracts import DutyCandidate
from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Permission as NoticesPermission
from anxin.domains.referrals.contracts import Permission as ReferralsPermission
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Permission as RightsPermission
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Permission as RiskPermission
from anxin.kernel import clock, heartbeat
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError, Conflict, NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest
from anxin.sites.staff.openings import open_now

OPENINGS, EXPORTS, TRAIL, PEOPLE = "openings", "exports", "trail", "people"
ARCHIVES, RIGHTS = "archives", "rights"
UNREACHED, NOTICES = "unreached", "notices"
REFERRALS, LINKAGES = "referrals", "linkages"
WORKLOAD = "workload"
DUTY, CASES, CAMPAIGNS, INTERVIEWS, INSTRUMENTS = "duty", "cases", "campaigns", "interviews", "instruments"

_CAMPAIGN_PAGES = (
    CampaignsPermission.PLAN,
    CampaignsPermission.REVIEW,
    CampaignsPermission.RUN,
    CampaignsPermission.INTERVIEW,
    CampaignsPermission.VIEW_REPORT,
)

_REFERRAL_PAGES = (
    ReferralsPermission.READ,
    ReferralsPermission.SEND,
    ReferralsPermission.VIEW_STATUS,
    ReferralsPermission.VIEW_COUNTS,
)
_ARCHIVE_PAGES = (ArchivesPermission.VIEW, ArchivesPermission.READ_UNIT, ArchivesPermission.VIEW_META)


def page(
    request: VisitRequest,
    template: str,
    context: dict[str, Any],
    *,
    current: str,
    status: int = 200,
    open_warnings: int | None = None,
) -> HttpResponse:
    """``template`` inside the frame. Call it inside the unit of work of the request's actor."""
    around = frame(request.actor, current, open_warnings)
    return render(request, template, {**around, **context}, status=status)


def frame(actor: Actor, current: str, open_warnings: int | None = None) -> dict[str, Any]:
    """Menu, tabs, name, unit, duty, and whether the clocks are being watched. ``open_warnings`` if already counted."""
    entries = _entries(actor, current, open_warnings)
    return {
        **_place(actor),
        "menu": entries,
        "tabs": [entry for entry in entries if entry["tab"]],
        "may_refer": actor.may(ReferralsPermission.SEND),
        "may_link": actor.may(LinkagesPermission.BEGIN),
        "home_url": reverse("staff:home"),
        "printed_at": clock.now(),
        "user_name": actor.label,
        "bell_url": reverse("staff:notices"),
        "bell_count": notices.unread_count(actor=actor),
        "openings": open_now(actor),
        "user_menu": [
            {"label": _("My account"), "url": reverse("staff:account"), "icon": "user", "post": False},
            {"label": _("Sign out"), "url": reverse("signin:sign_out"), "icon": "logout", "post": True},
        ],
        **silence_of_worker(),
    }


def silence_of_worker() -> dict[str, Any]:
    """Whether the worker has been silent too long, and since when."""
    silence = heartbeat.age(heartbeat.WORKER)
    is_silent = silence is None or silence > heartbeat.STALE_AFTER
    since = clock.now() - silence if silence is not None and not clock.is_simulated() else None
    return {"worker_is_silent": is_silent, "worker_silent_since": since if is_silent else None}


def _entries(actor: Actor, current: str, open_warnings: int | None) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    if actor.may(RiskPermission.VIEW):
        if open_warnings is None:
            open_warnings = risk.board_counts(actor=actor, end_of_today=end_of_today()).total
        entries.append(
            {
                "section": _("Duty"),
                "label": _("Warning board"),
                "url": reverse("staff:duty"),
                "icon": "bell-ringing",
                "count": open_warnings,
                "current": current == DUTY,
                "tab": True,
            }
        )
    if actor.may(NoticesPermission.FOLLOW_UP):
        entries.append(
            {
                "section": _("Duty"),
                "label": _("Not reached"),
                "url": reverse("staff:unreached"),
                "icon": "phone-call",
                "count": notices.unreached_count(actor=actor),
                "current": current == UNREACHED,
                "tab": False,
            }
        )
    if actor.may(CasesPermission.VIEW):
        entries.append(
            {
                "section": _("Cases"),
                "label": _("Cases"),
                "url": reverse("staff:cases"),
                "icon": "folder",
                "current": current == CASES,
                "tab": True,
            }
        )
    if any(actor.may(one) for one in _REFERRAL_PAGES):
        entries.append(
            {
                "section": _("Cases"),
                "label": _("Referrals"),
                "url": reverse("staff:referrals"),
                "icon": "route",
                "current": current == REFERRALS,
                "tab": False,
            }
        )
    linkage_page = _linkage_page(actor)
    if linkage_page:
        entries.append(
            {
                "section": _("Cases"),
                "label": _("Linkages"),
                "url": reverse(linkage_page),
                "icon": "handshake",
                "current": current == LINKAGES,
                "tab": False,
            }
        )
    if actor.may(CasesPermission.ASSIGN):
        entries.append(
            {
                "section": _("Cases"),
                "label": _("Workload"),
                "url": reverse("staff:workload"),
                "icon": "chart",
                "current": current == WORKLOAD,
                "tab": False,
            }
        )
    if any(actor.may(one) for one in _ARCHIVE_PAGES):
        entries.append(
            {
                "section": _("Cases"),
                "label": _("Archives"),
                "url": reverse("staff:archives"),
                "icon": "id-badge",
                "current": current == ARCHIVES,
                "tab": False,
            }
        )
    if actor.may(AssessmentsPermission.ADMINISTER):
        entries.append(
            {
                "section": _("Cases"),
                "label": _("Interviews"),
                "url": reverse("staff:interviews"),
                "icon": "clipboard-heart",
                "current": current == INTERVIEWS,
                "tab": False,
            }
        )
    if any(actor.may(one) for one in _CAMPAIGN_PAGES):
        entries.append(
            {
                "section": _("Screening"),
                "label": _("Screening campaigns"),
                "url": reverse("staff:campaigns"),
                "icon": "clipboard-check",
                "current": current == CAMPAIGNS,
                "tab": True,
            }
        )
    if any(actor.may(one) for one in InstrumentsPermission):
        entries.append(
            {
                "section": _("Screening"),
                "label": _("Questionnaires"),
                "url": reverse("staff:instruments"),
                "icon": "clipboard-data",
                "current": current == INSTRUMENTS,
                "tab": False,
            }
        )
    if actor.may(AccessPermission.MANAGE) or actor.may(AccessPermission.INVITE):
        entries.append(
            {
                "section": _("Oversight"),
                "label": _("People and roles"),
                "url": reverse("staff:people"),
                "icon": "users",
                "current": current == PEOPLE,
                "tab": False,
            }
        )
    if actor.may(AccessPermission.BREAK_GLASS) or actor.may(AccessPermission.REVIEW_OPENINGS):
        entries.append(
            {
                "section": _("Oversight"),
                "label": _("Opened records"),
                "url": reverse("staff:break-glass"),
                "icon": "lock",
                "count": access.reviews_waiting(actor=actor)[0],
                "current": current == OPENINGS,
                "tab": actor.may(AccessPermission.REVIEW_OPENINGS),
            }
        )
    if actor.may(RightsPermission.DECIDE):
        entries.append(
            {
                "section": _("Oversight"),
                "label": _("Requests about data"),
                "url": reverse("staff:rights"),
                "icon": "id-badge",
                "count": _requests_waiting(actor),
                "current": current == RIGHTS,
                "tab": True,
            }
        )
    if any(actor.may(one) for one in (AccessPermission.APPROVE_EXPORTS, AccessPermission.READ_EXPORTS)):
        entries.append(
            {
                "section": _("Oversight"),
                "label": _("Exports"),
                "url": reverse("staff:exports"),
                "icon": "download",
                "count": len(access.exports_waiting(actor=actor)),
                "current": current == EXPORTS,
                "tab": False,
            }
        )
    if actor.may(AuditPermission.READ):
        entries.append(
            {
                "section": _("Oversight"),
                "label": _("The trail"),
                "url": reverse("staff:trail"),
                "icon": "clock-shield",
                "current": current == TRAIL,
                "tab": True,
            }
        )
    # The figures are those of areas: who holds the right at a station alone would meet an empty address.
    if actor.may(IndicatorsPermission.VIEW) and indicators.nodes_queryset(actor=actor).exists():
        entries.append(
            {
                "section": _("Oversight"),
                "label": _("Overview"),
                "url": reverse("oversight:overview"),
                "icon": "dashboard",
                "tab": True,
            }
        )
    if actor.may(NoticesPermission.VIEW_QUOTA) and not actor.may(NoticesPermission.FOLLOW_UP):
        entries.append(
            {
                "section": _("Oversight"),
                "label": _("What messages cost"),
                "url": reverse("staff:message-quotas"),
                "icon": "chart",
                "current": current == UNREACHED,
                "tab": False,
            }
        )
    return entries


def _requests_waiting(actor: Actor) -> int:
    officer = rights.officer(actor)
    with unit_of_work(officer):
        return rights.requests_waiting(actor=officer)[0]


def _linkage_page(actor: Actor) -> str:
    """Where this reader's linkages are: the records, what their department handed in, or an expert's calls."""
    works = (LinkagesPermission.READ, LinkagesPermission.BEGIN)
    decides = (LinkagesPermission.APPROVE_RELEASE, LinkagesPermission.ANSWER_INBOUND)
    if any(actor.may(one) for one in (*works, *decides)):
        return "staff:linkages"
    if actor.may(LinkagesPermission.SUBMIT):
        return "staff:linkage-submitted"
    return "staff:linkage-calls" if actor.may(LinkagesPermission.RESPOND) else ""


def end_of_today() -> Any:
    """The last moment of the city's day."""
    local = clock.local(clock.now())
    return local.replace(hour=23, minute=59, second=59, microsecond=999_999)


_ROUND_THE_CLOCK = timedelta(hours=24)


def _place(actor: Actor) -> dict[str, Any]:
    """The unit the person works at, and the duty they are on now."""
    if actor.staff_id is None:
        return {}
    now = clock.now()
    postings = network.postings_of(staff_id=actor.staff_id, on=clock.today())
    if not postings:
        return {}
    seat = _seat(actor, postings, now)
    duty = ""
    if seat is not None and seat.until is not None:
        duty = _("On duty until %(time)s") % {"time": f"{clock.local(seat.until):%H:%M}"}
        # Only a seat that ends at midnight can be followed by another of the same person: no query for the others.
        following = _seat(actor, postings, seat.until) if clock.local(seat.until).time() == time() else None
        if following and following.until and following.until - now >= _ROUND_THE_CLOCK:
            duty = _("On duty round the clock")
    return {"unit_name": seat.unit_name if seat else postings[0].unit.name, "duty_label": duty}


def _seat(actor: Actor, postings: list[Any], at: datetime) -> DutyCandidate | None:
    seats = network.on_duty_by_unit(unit_ids=[one.unit_id for one in postings], at=at)
    return next((one for people in seats.values() for one in people if one.staff_id == actor.staff_id), None)


class SeeOther(HttpResponseRedirect):
    """303: after a POST the browser asks for the page with GET."""

    status_code = 303


def attempt(form: Form, act: Callable[[], object]) -> int:
    """Carry out ``act`` when ``form`` is whole: 303 when it was done, else 422 or 409 with the refusal in ``form``.

    What is not theirs is left to the entrance.
    """
    if not form.is_valid():
        return 422
    try:
        act()
    except (NotFound, NotPermitted):
        raise
    except AnxinError as error:
        form.add_error(error.field if error.field in form.fields else None, said(error))
        return 409 if isinstance(error, Conflict) else 422
    return 303
