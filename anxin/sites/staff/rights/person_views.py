"""A person's agreements, for those who meet the person: written down from paper, and what was done without any."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import GivenBy, Purpose
from anxin.domains.residents.contracts import Permission as ResidentsPermission
from anxin.domains.rights.contracts import AskedBy, Permission, Proof, RequestKind
from anxin.flows import act_without_consent, take_request
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.rights import person_presenters
from anxin.sites.staff.rights.forms import ActForm, CounterForm, PaperForm, purposes
from anxin.sites.staff.shell import ARCHIVES, SeeOther, attempt, page

MEETS = (ResidentsPermission.VIEW, ResidentsPermission.REGISTER, Permission.PROTECT)


def _paper(actor: Actor, uid: str, form: Any) -> None:
    data = form.cleaned_data
    with unit_of_work(actor):
        residents.record_paper_consent(
            actor=actor,
            resident_uid=uid,
            purpose=data["purpose"],
            text_version=residents.consent_text(purpose=data["purpose"]).version,
            signed_on=data["signed_on"],
            given_by=GivenBy(data["given_by"]),
            child_assents=data["child_assents"] or None,
            recipient=data["recipient"],
        )


def _act(actor: Actor, uid: str, form: Any) -> None:
    act_without_consent.act_without_consent(
        actor=actor,
        resident_uid=uid,
        basis=form.ground(),
        purpose=Purpose.CONTACT_BACK,
        reason=form.cleaned_data["reason"],
        recipient=form.cleaned_data["recipient"],
    )


def _ask(actor: Actor, uid: str, form: Any) -> None:
    data = form.cleaned_data
    kind = RequestKind(data["kind"])
    take_request.take(
        actor=actor,
        resident_uid=uid,
        kind=kind,
        text=data["text"],
        changes=form.changes() if kind is RequestKind.CORRECT else None,
        proof=Proof(data["proof"]),
        asked_by=AskedBy(data["asked_by"]),
    )


def _paper_form(data: Any) -> PaperForm:
    return PaperForm(data, purposes=purposes(get_language() or "zh"))


_STEPS: dict[str, tuple[Callable[[Any], Form], Callable[[Actor, str, Any], None], Any]] = {
    "paper": (_paper_form, _paper, gettext_lazy("The agreement is kept.")),
    "act": (
        ActForm,
        _act,
        gettext_lazy(
            "Written down. Where a life was in danger the person is told; what protects a child is not."
        ),
    ),
    "request": (CounterForm, _ask, gettext_lazy("The request is kept. The privacy officer answers it.")),
}


@requires(*MEETS)
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """The ledger of one person."""
    return _page(request, uid)


def _page(
    request: VisitRequest, uid: str, *, status: int = 200, tried: dict[str, Form] | None = None
) -> HttpResponse:
    with unit_of_work(request.actor):
        view = person_presenters.person_page(request.actor, uid)
        sent = tried or {}
        forms = {name: sent.get(name) or build(None) for name, (build, _act, _done) in _STEPS.items()}
        for name, form in forms.items():
            form.auto_id = f"id_{name}_%s"
        context = {"view": view, "forms": forms, "open_step": next(iter(sent), "")}
        return page(request, "staff/rights/person.html", context, current=ARCHIVES, status=status)


@requires(ResidentsPermission.REGISTER, Permission.PROTECT)
@require_POST
def take_step(request: VisitRequest, uid: str, step: str) -> HttpResponse:
    """Paper, an act without an agreement, or a request at the counter."""
    if step not in _STEPS:
        raise Http404
    build, act, done = _STEPS[step]
    with unit_of_work(request.actor):
        person_presenters.met(request.actor, uid)
    form = build(request.POST)
    status = attempt(form, lambda: act(request.actor, uid, form))
    if status != SeeOther.status_code:
        return _page(request, uid, status=status, tried={step: form})
    messages.success(request, str(done))
    return SeeOther(reverse("staff:rights-person", args=[uid]))
