"""The library, one version, its way into force, and licensed texts. A refusal comes back as the page."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import (
    DefinitionFaulty,
    InstrumentError,
    Permission,
    TextIncomplete,
    VersionAct,
)
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.fields import sent_or_new, with_version
from anxin.sites.staff.instruments import course, sheet, shelf
from anxin.sites.staff.instruments.faults import all_worded
from anxin.sites.staff.instruments.forms import CopyForm, DecisionForm, NewInstrumentForm, StepForm
from anxin.sites.staff.instruments.words import ACTS
from anxin.sites.staff.shell import INSTRUMENTS, SeeOther, attempt, page

P = Permission
_LOOKS = (P.VIEW, P.EDIT, P.REVIEW, P.PUBLISH)


@requires(*_LOOKS)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """The library."""
    form = shelf.LibraryFilter(request.GET)
    with unit_of_work(request.actor):
        view = shelf.library_list(request.actor, form, request.GET.get("page", "1"))
        context = {"view": view, "filter": form}
        return page(request, "staff/instruments/list.html", context, current=INSTRUMENTS)


@requires(*_LOOKS)
@require_GET
def present(request: VisitRequest, name: str) -> HttpResponse:
    """On to the version in force."""
    with unit_of_work(request.actor):
        number = sheet.present_number(request.actor, name)
    return SeeOther(_address(name, number))


@requires(*_LOOKS)
@require_GET
def show(request: VisitRequest, name: str, number: str) -> HttpResponse:
    """One version."""
    return _page(request, name, number)


def _address(name: str, number: str, view: str = "staff:instrument-version") -> str:
    return reverse(view, args=[name, number])


def _page(
    request: VisitRequest, name: str, number: str, *, status: int = 200, tried: dict[str, Form] | None = None
) -> HttpResponse:
    tried = tried or {}
    with unit_of_work(request.actor):
        view = sheet.version_page(request.actor, name, number)
        steps = {}
        for step in course.STEPS:
            if view.row is not None and view.may.get(course.STEPS[step].right):
                form = sent_or_new(tried, step, StepForm, initial={"step": step})
                form.words = course.STEPS[step]  # type: ignore[attr-defined]
                steps[step] = with_version(form, view.row.row_version)
        unsent = [form for step, form in tried.items() if step not in steps]
        context = {"view": view, "steps": steps, "unsent_forms": unsent}
        return page(request, "staff/instruments/version.html", context, current=INSTRUMENTS, status=status)


@requires(P.EDIT)
@require_http_methods(["GET", "POST"])
def new(request: VisitRequest) -> HttpResponse:
    """An instrument from nothing."""
    form = NewInstrumentForm(request.POST or None)
    made: list[str] = []

    def act() -> None:
        with unit_of_work(request.actor):
            version = instruments.draft_instrument(
                actor=request.actor,
                instrument=form.cleaned_data["name"],
                title=form.titles(),
                items=form.cleaned_data["items"],
                codes=form.cleaned_data["codes"],
            )
            made.extend((version.instrument, version.version))

    status = _named(form, act) if request.method == "POST" else 200
    if made:
        return SeeOther(reverse("staff:instrument-part", args=[*made, "questions"]))
    with unit_of_work(request.actor):
        return page(request, "staff/instruments/new.html", {"form": form}, current=INSTRUMENTS, status=status)


@requires(P.EDIT)
@require_http_methods(["GET", "POST"])
def copy(request: VisitRequest, name: str, number: str) -> HttpResponse:
    """The next version of an instrument, or a copy under another name."""
    with unit_of_work(request.actor):
        view = sheet.version_page(request.actor, name, number)
        definition = instruments.definition_of(actor=request.actor, instrument=name, version=number)
    is_clone = "clone" in request.GET
    form = CopyForm(request.POST or None)
    form.fields["name"].required = is_clone
    made: list[str] = []

    def act() -> None:
        with unit_of_work(request.actor):
            version = instruments.draft_from(
                actor=request.actor,
                definition=definition,
                name=form.cleaned_data["name"] if is_clone else "",
                changes=form.cleaned_data["changes"],
            )
            made.extend((version.instrument, version.version))

    status = _named(form, act) if request.method == "POST" else 200
    if made:
        return SeeOther(reverse("staff:instrument-part", args=[*made, "basics"]))
    with unit_of_work(request.actor):
        context = {"view": view, "form": form, "is_clone": is_clone}
        return page(request, "staff/instruments/copy.html", context, current=INSTRUMENTS, status=status)


def _named(form: Form, act: Callable[[], None]) -> int:
    """Like ``attempt``; faults of a name are told at the name, in words."""

    def told() -> None:
        try:
            act()
        except DefinitionFaulty as error:
            form.add_error("name", _("Use lower-case letters, digits and hyphens, 40 at most."))
            if error.field != "name":
                for fault in all_worded(error.faults):
                    form.add_error(None, fault)

    status = attempt(form, told)
    return 422 if form.errors and status == SeeOther.status_code else status


@requires(*_LOOKS)
@require_GET
def difference(request: VisitRequest, name: str, number: str) -> HttpResponse:
    """What changed since another version."""
    with unit_of_work(request.actor):
        view = course.difference_page(request.actor, name, number, request.GET.get("from", ""))
        return page(request, "staff/instruments/difference.html", {"view": view}, current=INSTRUMENTS)


@requires(*_LOOKS)
@require_POST
def step(request: VisitRequest, name: str, number: str) -> HttpResponse:
    """One step of the author, or out of force."""
    chosen = str(request.POST.get("step", ""))
    if chosen not in course.STEPS:
        return _page(request, name, number, status=422)
    form, act = StepForm(request.POST), course.STEPS[chosen].act
    status = _try(request, form, name, number, lambda uid: act(request.actor, uid, form))
    if status == SeeOther.status_code:
        messages.success(request, course.STEPS[chosen].done)
        return SeeOther(_address(name, number) if chosen != "discard" else reverse("staff:instruments"))
    return _page(request, name, number, status=status, tried={chosen: form})


def _try(request: VisitRequest, form: Form, name: str, number: str, act: Callable[[str], object]) -> int:
    """Carry out one verb on the version; each fault of its definition becomes a line of the summary."""

    def told() -> None:
        with unit_of_work(request.actor):
            uid = sheet.local_version(request.actor, name, number).uid
        try:
            with unit_of_work(request.actor):
                act(uid)
        except DefinitionFaulty as error:
            for fault in all_worded(error.faults):
                form.add_error(None, fault)

    status = attempt(form, told)
    return 422 if form.errors and status == SeeOther.status_code else status


@requires(*_LOOKS)
@require_http_methods(["GET", "POST"])
def review(request: VisitRequest, name: str, number: str) -> HttpResponse:
    """What changed, and the decision of a second person."""
    with unit_of_work(request.actor):
        view = course.review_page(request.actor, name, number)
    form = DecisionForm(request.POST or None, waiting=view.waiting)
    status = 200
    if request.method == "POST":
        status = _try(request, form, name, number, lambda uid: course.decide(request.actor, uid, form))
        if status == SeeOther.status_code:
            act = VersionAct.APPROVED if form.cleaned_data["step"] == "approve" else VersionAct.GIVEN_BACK
            messages.success(request, ACTS[act])
            return SeeOther(_address(name, number))
    with unit_of_work(request.actor):
        context = {"view": view, "form": with_version(form, view.row.row_version)}
        return page(request, "staff/instruments/review.html", context, current=INSTRUMENTS, status=status)


def refused(form: Form, act: Callable[[], object]) -> int:
    """Like ``attempt``, for what the library itself refuses, gap by gap."""

    def told() -> None:
        try:
            act()
        except TextIncomplete as error:
            for fault in all_worded(error.faults):
                form.add_error(None, fault)
        except InstrumentError as error:
            form.add_error(None, str(error))

    status = attempt(form, told)
    return 422 if form.errors and status == SeeOther.status_code else status
