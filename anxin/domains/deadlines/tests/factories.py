"""The smallest valid clock: three postings, a ladder over them, an order."""

import itertools
from datetime import UTC, datetime, timedelta

from anxin.domains.deadlines.contracts import ClockOrder, Holder, Ladder, RungName
from anxin.domains.deadlines.rules.ladder import build_ladder
from anxin.domains.network.models import Posting, StaffMember, Unit

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_serial = itertools.count(9000)


def make_unit(kind: str = "town", parent: Unit | None = None, host_type: str | None = None) -> Unit:
    """A node below ``parent``, or a root of its own."""
    number = next(_serial)
    return Unit.objects.create(
        number=f"U-{number}",
        name=f"Unit {number}",
        slug=f"unit-{number}",
        kind=kind,
        host_type=host_type,
        parent=parent,
        path=f"{parent.path if parent else '/'}{number}/",
        depth=parent.depth + 1 if parent else 0,
    )


def make_posting(unit: Unit, name: str = "某人") -> Posting:
    """Somebody posted at ``unit``."""
    staff = StaffMember.objects.create(name=name)
    return Posting.objects.create(staff=staff, unit=unit, post="counsellor", starts_on=START.date())


def holder_of(posting: Posting, rung: RungName) -> Holder:
    """``posting`` as somebody who can be called."""
    unit = posting.unit
    return Holder(rung, posting.id, posting.staff.name, unit.id, unit.name, unit.path)


def make_postings() -> list[Posting]:
    """A station, a county and a city, one person each."""
    city = make_unit("city")
    county = make_unit("county", city)
    station = make_unit("station", county, host_type="community")
    return [make_posting(unit) for unit in (station, county, city)]


def ladder_over(
    postings: list[Posting], *, at: datetime = START, climb_minutes: tuple[int, ...] = (0, 5, 10)
) -> Ladder:
    """One rung a posting, from ``at`` plus ``climb_minutes``; the last is called again every five minutes."""
    holders = [holder_of(posting, rung) for posting, rung in zip(postings, RungName, strict=True)]
    return build_ladder(holders, [at + minutes * MINUTE for minutes in climb_minutes], 5 * MINUTE)


def make_order(
    ladder: Ladder,
    *,
    subject_uid: str = "warning-1",
    stage: str = "acknowledge",
    due_at: datetime | None = None,
) -> ClockOrder:
    """Something owed five minutes after the ladder begins."""
    return ClockOrder("warning", subject_uid, stage, due_at or ladder.rungs[0].starts_at + 5 * MINUTE, ladder)
