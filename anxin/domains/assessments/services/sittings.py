"""Sittings of people themselves: start, answer, hand in, discard; and the count of the anonymous."""

from collections.abc import Collection

from django.db import connection

from anxin.domains.assessments.contracts import (
    AgeNotServed,
    Conduct,
    SavedAnswer,
    SittingClosed,
    SittingIncomplete,
    SittingNotFound,
    SittingState,
)
from anxin.domains.assessments.models import AnonymousCount, BatteryRun, Sitting
from anxin.domains.assessments.services.runs import end_if_over
from anxin.domains.assessments.services.writing import hand_in, published, way_of, write_answer
from anxin.domains.assessments.way import way_through
from anxin.domains.audit.api import command
from anxin.domains.instruments.contracts import Instrument, Respondent
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.paths import RESTRICTED, rebase, restrict


def _own_locked(actor: Actor, uid: str) -> Sitting:
    if actor.resident_id is None:
        raise SittingNotFound
    sitting = (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("resident")
        .filter(uid=uid, resident_id=actor.resident_id, conduct=Conduct.ONLINE)
        .first()
    )
    if sitting is None:
        raise SittingNotFound
    return sitting


@command("assessments:sitting:started")
def start_sitting(
    *,
    actor: Actor,
    instrument: str,
    language: str,
    age: int | None,
    scope_path: str,
    follows_uid: str = "",
    run: BatteryRun | None = None,
    part: int | None = None,
) -> Sitting:
    """The resident's draft of this instrument: the open one, or a new one. Raises ``AgeNotServed``.

    ``follows_uid``: their own sitting whose result asked for this one. ``run`` and ``part``: the battery it is for.
    """
    if actor.resident_id is None:
        raise SittingNotFound
    form = published(instrument)
    check_age(form, age)
    if run is not None and run.resident_id != actor.resident_id:
        raise SittingNotFound
    follows = follows_uid and Sitting.objects.filter(uid=follows_uid, resident_id=actor.resident_id).first()
    sitting, is_new = Sitting.objects.get_or_create(
        resident_id=actor.resident_id,
        instrument=instrument,
        conduct=Conduct.ONLINE,
        respondent=Respondent.SELF,
        state=SittingState.DRAFT,
        defaults={
            "scope_path": scope_path,
            "instrument_version": form.version,
            "language": language,
            "answers": [None] * len(way_through(form).names),
            "started_at": clock.now(),
            "follows": follows or None,
            "battery_run": run,
            "battery_part": part if run else None,
        },
    )
    if run is not None and not is_new and sitting.battery_run_id is None:
        # Begun by itself before, and now asked for by the battery: one draft, never two of the same form.
        sitting.battery_run, sitting.battery_part = run, part
        sitting.save(update_fields=["battery_run", "battery_part"])
    return sitting


def check_age(form: Instrument, age: int | None) -> None:
    """Raises ``AgeNotServed``."""
    if age is None or not (form.age_min or 0) <= age <= (form.age_max or 150):
        raise AgeNotServed


@command("assessments:answer:saved")
def save_answer(
    *, actor: Actor, sitting_uid: str, item: int, value: int, millis: int | None = None
) -> SavedAnswer:
    """Keep one answer; ``item`` is the place of the question on the form, ``millis`` how long it took.

    A changed one is written beside the old, which stays. Raises ``BadAnswer``, ``SittingClosed``.
    """
    return write_answer(_own_locked(actor, sitting_uid), item=item, value=value, millis=millis)


@command("assessments:sitting:submitted")
def submit_sitting(
    *, actor: Actor, sitting_uid: str, age: int | None = None, sex: str = "", allow_missing: bool = False
) -> Sitting:
    """T1: keep and score, and promise the evaluation. A second submit returns the first result.

    An answer that a later change of mind ruled out stays in the log and does not count. Raises
    ``SittingIncomplete`` (with the places) unless ``allow_missing``: then the total stays empty, never zero.
    """
    sitting = _own_locked(actor, sitting_uid)
    if sitting.state == SittingState.SUBMITTED:
        return sitting
    if sitting.state == SittingState.DISCARDED:
        raise SittingClosed
    way = way_of(sitting)
    if sex:
        way = way_through(way.instrument, sex=sex)
    missing = way.missing(sitting.answers)
    if missing and not allow_missing:
        raise SittingIncomplete(items=missing)
    if age is None and sitting.resident.born_on is not None:
        age = residents.age_on(sitting.resident.born_on, clock.today())
    hand_in(sitting, way, way.as_asked(sitting.answers), age=age)
    end_if_over(sitting)
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
            [published(instrument).id, clock.today()],
        )


@command("assessments:sittings:restricted")
def restrict_sittings(*, actor: Actor, resident_id: int, but: Collection[int] = ()) -> list[Sitting]:
    """Keep what one person handed in, out of everybody's sight but their own; not ``but``. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rows = Sitting.objects.filter(resident_id=resident_id).exclude(id__in=but)
    restrict(rows, "scope_path")
    return list(rows.filter(scope_path__startswith=RESTRICTED).select_related("resident"))


@command("assessments:sittings:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rebase(Sitting.objects.all(), "scope_path", old=old_path, new=new_path)
    rebase(BatteryRun.objects.all(), "scope_path", old=old_path, new=new_path)
