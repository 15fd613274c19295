"""Sittings that were answered elsewhere and come in by the set: kept and scored here, exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anxin.domains.assessments.contracts import Doubt, SittingState
from anxin.domains.assessments.credibility import as_kept, doubts_about
from anxin.domains.assessments.models import ScoreSheet, Sitting
from anxin.domains.assessments.way import way_through
from anxin.domains.audit.api import command
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Sex
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class FinishedForm:
    """A form as it was handed in. ``uid`` becomes the sitting's, so that a second try is the same sitting.

    ``seconds``: how long each answer took, by place, where the device said so.
    """

    uid: str
    resident_id: int
    scope_path: str
    instrument: str
    instrument_version: str
    language: str
    answers: tuple[int | None, ...]
    answered_at: datetime
    submitted_at: datetime
    age: int | None
    sex: str
    seconds: tuple[float | None, ...] = ()


@command("assessments:sitting:kept")
def keep_sittings(*, actor: Actor, forms: Sequence[FinishedForm]) -> list[Sitting]:
    """Submitted sittings with their score sheets, in order, not evaluated yet. All or none; for the house only.

    Raises ``InstrumentError`` for a form that cannot be scored.
    """
    if not actor.is_system:
        raise NotPermitted
    scored = [(form, *_scored(form)) for form in forms]
    sittings = Sitting.objects.bulk_create(
        [
            Sitting(
                uid=form.uid,
                resident_id=form.resident_id,
                scope_path=form.scope_path,
                instrument=form.instrument,
                instrument_version=form.instrument_version,
                language=form.language,
                state=SittingState.SUBMITTED,
                answers=list(form.answers),
                started_at=form.answered_at,
                submitted_at=form.submitted_at,
                is_doubtful=bool(doubts),
            )
            for form, _, _, doubts in scored
        ]
    )
    moment = clock.now()
    ScoreSheet.objects.bulk_create(
        [
            ScoreSheet(
                sitting=sitting,
                instrument=form.instrument,
                instrument_version=form.instrument_version,
                key_hash=key_hash,
                scores=plain["scores"],
                bands=plain["bands"],
                critical=plain["critical"],
                validity=plain["validity"] | {"flags": plain["flags"]} | as_kept(doubts),
                scored_at=moment,
            )
            for sitting, (form, key_hash, plain, doubts) in zip(sittings, scored, strict=True)
        ]
    )
    uids = [sitting.uid for sitting in sittings]
    found = {
        sitting.uid: sitting
        for sitting in Sitting.objects.select_related("resident", "score_sheet").filter(uid__in=uids)
    }
    return [found[uid] for uid in uids]


@command("assessments:sittings:evaluated")
def mark_set_evaluated(*, actor: Actor, sitting_ids: Sequence[int]) -> int:
    """The rules have looked at all of them. How many; for the house only."""
    if not actor.is_system:
        raise NotPermitted
    return Sitting.objects.filter(id__in=sitting_ids, evaluated_at__isnull=True).update(
        evaluated_at=clock.now()
    )


def _scored(form: FinishedForm) -> tuple[str, dict[str, Any], tuple[Doubt, ...]]:
    published = instruments.published_version(form.instrument, form.instrument_version)
    sheet = instruments.score(published, form.answers, age=form.age, sex=Sex(form.sex) if form.sex else None)
    way = way_through(published, sex=form.sex)
    if len(way.names) != len(form.answers):
        return sheet.key_hash, sheet.as_dict(), ()
    timed = {place: took for place, took in enumerate(form.seconds, start=1) if took is not None}
    # A campaign is an order to ask again, so there is no doubt about the interval.
    doubts = doubts_about(way, form.answers, seconds=timed, verdict=sheet.validity.verdict)
    return sheet.key_hash, sheet.as_dict(), doubts
