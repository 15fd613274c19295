"""谁看过我的记录: the trail about one person in sentences, a day at a time. Every row of the trail is one row here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anxin.domains.accounts import api as accounts
from anxin.domains.audit import api as audit
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.flows.collect_person_file import visible_trail, withheld_from
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind

PERIODS = (30, 365)

# Where the trail's own sentence is written for colleagues, what it means to the person it is about.
SOFTER: dict[str, str | Promise] = {
    "archives:ward:viewed": _("looked, as your guardian, at how you are in general"),
    "archives:ward-copy:taken": _("took a copy, as your guardian, of how you are in general"),
    "assessments:sitting:evaluated": _("looked through your self-test by fixed rules"),
    "assessments:results:viewed": _("opened the list of your self-tests"),
    "assessments:sitting:viewed": _("opened a self-test of yours"),
    "cases:case:assigned": _("decided who looks after you"),
    "cases:case:opened": _("began a support plan for you"),
    "cases:case:viewed": _("opened the notes of your support plan"),
    "residents:consents:viewed": _("looked at what you have agreed to"),
    "residents:identity:unmasked": _("saw your name and number in full"),
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
_LOOKS = (":viewed", ":unmasked", ":taken")


@dataclass(frozen=True, slots=True)
class Look:
    """One row. ``post``: what the reader was that day, and where."""

    who: str
    post: str
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
    others = events.filter(occurred_at__gte=since).exclude(actor_uid=actor.uid)
    found = list(visible_trail(others, actor.resident_uid, withheld_from(actor)))
    reasons = audit.reasons_of(events=found)
    posts = _posts(found)
    rows = [_look(event, reasons.get(event.uid, ""), posts) for event in found]
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


def _posts(events: Iterable[Any]) -> dict[tuple[str, date], str]:
    """What each reader was on each day they looked, in one line; a person may have gone elsewhere since."""
    wanted = {(one.actor_uid, _day(one)) for one in events if one.actor_kind == ActorKind.STAFF}
    staff_ids = {uid: _staff_id(uid) for uid in {uid for uid, _on in wanted}}
    found = {}
    for uid, on in wanted:
        staff_id = staff_ids[uid]
        postings = network.postings_of(staff_id=staff_id, on=on) if staff_id is not None else []
        if postings:
            first = postings[0]
            found[uid, on] = f"{first.unit.name}·{_now(Post(first.post).label)}"
    return found


def _staff_id(account_uid: str) -> int | None:
    account = accounts.account_by_uid(uid=account_uid)
    staff = network.staff_by_account(account_id=account.id) if account is not None else None
    return staff.id if staff is not None else None


def _day(event: Any) -> date:
    return clock.local(event.occurred_at).date()


def _look(event: Any, reason: str, posts: dict[tuple[str, date], str]) -> Look:
    is_staff = event.actor_kind == ActorKind.STAFF
    is_guardian = event.actor_kind == ActorKind.RESIDENT
    return Look(
        who=_now("Your guardian") if is_guardian else event.actor_label,
        post=posts.get((event.actor_uid, _day(event)), ""),
        at=event.occurred_at,
        what=SOFTER.get(event.event) or audit.sentence_of(event.event),
        is_person=is_staff or is_guardian,
        is_look=event.event.endswith(_LOOKS),
        reason=reason if is_staff else "",
    )
