"""The board, one colleague, and what a supervisor does about it."""

import re

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import Permission
from anxin.domains.network import api as network
from anxin.flows import hand_over_cases
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import WORKLOAD, SeeOther, attempt, page
from anxin.sites.staff.workload import presenters
from anxin.sites.staff.workload.forms import CoverForm, ReassignForm

_NAME = re.compile(r"[\w-]{1,36}", re.ASCII)


@requires(Permission.ASSIGN)
@require_GET
def board(request: VisitRequest) -> HttpResponse:
    """Who has how many, by level; who is overdue; over a whole area place by place."""
    with unit_of_work(request.actor):
        place = _place(request.GET.get("at", ""))
        view = presenters.board(request.actor, place=place)
        note_listing(request.actor, "cases:cases:listed", asked={"board": "workload"}, shown=view.total)
        context = {"view": view, "is_narrowed": bool(place)}
        return page(request, "staff/workload/board.html", context, current=WORKLOAD)


def _place(uid: str) -> str:
    try:
        return network.unit_by_uid(uid=uid).path if _NAME.fullmatch(uid) else ""
    except NotFound:
        return ""


@requires(Permission.ASSIGN)
@require_GET
def colleague(request: VisitRequest, uid: str) -> HttpResponse:
    """One colleague's cases, to hand over many at once or to arrange cover."""
    return _colleague_page(request, uid, {}, 200)


def _colleague_page(request: VisitRequest, uid: str, tried: dict[str, Form], status: int) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.colleague_page(request.actor, uid)
        context = {
            "view": view,
            "reassign": tried.get("reassign")
            or ReassignForm(cases=view.choices, colleagues=view.colleagues, auto_id="id_reassign_%s"),
            "cover": tried.get("cover") or CoverForm(colleagues=view.colleagues, auto_id="id_cover_%s"),
            "open": next(iter(tried), ""),
        }
        return page(request, "staff/workload/colleague.html", context, current=WORKLOAD, status=status)


@requires(Permission.ASSIGN)
@require_POST
def reassign(request: VisitRequest, uid: str) -> HttpResponse:
    """The chosen cases to one colleague: all of them, or none and why."""
    with unit_of_work(request.actor):
        view = presenters.colleague_page(request.actor, uid)
    form = ReassignForm(
        request.POST, cases=view.choices, colleagues=view.colleagues, auto_id="id_reassign_%s"
    )
    status = attempt(
        form,
        lambda: hand_over_cases.reassign(
            actor=request.actor,
            case_uids=form.cleaned_data["cases"],
            posting_uid=form.cleaned_data["manager"],
            reason=form.cleaned_data["reason"],
        ),
    )
    return _answer(request, uid, form, "reassign", status, _("Handed over. The colleague has been told."))


@requires(Permission.ASSIGN)
@require_POST
def cover(request: VisitRequest, uid: str) -> HttpResponse:
    """Somebody stands in from one day to another."""
    with unit_of_work(request.actor):
        view = presenters.colleague_page(request.actor, uid)
    form = CoverForm(request.POST, colleagues=view.colleagues, auto_id="id_cover_%s")
    status = attempt(
        form,
        lambda: hand_over_cases.arrange_cover(
            actor=request.actor,
            posting_uid=uid,
            by_uid=form.cleaned_data["by"],
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            reason=form.cleaned_data["reason"],
        ),
    )
    return _answer(request, uid, form, "cover", status, _("Arranged. It begins and ends by itself."))


@requires(Permission.ASSIGN)
@require_POST
def end_cover(request: VisitRequest, uid: str) -> HttpResponse:
    """Back earlier."""
    with unit_of_work(request.actor):
        view = presenters.colleague_page(request.actor, uid)
        chosen = request.POST.get("cover", "")
        if chosen not in {one.uid for one in view.covers}:
            raise NotFound
        cases.end_cover(actor=request.actor, cover_uid=chosen)
    messages.success(request, _("The cover has ended."))
    return SeeOther(reverse("staff:workload-colleague", args=[uid]))


def _answer(request: VisitRequest, uid: str, form: Form, step: str, status: int, done: str) -> HttpResponse:
    if status == SeeOther.status_code:
        messages.success(request, done)
        return SeeOther(reverse("staff:workload-colleague", args=[uid]))
    return _colleague_page(request, uid, {step: form}, status)
