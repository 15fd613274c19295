"""The self-tests: choosing, consenting, answering. The same pages whether somebody is known or not."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from anxin.domains.assessments import api as assessments
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public, signed_in
from anxin.sites.resident import device, person
from anxin.sites.resident.pages import SeeOther, page, see_other
from anxin.sites.resident.results.promise import promise_to
from anxin.sites.resident.self_tests import (
    answering,
    batteries,
    battery_pages,
    entering,
    following,
    presenters,
    runs,
)
from anxin.sites.resident.self_tests.forms import ConsentForm, StartForm
from anxin.sites.resident.self_tests.offer import ADULT_AGE, Offer, fits_age, offer_of, offers

_form_page = require_http_methods(["GET", "HEAD", "POST"])
_NO_NAME = "A self-test needs no name."


@public(reason="Anybody may look at which self-tests there are.")
@require_safe
def test_list(request: VisitRequest) -> HttpResponse:
    """The list, with what is open."""
    context = {"cards": presenters.cards(request), "runs": battery_pages.open_cards(request)}
    return page(request, "resident/self_tests/list.html", context)


@public(reason="Help for young people.", reads_session=False)
@require_safe
def young(request: VisitRequest, *, is_child: bool) -> HttpResponse:
    """Instead of a form for adults: somebody to talk to."""
    return page(request, "resident/self_tests/young.html", {"is_child": is_child})


@public(reason=_NO_NAME)
@_form_page
def start(request: VisitRequest, slug: str) -> HttpResponse:
    """How old, and known or unknown."""
    offer, known = _offer(slug), person.known(request)
    away = entering.turned_away(known.age if known else None)
    if away:
        return away
    instrument = runs.published(slug)
    if known and known.age is not None and not fits_age(instrument, known.age):
        return see_other("resident_tests:not_for_age", slug)
    errand = entering.errand_of(request, slug)
    form = StartForm(
        request.POST or None,
        knows_age=bool(known and known.age is not None),
        age_min=instrument.age_min or 0,
    )
    if request.method == "POST" and form.is_valid():
        return entering.enter(
            request, errand, age_band=form.cleaned_data.get("age_band", ""), how=form.cleaned_data["how"]
        )
    view = presenters.start_page(request, offer, is_signed_in=known is not None)
    context = {
        "view": view,
        "offer": offer,
        "form": form,
        "chosen_how": form.data.get("how", ""),
        "battery_title": batteries.title_of_id(errand.battery),
    }
    return page(request, "resident/self_tests/start.html", context, status=422 if form.errors else 200)


@public(reason="Which form fits whom is no secret.")
@require_safe
def not_for_age(request: VisitRequest, slug: str) -> HttpResponse:
    """The form is made for another age: what is there for this one."""
    offer, known = _offer(slug), person.known(request)
    fitting = [one for one in offers(age=known.age if known and known.age else ADULT_AGE) if one != offer]
    return page(
        request,
        "resident/self_tests/not_for_age.html",
        {"offer": offer, "fitting": fitting, "age_min": runs.published(slug).age_min},
    )


@signed_in("resident")
@_form_page
def consent(request: VisitRequest, slug: str) -> HttpResponse:
    """The separate agreement, and what happens on a critical answer, said beforehand."""
    offer, known, text = _offer(slug), person.known(request), entering.consent_text()
    away = entering.turned_away(known.age if known else None)
    if away or known is None:
        return away or see_other("resident_tests:start", slug)
    errand = entering.errand_of(request, slug)
    age_band = request.GET.get("age", "")
    form = ConsentForm(request.POST or None, initial={"version": text.version, "age": age_band})
    if request.method == "POST" and form.is_valid():
        try:
            entering.agree(request, known, text_version=form.cleaned_data["version"])
            return entering.begin_named(request, errand, known, age_band=form.cleaned_data["age"])
        except AnxinError as refused:
            form.add_error(None, said(refused))
    context = {"offer": offer, "form": form, "text": text, "back_url": errand.url("start")}
    return page(request, "resident/self_tests/consent.html", context, status=422 if form.errors else 200)


@signed_in("resident")
@_form_page
def again(request: VisitRequest, slug: str) -> HttpResponse:
    """Answered not long ago: from when it tells something again, what helps meanwhile, and the way on who wants it."""
    offer, known = _offer(slug), person.known(request)
    day = entering.again_on(request, slug, known) if known else None
    if known is None or day is None:
        return see_other("resident_tests:start", slug)
    errand, may_insist = entering.errand_of(request, slug), assessments.taking().may_answer_again
    if request.method == "POST" and may_insist and entering.has_consent(request, known):
        return entering.begin_named(request, errand, known, age_band=request.GET.get("age", ""), insists=True)
    context = {
        "offer": offer,
        "day": day,
        "may_insist": may_insist,
        "part": battery_pages.part_to_leave_out(request, errand),
    }
    return page(request, "resident/self_tests/again.html", context)


@signed_in("resident")
@require_safe
def next_step(request: VisitRequest, token: UUID) -> HttpResponse:
    """After a form of one's own: the next part, or the closer look its result asks for."""
    ahead = following.of_sitting(request, str(token))
    if ahead is None:
        return see_other("resident_results:result", token)
    return page(request, "resident/self_tests/next.html", {"next": ahead, "is_named": True})


