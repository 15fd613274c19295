"""What the trail's pages draw. Residents appear as identifiers, never by name; numbers in a reason are masked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from anxin.domains.access.contracts import Permission as AccessPermission
from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import Place, Sealing
from anxin.domains.network import api as network
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.masking import mask_id_number, mask_phone
from anxin.sites.staff.audit.forms import TrailFilter

PAGE = 50
_DIGITS = re.compile(r"\d{7,17}[\dXx]?")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    uid: str
    url: str
    at: datetime
    who: str
    kind: str
    what: str
    of: str
    unit: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """The list."""

    lines: list[Line]
    older: str
    newest: str
    is_first: bool
    query: str


@dataclass(frozen=True, slots=True)
class ChainState:
    """How the chain stands."""

    sealing: Sealing
    root: Any
    check: Any


@dataclass(frozen=True, slots=True)
class EventPage:
    """One row with everything in it."""

    line: Line
    event: str
    actor_uid: str
    subject_uid: str
    person_uid: str
    request_uid: str
    opening_uid: str
    may_open_it: bool
    reason: str
    is_shredded: bool
    place: Place | None
    others: list[Line]


def trail_page(actor: Actor, form: TrailFilter, before: str) -> TrailPage:
    """One page of what was looked for. That it was looked for is a row of the trail itself."""
    rows = audit.older_than(audit.search(actor=actor, wanted=form.search()), uid=before)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    params = form.params()
    asked = "; ".join(f"{name}={value}" for name, value in params.items())
    audit.record(actor=actor, event="audit:trail:searched", reason=f"{asked}: {len(shown)}")
    return TrailPage(
        lines=lines_of(shown),
        older=urlencode({**params, "before": shown[-1].uid}) if len(found) > PAGE else "",
        newest=urlencode(params),
        is_first=not before,
        query=urlencode(params),
    )


def chain_state() -> ChainState:
    """What waits, the last root, the last verification."""
    return ChainState(audit.sealing_now(), audit.last_root(), audit.last_check())


def event_page(actor: Actor, uid: str) -> EventPage:
    """One row, its place in the chain, and what happened in the same request. Raises ``NotFound``."""
    event = audit.event_of(actor=actor, uid=uid)
    reason = audit.reasons_of(events=[event]).get(event.uid, "")
    same = audit.events_queryset(actor=actor).filter(request_uid=event.request_uid).exclude(uid=uid)
    return EventPage(
        line=lines_of([event])[0],
        event=event.event,
        actor_uid=event.actor_uid,
        subject_uid=event.subject_uid,
        person_uid=event.person_uid,
        request_uid=event.request_uid,
        opening_uid=event.opening_uid,
        may_open_it=actor.may(AccessPermission.REVIEW_OPENINGS),
        reason=_masked(reason),
        is_shredded=bool(event.reason) and not reason,
        place=audit.place_of(event=event),
        others=lines_of(same[:PAGE]) if event.request_uid else [],
    )


def lines_of(events: Iterable[Any]) -> list[Line]:
    """Rows in words, with the names of the units they happened at."""
    found = list(events)
    names = dict(
        network.units_queryset(status=None)
        .filter(path__in={event.node_path for event in found if event.node_path})
        .values_list("path", "name")
    )
    return [
        Line(
            uid=event.uid,
            url=reverse("staff:trail-event", args=[event.uid]),
            at=event.occurred_at,
            who=event.actor_label if event.actor_kind == ActorKind.STAFF else "",
            kind=event.actor_kind,
            what=audit.sentence_of(event.event, number=event.subject_number),
            of=event.person_uid[-8:],
            unit=names.get(event.node_path, ""),
        )
        for event in found
    ]


def _masked(text: str) -> str:
    return _DIGITS.sub(lambda match: _mask(match.group()), text)


def _mask(number: str) -> str:
    return mask_id_number(number) if len(number) > 11 else mask_phone(number)
