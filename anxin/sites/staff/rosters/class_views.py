"""One class by name, its slips, and who has agreed. Each look at names is recorded, and asked for by itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.campaigns import api as campaigns
from anxin.kernel.errors import Refused
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.rosters import presenters
from anxin.sites.staff.rosters.slips import slips_page
from anxin.sites.staff.shell import CAMPAIGNS, SeeOther, page

QUESTIONNAIRE, ENTRY = "resident_questionnaire:page", "resident_class_entry:enter"


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str, class_uid: str) -> HttpResponse:
    """The people of one class, masked."""
    return _class(request, uid, class_uid, is_named=False)


@signed_in("staff")
@require_POST
def reveal(request: VisitRequest, uid: str, class_uid: str) -> HttpResponse:
    """The same by name, for this view only."""
    return _class(request, uid, class_uid, is_named=True)


def _class(request: VisitRequest, uid: str, class_uid: str, *, is_named: bool) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.class_page(request.actor, uid, class_uid, is_named=is_named)
        return page(request, "staff/rosters/class.html", {"view": view}, current=CAMPAIGNS)


@signed_in("staff")
@require_GET
def slips(request: VisitRequest, uid: str, class_uid: str) -> HttpResponse:
    """A sheet of slips to print and cut."""
    with unit_of_work(request.actor):
        address, entry = (request.build_absolute_uri(reverse(name)) for name in (QUESTIONNAIRE, ENTRY))
        view = slips_page(request.actor, uid, class_uid, address=address, entry=entry)
        return page(request, "staff/rosters/slips.html", {"view": view}, current=CAMPAIGNS)


@signed_in("staff")
@require_POST
def new_slip(request: VisitRequest, uid: str, class_uid: str) -> HttpResponse:
    """One slip was lost: a new one, and the old one opens nothing."""
    with unit_of_work(request.actor):
        campaigns.replace_token(actor=request.actor, participant_uid=request.POST.get("person", ""))
    messages.success(
        request, _("The old slip opens nothing any more. Print the new one from the slips of the class.")
    )
    return SeeOther(reverse("staff:campaign-class", kwargs={"uid": uid, "class_uid": class_uid}))


@signed_in("staff")
@require_GET
def consent(request: VisitRequest, uid: str) -> HttpResponse:
    """How the asking stands, in numbers."""
    return _consent(request, uid, with_names=False)


@signed_in("staff")
@require_POST
def awaited(request: VisitRequest, uid: str) -> HttpResponse:
    """Who has not answered yet, by name: for whoever has to remind them."""
    return _consent(request, uid, with_names=True)


def _consent(request: VisitRequest, uid: str, *, with_names: bool) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.consent_page(request.actor, uid, with_names=with_names)
        return page(request, "staff/rosters/consent.html", {"view": view}, current=CAMPAIGNS)


@signed_in("staff")
@require_POST
def ask(request: VisitRequest, uid: str) -> HttpResponse:
    """Ask, or remind, every guardian whose answer is awaited."""
    try:
        with unit_of_work(request.actor):
            campaigns.ask_guardians(
                actor=request.actor, campaign_uid=uid, base_url=request.build_absolute_uri("/").rstrip("/")
            )
    except Refused as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, _("The messages are on their way. Nobody gets two on one day."))
    return SeeOther(reverse("staff:campaign-consent", kwargs={"uid": uid}))
