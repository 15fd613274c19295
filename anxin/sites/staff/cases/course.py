"""How the risk went, as a step line, and how far the case has come, as a row of steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anxin.domains.cases.contracts import CaseState, CaseStep, EntryKind
from anxin.kernel import clock
from anxin.sites.staff.words import CASE_STATES

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case, CaseEntry

LEFT, RIGHT, TOP, ROW = 34, 228, 12, 18
_PATH: tuple[tuple[frozenset[CaseState], Callable[[], str]], ...] = (
    (frozenset({CaseState.OPENED}), lambda: pgettext("case path", "Opened")),
    (frozenset({CaseState.RISK_ASSESSED}), lambda: pgettext("case path", "Risk assessment")),
    (frozenset({CaseState.SAFETY_PLANNED}), lambda: pgettext("case path", "Safety plan")),
    (
        frozenset({CaseState.INTERVENING, CaseState.REFERRED}),
        lambda: pgettext("case path", "Support and referral"),
    ),
    (frozenset({CaseState.FOLLOWUP}), lambda: pgettext("case path", "Follow-up")),
)


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of the case; ``state`` is done, now or ahead."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Point:
    """One change of the level."""

    x: int
    y: int
    level: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One level of the chart."""

    label: str
    y: int


@dataclass(frozen=True, slots=True)
class Course:
    """The chart: points, the line through them, and where it ends now."""

    points: list[Point]
    path: str
    end_x: int
    end_y: int
    lines: list[Line]


def path_of(case: "Case", step: CaseStep | None) -> list[PathStep]:
    """The steps, with the present one marked; an ended case names its end."""
    state = CaseState(case.state)
    here = next((place for place, (states, _label) in enumerate(_PATH) if state in states), len(_PATH))
    steps = []
    for place, (states, label) in enumerate(_PATH):
        words = label()
        if CaseState.FOLLOWUP in states and step is not None and step.total:
            words = _("Follow-up %(number)s / %(total)s") % {"number": step.number, "total": step.total}
        steps.append(PathStep(words, "now" if place == here else "done" if place < here else "ahead"))
    is_ended = here == len(_PATH)
    end = str(CASE_STATES[state]) if is_ended else pgettext("case path", "Closed")
    return [*steps, PathStep(end, "now" if is_ended else "ahead")]


def course_of(entries: "Iterable[CaseEntry]", until: datetime) -> Course:
    """The level from the opening until now."""
    changes = _changes(entries)
    points = [Point(_x(at, changes[0][0], until), _y(level), f"L{level}", at) for at, level in changes]
    parts = [f"M{points[0].x} {points[0].y}"] if points else []
    for point in points[1:]:
        parts.append(f"H{point.x}V{point.y}")
    if points:
        parts.append(f"H{RIGHT}")
    lines = [Line(f"L{level}", _y(level)) for level in range(4, -1, -1)]
    return Course(points, "".join(parts), RIGHT, points[-1].y if points else _y(0), lines)


def _changes(entries: "Iterable[CaseEntry]") -> list[tuple[datetime, int]]:
    found: list[tuple[datetime, int]] = []
    for entry in sorted(entries, key=lambda one: (one.happened_at, one.id)):
        kind = EntryKind(entry.kind)
        if kind in (EntryKind.OPENED, EntryKind.ASSESSED):
            found.append((entry.happened_at, int(entry.params["level"])))
        elif kind is EntryKind.LEVEL_RAISED:
            found.append((entry.happened_at, int(entry.params["after"])))
    return found


def _x(at: datetime, first: datetime, until: datetime) -> int:
    whole = (until - first).total_seconds()
    share = (at - first).total_seconds() / whole if whole > 0 else 0.0
    return LEFT + round(share * (RIGHT - LEFT))


def _y(level: int) -> int:
    return TOP + (4 - level) * ROW


def until_of(case: "Case") -> datetime:
    """Where the line ends: now, or when the case ended."""
    return case.closed_at or clock.now()
