"""The board as rows of plain words. Names of residents never come this far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Permission, Source, WarningState
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.duty.forms import ALL, MINE, SEGMENTS, TODAY, WAITING, BoardFilter
from anxin.sites.staff.shell import end_of_today
from anxin.sites.staff.standing import Clock, clock_of
from anxin.sites.staff.words import LEVELS, SEXES, SOURCES, STATES

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning

PAGE_SIZE = 50
FULL_ALERTS = 6
HANDOVER_LIMIT = 500
REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Step:
    """The one button of a row."""

    label: str
    url: str
    is_post: bool = False
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One open warning on the board."""

    number: str
    url: str
    level: int
    person: str
    why: str
    source: str
    progress: str
    is_new: bool
    owner: str
    owner_note: str
    clock: Clock
    step: Step


@dataclass(frozen=True, slots=True)
class Segment:
    """One counted choice above the table."""

    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter, with the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the page draws. ``alerts`` are the L4 in full, ``more_alerts`` the L4 beyond them, as rows."""

    at: datetime
    alerts: list[Row]
    more_alerts: list[Row]
    rows: list[Row]
    page: "Page[tuple[int, int]]"
    segments: list[Segment]
    chips: list[Chip]
    query: str
    address: str
    fragment_url: str
    is_filtered: bool


def needs_signing(warning: "Warning") -> bool:
    """Whether an ending is proposed and the second person has not signed yet."""
    return bool(
        warning.proposed_ending
        and warning.signed_by_id is None
        and warning.state != WarningState.CLOSED
        and risk.needs_signature(Level(warning.level))
    )


def progress_of(warning: "Warning") -> str:
    """How far it has come, in a word or two."""
    return _("to be signed") if needs_signing(warning) else str(STATES[WarningState(warning.state)])


def person_of(warning: "Warning") -> str:
    """Sex and age, all that stands beside a number outside the record."""
    parts = [str(SEXES[warning.sex])] if warning.sex in SEXES else []
    if warning.age is not None:
        parts.append(_("%(age)s years") % {"age": warning.age})
    if parts:
        return "·".join(parts)
    return _("asked for contact, no name") if warning.contact_request_id else _("not stated")


def reasons_of(warning: "Warning") -> list[str]:
    """Why it was raised, in words."""
    words = []
    for reason in warning.reasons:
        message, params = reason["message"], reason.get("params")
        text = _(message)
        words.append(text % params if params else text)
    return words


def _in_one_line(reasons: list[str]) -> str:
    """The first and the newest reasons as one phrase; the record has them all."""
    shown = [*reasons[:1], *reasons[1:][-(REASONS_SHOWN - 1) :]]
    line = _("; ").join(reason.rstrip("。.") for reason in shown)
    more = len(reasons) - len(shown)
    return _("%(reasons)s, and %(n)s more") % {"reasons": line, "n": more} if more else line


def next_step(actor: Actor, warning: "Warning") -> Step:
    """What is to be done next, if this person may do it; otherwise the record can only be looked at."""
    url = reverse("staff:warning", kwargs={"uid": warning.uid})
    state = WarningState(warning.state)
    if needs_signing(warning):
        may_sign = (
            risk.may_on_warning(actor, Permission.SIGN, warning) and actor.staff_id != warning.proposed_by_id
        )
        return Step(_("Sign"), f"{url}#sign") if may_sign else Step(_("Look"), url)
    if not risk.may_on_warning(actor, Permission.ACT, warning):
        return Step(_("Look"), url)
    if state is WarningState.NEW:
        take_over = reverse("staff:warning-take-over", kwargs={"uid": warning.uid})
        return Step(_("Take over"), take_over, is_post=True, is_primary=True)
    return {
        WarningState.ACKNOWLEDGED: Step(_("Log contact"), f"{url}#contact"),
        WarningState.CONTACTED: Step(_("Assess"), f"{url}#assessment"),
        WarningState.ASSESSED: Step(_("Decide"), f"{url}#ending"),
        WarningState.WATCH: Step(_("Look again"), f"{url}#ending"),
    }.get(state, Step(_("Look"), url))


def row_of(actor: Actor, warning: "Warning", now: datetime) -> Row:
    """One warning as the board shows it."""
    is_waiting = warning.state == WarningState.NEW
    assert warning.deadline is not None
    shown = clock_of(warning.deadline, now, is_waiting=is_waiting)
    # Managers see that there is a warning, its level and its clock; what it says is for those who may read it.
    may_read = risk.may_on_warning(actor, Permission.READ, warning)
    source = str(SOURCES[Source(warning.source)])
    return Row(
        number=warning.number,
        url=reverse("staff:warning", kwargs={"uid": warning.uid}),
        level=warning.level,
        person=person_of(warning) if may_read else "",
        why=_in_one_line(reasons_of(warning)) if may_read else source,
        source=source,
        progress=progress_of(warning),
        is_new=is_waiting,
        owner=shown.holder,
        owner_note=_owner_note(warning, shown, is_waiting=is_waiting),
        clock=shown,
        step=next_step(actor, warning),
    )


def _owner_note(warning: "Warning", shown: Clock, *, is_waiting: bool) -> str:
    if is_waiting:
        return _("to take over")
    if needs_signing(warning):
        return _("to sign")
    if warning.holder is not None and warning.holder_id != shown.posting_id:
        return _("taken over by %(name)s") % {"name": warning.holder.staff.name}
    return ""


def board(actor: Actor, form: BoardFilter, page_number: str, counts: risk.BoardCounts) -> Board:
    """The board of this person at this moment. The number of queries does not depend on the number of warnings.

    Ten thousand rows are sorted as ids alone; only one page of them is read.
    """
    now, chosen = clock.now(), form.chosen()
    warnings = risk.board_queryset(actor=actor)
    wanted = Q(level=Level.L4) | _narrowing(actor, chosen)
    found = list(warnings.filter(wanted).values_list("id", "level"))
    alert_ids = [key for key, level in found if level == Level.L4]
    page = Paginator(found[len(alert_ids) :], PAGE_SIZE).get_page(page_number)
    page_ids = [key for key, _level in page]
    rows = {one.id: row_of(actor, one, now) for one in warnings.filter(id__in=[*alert_ids, *page_ids])}
    alerts = [rows[key] for key in alert_ids if key in rows]
    address = reverse("staff:duty")
    query = _query(chosen)
    return Board(
        at=now,
        alerts=alerts[:FULL_ALERTS],
        more_alerts=alerts[FULL_ALERTS:],
        rows=[rows[key] for key in page_ids if key in rows],
        page=page,
        segments=_segments(counts, chosen),
        chips=_chips(chosen),
        query=query + "&" if query else "",
        address=address,
        fragment_url=reverse("staff:duty-fragment") + "?" + _query({**chosen, "page": page.number}),
        is_filtered=bool(query),
    )


def handover(actor: Actor) -> tuple[list[Row], bool]:
    """All open warnings by urgency for the sheet, and whether some did not fit on it."""
    now = clock.now()
    warnings = list(risk.board_queryset(actor=actor)[: HANDOVER_LIMIT + 1])
    rows = [row_of(actor, warning, now) for warning in warnings[:HANDOVER_LIMIT]]
    return rows, len(warnings) > HANDOVER_LIMIT


def _narrowing(actor: Actor, chosen: dict[str, Any]) -> Q:
    """What was chosen, as a condition on the rows below the L4."""
    narrowing = {
        ALL: Q(),
        WAITING: Q(state=WarningState.NEW),
        MINE: Q(deadline__owner_id__in=actor.posting_ids),
        TODAY: Q(deadline__due_at__lte=end_of_today()),
    }[chosen["show"]] & ~Q(level=Level.L4)
    if chosen["level"]:
        narrowing &= Q(level=int(chosen["level"]))
    if chosen["source"]:
        narrowing &= Q(source=chosen["source"])
    return narrowing & _search(chosen["q"]) if chosen["q"] else narrowing


def _search(text: str) -> Q:
    sources = [key.value for key, label in SOURCES.items() if text.casefold() in str(label).casefold()]
    return Q(number__icontains=text) | Q(source__in=sources) | Q(unit__name__icontains=text)


def _query(chosen: dict[str, Any], **changed: str) -> str:
    merged = {**chosen, **changed}
    return urlencode({key: value for key, value in merged.items() if value and (key, value) != ("show", ALL)})


def _link(chosen: dict[str, Any], **changed: str) -> str:
    query = _query(chosen, **changed)
    return f"{reverse('staff:duty')}?{query}" if query else reverse("staff:duty")


def _segments(counts: risk.BoardCounts, chosen: dict[str, Any]) -> list[Segment]:
    numbers = {ALL: counts.total, WAITING: counts.waiting, MINE: counts.mine, TODAY: counts.due_today}
    return [
        Segment(str(label), numbers[key], _link(chosen, show=key), chosen["show"] == key)
        for key, label in SEGMENTS
    ]


def _chips(chosen: dict[str, Any]) -> list[Chip]:
    labels: Iterable[tuple[str, str]] = (
        ("level", str(LEVELS[Level(int(chosen["level"]))]) if chosen["level"] else ""),
        ("source", str(SOURCES[Source(chosen["source"])]) if chosen["source"] else ""),
        ("q", _("Search: %(text)s") % {"text": chosen["q"]} if chosen["q"] else ""),
    )
    return [Chip(label, _link(chosen, **{key: ""})) for key, label in labels if label]