@public(reason="The answers are on the visitor's own device.")
@require_safe
def next_here(request: VisitRequest) -> HttpResponse:
    """The same for the answers on this device."""
    run = runs.finished_on(device.run_on(request))
    ahead = following.on_this_device(run) if run else None
    if ahead is None:
        return see_other("resident_results:here")
    return page(request, "resident/self_tests/next.html", {"next": ahead, "is_named": False})


@public(reason=_NO_NAME)
@_form_page
def question(request: VisitRequest, slug: str, number: int) -> HttpResponse:
    """One question."""
    offer, run = _offer(slug), runs.current(request, slug)
    if run is None or number not in run.way.places:
        return see_other("resident_tests:start", slug)
    if number in run.way.left_out(run.answers):
        # An earlier answer rules it out, so it is not put: on to what is.
        return SeeOther(presenters.resume_url(slug, run))
    if request.method == "POST":
        return answering.take_one(request, offer, run, number)
    return answering.show_one(request, offer, run, number, chosen=run.answers[number - 1])


@public(reason=_NO_NAME)
@_form_page
def all_questions(request: VisitRequest, slug: str) -> HttpResponse:
    """All questions on one page."""
    offer, run = _offer(slug), runs.current(request, slug)
    if run is None:
        return see_other("resident_tests:start", slug)
    if request.method == "POST":
        return answering.take_all(request, offer, run)
    return page(request, "resident/self_tests/all.html", {"view": presenters.all_page(offer, run)})


@public(reason=_NO_NAME)
@require_safe
def pause(request: VisitRequest, slug: str, number: int) -> HttpResponse:
    """After an answer that worries us: help first, then as the person likes."""
    offer, run = _offer(slug), runs.current(request, slug)
    if run is None:
        return see_other("resident_tests:start", slug)
    with unit_of_work(request.actor):
        promise = promise_to(actor=request.actor) if run.is_named else None
    ahead = run.way.after(number, run.answers)
    next_url = "" if ahead is None else reverse("resident_tests:question", args=[slug, ahead])
    context = {
        "offer": offer,
        "is_named": run.is_named,
        "promise": promise,
        "is_routing_open": run.is_named and promise is None,
        "is_complete": ahead is None and not run.missing,
        "next_url": next_url or reverse("resident_tests:check", args=[slug]),
    }
    return page(request, "resident/self_tests/pause.html", context)


@public(reason=_NO_NAME)
@_form_page
def check(request: VisitRequest, slug: str) -> HttpResponse:
    """What is still open, before handing in."""
    offer, run = _offer(slug), runs.current(request, slug)
    if run is None:
        return see_other("resident_tests:start", slug)
    if request.method == "POST":
        return answering.hand_in(request, run)
    context = {
        "missing": presenters.missing_questions(offer, run),
        "language": presenters.tag_of(run.instrument),
    }
    return page(request, "resident/self_tests/check.html", context)


def _offer(slug: str) -> Offer:
    offer = offer_of(slug)
    if offer is None:
        raise Http404
    return offer
