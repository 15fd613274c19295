"""Reading finished sittings for reports: one person's in a row, one for a clinician, and counts without anybody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from anxin.domains.access import api as access
from anxin.domains.assessments.contracts import (
    NO_BAND,
    OTHER_AGES,
    SEGMENTS,
    Point,
    ResultCount,
    SittingNotFound,
    SittingState,
)
from anxin.domains.assessments.models import Sitting
from anxin.domains.assessments.policies import can_read_answers, visible_sittings
from anxin.domains.assessments.selectors import own_sittings
from anxin.domains.audit.api import Subject, query
from anxin.domains.instruments.contracts import Respondent
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

_SEGMENT_STARTS = (18, 30, 45, 60)


@dataclass(frozen=True, slots=True)
class Report:
    """One sitting for a professional. ``answers`` is None for those who may read the band only."""

    sitting: Sitting
    answers: tuple[int | None, ...] | None
    points: tuple[Point, ...]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.sitting.audit_subject()


@query()
def own_points(*, actor: Actor, instrument: str = "") -> dict[str, tuple[Point, ...]]:
    """The resident's own finished self-tests by form, each the oldest first."""
    sittings = own_sittings(actor=actor).filter(state=SittingState.SUBMITTED)
    if instrument:
        sittings = sittings.filter(instrument=instrument)
    rows: dict[str, list[Point]] = defaultdict(list)
    for sitting in sittings.order_by("submitted_at", "id"):
        rows[sitting.instrument].append(_point(sitting))
    return {name: tuple(points) for name, points in rows.items()}


@query("assessments:sitting:viewed")
def access_report(*, actor: Actor, uid: str) -> Report:
    """One finished sitting for a professional, and the row it stands in. Raises ``SittingNotFound``.

    The row holds the same form about the same person by the same kind of respondent. Without the right to read
    answers there are none, and no score but the band's.
    """
    found = (
        visible_sittings(actor, Sitting.objects.filter(state=SittingState.SUBMITTED))
        .filter(uid=uid)
        .select_related("score_sheet", "resident", "administration")
        .first()
        if actor.is_staff
        else None
    )
    if found is None:
        raise SittingNotFound
    row = visible_sittings(actor, _row_of(found)).select_related("score_sheet")
    reads = can_read_answers(actor, found)
    if reads:
        # Raises ``ConfirmationNeeded``: a minor's answers ask for one more step, whoever reads them.
        access.demand_confirmation(
            actor=actor, resident_uid=found.resident.uid, born_on=found.resident.born_on
        )
    return Report(
        sitting=found,
        answers=tuple(found.answers) if reads else None,
        points=tuple(_point(one, with_scores=reads) for one in row.order_by("submitted_at", "id")),
    )


@query("assessments:results:viewed")
def access_results_of(*, actor: Actor, resident_uid: str) -> list[Sitting]:
    """Everything one person has handed in that the actor may see, newest first. Raises ``SittingNotFound`` for none."""
    found = list(
        visible_sittings(actor, Sitting.objects.filter(state=SittingState.SUBMITTED))
        .filter(resident__uid=resident_uid)
        .select_related("score_sheet", "resident")
        .order_by("-submitted_at", "-id")
        if actor.is_staff
        else ()
    )
    if not found:
        raise SittingNotFound
    return found


@query()
def result_counts(
    *, actor: Actor, instrument: str, since: datetime, until: datetime, on: date
) -> list[ResultCount]:
    """Finished self-reports of one form in [since, until) of the whole city, by node, age group and band.

    For the house only: what of it may be shown to whom is decided where the table is made. Each person counts once,
    with the last sitting of the time; a void sheet, or one that does not add up, counts under ``NO_BAND``.
    """
    if not actor.is_system:
        return []
    with unit_of_work(actor):
        rows = (
            Sitting.objects.filter(
                instrument=instrument,
                respondent=Respondent.SELF,
                state=SittingState.SUBMITTED,
                submitted_at__gte=since,
                submitted_at__lt=until,
            )
            .order_by("resident_id", "-submitted_at", "-id")
            .distinct("resident_id")
            .values_list("scope_path", "resident__born_on", "score_sheet__bands")
        )
        counts: dict[tuple[str, str, str], int] = defaultdict(int)
        for path, born_on, bands in rows.iterator(chunk_size=5000):
            counts[path, _segment(born_on, on), _band(bands)] += 1
    return [ResultCount(*key, count) for key, count in counts.items()]


@query()
def instruments_counted(*, actor: Actor, since: datetime, until: datetime) -> list[str]:
    """The forms that were handed in at all in [since, until), by name. For the house only."""
    if not actor.is_system:
        return []
    with unit_of_work(actor):
        rows = (
            Sitting.objects.filter(
                state=SittingState.SUBMITTED, submitted_at__gte=since, submitted_at__lt=until
            )
            .order_by("instrument")
            .values("instrument")
            .annotate(n=Count("id"))
        )
        return [row["instrument"] for row in rows]


def _row_of(sitting: Sitting) -> QuerySet[Sitting]:
    return Sitting.objects.filter(
        resident_id=sitting.resident_id,
        instrument=sitting.instrument,
        respondent=sitting.respondent,
        state=SittingState.SUBMITTED,
    )


def _point(sitting: Sitting, *, with_scores: bool = True) -> Point:
    sheet = sitting.score_sheet
    assert sitting.submitted_at is not None
    return Point(
        uid=sitting.uid,
        at=sitting.submitted_at,
        scores=sheet.scores if with_scores else {},
        bands=tuple(sheet.bands),
        is_doubtful=sitting.is_doubtful,
        version=sitting.instrument_version,
    )


def _band(bands: list[dict[str, Any]]) -> str:
    return next((str(one["label"]) for one in bands if one.get("scale") == "total"), NO_BAND)


def _segment(born_on: date | None, on: date) -> str:
    if born_on is None:
        return OTHER_AGES
    age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    place = sum(age >= start for start in _SEGMENT_STARTS)
    return SEGMENTS[place - 1] if place else OTHER_AGES
