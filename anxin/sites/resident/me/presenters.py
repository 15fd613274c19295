"""The archive in plain values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SittingState
from anxin.domains.residents import api as residents
from anxin.domains.rights import api as rights
from anxin.flows import collect_ward_file
from anxin.flows.collect_ward_file import Ward
from anxin.kernel import clock, masking
from anxin.kernel.actor import Actor
from anxin.sites.resident.self_tests.offer import language, offer_of
from anxin.sites.resident.stations.presenters import name_of

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class SittingLine:
    """One self-test in the archive."""

    name: str | Promise
    on: date
    url: str
    is_draft: bool
    answered: int
    questions: int
    discard_url: str


@dataclass(frozen=True, slots=True)
class Me:
    """The page."""

    number: str
    name: str
    phone: str
    unit: str
    drafts: tuple[SittingLine, ...]
    results: tuple[SittingLine, ...]
    consents: tuple[str, ...]
    requests: int
    wards: tuple[Ward, ...]
    page: Page


def me(actor: Actor, *, account: Any, page: str) -> Me:
    """Everything the archive holds, for its owner. Call inside their unit of work."""
    person = residents.resident_of(account=account, actor=actor)
    sittings = assessments.own_sittings(actor=actor)
    drafts = sittings.filter(state=SittingState.DRAFT)
    results = Paginator(sittings.filter(state=SittingState.SUBMITTED), PER_PAGE).get_page(page)
    return Me(
        number=person.number if person else "",
        name=masking.mask_name(person.name) if person and person.name else "",
        phone=masking.mask_phone(person.phone) if person and person.phone else "",
        unit=name_of(person.home_unit) if person else "",
        drafts=tuple(_line(sitting) for sitting in drafts),
        results=tuple(_line(sitting) for sitting in results),
        consents=_standing(actor),
        requests=sum(one.closed_at is None for one in rights.own_requests(actor=actor)),
        wards=tuple(collect_ward_file.wards_of(actor)),
        page=results,
    )


def _line(sitting: Any) -> SittingLine:
    offer, is_draft = offer_of(sitting.instrument), sitting.state == SittingState.DRAFT
    moment = sitting.started_at if is_draft else sitting.submitted_at
    target = (
        reverse("resident_tests:start", args=[sitting.instrument])
        if is_draft
        else reverse("resident_results:result", args=[sitting.uid])
    )
    return SittingLine(
        name=offer.name if offer else sitting.instrument.upper(),
        on=clock.local(moment).date(),
        url=target if offer else "",
        is_draft=is_draft,
        answered=sum(value is not None for value in sitting.answers),
        questions=len(sitting.answers),
        discard_url=reverse("resident_me:discard", args=[sitting.uid]) if is_draft else "",
    )


def _standing(actor: Actor) -> tuple[str, ...]:
    """What stands now, by title; giving and taking back have a page of their own."""
    return tuple(
        residents.consent_text(purpose=one.purpose, language=language()).title
        for one in residents.consents_of(actor=actor, resident_uid=actor.resident_uid)
        if one.withdrawn_at is None
    )
