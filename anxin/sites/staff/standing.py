"""Owner, rung and next moment as they are now: computed from the clock, never taken from what was last stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import LadderRung, Standing
from anxin.kernel import clock
from anxin.sites.staff.words import RUNG_NUMBERS, RUNGS

if TYPE_CHECKING:
    from anxin.domains.deadlines.models import Deadline


@dataclass(frozen=True, slots=True)
class RungStep:
    """One arrow of the wide ladder; ``state`` is missed, now or next."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Clock:
    """What a page shows of a running clock."""

    holder: str
    posting_id: int
    unit: str
    rung: int
    rung_label: str
    missed: int
    due: datetime
    start: datetime
    is_overdue: bool
    is_paused: bool
    next_at: datetime
    next_words: str
    steps: tuple[RungStep, ...]


def clock_of(deadline: "Deadline", now: datetime, *, is_waiting: bool) -> Clock:
    """The clock at ``now``. ``is_waiting``: nobody has taken the thing over yet, so the holder is being called."""
    standing = deadlines.standing_of(deadline, now)
    rung = standing.rung
    return Clock(
        holder=rung.holder,
        posting_id=rung.posting_id,
        unit=rung.unit_name,
        rung=RUNG_NUMBERS[rung.rung],
        rung_label=str(RUNGS[rung.rung]),
        missed=len(standing.passed),
        due=deadline.due_at,
        start=deadline.started_at,
        is_overdue=standing.is_overdue,
        is_paused=deadline.paused_at is not None,
        next_at=standing.next_change_at,
        next_words=_next_words(standing),
        steps=_steps(standing, is_waiting=is_waiting),
    )


def _next_words(standing: Standing) -> str:
    if standing.ahead and standing.next_change_at == standing.ahead[0].starts_at:
        return _("Climbs to the %(rung)s in") % {"rung": RUNGS[standing.ahead[0].rung]}
    if not standing.is_overdue:
        return _("Due in")
    return _("Called again in")


def _steps(standing: Standing, *, is_waiting: bool) -> tuple[RungStep, ...]:
    everybody = (*standing.passed, standing.rung, *standing.ahead)
    steps = []
    for place, rung in enumerate(everybody):
        if place < standing.index:
            steps.append(RungStep(_missed(rung, everybody[place + 1]), "missed"))
        elif place == standing.index:
            words = _("%(unit)s: calling %(holder)s") if is_waiting else _("%(unit)s: %(holder)s")
            steps.append(RungStep(words % {"unit": rung.unit_name, "holder": rung.holder}, "now"))
        else:
            steps.append(RungStep(f"{_moment(rung.starts_at)} {RUNGS[rung.rung]}", "next"))
    return tuple(steps)


def _missed(rung: LadderRung, following: LadderRung) -> str:
    minutes = round((following.starts_at - rung.starts_at).total_seconds() / 60)
    if minutes < 120:
        return _("%(unit)s: no answer in %(minutes)s min") % {"unit": rung.unit_name, "minutes": minutes}
    return _("%(unit)s: no answer") % {"unit": rung.unit_name}


def _moment(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local:%H:%M}" if local.date() == clock.today() else f"{local:%m-%d %H:%M}"
