"""Referrals for one reader: the lists of both sides, and one referral with exactly the parts that reader may see."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.cases import api as cases
from anxin.domains.deadlines import api as deadlines
from anxin.domains.instruments import api as instruments
from anxin.domains.network import api as network
from anxin.domains.network.contracts import UnitKind
from anxin.domains.referrals import api as referrals
from anxin.domains.referrals.contracts import (
    Act,
    Direction,
    Disposition,
    EntryKind,
    Evidence,
    LoopCount,
    Part,
    Permission,
    Side,
    Stage,
    State,
    Urgency,
)
from anxin.domains.residents import api as residents
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome
from anxin.domains.workforce.contracts import Tier
from anxin.flows.refer import Gathered
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.bands import BANDS
from anxin.sites.staff.fields import unsent_words
from anxin.sites.staff.interviews.presenters import title_of
from anxin.sites.staff.referrals.forms import ENDED, IN, LOOP, OUT, OVERDUE, SEGMENTS, ReferralFilter
from anxin.sites.staff.referrals.steps import Offered, offered
from anxin.sites.staff.referrals.words import (
    DIRECTIONS,
    DISPOSITIONS,
    DONE,
    EVIDENCE,
    STAGES,
    STATES,
    TIERS,
    URGENCIES,
)
from anxin.sites.staff.standing import Clock, clock_of
from anxin.sites.staff.timeline import Day, Happening, by_day, happening
from anxin.sites.staff.words import CHANNELS, OUTCOMES, Words

if TYPE_CHECKING:
    from anxin.domains.referrals.models import Referral, ReferralEntry

PAGE_SIZE = 50
_PERIOD = timedelta(days=90)
_ASKED = (
    UnitKind.COUNTY_CENTRE,
    UnitKind.CITY_CENTRE,
    UnitKind.MEDICAL_INSTITUTION,
    UnitKind.HOTLINE,
    UnitKind.STATION,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One referral of the list. ``url`` is empty for who may know only where it stands."""

    number: str
    url: str
    level: int | None
    urgency: str
    direction: str
    from_unit: str
    to_unit: str
    state: str
    stage: str
    clock: Clock | None
    ended_at: datetime | None
    told: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One counted choice."""

    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """The closed loop in one direction, in words."""

    label: str
    sent: int
    in_time: int
    late: int
    waiting: int
    percent: str


@dataclass(frozen=True, slots=True)
class ReferralList:
    """Everything the list draws."""

    rows: list[Row]
    page: "Page[Referral]"
    segments: list[Segment]
    query: str
    loop: list[Loop]
    sees_rows: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What the other side sees before it decides; the sender is shown the very same."""

    level: int
    urgency: str
    direction: str
    tier: str
    reason: str
    basis: str
    measures: str
    scores: list[str]
    consent: list[str]
    name: str
    phone: str
    hours: str
    guardian: str
    is_masked: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One piece of evidence in words."""

    title: str
    lines: list[str]
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What came back."""

    disposition: str
    advice: str
    next_review_on: date | None
    diagnosis: str
    medication: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """Everything one referral draws for one reader."""

    uid: str
    number: str
    state: str
    is_ended: bool
    from_unit: str
    sender: str
    to_unit: str
    holder: str
    proposed: str
    appointment_at: datetime | None
    timed_out: bool
    is_sender: bool
    stage: str
    clock: Clock | None
    preview: Preview
    sheets: list[Sheet]
    told: Told | None
    days: list[Day]
    chain: list[Row]
    steps: list[Offered]
    case_url: str
    again_url: str
    unsent: tuple[str, ...]


