"""Requests in plain values, for the officer who answers them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from anxin.domains.network import api as network
from anxin.domains.residents.contracts import LegalBasis
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import AskedBy, Decision, KindOfData, Proof, RequestKind, RequestState
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.rights.forms import DONE, LATE, SEGMENTS, RequestFilter
from anxin.sites.staff.rights.words import (
    ASKERS,
    BASES,
    DECISIONS,
    FACTS,
    FOLLOWS,
    KINDS,
    PROOFS,
    REQUEST_STATES,
)
from anxin.sites.staff.words import SEXES, Words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anxin.domains.rights.models import ProtectedEntry, SubjectRequest

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment of the filter."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request of the list."""

    url: str
    number: str
    person: str
    unit: str
    kind: Words
    state: Words
    asked_at: datetime
    due_at: datetime | None
    is_late: bool
    decision: Words
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestList:
    """The list."""

    rows: list[RequestRow]
    page: Page
    segments: list[Choice]
    kinds: list[Choice]
    query: str
    shown: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it should be."""

    label: Words
    value: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the history."""

    at: datetime
    what: Words
    who: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request."""

    row: RequestRow
    uid: str
    asker: Words
    text: str
    facts: tuple[Fact, ...]
    fact_names: tuple[str, ...]
    follows: Words
    proof: Words
    reason: str
    decided_by: str
    acknowledge_due_at: datetime
    decide_due_at: datetime
    steps: tuple[StepLine, ...]
    kept: tuple[KindOfData, ...]
    may_verify: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class ProtectedLine:
    """One protective entry. ``reason`` is why it protects, ``release`` why it may be known."""

    uid: str
    person: str
    unit: str
    why: Words
    reason: str
    marked_at: datetime
    marked_by: str
    released_at: datetime | None = None
    released_by: str = ""
    release: str = ""


def request_list(actor: Actor, form: RequestFilter, page_number: str) -> RequestList:
    """The list, what is due next first. Inside a unit of work of the officer's scope."""
    chosen, now = form.chosen(), clock.now()
    found = rights.requests_queryset(actor=actor)
    if chosen["q"]:
        typed = chosen["q"].upper()
        found = found.filter(number=typed) | found.filter(person_number=typed)
    of_kind = found.filter(kind=chosen["kind"]) if chosen["kind"] else found
    page = Paginator(_narrowed(of_kind, chosen["show"], now), PAGE_SIZE).get_page(page_number)
    names = _unit_names(page)
    return RequestList(
        rows=[_row(one, names, now) for one in page],
        page=page,
        segments=[
            Choice(
                str(label),
                _address(chosen, show=key),
                key == chosen["show"],
                _narrowed(of_kind, key, now).order_by().count(),
            )
            for key, label in SEGMENTS
        ],
        kinds=[
            Choice(str(label), _address(chosen, kind=key.value), key.value == chosen["kind"])
            for key, label in KINDS.items()
        ],
        query=urlencode({key: value for key, value in chosen.items() if value}) + "&",
        shown=len(page),
    )


def _address(chosen: dict[str, str], **changed: str) -> str:
    asked = {key: value for key, value in {**chosen, **changed}.items() if value}
    return f"{reverse('staff:rights')}?{urlencode(asked)}"


def _narrowed(found: "QuerySet[SubjectRequest]", show: str, now: datetime) -> "QuerySet[SubjectRequest]":
    if show == DONE:
        return found.filter(closed_at__isnull=False).order_by("-closed_at", "-id")
    waiting = found.filter(closed_at__isnull=True)
    return waiting.filter(next_due_at__lte=now) if show == LATE else waiting


def _unit_names(rows: Any) -> dict[str, str]:
    paths = {one.node_path for one in rows}
    units = network.units_queryset(status=None).filter(path__in=paths) if paths else ()
    return {unit.path: unit.name for unit in units}


def _row(one: "SubjectRequest", names: dict[str, str], now: datetime) -> RequestRow:
    waits_for_receipt = one.state == RequestState.REQUESTED
    due = one.acknowledge_due_at if waits_for_receipt else one.decide_due_at
    return RequestRow(
        url=reverse("staff:rights-request", args=[one.uid]),
        number=one.number,
        person=one.person_number,
        unit=names.get(one.node_path, ""),
        kind=KINDS[RequestKind(one.kind)],
        state=REQUEST_STATES[RequestState(one.state)],
        asked_at=one.requested_at,
        due_at=None if one.closed_at else due,
        is_late=one.closed_at is None and due <= now,
        decision=DECISIONS[Decision(one.decision)] if one.decision else "",
        closed_at=one.closed_at,
    )


def request_page(actor: Actor, uid: str) -> RequestPage:
    """One request, recorded as read. Raises ``NotFound``."""
    one = rights.access_request(actor=actor, uid=uid)
    kind, state = RequestKind(one.kind), RequestState(one.state)
    facts = json.loads(one.changes) if one.changes else {}
    return RequestPage(
        row=_row(one, _unit_names([one]), clock.now()),
        uid=one.uid,
        asker=ASKERS[AskedBy(one.asked_by)],
        text=one.text,
        facts=tuple(Fact(FACTS.get(name, name), _fact(name, value)) for name, value in facts.items()),
        fact_names=tuple(facts),
        follows=FOLLOWS[kind],
        proof=PROOFS[Proof(one.proof)] if one.proof else "",
        reason=one.reason,
        decided_by=one.decided_by,
        acknowledge_due_at=one.acknowledge_due_at,
        decide_due_at=one.decide_due_at,
        steps=tuple(
            StepLine(step.happened_at, REQUEST_STATES[RequestState(step.state)], _author(step))
            for step in one.entries.order_by("id")
        ),
        kept=_kept(kind),
        may_verify=state is RequestState.REQUESTED,
        may_decide=state is RequestState.IDENTITY_VERIFIED,
    )


def _kept(kind: RequestKind) -> tuple[KindOfData, ...]:
    if kind not in (RequestKind.DELETE, RequestKind.LEAVE):
        return ()
    return rights.kinds_of_data(language=get_language() or "zh")


def _fact(name: str, value: str) -> str:
    return str(SEXES.get(value, value)) if name == "sex" else value


def _author(step: Any) -> str:
    return step.author_label if step.author_kind == "staff" else ""


def protected_lines(actor: Actor) -> tuple[list[ProtectedLine], list[ProtectedLine]]:
    """What is withheld now, the oldest first; and what was released lately."""
    waiting, done = rights.protected_entries(actor=actor), rights.released_entries(actor=actor)
    paths = {_path(one) for one in (*waiting, *done)}
    units = network.units_queryset(status=None).filter(path__in=paths) if paths else ()
    names = {unit.path: unit.name for unit in units}
    return [_protected(one, names) for one in waiting], [_released(one, names) for one in done]


def _path(one: "ProtectedEntry") -> str:
    return one.audit_subject().node_path


def _protected(one: "ProtectedEntry", names: dict[str, str], **more: Any) -> ProtectedLine:
    return ProtectedLine(
        uid=one.uid,
        person=one.person_number,
        unit=names.get(_path(one), ""),
        why=BASES[LegalBasis(one.why)],
        reason=one.reason,
        marked_at=one.marked_at,
        marked_by=one.marked_by,
        **more,
    )


def _released(one: "ProtectedEntry", names: dict[str, str]) -> ProtectedLine:
    done = one.release
    return _protected(
        one, names, released_at=done.released_at, released_by=done.released_by, release=done.reason
    )
