"""Beside the timeline: plan, goals, tasks, follow-ups, second reading, conference, learning review."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import CaseState, PlanPart, SharedField
from anxin.domains.network import api as network
from anxin.flows import work_on_case
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.cases import presenters, side
from anxin.sites.staff.cases.course_forms import (
    ConferenceForm,
    DeclineForm,
    FollowUpForm,
    GoalForm,
    GoalReviewForm,
    MinutesForm,
    PlanForm,
    ReviewForm,
    TaskForm,
    ViewForm,
    tomorrow_evening,
)
from anxin.sites.staff.cases.views import act_on_case
from anxin.sites.staff.cases.words import PLAN_PARTS, SHARED
from anxin.sites.staff.shell import CASES, SeeOther, attempt, page
from anxin.sites.staff.words import CASE_STATES, FINDING_VALUES, FINDINGS, Words

_FOUND_AT_MOST = 30
_NAME = re.compile(r"[\w-]{1,36}", re.ASCII)


@signed_in("staff")
@require_GET
def kept(request: VisitRequest, uid: str) -> JsonResponse:
    """Whether what this page sent has arrived, so that the device may forget it."""
    with unit_of_work(request.actor):
        cases.case_brief(actor=request.actor, uid=uid)
        once = request.GET.get("once", "")
        is_kept = bool(_NAME.fullmatch(once)) and cases.entry_is_kept(
            actor=request.actor, case_uid=uid, once_uid=once
        )
    return JsonResponse({"kept": is_kept})


@signed_in("staff")
@require_http_methods(["GET", "POST"])
def plan(request: VisitRequest, uid: str) -> HttpResponse:
    """The safety plan: read, written together, printed."""
    actor = request.actor
    if request.method == "POST":
        form = PlanForm(request.POST)
        status = attempt(form, lambda: _write_plan(request, uid, form))
        if status == SeeOther.status_code:
            messages.success(request, _("The plan is kept."))
            return SeeOther(reverse("staff:case-plan", args=[uid]))
        return _plan_page(request, uid, form, status)
    with unit_of_work(actor):
        case = cases.access_case(actor=actor, uid=uid)
        versions = cases.plans_of(actor=actor, case=case)
    form = PlanForm(initial=side.plan_initial(versions[0] if versions else None))
    return _plan_page(request, uid, form, 200)


def _write_plan(request: VisitRequest, uid: str, form: PlanForm) -> None:
    with unit_of_work(request.actor):
        cases.write_plan(
            actor=request.actor,
            case_uid=uid,
            content=form.content(),
            base_version=form.cleaned_data["base_version"],
            person_agrees=form.person_agrees(),
        )


def _plan_page(request: VisitRequest, uid: str, form: PlanForm, status: int) -> HttpResponse:
    actor = request.actor
    with unit_of_work(actor):
        view = presenters.case_page(actor, uid, tried={})
        case = cases.case_brief(actor=actor, uid=uid)
        versions = cases.plans_of(actor=actor, case=case)
        if status == 409 and versions:
            # What was typed stays; it is sent again on top of what is read now.
            form.data = {**form.data.dict(), "base_version": str(versions[0].version)}
        context = {
            "view": view,
            "form": form,
            "may_write": view.side.may_write,
            "versions": [side.plan_panel(one) for one in versions],
        }
        return page(request, "staff/cases/plan.html", context, current=CASES, status=status)


@signed_in("staff")
@require_POST
def agree_plan(request: VisitRequest, uid: str) -> HttpResponse:
    """Say yes for one's own side to what the person wrote."""
    version = request.POST.get("version", "")

    def agree() -> None:
        with unit_of_work(request.actor):
            cases.agree_plan(
                actor=request.actor, case_uid=uid, version=int(version) if version.isdecimal() else 0
            )

    return act_on_case(request, uid, Form(request.POST), "plan", agree, done=_("Both sides agree."))


@signed_in("staff")
@require_POST
def set_goal(request: VisitRequest, uid: str) -> HttpResponse:
    """One more goal."""
    form = GoalForm(request.POST, auto_id="id_goal_%s")
    return _write(request, uid, form, "goal", cases.set_goal, lambda data: {"text": data["text"]})


@signed_in("staff")
@require_POST
def review_goal(request: VisitRequest, uid: str, goal: str) -> HttpResponse:
    """A goal was looked at."""
    form = GoalReviewForm(request.POST)
    return _write(
        request,
        uid,
        form,
        "goal-review",
        cases.review_goal,
        lambda data: {"goal_uid": goal, "state": form.chosen(), "note": data["note"]},
    )


