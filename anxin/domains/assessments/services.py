"""Writing sittings: start, answer, hand in, discard; and the count of the anonymous."""

from django.db import connection

from anxin.domains.assessments.contracts import (
    TOPIC_SUBMITTED,
    AgeNotServed,
    BadAnswer,
    InstrumentNotOffered,
    SavedAnswer,
    SittingClosed,
    SittingIncomplete,
    SittingNotFound,
    SittingState,
)
from anxin.domains.assessments.models import AnonymousCount, AnswerEntry, ScoreSheet, Sitting
from anxin.domains.assessments.rules import answers as answer_rules
from anxin.domains.audit.api import command
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, InstrumentError, Sex
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.outbox import CRITICAL, ORDINARY, enqueue
from anxin.kernel.paths import rebase


def _published(instrument_id: str, version: str | None = None) -> Instrument:
    try:
        return instruments.published_version(instrument_id, version)
    except InstrumentError as error:
        raise InstrumentNotOffered from error


def _own_locked(actor: Actor, uid: str) -> Sitting:
    sitting = (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("resident")
        .filter(uid=uid, resident_id=actor.resident_id)
        .first()
    )
    if sitting is None or actor.resident_id is None:
        raise SittingNotFound
    return sitting


def _critical_rules(instrument: Instrument, answers: list[int | None]) -> tuple[str, ...]:
    codes = {str(number): value for number, value in enumerate(answers, start=1)}
    return tuple(hit.rule for hit in instruments.critical_answers(instrument, codes))


@command("assessments:sitting:started")
def start_sitting(
    *, actor: Actor, instrument: str, language: str, age: int | None, scope_path: str
) -> Sitting:
    """The resident's draft of this instrument: the open one, or a new one. Raises ``AgeNotServed``."""
    if actor.resident_id is None:
        raise SittingNotFound
    published = _published(instrument)
    if age is None or not (published.age_min or 0) <= age <= (published.age_max or 150):
        raise AgeNotServed
    sitting, _ = Sitting.objects.get_or_create(
        resident_id=actor.resident_id,
        instrument=instrument,
        state=SittingState.DRAFT,
        defaults={
            "scope_path": scope_path,
            "instrument_version": published.version,
            "language": language,
            "answers": [None] * len(published.items),
            "started_at": clock.now(),
        },
    )
    return sitting


@command("assessments:answer:saved")
def save_answer(*, actor: Actor, sitting_uid: str, item: int, value: int) -> SavedAnswer:
    """Keep one answer.

    A changed one is written beside the old, which stays. Raises ``BadAnswer``, ``SittingClosed``.
    """
    sitting = _own_locked(actor, sitting_uid)
    if sitting.state != SittingState.DRAFT:
        raise SittingClosed
    published = _published(sitting.instrument, sitting.instrument_version)
    if not 1 <= item <= len(published.items) or value not in {o.code for o in published.item(item).options}:
        raise BadAnswer(field=f"q{item}")
    previous = sitting.answers[item - 1]
    fired_before = _critical_rules(published, sitting.answers)
    changed = answer_rules.with_answer(sitting.answers, item=item, value=value)
    entry = None
    if previous != value:
        entry = AnswerEntry.objects.create(
            sitting=sitting, item=item, value=value, previous=previous, answered_at=clock.now()
        )
        sitting.answers = changed
        sitting.save(update_fields=["answers"])
    fired = answer_rules.newly_fired(fired_before, _critical_rules(published, changed))
    return SavedAnswer(
        sitting_uid=sitting.uid,
        item=item,
        value=value,
        previous=previous,
        critical=fired,
        entry_id=entry.id if entry else None,
    )


@command("assessments:sitting:submitted")
def submit_sitting(
    *, actor: Actor, sitting_uid: str, age: int | None = None, sex: str = "", allow_missing: bool = False
) -> Sitting:
    """T1: keep and score, and promise the evaluation. A second submit returns the first result.

    Raises ``SittingIncomplete`` (with the numbers) unless ``allow_missing``: then the total stays empty, never zero.
    """
    sitting = _own_locked(actor, sitting_uid)
    if sitting.state == SittingState.SUBMITTED:
        return sitting
    if sitting.state == SittingState.DISCARDED:
        raise SittingClosed
    missing = answer_rules.missing_items(sitting.answers)
    if missing and not allow_missing:
        raise SittingIncomplete(items=missing)
    published = _published(sitting.instrument, sitting.instrument_version)
    sheet = instruments.score(published, sitting.answers, age=age, sex=Sex(sex) if sex else None)
    plain = sheet.as_dict()
    moment = clock.now()
    sitting.state, sitting.submitted_at = SittingState.SUBMITTED, moment
    sitting.save(update_fields=["state", "submitted_at"])
    ScoreSheet.objects.create(
        sitting=sitting,
        instrument=sitting.instrument,
        instrument_version=sitting.instrument_version,
        key_hash=sheet.key_hash,
        scores=plain["scores"],
        bands=plain["bands"],
        critical=plain["critical"],
        validity=plain["validity"] | {"flags": plain["flags"]},
        scored_at=moment,
    )
    enqueue(
        topic=TOPIC_SUBMITTED,
        key=f"{TOPIC_SUBMITTED}:{sitting.uid}",
        payload={"sitting": sitting.uid},
        priority=CRITICAL if sheet.critical else ORDINARY,
    )
    return sitting


@command("assessments:sitting:discarded")
def discard_sitting(*, actor: Actor, sitting_uid: str) -> Sitting:
    """The owner puts a draft away. What a critical answer has set going goes on."""
    sitting = _own_locked(actor, sitting_uid)
    if sitting.state != SittingState.DRAFT:
        raise SittingClosed
    sitting.state = SittingState.DISCARDED
    sitting.save(update_fields=["state"])
    return sitting


@command("assessments:sitting:evaluated")
def mark_evaluated(*, actor: Actor, sitting: Sitting) -> Sitting:
    """The rules have looked at it."""
    sitting.evaluated_at = clock.now()
    sitting.save(update_fields=["evaluated_at"])
    return sitting


@command("assessments:anonymous:counted")
def count_anonymous(*, actor: Actor, instrument: str) -> None:
    """One more finished anonymous run today. This is all that is kept of it."""
    table = AnonymousCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (instrument, day, count) VALUES (%s, %s, 1)"
            f" ON CONFLICT (instrument, day) DO UPDATE SET count = {table}.count + 1",
            [_published(instrument).id, clock.today()],
        )


@command("assessments:sittings:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rebase(Sitting.objects.all(), "scope_path", old=old_path, new=new_path)
