"""The list of those not reached, taking care of one, what messages cost, and how a person may be reached."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Permission, Settlement
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.contact_wishes import WishForm
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import ARCHIVES, UNREACHED, SeeOther, attempt, page
from anxin.sites.staff.unreached import presenters
from anxin.sites.staff.unreached.forms import SettleForm

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.FOLLOW_UP)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """Who waits for a person, and what was done about the last ones."""
    with unit_of_work(request.actor):
        context = {
            "lines": presenters.unreached_lines(request.actor),
            "settled": presenters.settled_lines(request.actor),
            "may_see_quotas": request.actor.may(Permission.VIEW_QUOTA),
        }
        shown = len(context["lines"]) + len(context["settled"])
        note_listing(request.actor, "notices:messages:listed", asked={}, shown=shown)
        return page(request, "staff/unreached/list.html", context, current=UNREACHED)


@requires(Permission.FOLLOW_UP)
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One of them."""
    return _page(request, uid)


def _page(
    request: VisitRequest, uid: str, *, form: SettleForm | None = None, status: int = 200
) -> HttpResponse:
    with unit_of_work(request.actor):
        context = {"line": presenters.unreached_line(request.actor, uid), "form": form or SettleForm()}
        return page(request, "staff/unreached/one.html", context, current=UNREACHED, status=status)


@requires(Permission.FOLLOW_UP)
@require_POST
def settle(request: VisitRequest, uid: str) -> HttpResponse:
    """Somebody took care of it."""
    form = SettleForm(request.POST)

    def act() -> None:
        with unit_of_work(request.actor):
            notices.settle(
                actor=request.actor,
                uid=uid,
                how=Settlement(form.cleaned_data["how"]),
                note=form.cleaned_data["note"],
            )

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return _page(request, uid, form=form, status=status)
    messages.success(request, _("What you did is kept."))
    return SeeOther(reverse("staff:unreached"))


@requires(Permission.VIEW_QUOTA)
@require_GET
def quotas(request: VisitRequest) -> HttpResponse:
    """What the units sent this month and may still send."""
    with unit_of_work(request.actor):
        month = _month(request.GET.get("month", "")) or notices.quota_month()
        uses = notices.uses_in(actor=request.actor, month=month)
        context = {
            "month": month,
            "is_now": month == notices.quota_month(),
            "lines": [
                {
                    "unit": one.unit,
                    "way": presenters.CHANNELS[one.channel],
                    "used": one.used,
                    "safety": one.used_for_safety,
                    "quota": one.quota,
                    "is_full": one.quota is not None and one.used >= one.quota.limit - one.quota.reserve,
                }
                for one in uses
            ],
        }
        return page(request, "staff/unreached/quotas.html", context, current=UNREACHED)


def _month(raw: str) -> date | None:
    try:
        return date.fromisoformat(f"{raw}-01") if len(raw) == len("2026-11") else None
    except ValueError:
        return None


@requires(Permission.SET_CONTACT)
@_form_page
def wishes(request: VisitRequest, uid: str) -> HttpResponse:
    """How one person may be reached, written down for them."""
    with unit_of_work(request.actor):
        wish = notices.wishes_of_person(actor=request.actor, resident_uid=uid)
    form = WishForm(request.POST if request.method == "POST" else None, wish=wish)
    status = 200
    if request.method == "POST":

        def act() -> None:
            with unit_of_work(request.actor):
                notices.set_wishes(actor=request.actor, resident_uid=uid, draft=form.draft())

        status = attempt(form, act)
        if status == SeeOther.status_code:
            messages.success(request, _("Kept. It holds from the next message on."))
            return SeeOther(reverse("staff:contact-wishes", args=[uid]))
    with unit_of_work(request.actor):
        context = {"form": form, "number": wish.resident.number}
        return page(request, "staff/unreached/wishes.html", context, current=ARCHIVES, status=status)
