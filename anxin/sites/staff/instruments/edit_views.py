"""Writing a draft part by part, and trying it on a phone."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import DefinitionFaulty, Permission
from anxin.kernel.errors import AnxinError, Conflict, NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.fields import with_version
from anxin.sites.staff.instruments import sheet, trial
from anxin.sites.staff.instruments.part import Part, told
from anxin.sites.staff.instruments.parts import PARTS
from anxin.sites.staff.shell import INSTRUMENTS, SeeOther, page

P = Permission


@requires(P.EDIT)
@require_http_methods(["GET", "POST"])
def part(request: VisitRequest, name: str, number: str, part: str) -> HttpResponse:
    """One part of a draft: read, written, and on."""
    if part not in PARTS:
        raise Http404
    with unit_of_work(request.actor):
        version = sheet.local_version(request.actor, name, number)
    sent = PARTS[part](
        version.definition, request.POST if request.method == "POST" else None, changes=version.changes
    )
    status = _save(request, version.uid, sent) if request.method == "POST" else 200
    if status == SeeOther.status_code:
        messages.success(request, _("Kept."))
        # A form with more rows comes back with empty ones below; otherwise on to the page of the draft.
        following = part if "more" in request.POST or "stay" in request.POST else _after(part)
        return SeeOther(reverse("staff:instrument-part", args=[name, number, following]))
    with unit_of_work(request.actor):
        view = sheet.version_page(request.actor, name, number)
        with_version(sent.form, view.row.row_version if view.row else 0)
        context = {
            "view": view,
            "part": sent,
            "parts": [(key, one.label, key == part) for key, one in PARTS.items()],
        }
        return page(request, "staff/instruments/part.html", context, current=INSTRUMENTS, status=status)


def _after(part: str) -> str:
    order = list(PARTS)
    return order[min(order.index(part) + 1, len(order) - 1)]


def _save(request: VisitRequest, uid: str, sent: Part) -> int:
    if not sent.is_valid():
        return 422
    try:
        with unit_of_work(request.actor):
            instruments.save_draft(
                actor=request.actor,
                uid=uid,
                definition=sent.put_into(),
                changes=sent.said_changes,
                compared=sent.compared,
                seen_version=sent.form.cleaned_data["seen_version"],
            )
    except DefinitionFaulty as error:
        told(sent, error)
        return 422
    except (NotFound, NotPermitted):
        raise
    except AnxinError as error:
        sent.form.add_error(None, said(error))
        return 409 if isinstance(error, Conflict) else 422
    return SeeOther.status_code


@requires(P.VIEW, P.EDIT, P.REVIEW, P.PUBLISH)
@require_GET
def preview(request: VisitRequest, name: str, number: str) -> HttpResponse:
    """The form on a phone. Nothing is kept."""
    with unit_of_work(request.actor):
        view = trial.frame(request.actor, name, number, request.GET.get("language", ""))
        return page(request, "staff/instruments/preview.html", {"view": view}, current=INSTRUMENTS)


# The one page that is shown inside another of our own: the phone.
@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
@require_http_methods(["GET", "POST"])
def _screen(request: VisitRequest, name: str, number: str) -> HttpResponse:
    given = trial.read_answers(request.GET.get("answers", ""))
    language, error = request.GET.get("language", ""), ""
    if request.method == "POST":
        with unit_of_work(request.actor):
            found = trial.screen(request.actor, name, number, language, given)
        if isinstance(found, trial.Screen):
            value = str(request.POST.get("value", ""))
            step = request.POST.get("step")
            if step != "next" or value.lstrip("-").isdigit():
                answers = {**given, found.question.number: int(value) if step == "next" else None}
                if step == "stop":
                    answers = dict.fromkeys(found.names) | answers
                return SeeOther(trial.screen_address(name, number, language, answers))
            error = _("Choose one.")
    with unit_of_work(request.actor):
        shown = trial.screen(request.actor, name, number, language, given, error)
        template = (
            "resident/self_tests/question.html"
            if isinstance(shown, trial.Screen)
            else "staff/instruments/trial_end.html"
        )
        context = {"view": shown, "menu": [], "exit_clear_url": "", "here": request.get_full_path()}
        return render(request, template, context, status=422 if error else 200)


screen = requires(P.VIEW, P.EDIT, P.REVIEW, P.PUBLISH)(_screen)
