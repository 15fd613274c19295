"""The plan, the page a phone keeps for it, and the worker that keeps it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import CaseEnded, PlanChanged, PlanEmpty, PlanNotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, public, signed_in
from anxin.sites.resident.pages import page, private, see_other
from anxin.sites.resident.plan import presenters
from anxin.sites.resident.plan.forms import PlanForm

_REASON = "the page is the same for everybody; whose plan it shows is known on the device only"


@signed_in("resident")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: VisitRequest) -> HttpResponse:
    """Read it, add to it. When somebody has not begun one with the person yet, the page says how that begins."""
    form = None
    if request.method == "POST":
        form = PlanForm(request.POST)
        if form.is_valid() and _keep(request, form):
            return see_other("resident_plan:plan")
    with unit_of_work(request.actor):
        try:
            own = cases.own_plan(actor=request.actor)
        except PlanNotFound:
            return private(page(request, "resident/plan/none.html"))
        view = presenters.page_of(request.actor, own)
        status = 200 if form is None else 422
        if form is None:
            form = PlanForm(initial=presenters.initial_of(own))
        elif form.data.get("base_version") != str(view.version):
            # Somebody wrote in between: what was typed stays, to be kept on top of what is read now.
            form.data = {**form.data.dict(), "base_version": str(view.version)}  # type: ignore[attr-defined]
    return private(page(request, "resident/plan/plan.html", {"view": view, "form": form}, status=status))


def _keep(request: VisitRequest, form: PlanForm) -> bool:
    try:
        with unit_of_work(request.actor):
            own = cases.own_plan(actor=request.actor)
            cases.write_plan(
                actor=request.actor,
                case_uid=own.case_uid,
                content=form.content(),
                base_version=form.cleaned_data["base_version"],
            )
    except PlanNotFound:
        return True
    except PlanChanged:
        form.add_error(
            None, _("Your plan was changed in the meantime. Look at it above; what you typed is kept.")
        )
    except PlanEmpty:
        form.add_error(None, _("Write something in at least one of the parts."))
    except CaseEnded:
        form.add_error(None, _("This plan is not being worked on any more. It stays here for you."))
    else:
        return True
    return False


@signed_in("resident")
@require_POST
def agree(request: VisitRequest) -> HttpResponse:
    """Yes to the newest version; to an older one nothing happens, and the newest is shown."""
    version = request.POST.get("version", "")
    try:
        with unit_of_work(request.actor):
            own = cases.own_plan(actor=request.actor)
            cases.agree_plan(
                actor=request.actor,
                case_uid=own.case_uid,
                version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            )
    except (PlanNotFound, PlanChanged, PlanEmpty, CaseEnded):
        return see_other("resident_plan:plan")
    return see_other("resident_plan:plan")


@public(reason=_REASON, reads_session=False)
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The empty page a phone keeps; what is on the phone is opened there and nowhere else."""
    # No form in the frame: its token would make the page one visitor's own.
    view = {"parts": presenters.empty_parts(), "exit_clear_url": ""}
    return page(request, "resident/plan/offline.html", view)


@public(reason=_REASON, reads_session=False)
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Shows the kept page when there is no network. Its reach is this folder."""
    view = {"files": presenters.files_kept(), "version": presenters.version_of_files()}
    response = render(request, "resident/plan/sw.js", view, content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, no_cache=True)
    return response