def referral_list(actor: Actor, form: ReferralFilter, page_number: str) -> ReferralList:
    """The list; the number of queries does not depend on the number of referrals."""
    chosen, now = form.chosen(), clock.now()
    sees_rows = actor.may(Permission.READ) or actor.may(Permission.SEND)
    found = (
        referrals.referrals_queryset(actor=actor) if sees_rows else referrals.statuses_queryset(actor=actor)
    )
    segments = [
        Segment(
            str(label),
            _narrowed(found, actor, key, sees_rows=sees_rows).count(),
            f"{reverse('staff:referrals')}?show={key}",
            key == chosen["show"],
        )
        for key, label in SEGMENTS
    ]
    narrowed = _narrowed(found, actor, chosen["show"], sees_rows=sees_rows)
    if chosen["q"]:
        narrowed = narrowed.filter(number__icontains=chosen["q"])
    page = Paginator(narrowed, PAGE_SIZE).get_page(page_number)
    return ReferralList(
        rows=[row_of(one, now, is_open_to_reader=sees_rows) for one in page],
        page=page,
        segments=segments,
        query=urlencode({key: value for key, value in chosen.items() if value}) + "&",
        loop=_loop(actor, now),
        sees_rows=sees_rows,
    )


def _narrowed(
    found: "QuerySet[Referral]", actor: Actor, show: str, *, sees_rows: bool
) -> "QuerySet[Referral]":
    if show == LOOP:
        return found.filter(sent_at__gte=clock.now() - _PERIOD)
    if show == ENDED:
        return found.filter(ended_at__isnull=False)
    still_open = found.filter(ended_at__isnull=True)
    if show == OVERDUE:
        return still_open.filter(deadlines.is_overdue_q(at=clock.now(), prefix="deadline__"))
    right = Permission.READ if sees_rows else Permission.VIEW_STATUS
    theirs, ours = Q(pk__in=[]), Q(sender__in=actor.posting_ids)
    for path in actor.paths_with(right):
        theirs |= Q(to_path__startswith=path)
        ours |= Q(from_path__startswith=path)
    return still_open.filter(theirs if show == IN else ours) if show in (IN, OUT) else still_open


def _loop(actor: Actor, now: datetime) -> list[Loop]:
    paths = actor.paths_with(Permission.VIEW_COUNTS)
    if not paths:
        return []
    counts = referrals.closed_loop(actor=actor, node_paths=paths, since=now - _PERIOD, until=now)
    return [_loop_words(one) for one in counts if one.sent]


def _loop_words(one: LoopCount) -> Loop:
    percent = f"{one.rate * 100:.0f}%" if one.rate is not None else ""
    return Loop(str(DIRECTIONS[one.direction]), one.sent, one.in_time, one.late, one.waiting, percent)


def row_of(referral: "Referral", now: datetime, *, is_open_to_reader: bool = True) -> Row:
    """One referral of a list."""
    running = referral.deadline
    told = ""
    if is_open_to_reader and referral.feedback_at is not None:
        in_time = referral.feedback_due_at is not None and referral.feedback_at <= referral.feedback_due_at
        told = _("feedback in time") if in_time else _("feedback late")
    return Row(
        number=referral.number,
        url=reverse("staff:referral", kwargs={"uid": referral.uid}) if is_open_to_reader else "",
        level=referral.level if is_open_to_reader else None,
        urgency=str(URGENCIES[Urgency(referral.urgency)]),
        direction=str(DIRECTIONS[Direction(referral.direction)]),
        from_unit=referral.from_unit.name,
        to_unit=referral.to_unit.name,
        state=str(STATES[State(referral.state)]),
        stage=str(STAGES[Stage(running.stage)]) if running else "",
        clock=clock_of(running, now, is_waiting=False) if running else None,
        ended_at=referral.ended_at,
        told=told,
    )


