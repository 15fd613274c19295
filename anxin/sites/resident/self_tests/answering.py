"""Taking answers: one at a time or all at once, forward, back, skipped or stopped."""

from django.http import HttpResponse

from anxin.sites.marks import VisitRequest
from anxin.sites.resident.pages import page, see_other
from anxin.sites.resident.self_tests import following, presenters, runs, timing
from anxin.sites.resident.self_tests.forms import AllAnswersForm, AnswerForm
from anxin.sites.resident.self_tests.offer import Offer

NEXT, SKIP, STOP = "next", "skip", "stop"


def show_one(
    request: VisitRequest, offer: Offer, run: runs.Run, number: int, *, chosen: int | None, error: str = ""
) -> HttpResponse:
    """The page of one question, with what was chosen."""
    view = presenters.question_page(offer, run, number, chosen=chosen, error=error)
    return page(request, "resident/self_tests/question.html", {"view": view}, status=422 if error else 200)


def take_one(request: VisitRequest, offer: Offer, run: runs.Run, number: int) -> HttpResponse:
    """Keep the answer and go where the button says."""
    step = request.POST.get("step", NEXT)
    form = AnswerForm(request.POST, codes=[option.code for option in run.way.options(number)])
    is_answered = form.is_valid()
    if step == NEXT and not is_answered:
        return show_one(
            request, offer, run, number, chosen=run.answers[number - 1], error=str(form.errors["value"][0])
        )
    is_critical = False
    if step == SKIP:
        run, is_critical = runs.save(request, run, item=number, value=None)
    elif is_answered:
        run, is_critical = runs.save(
            request,
            run,
            item=number,
            value=form.cleaned_data["value"],
            millis=timing.millis_since(request),
        )
    is_last = run.way.after(number, run.answers) is None
    if is_last and step != STOP and not is_critical and not run.missing:
        return hand_in(request, run)
    return runs.keep(_after_one(run, number, step=step, is_critical=is_critical), run)


def _after_one(run: runs.Run, number: int, *, step: str, is_critical: bool) -> HttpResponse:
    slug = run.instrument.id
    if is_critical:
        return see_other("resident_tests:pause", slug, number)
    if step == STOP:
        return see_other("resident_tests:list")
    ahead = run.way.after(number, run.answers)
    if ahead is not None:
        return see_other("resident_tests:question", slug, ahead)
    return see_other("resident_tests:check", slug)


def take_all(request: VisitRequest, offer: Offer, run: runs.Run) -> HttpResponse:
    """Keep every answer of the long page, then go where the button says."""
    form = AllAnswersForm(request.POST, way=run.way)
    is_stopping = request.POST.get("step", NEXT) == STOP
    if not form.is_valid() and not is_stopping:
        view = presenters.all_page(offer, run, chosen=form.readable())
        return page(request, "resident/self_tests/all.html", {"view": view, "form": form}, status=422)
    changed = {number: value for number, value in form.readable().items() if run.answers[number - 1] != value}
    took = timing.millis_since(request)
    is_critical = False
    for number, value in changed.items():
        run, fired = runs.save(
            request,
            run,
            item=number,
            value=value,
            # One page, one time: each answer gets its share of it.
            millis=None if took is None else took // len(changed),
        )
        is_critical = is_critical or fired
    slug = run.instrument.id
    if is_stopping or run.missing:
        response = (
            see_other("resident_tests:list") if is_stopping else see_other("resident_tests:check", slug)
        )
        if is_critical:
            response = see_other("resident_tests:pause", slug, len(run.answers))
        return runs.keep(response, run)
    return hand_in(request, run)


def hand_in(request: VisitRequest, run: runs.Run) -> HttpResponse:
    """Finish; then to what comes next, or to the result. A worrying answer always leads to the result: help first."""
    finished = runs.finish(request, run)
    if finished.is_named:
        if not finished.is_critical and following.after_sitting(request, finished):
            return see_other("resident_tests:next", finished.sitting_uid)
        return see_other("resident_results:result", finished.sitting_uid)
    if not finished.is_critical and following.on_this_device(finished):
        return runs.keep(see_other("resident_tests:next_here"), finished)
    return runs.keep(see_other("resident_results:here"), finished)
