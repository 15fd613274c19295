"""Linkages for one reader."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from anxin.domains.linkages import api as linkages
from anxin.domains.linkages.contracts import EntryKind, Fact, Kind, State
from anxin.domains.network import api as network
from anxin.domains.network.contracts import UnitKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.linkages.words import ENTRIES, FACTS, KINDS, STATES
from anxin.sites.staff.standing import Clock, clock_of
from anxin.sites.staff.timeline import Day, by_day, happening, newest_first

if TYPE_CHECKING:
    from anxin.domains.linkages.models import Linkage

PAGE_SIZE = 50
_TITLES = {
    Kind.RELEASE: gettext_noop("Approve"),
    Kind.INBOUND: gettext_noop("Accept"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One linkage of the list."""

    number: str
    url: str
    kind: str
    unit: str
    recipient: str
    state: str
    asked_at: datetime
    answered_at: datetime | None
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class LinkageList:
    """Everything the list draws."""

    rows: list[Row]
    page: "Page[Linkage]"
    waiting: int
    show: str
    query: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """One expert."""

    name: str
    called_at: datetime
    responded_at: datetime | None
    is_coming: bool | None


@dataclass(frozen=True, slots=True)
class LinkagePage:
    """Everything one linkage draws."""

    uid: str
    row: Row
    asked_by: str
    reason: str
    ground: str
    facts: list[tuple[str, str]]
    answer: str
    answered_by: str
    calls: list[CallLine]
    days: list[Day]
    steps: list[tuple[str, str]]


def linkage_list(actor: Actor, show: str, number: str, page: str) -> LinkageList:
    """What waits, or all of them."""
    found = linkages.linkages_queryset(actor=actor)
    waiting = found.filter(state=State.WAITING)
    chosen = found if show == "all" else waiting
    if number:
        chosen = chosen.filter(number__icontains=number)
    pages = Paginator(chosen, PAGE_SIZE).get_page(page)
    return LinkageList(
        rows=[row_of(one) for one in pages],
        page=pages,
        waiting=waiting.count(),
        show="all" if show == "all" else "waiting",
        query=urlencode({"show": show, "q": number}) + "&",
    )


def row_of(linkage: "Linkage") -> Row:
    """One linkage of a list."""
    return Row(
        number=linkage.number,
        url=reverse("staff:linkage", kwargs={"uid": linkage.uid}),
        kind=str(KINDS[Kind(linkage.kind)]),
        unit=linkage.unit.name,
        recipient=linkage.recipient,
        state=str(STATES[State(linkage.state)]),
        asked_at=linkage.asked_at,
        answered_at=linkage.answered_at,
        clock=clock_of(linkage.deadline, clock.now(), is_waiting=False) if linkage.deadline else None,
    )


def linkage_page(actor: Actor, uid: str) -> LinkagePage:
    """One linkage; the look is recorded. Raises ``LinkageNotFound``."""
    found = linkages.access_linkage(actor=actor, uid=uid)
    facts = json.loads(found.facts) if found.facts else {}
    return LinkagePage(
        uid=found.uid,
        row=row_of(found),
        asked_by=found.asked_by.name if found.asked_by else "",
        reason=found.reason,
        ground=_ground(Kind(found.kind), found.basis),
        facts=[(str(FACTS[Fact(name)]), words) for name, words in facts.items()],
        answer=found.answer,
        answered_by=found.answered_by.name if found.answered_by else "",
        calls=[
            CallLine(one.expert.name, one.called_at, one.responded_at, one.is_coming)
            for one in found.calls.all()
        ],
        days=by_day(
            [
                happening(one, icon="handshake", what=str(ENTRIES[EntryKind(one.kind)]))
                for one in newest_first(found.entries.all())
            ]
        ),
        steps=_steps(actor, found),
    )


def _ground(kind: Kind, code: str) -> str:
    for one in linkages.linkage_rules().kinds[kind].bases:
        if one.code == code:
            return f"{one.zh if (get_language() or 'zh').startswith('zh') else one.en} ({one.law})"
    return ""


def _steps(actor: Actor, linkage: "Linkage") -> list[tuple[str, str]]:
    """What this reader may do now."""
    can, is_own = linkages.can_answer(actor, linkage), linkage.asked_by_id == actor.staff_id
    if linkage.state != State.WAITING:
        return [("callback", _("Heard afterwards"))] if can else []
    kind, steps = Kind(linkage.kind), []
    if can and not (kind is Kind.RELEASE and is_own):
        steps.append(("answer", _(_TITLES[kind]) if kind in _TITLES else _("It was taken over")))
        if kind in _TITLES:
            steps.append(("refuse", _("Do not accept")))
    if is_own:
        steps.append(("withdraw", _("Withdraw")))
    return steps


def stations() -> list[tuple[str, str]]:
    """Where a department can hand somebody in."""
    kinds = [UnitKind.STATION.value, UnitKind.COUNTY_CENTRE.value]
    units = network.units_queryset().filter(kind__in=kinds).order_by("kind", "name")
    return list(units.values_list("uid", "name"))