def referral_page(actor: Actor, uid: str, *, tried: dict[str, Form] | None = None) -> ReferralPage:
    """One referral; the look is recorded. Raises ``ReferralNotFound``."""
    referral, tried = referrals.access_referral(actor=actor, uid=uid), tried or {}
    parts = referrals.parts_of(actor, referral)
    is_sender = referrals.side_of_actor(actor, referral) is Side.SENDER
    evidence = referrals.evidence_of(actor=actor, referral=referral)
    kinds = [Evidence(one.kind) for one in evidence]
    steps = offered(actor, referral, tried, units=unit_choices(), kinds=kinds)
    running, now = referral.deadline, clock.now()
    case_url, again_url = _case_urls(actor, referral) if is_sender else ("", "")
    return ReferralPage(
        uid=referral.uid,
        number=referral.number,
        state=str(STATES[State(referral.state)]),
        is_ended=referral.ended_at is not None,
        from_unit=referral.from_unit.name,
        sender=referral.sender.staff.name,
        to_unit=referral.to_unit.name,
        holder=referral.holder.staff.name if referral.holder else "",
        proposed=referral.proposed_unit.name if referral.proposed_unit else "",
        appointment_at=referral.appointment_at,
        timed_out=referral.timed_out_at is not None,
        is_sender=is_sender,
        stage=str(STAGES[Stage(running.stage)]) if running else "",
        clock=clock_of(running, now, is_waiting=False) if running else None,
        # Until it is accepted the sender reads the very words the other side decides on.
        preview=_preview(referral, is_masked=not is_sender and Part.EVIDENCE not in parts),
        sheets=[_sheet(Evidence(one.kind), one.body, one.taken_at) for one in evidence],
        told=_told(referral) if Part.FEEDBACK in parts and referral.feedback_at else None,
        days=by_day([_line(one) for one in referrals.timeline_of(actor=actor, referral=referral)]),
        chain=[row_of(one, now) for one in referrals.chain_of(actor=actor, referral=referral)],
        steps=steps,
        case_url=case_url,
        again_url=again_url,
        unsent=unsent_words(tried, [one.form for one in steps]),
    )


def _case_urls(actor: Actor, referral: "Referral") -> tuple[str, str]:
    """The case it left, and the way to refer again in the same chain; for who may see the case."""
    case = cases.cases_queryset(actor=actor).filter(id=referral.case_id).first() if referral.case_id else None
    if case is None:
        return "", ""
    again = ""
    if referral.ended_at is not None and case.closed_at is None:
        query = urlencode({"case": case.uid, "previous": referral.uid})
        again = f"{reverse('staff:referral-new')}?{query}"
    return reverse("staff:case", kwargs={"uid": case.uid}), again


def _preview(referral: "Referral", *, is_masked: bool) -> Preview:
    name, phone = referral.contact_name, referral.contact_phone
    return Preview(
        level=referral.level,
        urgency=str(URGENCIES[Urgency(referral.urgency)]),
        direction=str(DIRECTIONS[Direction(referral.direction)]),
        tier=str(TIERS.get(Tier(referral.tier), "")),
        reason=referral.reason,
        basis=referral.basis,
        measures=referral.measures,
        scores=_score_lines(referral.key_scores),
        consent=_consent_lines(referral),
        name=residents.mask_name(name) if is_masked else name,
        phone=residents.mask_phone(phone) if is_masked else phone,
        hours=referral.contact_hours,
        guardian=_("there is one") if is_masked and referral.contact_guardian else referral.contact_guardian,
        is_masked=is_masked,
    )


def _consent_lines(referral: "Referral") -> list[str]:
    if referral.consent_at is None:
        if referral.legal_basis == "emergency":
            return [_("Without consent: life in danger. The person is told promptly.")]
        return [_("Not recorded yet.")]
    lines = [
        _("Agreed on %(day)s: %(how)s")
        % {"day": f"{clock.local(referral.consent_at):%Y-%m-%d}", "how": referral.consent_how}
    ]
    travels = [str(EVIDENCE[Evidence(one)]) for one in referral.consent_evidence]
    lines.append(
        _("Travels with it: %(what)s") % {"what": _(", ").join(travels)}
        if travels
        else _("Nothing travels with it.")
    )
    lines.append(
        _("Another unit may be asked.") if referral.allows_onward else _("Only this unit may be asked.")
    )
    lines.append(
        _("A diagnosis and medication may be passed back.")
        if referral.allows_diagnosis
        else _("No diagnosis and no medication may be passed back.")
    )
    return lines


