"""Finding a person, beginning an interview, its result, and the second look at doubtful answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Conduct, LookOutcome, Permission, SittingState
from anxin.domains.instruments import api as instruments
from anxin.domains.residents import api as residents
from anxin.flows import interview_resident
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.interviews import presenters
from anxin.sites.staff.interviews.forms import LookForm, NewInterviewForm
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import INTERVIEWS, SeeOther, attempt, page

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.ADMINISTER)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """Find a person; what is open, what was taken, what waits for a second look."""
    actor, wanted = request.actor, request.GET.get("q", "")[:40]
    with unit_of_work(actor):
        context: dict[str, Any] = {
            "q": wanted,
            "found": presenters.found(actor, wanted),
            "mine": presenters.lines_of(assessments.own_interviews(actor=actor)),
            "doubtful": presenters.lines_of(
                assessments.waiting_for_second_look(actor=actor), for_second_look=True
            ),
        }
        if wanted:
            shown = len(context["found"])
            note_listing(actor, "residents:residents:searched", asked={"q": wanted}, shown=shown)
        return page(request, "staff/interviews/index.html", context, current=INTERVIEWS)


@requires(Permission.ADMINISTER)
@_form_page
def new(request: VisitRequest, resident_uid: str) -> HttpResponse:
    """Which form, how, with what agreement, and who answers."""
    actor = request.actor
    with unit_of_work(actor):
        person = residents.access_resident(actor=actor, uid=resident_uid)
        age = residents.age_on(person.born_on, clock.today()) if person.born_on else None
        choices, untrained = presenters.form_choices(actor, age=age)
    form = NewInterviewForm(
        request.POST or None, choices=choices, initial={"form": _wanted(request, choices)}
    )
    status = 200
    if request.method == "POST":
        begun: list[str] = []
        status = attempt(form, lambda: begun.append(_begin(request, form, resident_uid)))
        if status == SeeOther.status_code:
            return SeeOther(begun[0])
    with unit_of_work(actor):
        context = {
            "form": form,
            "person": residents.mask_name(person.name) or _("no name"),
            "number": person.number,
            "age": age,
            "untrained": untrained,
            "needs_guardian": residents.needs_guardian(person.born_on, clock.today()),
        }
        return page(request, "staff/interviews/new.html", context, current=INTERVIEWS, status=status)


def _wanted(request: VisitRequest, choices: list[tuple[str, object]]) -> str:
    """The form a result asks for next, in the language of the page if there is a text of it."""
    slug = request.GET.get("form", "")
    offered = [value for _, group in choices if isinstance(group, list) for value, _ in group]
    mine = [value for value in offered if value.partition("|")[0] == slug]
    return next((one for one in mine if one.endswith(presenters.page_language())), mine[0] if mine else "")


def _begin(request: VisitRequest, form: NewInterviewForm, resident_uid: str) -> str:
    instrument = instruments.published_version(form.cleaned_data["form"].partition("|")[0])
    sitting = interview_resident.start(
        actor=request.actor,
        resident_uid=resident_uid,
        draft=form.draft(instrument),
        follows_uid=request.GET.get("after", "")[:36],
    )
    if sitting.conduct == Conduct.PAPER:
        return reverse("staff:interview-paper", args=[sitting.uid])
    with unit_of_work(request.actor):
        return presenters.next_question_url(
            assessments.access_interview(actor=request.actor, uid=sitting.uid)
        )


@requires(Permission.ADMINISTER)
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """The result; an open interview leads back to its questions."""
    with unit_of_work(request.actor):
        sitting = assessments.access_interview(actor=request.actor, uid=uid)
        if sitting.state == SittingState.DRAFT:
            return redirect(presenters.lines_of([sitting])[0].url)
        if sitting.state == SittingState.DISCARDED:
            return redirect("staff:interviews")
        view = presenters.result_of(request.actor, sitting)
        return page(request, "staff/interviews/result.html", {"view": view}, current=INTERVIEWS)


@requires(Permission.ADMINISTER)
@require_POST
def discard(request: VisitRequest, uid: str) -> HttpResponse:
    """Begun by mistake."""
    with unit_of_work(request.actor):
        assessments.discard_interview(actor=request.actor, sitting_uid=uid)
    messages.success(request, _("Put away. What a worrying answer has set going goes on."))
    return SeeOther(reverse("staff:interviews"))


@requires(Permission.ADMINISTER)
@_form_page
def second_look(request: VisitRequest, uid: str) -> HttpResponse:
    """Why the answers are doubtful, and what a second look found."""
    form = LookForm(request.POST or None)
    status = 200
    if request.method == "POST":

        def look() -> None:
            with unit_of_work(request.actor):
                assessments.look_again(
                    actor=request.actor,
                    sitting_uid=uid,
                    outcome=LookOutcome(form.cleaned_data["outcome"]),
                    note=form.cleaned_data["note"],
                )

        status = attempt(form, look)
        if status == SeeOther.status_code:
            messages.success(request, _("Your second look is kept with the answers."))
            return SeeOther(reverse("staff:interviews"))
    with unit_of_work(request.actor):
        sitting = assessments.access_doubtful(actor=request.actor, uid=uid)
        context = {"view": presenters.look_of(sitting), "form": form}
        return page(request, "staff/interviews/look.html", context, current=INTERVIEWS, status=status)
