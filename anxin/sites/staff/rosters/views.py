"""Files of names: sent, watched, given back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import FileRefused, RosterClosed
from anxin.exchange.roster import files
from anxin.exchange.roster.words import file_words
from anxin.flows import import_roster
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.rosters import presenters
from anxin.sites.staff.rosters.files import MARKED
from anxin.sites.staff.rosters.forms import RosterFileForm
from anxin.sites.staff.shell import CAMPAIGNS, SeeOther, page


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """The roster of one campaign."""
    return _roster(request, uid, RosterFileForm())


@signed_in("staff")
@require_POST
def send(request: VisitRequest, uid: str) -> HttpResponse:
    """A file was sent."""
    form = RosterFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _roster(request, uid, form, status=422)
    sent = form.cleaned_data["file"]
    try:
        roster = import_roster.receive(
            actor=request.actor, campaign_uid=uid, file_name=sent.name, chunks=sent.chunks()
        )
    except FileRefused as refused:
        form.add_error("file", file_words(refused.fault, refused.detail))
        return _roster(request, uid, form, status=422)
    except RosterClosed as refused:
        form.add_error(None, said(refused))
        return _roster(request, uid, form, status=422)
    return SeeOther(reverse("staff:campaign-roster-file", kwargs={"uid": uid, "file_uid": roster.uid}))


def _roster(request: VisitRequest, uid: str, form: RosterFileForm, *, status: int = 200) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.roster_page(request.actor, uid)
        context = {"view": view, "form": form}
        return page(request, "staff/rosters/roster.html", context, current=CAMPAIGNS, status=status)


@signed_in("staff")
@require_GET
def file(request: VisitRequest, uid: str, file_uid: str) -> HttpResponse:
    """One file and what became of it."""
    with unit_of_work(request.actor):
        view = presenters.file_page(request.actor, uid, file_uid, request.GET.get("page", "1"))
        context = {"view": view, "marked": MARKED}
        return page(request, "staff/rosters/file.html", context, current=CAMPAIGNS)


@signed_in("staff")
@require_GET
def progress(request: VisitRequest, uid: str, file_uid: str) -> HttpResponse:
    """The part of that page that changes."""
    with unit_of_work(request.actor):
        view = presenters.file_page(request.actor, uid, file_uid, "1")
        return render(request, "staff/rosters/file_body.html", {"view": view, "marked": MARKED})


@signed_in("staff")
@require_POST
def drop_marked(request: VisitRequest, uid: str, file_uid: str) -> HttpResponse:
    """The returned file is not needed any more."""
    with unit_of_work(request.actor):
        roster = campaigns.drop_marked_file(actor=request.actor, campaign_uid=uid, uid=file_uid)
    files.drop_marked(roster.uid)
    messages.success(request, _("The returned file was deleted."))
    return SeeOther(reverse("staff:campaign-roster-file", kwargs={"uid": uid, "file_uid": file_uid}))
