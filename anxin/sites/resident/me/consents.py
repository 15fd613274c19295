"""What I agree to: each purpose by itself, with its text, and one press to give it or to take it back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anxin.domains.archives import api as archives
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentText, ConsentTextUnknown, Purpose
from anxin.flows import give_agreement, take_back_agreement
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import Refused
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.me.words import GIVERS
from anxin.sites.resident.pages import page, see_other

_SELF_DETERMINED, _OF_AGE = 14, 18
# The agreement to the account itself ends with the account: that is leaving.
WITHDRAWABLE = frozenset(purpose.value for purpose in Purpose if purpose is not Purpose.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Standing:
    """One agreement that stands or stood."""

    recipient: str
    given_on: date
    given_by: Any
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """One purpose. ``can_give``: the person can agree to it here, now."""

    text: ConsentText
    standing: tuple[Standing, ...]
    past: tuple[Standing, ...]
    can_give: bool
    can_withdraw: bool
    is_account: bool


def purpose_lines(actor: Actor) -> list[PurposeLine]:
    """Every purpose, what stands first. Inside the person's unit of work."""
    person = residents.residents_queryset(actor=actor).get(id=actor.resident_id)
    ledger = residents.consents_of(actor=actor, resident_uid=person.uid)
    age = residents.age_on(person.born_on, clock.today()) if person.born_on else None
    has_archive = archives.archive_of(actor=actor, resident_id=person.id) is not None
    lines = [_line(one, ledger, _can_give(one, age, has_archive=has_archive)) for one in Purpose]
    shown = [one for one in lines if one.standing or one.past or one.can_give]
    return sorted(shown, key=lambda one: not one.standing)


def _can_give(purpose: Purpose, age: int | None, *, has_archive: bool) -> bool:
    """Passing on and calling back are asked for where they happen, and an archive begins at a station."""
    if age is not None and age < _SELF_DETERMINED:
        return False
    if purpose is Purpose.GUARDIAN_VIEW:
        return age is not None and age < _OF_AGE
    return purpose is Purpose.SELF_TEST_NAMED or (purpose is Purpose.ARCHIVE and has_archive)


def _line(purpose: Purpose, ledger: list[Any], can_give: bool) -> PurposeLine:
    own = [one for one in ledger if one.purpose == purpose.value]
    standing = tuple(_standing(one) for one in own if one.withdrawn_at is None)
    return PurposeLine(
        text=residents.consent_text(purpose=purpose, language=get_language() or "zh"),
        standing=standing,
        past=tuple(_standing(one) for one in own if one.withdrawn_at is not None),
        can_give=can_give and not standing,
        can_withdraw=bool(standing) and purpose.value in WITHDRAWABLE,
        is_account=purpose is Purpose.ACCOUNT,
    )


def _standing(one: Any) -> Standing:
    return Standing(
        recipient=one.recipient,
        given_on=clock.local(one.given_at).date(),
        given_by=GIVERS.get(one.given_by, one.given_by),
        withdrawn_on=clock.local(one.withdrawn_at).date() if one.withdrawn_at else None,
    )


@signed_in("resident")
@require_safe
def index(request: VisitRequest) -> HttpResponse:
    """Every purpose with its text."""
    return _page(request)


def _page(request: VisitRequest, *, status: int = 200, refused: str = "") -> HttpResponse:
    with unit_of_work(request.actor):
        lines = purpose_lines(request.actor)
    return page(request, "resident/me/consents.html", {"lines": lines, "refused": refused}, status=status)


@signed_in("resident")
@require_POST
def give(request: VisitRequest) -> HttpResponse:
    """Agree to one purpose, in the version that was read."""
    wanted = request.POST.get("purpose", "")
    with unit_of_work(request.actor):
        open_now = {one.text.purpose.value for one in purpose_lines(request.actor) if one.can_give}
    if wanted not in open_now:
        return _page(request, status=422, refused=_("This cannot be agreed to here, or it stands already."))
    try:
        give_agreement.give(actor=request.actor, purpose=wanted, text_version=request.POST.get("version", ""))
    except (Refused, ConsentTextUnknown) as error:
        return _page(request, status=422, refused=said(error))
    messages.success(request, _("Kept. You can take it back here at any time."))
    return see_other("resident_me:consents")


@signed_in("resident")
@require_POST
def withdraw(request: VisitRequest) -> HttpResponse:
    """Take back one agreement: for one recipient, where the form names one."""
    purpose = request.POST.get("purpose", "")
    if purpose in WITHDRAWABLE:
        take_back_agreement.take_back(
            actor=request.actor, purpose=purpose, recipient=request.POST.get("recipient") or None
        )
        messages.success(request, _("Taken back, from this moment on."))
    return see_other("resident_me:consents")
