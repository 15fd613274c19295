"""Asking for a file, the second person's yes or no, the one download, and the ledger."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.access import api as access
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.downloads import file_response
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.exports import presenters
from anxin.sites.staff.exports.forms import APPROVE, DecisionForm, PurposeForm
from anxin.sites.staff.exports.kinds import kind_of, known_params
from anxin.sites.staff.shell import EXPORTS, SeeOther, attempt, frame, page

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@signed_in("staff")
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """What waits, and the ledger as far as the reader may see it."""
    number = request.GET.get("page", "1")
    place = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    with unit_of_work(request.actor):
        lines, has_more = presenters.export_lines(request.actor, place)
        context = {
            "waiting": presenters.waiting_lines(request.actor),
            "lines": lines,
            "next_page": place + 1 if has_more else 0,
        }
        return page(request, "staff/exports/list.html", context, current=EXPORTS)


@signed_in("staff")
@_form_page
def ask(request: VisitRequest, kind: str) -> HttpResponse:
    """What for. The file is counted now, so that the reader sees whether somebody has to say yes."""
    wanted = kind_of(kind)
    params = known_params(wanted, request.GET)
    with unit_of_work(request.actor):
        wish = wanted.wish(request.actor, params)
    form = PurposeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        asked: list[str] = []

        def act() -> None:
            with unit_of_work(request.actor):
                export = access.request_export(
                    actor=request.actor,
                    account=request.user,
                    wish=wish,
                    purpose=form.cleaned_data["purpose"],
                )
            asked.append(export.uid)

        status = attempt(form, act)
        if status == SeeOther.status_code:
            return SeeOther(reverse("staff:export", args=asked))
    with unit_of_work(request.actor):
        limits = access.limits()
        context = {
            "form": form,
            "title": wish.title,
            "rows": wish.rows,
            "most": limits.most_without_approval,
            "hours": int(limits.export_life.total_seconds() // 3600),
            "asks_approval": wish.rows > limits.most_without_approval and not wish.approved_by,
            "back": wanted.back(params),
        }
        return page(request, "staff/exports/ask.html", context, current=EXPORTS, status=status)


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """Where one file stands."""
    return _page(request, uid)


def _page(
    request: VisitRequest, uid: str, *, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.export_page(request.actor, uid)
        context = {"view": view, "form": form or DecisionForm()}
        return page(request, "staff/exports/one.html", context, current=EXPORTS, status=status)


@signed_in("staff")
@require_POST
def decide(request: VisitRequest, uid: str) -> HttpResponse:
    """The second person's yes or no."""
    form = DecisionForm(request.POST)

    def act() -> None:
        verb = access.approve_export if form.cleaned_data["decision"] == APPROVE else access.refuse_export
        with unit_of_work(request.actor):
            verb(actor=request.actor, account=request.user, uid=uid, text=form.cleaned_data["text"])

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return _page(request, uid, form=form, status=status)
    messages.success(request, _("The decision is kept."))
    return SeeOther(reverse("staff:exports"))


@signed_in("staff")
@require_POST
def take(request: VisitRequest, uid: str) -> HttpResponse:
    """The one download: the file is made and written down as taken in the same transaction."""
    with unit_of_work(request.actor):
        export = access.access_export(actor=request.actor, uid=uid)
        unit = frame(request.actor, EXPORTS).get("unit_name", "")
        mark = presenters.watermark_of(export, unit=unit)
        made = kind_of(export.kind).make(request.actor, export.params, mark)
        access.take_export(actor=request.actor, uid=uid, rows=made.rows)
    return file_response(made.content, kind=made.mime, name=made.name)
