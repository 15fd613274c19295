"""Openings in words: what the officer weighs, and what whoever opened the record finds there."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.access import api as access
from anxin.domains.access.contracts import Cause, Permission, Verdict
from anxin.domains.archives import api as archives
from anxin.domains.assessments.contracts import SittingNotFound
from anxin.domains.audit import api as audit
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import CaseState
from anxin.domains.network import api as network
from anxin.domains.residents import api as residents
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import WarningState
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.sites.staff.breakglass.words import CAUSES, VERDICTS
from anxin.sites.staff.results.presenters import PersonLine, person_lines
from anxin.sites.staff.words import CASE_STATES, STATES, Words

if TYPE_CHECKING:
    from anxin.domains.access.models import BreakGlass

SHOWN = 50
READS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening in the officer's list."""

    uid: str
    number: str
    record: str
    unit: str
    by: str
    by_unit: str
    cause: Words
    opened_at: datetime
    is_running: bool
    ends_at: datetime
    due_at: datetime
    is_late: bool
    is_colleague: bool
    verdict: Words
    reviewer: str


@dataclass(frozen=True, slots=True)
class Read:
    """One look during the opening."""

    at: datetime
    what: str
    number: str


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A warning or a case of the person."""

    url: str
    number: str
    level: str
    state: Words
    on: datetime


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """One opening."""

    line: OpeningLine
    reason: str
    review: str
    reviewed_at: datetime | None
    reads: tuple[Read, ...]
    may_end: bool
    may_review: bool
    is_own: bool
    person: str
    age: int | None
    archive_url: str
    warnings: tuple[RecordLine, ...]
    cases: tuple[RecordLine, ...]
    results: tuple[PersonLine, ...]


def opening_lines(actor: Actor) -> list[OpeningLine]:
    """What waits for a review first, the longest due before all; then the newest that were reviewed."""
    rows = list(access.openings_queryset(actor=actor)[:SHOWN])
    waiting = [one for one in rows if one.reviewed_at is None]
    done = [one for one in rows if one.reviewed_at is not None]
    names = _unit_names(rows)
    return [_line(one, names) for one in (*waiting, *reversed(done))]


def opening_page(actor: Actor, uid: str) -> OpeningPage:
    """One opening. Raises ``NotFound``. Whoever opened it sees the record while it is open, the officer never."""
    found = access.access_opening(actor=actor, uid=uid)
    is_own = found.account.uid == actor.uid
    is_running = found.is_open_at(clock.now())
    reviews = actor.may(Permission.REVIEW_OPENINGS, at=found.scope_path)
    content = _record(actor, found) if is_own and actor.opening_for(found.resident_uid) == found.uid else {}
    return OpeningPage(
        line=_line(found, _unit_names([found])),
        reason=found.reason,
        review=found.review,
        reviewed_at=found.reviewed_at,
        reads=_reads(actor, found),
        may_end=is_own and is_running,
        may_review=reviews and not is_own and not is_running and found.reviewed_at is None,
        is_own=is_own,
        **{
            "person": "",
            "age": None,
            "archive_url": "",
            "warnings": (),
            "cases": (),
            "results": (),
            **content,
        },
    )


def _record(actor: Actor, opening: "BreakGlass") -> dict[str, Any]:
    person = residents.access_resident(actor=actor, uid=opening.resident_uid)
    try:
        results = tuple(person_lines(actor, opening.resident_uid)[2])
    except SittingNotFound:
        results = ()
    return {
        "person": residents.mask_name(person.name) or _("no name"),
        "age": residents.age_on(person.born_on, clock.today()) if person.born_on else None,
        "archive_url": _archive_url(actor, opening),
        "warnings": tuple(
            RecordLine(
                url=reverse("staff:warning", args=[one.uid]),
                number=one.number,
                level=f"L{one.level}",
                state=STATES[WarningState(one.state)],
                on=one.raised_at,
            )
            for one in risk.warnings_queryset(actor=actor)
            .filter(resident_id=opening.resident_id)
            .order_by("-raised_at")
        ),
        "cases": tuple(
            RecordLine(
                url=reverse("staff:case", args=[one.uid]),
                number=one.number,
                level=f"L{one.level}",
                state=CASE_STATES[CaseState(one.state)],
                on=one.opened_at,
            )
            for one in cases.cases_queryset(actor=actor).filter(resident_id=opening.resident_id)
        ),
        "results": results,
    }


def _archive_url(actor: Actor, opening: "BreakGlass") -> str:
    archive = archives.archive_of(actor=actor, resident_id=opening.resident_id)
    if archive is None or not archives.can_read_archive(actor, archive):
        return ""
    return reverse("staff:archive", args=[archive.uid])


def _reads(actor: Actor, opening: "BreakGlass") -> tuple[Read, ...]:
    """What the trail says of the opening; only who reads the trail is shown it."""
    events = audit.events_queryset(actor=actor).filter(opening_uid=opening.uid)
    return tuple(
        Read(
            at=one.occurred_at,
            what=audit.sentence_of(one.event, number=one.subject_number),
            number=one.subject_number,
        )
        for one in events.order_by("occurred_at", "id")[:READS_SHOWN]
    )


def _unit_names(rows: "list[BreakGlass]") -> dict[str, str]:
    paths = {one.scope_path for one in rows}
    units = network.units_queryset(status=None).filter(path__in=paths) if paths else ()
    return {unit.path: unit.name for unit in units}


def _line(opening: "BreakGlass", names: dict[str, str]) -> OpeningLine:
    now = clock.now()
    return OpeningLine(
        uid=opening.uid,
        number=opening.number,
        record=opening.resident_number,
        unit=names.get(opening.scope_path, ""),
        by=opening.opened_by,
        by_unit=opening.opened_from,
        cause=CAUSES[Cause(opening.cause)],
        opened_at=opening.opened_at,
        is_running=opening.is_open_at(now),
        ends_at=opening.ended_at or opening.ends_at,
        due_at=opening.review_due_at,
        is_late=opening.reviewed_at is None and opening.review_due_at <= now,
        is_colleague=opening.is_colleague,
        verdict=VERDICTS[Verdict(opening.verdict)] if opening.verdict else "",
        reviewer=opening.reviewer,
    )


def person_to_confirm(actor: Actor, uid: str) -> Any:
    """The person whose content is asked for, who must be the actor's to see. Raises ``NotFound``."""
    found = residents.residents_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found
