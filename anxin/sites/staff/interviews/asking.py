"""Asking question by question, copying a paper twice, and handing in. A worrying answer calls somebody at once."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Conduct, PaperDiffers, Permission, SittingState
from anxin.flows import interview_resident, save_answer
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.interviews import presenters
from anxin.sites.staff.interviews.forms import DECLINED, AskForm, PaperForm
from anxin.sites.staff.shell import INTERVIEWS, SeeOther, page

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.ADMINISTER)
@_form_page
def question(request: VisitRequest, uid: str, number: int) -> HttpResponse:
    """One question, read aloud."""
    sitting = _opened(request, uid)
    if sitting.state != SittingState.DRAFT or sitting.conduct != Conduct.INTERVIEW:
        return _to("interview", uid)
    way = presenters.way_of(sitting)
    if number not in way.asked(sitting.answers):
        return SeeOther(presenters.next_question_url(sitting))
    if request.method != "POST":
        return _show(request, sitting, number)
    form = AskForm(request.POST, way=way, place=number)
    if not form.is_valid():
        return _show(request, sitting, number, error=str(form.errors["value"][0]))
    result = save_answer.take_down(actor=request.actor, sitting_uid=uid, item=number, value=form.code())
    if result.saved.critical:
        _tell(request, is_raised=result.warning is not None)
    answers = [*sitting.answers[: number - 1], form.code(), *sitting.answers[number:]]
    ahead = way.after(number, answers)
    if request.POST.get("step") == "stop":
        return _to("interviews")
    return _to("interview-question", uid, ahead) if ahead else _to("interview-check", uid)


def _tell(request: VisitRequest, *, is_raised: bool) -> None:
    if is_raised:
        messages.warning(
            request,
            _("This answer has called the duty lead. Stay with the person; you may go on asking."),
        )
    else:
        messages.error(
            request,
            _(
                "This answer asks for somebody now, and the call has not gone out yet. Ring the duty lead yourself."
            ),
        )


def _show(request: VisitRequest, sitting: "Sitting", number: int, *, error: str = "") -> HttpResponse:
    value = sitting.answers[number - 1]
    refusal = presenters.way_of(sitting).refusal(number)
    view = presenters.asked(sitting, number, chosen="" if value is None else str(value), error=error)
    context = {"view": view, "declined": DECLINED, "is_declined": value is not None and value == refusal}
    with unit_of_work(request.actor):
        return page(
            request,
            "staff/interviews/question.html",
            context,
            current=INTERVIEWS,
            status=422 if error else 200,
        )


@requires(Permission.ADMINISTER)
@_form_page
def check(request: VisitRequest, uid: str) -> HttpResponse:
    """What has no answer, before handing in."""
    sitting = _opened(request, uid)
    if sitting.state != SittingState.DRAFT or sitting.conduct != Conduct.INTERVIEW:
        return _to("interview", uid)
    if request.method == "POST":
        interview_resident.hand_in(actor=request.actor, sitting_uid=uid, allow_missing=True)
        return _to("interview", uid)
    missing = presenters.way_of(sitting).missing(sitting.answers)
    lines = [line for line in presenters.answered(sitting) if line.place in missing]
    with unit_of_work(request.actor):
        context = {"head": presenters.head_of(sitting), "missing": lines}
        return page(request, "staff/interviews/check.html", context, current=INTERVIEWS)


@requires(Permission.ADMINISTER)
@_form_page
def paper(request: VisitRequest, uid: str) -> HttpResponse:
    """Copy the paper; then copy it again without seeing the first entry."""
    sitting = _opened(request, uid)
    if sitting.state != SittingState.DRAFT or sitting.conduct != Conduct.PAPER:
        return _to("interview", uid)
    form = PaperForm(request.POST or None, way=presenters.way_of(sitting))
    is_second = sitting.administration.entered_at is not None
    if request.method != "POST" or not form.is_valid():
        return _paper_page(request, sitting, form, status=422 if form.errors else 200)
    if not is_second:
        is_critical = interview_resident.enter_paper(
            actor=request.actor, sitting_uid=uid, answers=form.answers()
        )
        if is_critical:
            _tell(request, is_raised=interview_resident.is_somebody_called(sitting))
        messages.success(request, _("The first entry is kept. Now enter the paper once more."))
        return _to("interview-paper", uid)
    try:
        interview_resident.check_paper(
            actor=request.actor,
            sitting_uid=uid,
            second=form.answers(),
            is_settled="settled" in request.POST,
        )
    except PaperDiffers as refused:
        form.add_error(None, said(refused))
        places = refused.params["items"]
        assert isinstance(places, tuple)
        return _paper_page(request, sitting, form, status=422, differing=places)
    return _to("interview", uid)


def _paper_page(
    request: VisitRequest,
    sitting: "Sitting",
    form: PaperForm,
    *,
    status: int,
    differing: tuple[int, ...] = (),
) -> HttpResponse:
    way, language = presenters.way_of(sitting), sitting.language
    rows = []
    for place in way.places:
        typed = form.data.get(f"q{place}", "") if form.is_bound else ""
        options = [
            (str(option.code), option.text.get(language, ""), str(option.code) == typed)
            for option in way.options(place)
        ]
        refusal = way.refusal(place)
        if refusal is not None:
            options.append((str(refusal), _("would not say"), str(refusal) == typed))
        first = sitting.answers[place - 1]
        rows.append(
            {
                "place": place,
                "text": way.question(place).text.get(language, ""),
                "options": options,
                "differs": place in differing,
                "first": _("blank") if first is None else str(first),
            }
        )
    with unit_of_work(request.actor):
        context = {
            "head": presenters.head_of(sitting),
            "form": form,
            "rows": rows,
            "is_second": sitting.administration.entered_at is not None,
            "has_differences": bool(differing),
        }
        return page(request, "staff/interviews/paper.html", context, current=INTERVIEWS, status=status)


def _opened(request: VisitRequest, uid: str) -> "Sitting":
    with unit_of_work(request.actor):
        return assessments.access_interview(actor=request.actor, uid=uid)


def _to(name: str, *args: object) -> SeeOther:
    return SeeOther(reverse(f"staff:{name}", args=args))
