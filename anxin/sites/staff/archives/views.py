"""Psychological archives: the list, one archive and its steps, beginning one, moves and merges."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import Permission
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.archives import decisions, listing, presenters
from anxin.sites.staff.archives.forms import ArchiveFilter, AskForm, OpenForm, ReasonForm
from anxin.sites.staff.archives.steps import STEPS, forms_for
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import ARCHIVES, SeeOther, attempt, page

_form_page = require_http_methods(["GET", "HEAD", "POST"])
SEES = (Permission.VIEW, Permission.READ_UNIT, Permission.VIEW_META)


@requires(*SEES)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """The archives this person may know of, the newest first; or whoever bears exactly the number asked for."""
    form = ArchiveFilter(request.GET)
    with unit_of_work(request.actor):
        view = listing.archive_list(request.actor, form)
        note_listing(request.actor, "archives:archives:listed", asked=form.chosen(), shown=len(view.rows))
        return page(request, "staff/archives/list.html", {"view": view, "filter": form}, current=ARCHIVES)


@requires(*SEES)
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One archive: its content, or only that it exists."""
    return _page(request, uid)


def _page(
    request: VisitRequest, uid: str, *, status: int = 200, is_revealed: bool = False, **tried: Any
) -> HttpResponse:
    actor = request.actor
    with unit_of_work(actor):
        kind = request.GET.get("show", "")
        view, archive = presenters.archive_page(actor, uid, kind=kind, is_revealed=is_revealed)
        context = {
            "view": view,
            "forms": forms_for(actor, archive, tried) if view.may_write or view.may_assign else {},
            "open_step": next(iter(tried), ""),
        }
        return page(request, "staff/archives/archive.html", context, current=ARCHIVES, status=status)


@requires(*SEES)
@require_POST
def reveal(request: VisitRequest, uid: str) -> HttpResponse:
    """Name and telephone in full, recorded."""
    return _page(request, uid, is_revealed=True)


@requires(Permission.WRITE, Permission.ASSIGN)
@require_POST
def take_step(request: VisitRequest, uid: str, step: str) -> HttpResponse:
    """One step of ``STEPS``; a refusal comes back as the page, with everything typed kept."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    actor = request.actor
    with unit_of_work(actor):
        form = chosen.build(actor, archives.archive_brief(actor=actor, uid=uid), request.POST)

    def act() -> None:
        with unit_of_work(actor):
            chosen.act(actor, uid, form)

    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, str(chosen.done))
        here = reverse("staff:archives") if step == "close" else reverse("staff:archive", args=[uid])
        return SeeOther(here)
    return _page(request, uid, status=status, **{step: form})


@requires(Permission.OPEN)
@_form_page
def begin(request: VisitRequest) -> HttpResponse:
    """Begin an archive with whoever stands at the counter; ``?person=`` for somebody the house knows."""
    actor = request.actor
    text = residents.consent_text(purpose=Purpose.ARCHIVE, language=get_language() or "zh")
    person_uid = request.GET.get("person", "")[:36]
    with unit_of_work(actor):
        units = presenters.units_to_open_at(actor)
        person = residents.access_resident(actor=actor, uid=person_uid) if person_uid else None
    form = OpenForm(
        request.POST or None, units=units, initial={"given_by": "self", "unit": units[0][0] if units else ""}
    )
    if person is not None:
        form.fields["name"].required = False
    status, opened = 200, []
    if request.method == "POST":

        def act() -> None:
            with unit_of_work(actor):
                archive = archives.open_archive(
                    actor=actor,
                    unit_uid=form.cleaned_data["unit"],
                    draft=form.draft(text.version),
                    resident_uid=person_uid,
                )
                opened.append(archive.uid)

        status = attempt(form, act)
        if status == SeeOther.status_code:
            messages.success(request, _("The archive is open. You are helping this person."))
            return SeeOther(reverse("staff:archive", args=opened))
    with unit_of_work(actor):
        context = {
            "form": form,
            "text": text,
            "known": residents.mask_name(person.name) if person else "",
            "person": person,
        }
        return page(request, "staff/archives/new.html", context, current=ARCHIVES, status=status)


@requires(Permission.OPEN)
@_form_page
def ask(request: VisitRequest) -> HttpResponse:
    """Ask the unit that keeps the archive of whoever stands at the counter."""
    actor = request.actor
    with unit_of_work(actor):
        units = presenters.units_to_open_at(actor)
    form = AskForm(request.POST or None, units=units)
    status = 200
    if request.method == "POST":

        def act() -> None:
            with unit_of_work(actor):
                archives.ask_for_transfer(
                    actor=actor,
                    unit_uid=form.cleaned_data["unit"],
                    id_number=form.cleaned_data["id_number"],
                    reason=form.cleaned_data["reason"],
                )

        status = attempt(form, act)
        if status == SeeOther.status_code:
            messages.success(request, _("Asked. The archive moves when the other unit agrees."))
            return SeeOther(reverse("staff:archive-decisions"))
    with unit_of_work(actor):
        return page(request, "staff/archives/ask.html", {"form": form}, current=ARCHIVES, status=status)


@requires(Permission.MERGE, Permission.WRITE, Permission.ASSIGN)
@require_GET
def waiting(request: VisitRequest) -> HttpResponse:
    """Moves and merges."""
    return _decisions(request)


def _decisions(request: VisitRequest, *, status: int = 200, refused: str = "") -> HttpResponse:
    with unit_of_work(request.actor):
        moves, matches = decisions.moves(request.actor), decisions.matches(request.actor)
        note_listing(request.actor, "archives:decisions:listed", asked={}, shown=len(moves) + len(matches))
        context = {"moves": moves, "matches": matches, "refused": refused}
        return page(request, "staff/archives/decisions.html", context, current=ARCHIVES, status=status)


_DECISIONS = {
    "move-accept": (archives.accept_transfer, "transfer_uid"),
    "move-decline": (archives.decline_transfer, "transfer_uid"),
    "merge-confirm": (archives.confirm_merge, "merge_uid"),
    "merge-decline": (archives.decline_merge, "merge_uid"),
}


@requires(Permission.MERGE, Permission.WRITE, Permission.ASSIGN)
@require_POST
def decide(request: VisitRequest, uid: str, decision: str) -> HttpResponse:
    """Accept or decline a move, confirm, decline or undo a merge."""
    form = ReasonForm(request.POST)
    form.fields["reason"].required = decision == "merge-undo"
    if decision != "merge-undo" and decision not in _DECISIONS:
        raise Http404

    def act() -> None:
        with unit_of_work(request.actor):
            if decision == "merge-undo":
                archives.undo_merge(actor=request.actor, merge_uid=uid, reason=form.cleaned_data["reason"])
            else:
                verb, name = _DECISIONS[decision]
                verb(actor=request.actor, **{name: uid})  # type: ignore[operator]

    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, _("Decided. It stays in the history of both."))
        return SeeOther(reverse("staff:archive-decisions"))
    refused = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return _decisions(request, status=status, refused=refused)