@signed_in("staff")
@require_POST
def set_task(request: VisitRequest, uid: str) -> HttpResponse:
    """Something to do, for somebody, by a day."""
    with unit_of_work(request.actor):
        people = presenters.people_around(request.actor, uid)
    form = TaskForm(request.POST, colleagues=[(one.uid, one.label) for one in people], auto_id="id_task_%s")
    return _write(
        request,
        uid,
        form,
        "task",
        cases.set_task,
        lambda data: {
            "text": data["text"],
            "due_on": data["due_on"],
            "owner_posting_id": network.posting_by_uid(uid=data["owner"]).id,
        },
    )


@signed_in("staff")
@require_POST
def finish_task(request: VisitRequest, uid: str, task: str) -> HttpResponse:
    """Done."""
    return _write(
        request, uid, Form(request.POST), "task-done", cases.finish_task, lambda data: {"task_uid": task}
    )


def _write(
    request: VisitRequest,
    uid: str,
    form: Form,
    step: str,
    command: Callable[..., Any],
    values: Callable[[dict[str, Any]], dict[str, Any]],
) -> HttpResponse:
    def write() -> None:
        with unit_of_work(request.actor):
            command(actor=request.actor, case_uid=uid, **values(form.cleaned_data))

    return act_on_case(request, uid, form, step, write, done=_("It is in the timeline."))


