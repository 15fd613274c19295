"""Who was not reached, in words: by which ways, since when, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Channel, Lane, Outcome, Settlement
from anxin.kernel.actor import Actor
from anxin.sites.staff.unreached.forms import SETTLEMENTS
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.notices.models import Message, Notice

SHOWN, SETTLED_SHOWN = 100, 20
CHANNELS: dict[Channel, Words] = {
    Channel.IN_APP: pgettext_lazy("way", "list here"),
    Channel.WECHAT: pgettext_lazy("way", "WeChat"),
    Channel.SMS: pgettext_lazy("way", "text message"),
    Channel.VOICE: pgettext_lazy("way", "automatic call"),
    Channel.EMAIL: pgettext_lazy("way", "e-mail"),
    Channel.DUTY_PHONE: pgettext_lazy("way", "a colleague by phone"),
}
OUTCOMES: dict[Outcome, Words] = {
    Outcome.QUEUED: pgettext_lazy("attempt", "waits"),
    Outcome.SENDING: pgettext_lazy("attempt", "is being sent"),
    Outcome.SENT: pgettext_lazy("attempt", "sent, no answer"),
    Outcome.DELIVERED: pgettext_lazy("attempt", "delivered, not seen"),
    Outcome.READ: pgettext_lazy("attempt", "seen"),
    Outcome.FAILED: pgettext_lazy("attempt", "the provider did not take it"),
    Outcome.UNDELIVERED: pgettext_lazy("attempt", "not delivered"),
    Outcome.NO_ADDRESS: pgettext_lazy("attempt", "no number or address"),
    Outcome.OVER_QUOTA: pgettext_lazy("attempt", "this month's limit is used up"),
    Outcome.WITHHELD: pgettext_lazy("attempt", "not this way, as the person asked"),
}
PASSED_OVER: dict[str, Words] = {
    "not_here": pgettext_lazy("attempt", "this city has no such way"),
    "refused": pgettext_lazy("attempt", "closed by the person"),
    "not_agreed": pgettext_lazy("attempt", "not agreed to"),
    "not_safe": pgettext_lazy("attempt", "not the safe way"),
}
_PAGES = {"warning": "staff:warning", "case": "staff:case"}


@dataclass(frozen=True, slots=True)
class TriedWay:
    """One way, and what came of it."""

    way: Words
    at: datetime
    outcome: Words


@dataclass(frozen=True, slots=True)
class UnreachedLine:
    """One person not reached about one thing."""

    uid: str
    number: str
    who: str
    what: str
    is_safety: bool
    since: datetime
    next_step: str
    phone: str
    about_url: str
    ways: tuple[TriedWay, ...]
    was_raised: bool
    settled_how: Words = ""
    settled_by: str = ""
    settled_at: datetime | None = None
    settled_note: str = ""


def unreached_lines(actor: Actor) -> list[UnreachedLine]:
    """What waits, the urgent first."""
    return _lines(notices.unreached_queryset(actor=actor)[:SHOWN])


def settled_lines(actor: Actor) -> list[UnreachedLine]:
    """What colleagues did last."""
    return _lines(notices.settled_queryset(actor=actor)[:SETTLED_SHOWN])


def unreached_line(actor: Actor, uid: str) -> UnreachedLine:
    """One of them, with everything that was tried. Raises ``NotFound``."""
    return _line(notices.access_message(actor=actor, uid=uid))


def _lines(rows: Iterable["Message"]) -> list[UnreachedLine]:
    return [_line(one) for one in rows]


def _line(message: "Message") -> UnreachedLine:
    attempts = {one.channel: one for one in message.attempts.all()}
    number = str(message.params.get("number", "")) or (message.resident.number if message.resident else "")
    page = _PAGES.get(message.subject_kind)
    return UnreachedLine(
        uid=message.uid,
        number=number or message.uid[-8:].upper(),
        who=_who(message),
        what=notices.render(notices.template(message.template), message.params, get_language() or "zh"),
        is_safety=message.lane == Lane.PROMPT,
        since=message.ended_at or message.promised_at,
        next_step=_next_step(message),
        phone=message.staff.duty_phone if message.staff else "",
        about_url=reverse(page, args=[message.subject_uid]) if page else "",
        ways=tuple(_ways(message, attempts)),
        was_raised=message.raised_at is not None,
        settled_how=SETTLEMENTS[Settlement(message.settled_how)] if message.settled_how else "",
        settled_by=message.settled_by.name if message.settled_by else "",
        settled_at=message.settled_at,
        settled_note=message.settled_note,
    )


def _who(message: "Message") -> str:
    if message.staff is not None:
        return message.staff.name
    if message.resident is not None:
        return message.resident.number
    return _("somebody without an archive")


def _next_step(message: "Message") -> str:
    if message.staff is not None:
        if message.staff.duty_phone:
            return _("Call the duty phone. If nobody answers, call whoever is on duty with them.")
        return _("There is no duty phone for this colleague. Call their unit.")
    if message.resident is not None:
        return _("Call from the station's phone. If nobody answers today, go there, two of you.")
    return _("Ask the unit that knows them for a number that works.")


def _ways(message: "Message", attempts: dict[str, "Notice"]) -> Iterable[TriedWay]:
    for line in message.course:
        channel = Channel(line["channel"])
        if channel is Channel.DUTY_PHONE:
            continue
        attempt = attempts.get(channel.value)
        if line["why"]:
            outcome: Words = PASSED_OVER[line["why"]]
        elif channel is Channel.IN_APP and attempt is not None and attempt.read_at is None:
            outcome = _NOT_OPENED
        elif attempt is not None:
            outcome = OUTCOMES[Outcome(attempt.outcome)]
        else:
            outcome = _GONE
        yield TriedWay(CHANNELS[channel], datetime.fromisoformat(line["at"]), outcome)


_GONE = gettext_lazy("did not reach anybody")
_NOT_OPENED = pgettext_lazy("attempt", "not opened")
