"""谁看过我的记录: the trail about one person in sentences, a day at a time. Every row of the trail is one row here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxin.domains.audit import api as audit
from anxin.flows.collect_person_file import withheld_from
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind

PERIODS = (30, 365)

# What an event means to the person it is about. What is not listed is told in general words, never left out.
_SENTENCES: dict[str, str | Promise] = {
    "assessments:sitting:evaluated": _("looked through your self-test by fixed rules"),
    "assessments:results:viewed": _("opened the list of your self-tests"),
    "assessments:sitting:viewed": _("opened a self-test of yours"),
    "cases:case:assigned": _("decided who looks after you"),
    "cases:case:closed": _("ended the support plan"),
    "cases:case:opened": _("began a support plan for you"),
    "cases:case:viewed": _("opened the notes of your support plan"),
    "residents:consents:viewed": _("looked at what you have agreed to"),
    "residents:identity:unmasked": _("saw your name and number in full"),
    "residents:phone:viewed": _("looked up the number to call you at"),
    "residents:resident:registered": _("made your archive"),
    "residents:resident:viewed": _("opened your personal details"),
    "risk:contact:logged": _("noted an attempt to reach you"),
    "risk:warning:acknowledged": _("took over the reminder to call you"),
    "risk:warning:assessed": _("noted how you are and what is needed"),
    "risk:warning:climbed": _("called the next centre, because nobody had answered"),
    "risk:warning:raised": _("asked the duty team to call you"),
    "risk:warning:repeated": _("reminded the duty team once more"),
    "risk:warning:viewed": _("opened the reminder to call you"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One row."""

    who: str
    at: datetime
    what: str | Promise
    is_person: bool
    is_look: bool
    reason: str


@dataclass(frozen=True, slots=True)
class DayOfLooks:
    """One day."""

    on: date
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class WhoLooked:
    """The page. The counts are counts of its rows."""

    days: int
    groups: tuple[DayOfLooks, ...]
    people: int
    times: int
    other_days: int


def period_of(value: str) -> int:
    """One of the periods that are offered."""
    return int(value) if value.isdecimal() and int(value) in PERIODS else PERIODS[0]


def who_looked(actor: Actor, *, days: int) -> WhoLooked:
    """Everybody but the person themselves, in the last ``days`` days."""
    since = clock.now() - timedelta(days=days)
    events = audit.trail_of_person(actor=actor, person_uid=actor.resident_uid)
    withheld = withheld_from(actor)
    found = [
        event
        for event in events.filter(occurred_at__gte=since).exclude(actor_uid=actor.uid)
        if event.subject_uid not in withheld
    ]
    reasons = audit.reasons_of(events=found)
    rows = [_look(event, reasons.get(event.uid, "")) for event in found]
    seen = [row for row in rows if row.is_look and row.is_person]
    return WhoLooked(
        days=days,
        groups=tuple(_by_day(rows)),
        people=len({row.who for row in seen}),
        times=len(seen),
        other_days=next(each for each in PERIODS if each != days),
    )


def _by_day(rows: Iterable[Look]) -> Iterable[DayOfLooks]:
    for day, looks in groupby(rows, key=lambda row: clock.local(row.at).date()):
        yield DayOfLooks(on=day, looks=tuple(looks))


def _look(event: Any, reason: str) -> Look:
    is_look = event.event.endswith((":viewed", ":unmasked"))
    general = _("opened a record about you") if is_look else _("wrote into a record about you")
    return Look(
        who=event.actor_label,
        at=event.occurred_at,
        what=_SENTENCES.get(event.event, general),
        is_person=event.actor_kind == ActorKind.STAFF,
        is_look=is_look,
        reason=reason if event.actor_kind == ActorKind.STAFF else "",
    )