@signed_in("staff")
@require_POST
def move_followup(request: VisitRequest, uid: str) -> HttpResponse:
    """A follow-up is meant for another time."""
    with unit_of_work(request.actor):
        case = cases.case_brief(actor=request.actor, uid=uid)
        ahead = side.ahead_of(request.actor, case)
    form = FollowUpForm(request.POST, ahead=ahead, auto_id="id_followup_%s")
    return act_on_case(
        request,
        uid,
        form,
        "followup",
        lambda: work_on_case.move_followup(
            actor=request.actor,
            case_uid=uid,
            followup_uid=form.cleaned_data["followup"],
            to=form.cleaned_data["to"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("The follow-up was moved."),
    )


@signed_in("staff")
@require_POST
def confirm_lowering(request: VisitRequest, uid: str, lowering: str) -> HttpResponse:
    """As the second reader: the lower level counts."""
    return act_on_case(
        request,
        uid,
        Form(request.POST),
        "confirm",
        lambda: work_on_case.confirm_lowering(actor=request.actor, case_uid=uid, lowering_uid=lowering),
        done=_("Confirmed. The lower level counts from now on."),
    )


@signed_in("staff")
@require_POST
def decline_lowering(request: VisitRequest, uid: str, lowering: str) -> HttpResponse:
    """As the second reader: the level stays."""
    form = DeclineForm(request.POST, auto_id="id_decline_%s")
    return act_on_case(
        request,
        uid,
        form,
        "decline",
        lambda: work_on_case.decline_lowering(
            actor=request.actor, case_uid=uid, lowering_uid=lowering, reason=form.cleaned_data["reason"]
        ),
        done=_("The level stays."),
    )


# --- conference --------------------------------------------------------------------------------------


@signed_in("staff")
@require_http_methods(["GET", "POST"])
def conference(request: VisitRequest, uid: str) -> HttpResponse:
    """Call several units together over one case."""
    actor, search = request.actor, request.GET.get("q", "").replace("\x00", "").strip()[:40]
    with unit_of_work(actor):
        people = presenters.people_around(actor, uid)
        city = network.city()
        if search:
            known = {one.uid for one in people}
            rows = network.postings_queryset(path=city.path, on=clock.today())
            found = rows.filter(Q(unit__name__icontains=search) | Q(staff__name__icontains=search))
            people += [
                presenters.Colleague(one.uid, f"{one.staff.name}·{one.unit.name}", one.staff_id)
                for one in found[:_FOUND_AT_MOST]
                if one.uid not in known
            ]
    sent = request.POST.getlist("members") if request.method == "POST" else []
    choices = [(one.uid, one.label) for one in people]
    # Whoever was found by a search and chosen is still a choice when the form comes in.
    choices += [(one, one) for one in sent if one not in {key for key, _label in choices}]
    if request.method == "POST":
        form = ConferenceForm(request.POST, colleagues=choices)
        status = attempt(form, lambda: _call(request, uid, form))
        if status == SeeOther.status_code:
            messages.success(request, _("The members have been asked to take a seat."))
            return SeeOther(reverse("staff:case", args=[uid]) + "#conferences")
    else:
        form, status = ConferenceForm(initial={"closes_at": tomorrow_evening()}, colleagues=choices), 200
    with unit_of_work(actor):
        view = presenters.case_page(actor, uid, tried={})
        return page(
            request,
            "staff/cases/conference.html",
            {"view": view, "form": form, "search": search},
            current=CASES,
            status=status,
        )


def _call(request: VisitRequest, uid: str, form: ConferenceForm) -> None:
    work_on_case.call_conference(
        actor=request.actor,
        case_uid=uid,
        question=form.cleaned_data["question"],
        shared=form.fields_shared(),
        posting_uids=form.cleaned_data["members"],
        closes_at=form.cleaned_data["closes_at"],
    )


@signed_in("staff")
@require_POST
def end_conference(request: VisitRequest, uid: str, conference: str) -> HttpResponse:
    """The minutes."""
    form = MinutesForm(request.POST)
    return _write(
        request,
        uid,
        form,
        "minutes",
        cases.end_conference,
        lambda data: {"conference_uid": conference, "minutes": data["minutes"]},
    )


@signed_in("staff")
@require_GET
def seats(request: VisitRequest) -> HttpResponse:
    """The conferences this person is asked to sit in now."""
    with unit_of_work(request.actor):
        found = cases.seats_of(actor=request.actor)
        return page(request, "staff/cases/seats.html", {"seats": found}, current=CASES)


@signed_in("staff")
@require_http_methods(["GET", "POST"])
def seat(request: VisitRequest, uid: str) -> HttpResponse:
    """What was put on one's own seat, and one's view of the question."""
    actor, form, status = request.actor, ViewForm(), 200
    if request.method == "POST":
        form = ViewForm(request.POST)
        status = attempt(form, lambda: _speak(request, uid, form))
        if status == SeeOther.status_code:
            messages.success(request, _("Your view is with the case manager."))
            return SeeOther(reverse("staff:case-seat", args=[uid]))
    with unit_of_work(actor):
        found = cases.access_seat(actor=actor, uid=uid)
        shown = json.loads(found.shown)
        context = {
            "seat": found,
            "question": shown.get("question", ""),
            "lines": [
                (SHARED[key], _told(key, shown[key.value])) for key in SharedField if key.value in shown
            ],
            "form": form,
        }
        return page(request, "staff/cases/seat.html", context, current=CASES, status=status)


def _speak(request: VisitRequest, uid: str, form: ViewForm) -> None:
    with unit_of_work(request.actor):
        cases.speak_in_conference(actor=request.actor, seat_uid=uid, view=form.cleaned_data["view"])


def _told(key: SharedField, value: Any) -> list[str]:
    if key is SharedField.LEVEL:
        return [f"L{value}"]
    if key is SharedField.STATE:
        return [str(CASE_STATES[CaseState(value)])]
    if key is SharedField.FINDINGS:
        pairs: list[tuple[Words, Words]] = [
            (FINDINGS[name], FINDING_VALUES[answer]) for name, answer in value.items() if name in FINDINGS
        ]
        return [f"{label}：{answer}" for label, answer in pairs]
    if key is SharedField.COURSE:
        return [f"{at[:10]}　L{level}" for at, level in value]
    if key is SharedField.PLAN:
        return [f"{PLAN_PARTS[PlanPart(part)][1]}：{text}" for part, text in value.items() if text]
    return [str(one) for one in value]


# --- learning review ---------------------------------------------------------------------------------


@signed_in("staff")
@require_http_methods(["GET", "POST"])
def review(request: VisitRequest, uid: str) -> HttpResponse:
    """The learning review, for those who approve the end of cases."""
    actor, status = request.actor, 200
    form = None
    if request.method == "POST":
        form = ReviewForm(request.POST)
        status = attempt(form, lambda: _write_review(request, uid, form))
        if status == SeeOther.status_code:
            messages.success(request, _("The review is kept."))
            return SeeOther(reverse("staff:case-review", args=[uid]))
    with unit_of_work(actor):
        found = cases.access_review(actor=actor, case_uid=uid)
        if form is None:
            form = ReviewForm(
                initial={
                    "learnt": found.learnt,
                    "aftercare": found.aftercare,
                    "finished": found.finished_at is not None,
                }
            )
        context = {"review": found, "number": found.case.number, "uid": uid, "form": form}
        return page(request, "staff/cases/review.html", context, current=CASES, status=status)


def _write_review(request: VisitRequest, uid: str, form: ReviewForm) -> None:
    with unit_of_work(request.actor):
        cases.write_review(
            actor=request.actor,
            case_uid=uid,
            learnt=form.cleaned_data["learnt"],
            aftercare=form.cleaned_data["aftercare"],
            is_finished=form.cleaned_data["finished"],
        )
