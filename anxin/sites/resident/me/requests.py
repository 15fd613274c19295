"""What I ask for about my own data: correct, delete, restrict, explain; and leaving."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anxin.domains.residents import api as residents
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Decision, Proof, RequestKind, RequestState
from anxin.flows import leave_platform
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError, Conflict, NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.me import proving
from anxin.sites.resident.me.words import DECISIONS, FACTS, KINDS, LEADS, SEXES, STATES, Text
from anxin.sites.resident.pages import page, see_other

OFFERED = (RequestKind.CORRECT, RequestKind.RESTRICT, RequestKind.DELETE, RequestKind.EXPLAIN)
_LONGEST = 2000


class AskForm(forms.Form):
    """What is asked for, in a few words; for a correction what it should be."""

    name = forms.CharField(label=gettext_lazy("Your name as it should be"), max_length=60, required=False)
    born_on = forms.DateField(
        label=gettext_lazy("Your date of birth as it should be"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": gettext_lazy("This date does not exist. Please look again.")},
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Your sex as it should be"),
        required=False,
        choices=[("", gettext_lazy("as it is")), *SEXES.items()],
    )
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, kind: RequestKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind is not RequestKind.CORRECT:
            for name in ("name", "born_on", "sex"):
                del self.fields[name]

    def changes(self) -> dict[str, str]:
        """The facts that are to be put right."""
        data = self.cleaned_data
        born_on = data.get("born_on")
        found = {
            "name": data.get("name", "").strip(),
            "born_on": born_on.isoformat() if born_on else "",
            "sex": data.get("sex", ""),
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request and what came of it."""

    uid: str
    number: str
    kind: Text
    asked_at: datetime
    state: Text
    due_at: datetime | None
    text: str
    facts: tuple[tuple[Text, str], ...]
    decision: Text
    reason: str
    can_take_back: bool


def _lines(actor: Actor) -> list[RequestLine]:
    return [_line(one) for one in rights.own_requests(actor=actor)]


def _line(one: Any) -> RequestLine:
    state = RequestState(one.state)
    facts = json.loads(one.changes) if one.changes else {}
    taken_back = state is RequestState.CLOSED and not one.decision
    return RequestLine(
        uid=one.uid,
        number=one.number,
        kind=KINDS[RequestKind(one.kind)],
        asked_at=one.requested_at,
        state=_("You took it back.") if taken_back else STATES[state],
        due_at=None if one.decided_at or one.closed_at else one.decide_due_at,
        text=one.text,
        facts=tuple((FACTS.get(name, name), str(SEXES.get(value, value))) for name, value in facts.items()),
        decision=DECISIONS[Decision(one.decision)] if one.decision else "",
        reason=one.reason,
        can_take_back=one.closed_at is None and one.decided_at is None and one.kind != RequestKind.LEAVE,
    )


@signed_in("resident")
@require_safe
def index(request: VisitRequest) -> HttpResponse:
    """What I have asked for, and what I can ask for."""
    with unit_of_work(request.actor):
        lines = _lines(request.actor)
    context = {
        "lines": lines,
        "offers": [(one.value, KINDS[one], LEADS[one]) for one in OFFERED],
        "days": rights.clocks()["decide_days"],
    }
    return page(request, "resident/me/requests.html", context)


@signed_in("resident")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: VisitRequest, kind: str) -> HttpResponse:
    """Ask for one thing. Whoever asks has typed a fresh code, so nobody has to prove it again later."""
    wanted = next((one for one in OFFERED if one.value == kind), None)
    if wanted is None:
        raise Http404
    if not proving.is_proved(request):
        return proving.ask_again(reverse("resident_me:request_new", args=[kind]))
    form = AskForm(request.POST if request.method == "POST" else None, kind=wanted)
    status = 200
    if request.method == "POST":
        status = _ask(request.actor, wanted, form)
        if status == see_other("resident_me:requests").status_code:
            messages.success(request, _("Your request has arrived. The answer will stand here."))
            return see_other("resident_me:requests")
    context = {
        "form": form,
        "kind": KINDS[wanted],
        "lead": LEADS[wanted],
        "is_correction": wanted is RequestKind.CORRECT,
        "days": rights.clocks()["decide_days"],
        "kinds": rights.kinds_of_data() if wanted is RequestKind.DELETE else (),
    }
    return page(request, "resident/me/request_new.html", context, status=status)


def _ask(actor: Actor, kind: RequestKind, form: AskForm) -> int:
    if not form.is_valid():
        return 422
    try:
        changes = form.changes() if kind is RequestKind.CORRECT else {}
        for name, value in changes.items():
            residents.check_fact(name, value)
        with unit_of_work(actor):
            rights.ask(
                actor=actor,
                resident_id=actor.resident_id,
                kind=kind,
                text=form.cleaned_data["text"],
                changes=changes,
                proof=Proof.PHONE_CODE,
            )
    except (NotFound, NotPermitted):
        raise
    except AnxinError as error:
        form.add_error(error.field if error.field in form.fields else None, said(error))
        return 409 if isinstance(error, Conflict) else 422
    return 303


@signed_in("resident")
@require_POST
def take_back(request: VisitRequest, token: UUID) -> HttpResponse:
    """I do not want it any more."""
    with unit_of_work(request.actor):
        rights.take_back(actor=request.actor, request_uid=str(token))
    messages.success(request, _("You took it back."))
    return see_other("resident_me:requests")


class LeaveForm(forms.Form):
    """Nothing but the will to go."""

    understood = forms.BooleanField(
        label=gettext_lazy("I have read this and want to leave"),
        error_messages={"required": gettext_lazy("Tick the box if that is what you want.")},
    )


@signed_in("resident")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: VisitRequest) -> HttpResponse:
    """Every agreement back, the account closed, the rest a request with its clock."""
    if not proving.is_proved(request):
        return proving.ask_again(reverse("resident_me:leave"))
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = leave_platform.leave(actor=request.actor, account=request.user)
        except Conflict as error:
            form.add_error(None, said(error))
        else:
            logout(request)
            context = {"number": made.number, "days": rights.clocks()["decide_days"]}
            return page(request, "resident/me/left.html", context)
    return page(request, "resident/me/leave.html", {"form": form}, status=422 if form.errors else 200)
