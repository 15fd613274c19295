"""A guardian's page about somebody they answer for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anxin.domains.audit import api as audit
from anxin.exchange.pdf import setting as pdf
from anxin.exchange.person import ward as shape
from anxin.flows import collect_ward_file
from anxin.sites.downloads import file_response, pdf_response
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.me import papers, proving
from anxin.sites.resident.me.words import BASES, LEVELS, RELATIONS
from anxin.sites.resident.pages import page, see_other
from anxin.sites.resident.self_tests.offer import offer_of


@signed_in("resident")
@require_safe
def show(request: VisitRequest, token: UUID) -> HttpResponse:
    """Agreements, how it went in general, who looked."""
    file = collect_ward_file.collect(
        actor=request.actor, link_uid=str(token), language=get_language() or "zh"
    )
    context = {
        "view": ward_view(file),
        "token": token,
        "can_be_pdf": pdf.is_available(),
        "is_proved": proving.is_proved(request),
        "confirm_url": proving.ask_again(reverse("resident_me:ward", args=[token]))["Location"],
    }
    return page(request, "resident/me/ward.html", context)


@signed_in("resident")
@require_POST
def copy(request: VisitRequest, token: UUID, form: str) -> HttpResponse:
    """The same, to take away."""
    collect_ward_file.demand_guardian(actor=request.actor, link_uid=str(token))
    if not proving.is_proved(request):
        return proving.ask_again(reverse("resident_me:ward", args=[token]))
    file = collect_ward_file.take_copy(
        actor=request.actor, link_uid=str(token), language=get_language() or "zh"
    )
    if form == "pdf":
        return pdf_response(papers.ward_paper(ward_view(file)), name="general")
    return file_response(shape.write_json(file), kind="application/json", name="general.json")


@signed_in("resident")
@require_POST
def withdraw(request: VisitRequest, token: UUID) -> HttpResponse:
    """Take an agreement back for the ward."""
    collect_ward_file.take_back(
        actor=request.actor, link_uid=str(token), purpose=request.POST.get("purpose", "")
    )
    messages.success(request, _("Taken back, from this moment on."))
    return see_other("resident_me:ward", token)


def ward_view(file: shape.WardFile) -> dict[str, Any]:
    """The file in words, for the page and for the paper."""
    return {
        "name": file.name,
        "relation": RELATIONS.get(file.relation, file.relation),
        "unit": file.unit,
        "until": file.until,
        "results_are_theirs": file.results_are_theirs,
        "agreements": file.agreements,
        "results": [(_form(one.instrument), one.on, LEVELS[one.level]) for one in file.results],
        "acts": [(BASES[one.basis], one.on) for one in file.acts],
        "looks": [
            (one.at, one.who, audit.sentence_of(one.event), one.actor_kind == "staff") for one in file.looks
        ],
    }


def _form(slug: str) -> Any:
    found = offer_of(slug)
    return found.name if found else _("a self-test")
