"""Results: of an archived sitting, and of answers that exist on the device only."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anxin.exchange.pdf import setting as pdf
from anxin.flows import answer_check_in
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.downloads import pdf_response
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public, signed_in
from anxin.sites.resident import device, person
from anxin.sites.resident.pages import SeeOther, page, see_other
from anxin.sites.resident.results import keeping, papers, presenters
from anxin.sites.resident.results.forms import CheckInForm
from anxin.sites.resident.self_tests import entering, runs
from anxin.sites.resident.self_tests.forms import ConsentForm

_ANSWERED = "answered"


@signed_in("resident")
@require_safe
def result(request: VisitRequest, token: UUID) -> HttpResponse:
    """One archived result; a draft leads back to its questions."""
    form = CheckInForm()
    return _archived(request, str(token), form, is_answered=_ANSWERED in request.GET)


@signed_in("resident")
@require_POST
def check_in(request: VisitRequest, token: UUID) -> HttpResponse:
    """Are you safe now, shall somebody call you."""
    form = CheckInForm(request.POST)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            answer_check_in.answer(
                actor=request.actor,
                sitting_uid=str(token),
                is_safe_now=answers["is_safe_now"],
                wants_call=answers["wants_call"] == "yes",
            )
        except AnxinError as refused:
            form.add_error(None, said(refused))
        else:
            return SeeOther(f"{reverse('resident_results:result', args=[token])}?{_ANSWERED}=1#check-in")
    return _archived(request, str(token), form, is_answered=False, status=422)


@signed_in("resident")
@require_safe
def paper(request: VisitRequest, token: UUID) -> HttpResponse:
    """An archived result as a PDF. Raises ``NoFontForPdf`` where none can be made."""
    with unit_of_work(request.actor):
        shown = presenters.archived(request.actor, str(token))
    if shown is None:
        return see_other("resident_tests:list")
    return pdf_response(papers.result_paper(shown["view"], shown["course"]), name="anxin")


@public(reason="The answers are on the visitor's own device.")
@require_safe
def here_paper(request: VisitRequest) -> HttpResponse:
    """The result of the answers on this device as a PDF; nothing of it stays here."""
    kept = device.run_on(request)
    run = runs.finished_on(kept)
    if kept is None or run is None:
        return see_other("resident_results:here")
    view = presenters.result_view(run.offer, run.instrument, run.answers, on=kept.started_on)
    return pdf_response(papers.result_paper(view, None), name="anxin")


@public(reason="The answers are on the visitor's own device.")
@require_safe
def here(request: VisitRequest) -> HttpResponse:
    """The result of the answers on this device."""
    kept = device.run_on(request)
    run = runs.finished_on(kept)
    if kept is None or run is None:
        return page(request, "resident/results/gone.html")
    view = presenters.result_view(run.offer, run.instrument, run.answers, on=kept.started_on)
    return page(
        request,
        "resident/results/result.html",
        {"view": view, "is_named": False, "can_be_pdf": pdf.is_available()},
    )


@public(reason="Clearing one's own device.")
@require_POST
def clear(request: VisitRequest) -> HttpResponse:
    """Take the answers off this device."""
    response = see_other("resident_results:here")
    device.forget_run(response)
    return response


@signed_in("resident")
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: VisitRequest) -> HttpResponse:
    """Take the answers from the device into the archive, after the same agreement as any sitting under one's name."""
    run, known, text = (
        runs.finished_on(device.run_on(request)),
        person.known(request),
        entering.consent_text(),
    )
    if run is None or known is None:
        return see_other("resident_results:here")
    away = entering.turned_away(known.age)
    form = ConsentForm(request.POST or None, initial={"version": text.version})
    if away or request.method != "POST" or not form.is_valid():
        return away or page(
            request,
            "resident/results/keep.html",
            {"form": form, "text": text},
            status=422 if form.errors else 200,
        )
    entering.agree(request, known, text_version=form.cleaned_data["version"])
    response = see_other("resident_results:result", keeping.keep(request, run, known))
    device.forget_run(response)
    return response


def _archived(
    request: VisitRequest, uid: str, form: CheckInForm, *, is_answered: bool, status: int = 200
) -> HttpResponse:
    with unit_of_work(request.actor):
        shown: dict[str, Any] | None = presenters.archived(request.actor, uid)
    if shown is None:
        return see_other("resident_tests:list")
    context = shown | {
        "check_in": form,
        "check_in_url": reverse("resident_results:check_in", args=[uid]),
        "is_answered": is_answered,
    }
    return page(request, "resident/results/result.html", context, status=status)