def _score_lines(raw: str) -> list[str]:
    return [_score_line(one) for one in json.loads(raw)] if raw else []


def _score_line(one: dict[str, Any]) -> str:
    title = title_of(instruments.published_version(one["instrument"]))
    bands = _(", ").join(str(BANDS.get(band, band)) for band in one["bands"] if band)
    total = "" if one.get("total") is None else f" {one['total']:g}"
    return f"{one['on']} {title}{total} {bands}".strip()


def _sheet(kind: Evidence, raw: str, taken_at: datetime) -> Sheet:
    body = json.loads(raw)
    if kind is Evidence.SCORES:
        lines = [_score_line(one) for one in body]
    elif kind is Evidence.CONTACTS:
        lines = [
            f"{one['at']} {CHANNELS[ContactChannel(one['channel'])]}: {OUTCOMES[ContactOutcome(one['outcome'])]}"
            for one in body
        ]
    elif kind is Evidence.ASSESSMENT:
        lines = [f"{body['on']} L{body['level']}", str(body["summary"])]
    else:
        lines = [f"{one['title']}: {one['text']}" for one in body]
    return Sheet(str(EVIDENCE[kind]), lines, taken_at)


def _told(referral: "Referral") -> Told:
    return Told(
        disposition=str(DISPOSITIONS[Disposition(referral.disposition)]),
        advice=referral.advice,
        next_review_on=referral.next_review_on,
        diagnosis=referral.diagnosis,
        medication=referral.medication,
        at=referral.feedback_at,
    )


def _line(entry: "ReferralEntry") -> Happening:
    kind = EntryKind(entry.kind)
    if kind is EntryKind.ACT:
        return happening(entry, icon="user-check", what=_what(entry))
    if kind is EntryKind.BREACHED:
        stage = STAGES[Stage(entry.params["stage"])]
        return happening(entry, icon="alert-circle", what=_("Overdue: %(stage)s") % {"stage": stage})
    words = _("Called %(holder)s (%(unit)s)") % {
        "holder": entry.params.get("holder", ""),
        "unit": entry.params.get("unit", ""),
    }
    return happening(entry, icon="bell-ringing", what=words)


def _what(entry: "ReferralEntry") -> str:
    if entry.params.get("noted"):
        return _("Note of our own side")
    if not entry.act:
        return _("Drafted the referral to %(to)s") % {"to": entry.params.get("to", "")}
    words: Words = DONE[Act(entry.act)]
    return str(words) % entry.params if "%(" in str(words) else str(words)


@dataclass(frozen=True, slots=True)
class GatheredWords:
    """What the record puts in, shown beside the draft."""

    number: str
    level: int
    name: str
    scores: list[str]
    evidence: list[str]


def gathered_words(gathered: Gathered) -> GatheredWords:
    """In words, the person masked."""
    return GatheredWords(
        number=gathered.subject.number,
        level=gathered.subject.level,
        name=residents.mask_name(gathered.contact.name),
        scores=_score_lines(gathered.scores),
        evidence=[str(EVIDENCE[one.kind]) for one in gathered.items],
    )


def unit_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom one can ask, by kind of unit."""
    units = network.units_queryset().filter(kind__in=[one.value for one in _ASKED]).order_by("name")
    groups: dict[UnitKind, list[tuple[str, str]]] = {one: [] for one in _ASKED}
    for uid, name, kind in units.values_list("uid", "name", "kind"):
        groups[UnitKind(kind)].append((uid, name))
    labels = {
        UnitKind.COUNTY_CENTRE: _("County centres"),
        UnitKind.CITY_CENTRE: _("City centre"),
        UnitKind.MEDICAL_INSTITUTION: _("Hospitals"),
        UnitKind.HOTLINE: _("Hotline"),
        UnitKind.STATION: _("Stations"),
    }
    return [(labels[kind], found) for kind, found in groups.items() if found]
