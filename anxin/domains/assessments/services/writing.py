"""What every sitting has in common, whoever takes it: keeping one answer, handing in, the doubts about a sheet."""

from datetime import timedelta

from anxin.domains.assessments.contracts import (
    TOPIC_SUBMITTED,
    BadAnswer,
    Doubt,
    InstrumentNotOffered,
    SavedAnswer,
    SittingClosed,
    SittingState,
)
from anxin.domains.assessments.credibility import as_kept, doubts_about
from anxin.domains.assessments.models import AnswerEntry, ScoreSheet, Sitting
from anxin.domains.assessments.rules import answers as answer_rules
from anxin.domains.assessments.rules.validity import Earlier
from anxin.domains.assessments.way import Answers, Way, way_through
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, InstrumentError
from anxin.domains.instruments.contracts import ScoreSheet as Scores
from anxin.kernel import clock
from anxin.kernel.outbox import CRITICAL, ORDINARY, enqueue

_LONGEST_MILLIS = 24 * 60 * 60 * 1000


def published(instrument_id: str, version: str | None = None) -> Instrument:
    """The instrument. Raises ``InstrumentNotOffered``."""
    try:
        return instruments.published_version(instrument_id, version)
    except InstrumentError as error:
        raise InstrumentNotOffered from error


def way_of(sitting: Sitting) -> Way:
    """The way through the form of this sitting, for its person."""
    instrument = published(sitting.instrument, sitting.instrument_version)
    return way_through(instrument, sex=sitting.resident.sex)


def write_answer(sitting: Sitting, *, item: int, value: int | None, millis: int | None = None) -> SavedAnswer:
    """Keep one answer of a locked sitting. A changed one is written beside the old, which stays.

    Raises ``BadAnswer``, ``SittingClosed``.
    """
    if sitting.state != SittingState.DRAFT:
        raise SittingClosed
    way = way_of(sitting)
    if item not in way.places or (value is not None and not way.accepts(item, value)):
        raise BadAnswer(field=f"q{item}")
    previous = sitting.answers[item - 1]
    changed = answer_rules.with_answer(sitting.answers, item=item, value=value)
    fired = answer_rules.newly_fired(_rules(way, sitting.answers), _rules(way, changed))
    entry = None
    if previous != value:
        entry = AnswerEntry.objects.create(
            sitting=sitting,
            item=item,
            value=value,
            previous=previous,
            millis=None if millis is None else max(0, min(millis, _LONGEST_MILLIS)),
            answered_at=clock.now(),
        )
        sitting.answers = changed
        sitting.save(update_fields=["answers"])
    return SavedAnswer(
        sitting_uid=sitting.uid,
        item=item,
        value=value,
        previous=previous,
        critical=fired,
        entry_id=entry.id if entry else None,
    )


def _rules(way: Way, answers: Answers) -> tuple[str, ...]:
    return tuple(hit.rule for hit in way.critical(answers))


def hand_in(
    sitting: Sitting, way: Way, answers: Answers, *, age: int | None, is_ordered: bool = False
) -> Sitting:
    """Score a locked draft, keep the sheet, and promise the evaluation."""
    scores = instruments.score(way.instrument, answers, age=age, sex=way.sex)
    plain = scores.as_dict()
    moment = clock.now()
    found = _doubts(sitting, way, answers, scores, is_ordered=is_ordered)
    sitting.answers = list(answers)
    sitting.state, sitting.submitted_at, sitting.is_doubtful = SittingState.SUBMITTED, moment, bool(found)
    sitting.save(update_fields=["answers", "state", "submitted_at", "is_doubtful"])
    extras = {"classes": plain["classes"]} if "classes" in plain else {}
    ScoreSheet.objects.create(
        sitting=sitting,
        instrument=sitting.instrument,
        instrument_version=sitting.instrument_version,
        key_hash=scores.key_hash,
        scores=plain["scores"],
        bands=plain["bands"],
        critical=plain["critical"],
        validity=plain["validity"] | {"flags": plain["flags"]} | extras | as_kept(found),
        scored_at=moment,
    )
    enqueue(
        topic=TOPIC_SUBMITTED,
        key=f"{TOPIC_SUBMITTED}:{sitting.uid}",
        payload={"sitting": sitting.uid},
        priority=CRITICAL if scores.critical else ORDINARY,
    )
    return sitting


def _doubts(
    sitting: Sitting, way: Way, answers: Answers, scores: Scores, *, is_ordered: bool
) -> tuple[Doubt, ...]:
    """The times come from the log of answers as they were given; a form copied from paper has none."""
    timed = sitting.entries.filter(millis__isnull=False).order_by("id").values_list("item", "millis")
    interval = way.instrument.retest_days
    earlier = Sitting.objects.filter(
        resident_id=sitting.resident_id,
        instrument=sitting.instrument,
        respondent=sitting.respondent,
        state=SittingState.SUBMITTED,
        submitted_at__gte=clock.now() - timedelta(days=interval + 1),
    ).values_list("submitted_at", flat=True)
    return doubts_about(
        way,
        answers,
        seconds={item: millis / 1000 for item, millis in timed if millis is not None},
        verdict=scores.validity.verdict,
        earlier=Earlier(
            days=[clock.local(moment).date() for moment in earlier if moment is not None],
            on=clock.today(),
            interval_days=interval,
            is_ordered=is_ordered,
        ),
    )
