"""Opening a record outside one's duty, reviewing it, and the second step before a minor's answers and notes."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.access import api as access
from anxin.domains.access.contracts import Permission, Record
from anxin.domains.residents.contracts import Permission as ResidentsPermission
from anxin.flows import break_glass
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites import second_factor
from anxin.sites.limits import times_said
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.breakglass import presenters
from anxin.sites.staff.breakglass.forms import ConfirmationForm, PleaForm, ReviewForm
from anxin.sites.staff.shell import OPENINGS, SeeOther, attempt, page

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.REVIEW_OPENINGS, Permission.BREAK_GLASS)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """What waits for a review, and what was reviewed; for who opens records, their own."""
    with unit_of_work(request.actor):
        context = {
            "lines": presenters.opening_lines(request.actor),
            "reviews": request.actor.may(Permission.REVIEW_OPENINGS),
            "may_open": request.actor.may(Permission.BREAK_GLASS),
        }
        return page(request, "staff/breakglass/list.html", context, current=OPENINGS)


@requires(Permission.BREAK_GLASS)
@_form_page
def open_record(request: VisitRequest) -> HttpResponse:
    """打开不属于您的档案: the plain warning, and the plea."""
    form = PleaForm(request.POST or None)
    status = 200
    if request.method == "POST":
        opened: list[str] = []

        def act() -> None:
            opening = break_glass.open_record(actor=request.actor, account=request.user, plea=form.plea())
            opened.append(opening.uid)

        status = attempt(form, act)
        if status == SeeOther.status_code:
            return SeeOther(reverse("staff:break-glass-one", args=opened))
    with unit_of_work(request.actor):
        context = {"form": form, "times": times_said()}
        return page(request, "staff/breakglass/open.html", context, current=OPENINGS, status=status)


@requires(Permission.REVIEW_OPENINGS, Permission.BREAK_GLASS)
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One opening: the record while it is open, or what the officer weighs."""
    return _page(request, uid)


def _page(
    request: VisitRequest, uid: str, *, form: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.opening_page(request.actor, uid)
        context = {"view": view, "form": form or ReviewForm()}
        return page(request, "staff/breakglass/one.html", context, current=OPENINGS, status=status)


@requires(Permission.BREAK_GLASS)
@require_POST
def end(request: VisitRequest, uid: str) -> HttpResponse:
    """The need is over."""
    break_glass.end(actor=request.actor, uid=uid)
    messages.success(request, _("The record is closed again."))
    return SeeOther(reverse("staff:break-glass"))


@requires(Permission.REVIEW_OPENINGS)
@require_POST
def review(request: VisitRequest, uid: str) -> HttpResponse:
    """The verdict."""
    form = ReviewForm(request.POST)

    def act() -> None:
        break_glass.review(
            actor=request.actor,
            account=request.user,
            uid=uid,
            verdict=form.chosen(),
            text=form.cleaned_data["text"],
        )

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return _page(request, uid, form=form, status=status)
    messages.success(request, _("The review is kept."))
    return SeeOther(reverse("staff:break-glass"))


@requires(ResidentsPermission.VIEW)
@_form_page
def confirm(request: VisitRequest, uid: str) -> HttpResponse:
    """The second step: what the content is needed for, the password again, and the code of the app."""
    asked_from = request.GET.get("next", "")
    form = ConfirmationForm(
        request.POST or None,
        has_password=request.user.has_usable_password(),
        asks_code=second_factor.asks_code(request, request.user),
        initial={"next": asked_from},
    )
    status = 200
    with unit_of_work(request.actor):
        person = presenters.person_to_confirm(request.actor, uid)
        record = break_glass.record_of(person)
    if request.method == "POST":
        status = _confirmed(request, form, record)
        if status == SeeOther.status_code:
            return SeeOther(_back(request, form.cleaned_data["next"], uid))
    with unit_of_work(request.actor):
        context = {"form": form, "number": record.number, "times": times_said()}
        return page(request, "staff/breakglass/confirm.html", context, current="", status=status)


def _confirmed(request: VisitRequest, form: ConfirmationForm, record: Record) -> int:
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    wrong = second_factor.faults(
        request, request.user, password=given.get("password"), code=given.get("code")
    )
    for field, words in wrong.items():
        form.add_error(field or None, words)
    if wrong:
        return 422

    def act() -> None:
        with unit_of_work(request.actor):
            access.confirm_need(
                actor=request.actor,
                account=request.user,
                session_key=request.session.session_key or "",
                record=record,
                purpose=form.cleaned_data["purpose"],
            )

    return attempt(form, act)


def _back(request: VisitRequest, address: str, uid: str) -> str:
    """Where they came from, if it is a page of this house."""
    if address and url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return address
    return reverse("staff:results-person", args=[uid])
