"""Reading sittings, batteries, interviews and counts."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from anxin.domains.assessments.contracts import (
    BatteryNotFound,
    Conduct,
    Part,
    RunState,
    SittingNotFound,
    SittingState,
)
from anxin.domains.assessments.models import AnonymousCount, BatteryRun, Sitting
from anxin.domains.assessments.policies import administrable_sittings, visible_sittings
from anxin.domains.assessments.rules import batteries as battery_rules
from anxin.domains.assessments.rules.batteries import PlannedPart, Taken
from anxin.domains.assessments.rules.validity import again_on
from anxin.domains.assessments.way import way_through
from anxin.domains.audit.api import query
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, Mode, Respondent
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act, CredentialKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def _one(actor: Actor, uid: str) -> Sitting:
    sittings = Sitting.objects.select_related("score_sheet", "resident")
    found = visible_sittings(actor, sittings).filter(uid=uid).first()
    if found is None:
        raise SittingNotFound
    return found


@query("assessments:sitting:viewed")
def access_sitting(*, actor: Actor, uid: str) -> Sitting:
    """One sitting with its score sheet, if any. Raises ``SittingNotFound`` for a thing that is not theirs, too."""
    return _one(actor, uid)


@query()
def own_sittings(*, actor: Actor) -> QuerySet[Sitting]:
    """The resident's own drafts and results, newest first; looking at oneself leaves no trace to explain.

    What they reported themselves at a screen: never what somebody else said about them, nor what staff wrote down.
    """
    if actor.resident_id is None:
        return Sitting.objects.none()
    return (
        Sitting.objects.filter(
            resident_id=actor.resident_id, conduct=Conduct.ONLINE, respondent=Respondent.SELF
        )
        .exclude(state=SittingState.DISCARDED)
        .select_related("score_sheet")
        .order_by("-started_at")
    )


@query()
def own_sitting(*, actor: Actor, uid: str) -> Sitting:
    """One of the resident's own sittings. Raises ``SittingNotFound``."""
    found = own_sittings(actor=actor).filter(uid=uid).first()
    if found is None:
        raise SittingNotFound
    return found


@query()
def unevaluated_uids(*, actor: Actor, before: datetime, limit: int = 200) -> list[str]:
    """Sittings handed in before ``before`` that no rule has looked at yet, oldest first: what the sweep is for."""
    if not actor.is_system:
        return []
    waiting = Sitting.objects.filter(
        state=SittingState.SUBMITTED, evaluated_at__isnull=True, submitted_at__lt=before
    )
    return list(waiting.order_by("submitted_at").values_list("uid", flat=True)[:limit])


@query()
def sitting_for_evaluation(*, actor: Actor, uid: str) -> Sitting:
    """The sitting as the rules need it, for the house only."""
    if not actor.is_system:
        raise SittingNotFound
    found = Sitting.objects.select_related("resident", "score_sheet").filter(uid=uid).first()
    if found is None:
        raise SittingNotFound
    return found


@query()
def answer_given(*, actor: Actor, sitting: Sitting, entry_id: int) -> tuple[str, int | None]:
    """Question, as the form names it, and value of one line of the answer log, whatever was answered later.

    For the house only.
    """
    entry = sitting.entries.filter(id=entry_id).first() if actor.is_system else None
    if entry is None:
        raise SittingNotFound
    form = instruments.published_version(sitting.instrument, sitting.instrument_version)
    return way_through(form).names[entry.item - 1], entry.value


@query()
def previous_totals(*, actor: Actor, sittings: Sequence[Sitting]) -> dict[int, float | None]:
    """By sitting id: the total of the one before it by the same person, same instrument, same kind of respondent.

    ``None`` where there was none before, or it had no total. For the house only; one query for the whole set.
    """
    if not actor.is_system:
        return {}
    earlier = (
        Sitting.objects.filter(
            resident_id=OuterRef("resident_id"),
            instrument=OuterRef("instrument"),
            respondent=OuterRef("respondent"),
            state=SittingState.SUBMITTED,
            submitted_at__lt=OuterRef("submitted_at"),
        )
        .order_by("-submitted_at")
        .values("score_sheet__scores__total")[:1]
    )
    rows = Sitting.objects.filter(id__in=[one.id for one in sittings]).annotate(before=Subquery(earlier))
    return dict(rows.values_list("id", "before"))


@query()
def anonymous_total(*, since: date | None = None, until: date | None = None) -> int:
    """Anonymous runs finished in the days from ``since`` to ``until``, both included."""
    counts = AnonymousCount.objects.all()
    if since:
        counts = counts.filter(day__gte=since)
    if until:
        counts = counts.filter(day__lte=until)
    return counts.aggregate(total=Sum("count"))["total"] or 0


@query()
def repeat_of(*, resident_id: int, instrument: Instrument, respondent: str = Respondent.SELF) -> date | None:
    """The day on which this form makes sense again for this person; None when that is today already."""
    today = clock.today()
    last = (
        Sitting.objects.filter(
            resident_id=resident_id,
            instrument=instrument.id,
            respondent=respondent,
            state=SittingState.SUBMITTED,
            submitted_at__gte=clock.now() - timedelta(days=instrument.retest_days + 1),
        )
        .order_by("-submitted_at")
        .first()
    )
    if last is None or last.submitted_at is None:
        return None
    day = again_on(clock.local(last.submitted_at).date(), instrument.retest_days)
    return day if day > today else None


@query()
def own_run(*, actor: Actor, uid: str) -> BatteryRun:
    """One of the resident's own batteries. Raises ``BatteryNotFound``."""
    found = (
        BatteryRun.objects.filter(uid=uid, resident_id=actor.resident_id).first()
        if actor.resident_id is not None
        else None
    )
    if found is None:
        raise BatteryNotFound
    return found


@query()
def own_open_runs(*, actor: Actor) -> list[BatteryRun]:
    """The batteries the resident has begun and not ended, newest first."""
    if actor.resident_id is None:
        return []
    return list(
        BatteryRun.objects.filter(resident_id=actor.resident_id, state=RunState.OPEN).order_by("-started_at")
    )


def parts_of_run(run: BatteryRun) -> tuple[Part, ...]:
    """Where each part of a run stands."""
    sittings = run.sittings.exclude(state=SittingState.DISCARDED).select_related("score_sheet").order_by("id")
    taken = [
        Taken(
            part=sitting.battery_part or 0,
            uid=sitting.uid,
            is_submitted=sitting.state == SittingState.SUBMITTED,
            findings=sitting.score_sheet.validity.get("flags", {})
            if sitting.state == SittingState.SUBMITTED
            else {},
        )
        for sitting in sittings
    ]
    planned = [PlannedPart(part["instrument"], part["only_if"]) for part in run.parts]
    return battery_rules.standing(planned, taken=taken, left_out=run.left_out)


@query()
def own_parts(*, actor: Actor, run: BatteryRun) -> tuple[Part, ...]:
    """Where each part of one's own run stands. Raises ``BatteryNotFound``."""
    if actor.resident_id is None or run.resident_id != actor.resident_id:
        raise BatteryNotFound
    return parts_of_run(run)


_RESERVED = frozenset({Mode.STAFF, Mode.KEY_ONLY})


@query()
def may_give(*, actor: Actor, instrument: Instrument) -> bool:
    """Whether this member of staff may give this form today: those for professionals ask for training in them."""
    if actor.staff_id is None:
        return False
    if instrument.mode not in _RESERVED:
        return True
    return workforce.may_perform(
        staff_id=actor.staff_id,
        act=Act.ASSESS_WITH_INSTRUMENT,
        on=clock.today(),
        subject=str(instrument.id),
    )


@query()
def givable(*, actor: Actor, forms: Sequence[Instrument]) -> frozenset[str]:
    """Those of these forms that this member of staff may give today."""
    if actor.staff_id is None:
        return frozenset()
    reserved = [one for one in forms if one.mode in _RESERVED]
    trained_in = set(
        workforce.credentials_queryset(actor=Actor.system("assessments"))
        .filter(staff_id=actor.staff_id, kind=CredentialKind.INSTRUMENT_TRAINING)
        .values_list("subject", flat=True)
    )
    given = {
        str(one.id) for one in reserved if one.id in trained_in and may_give(actor=actor, instrument=one)
    }
    return frozenset(given | {str(one.id) for one in forms if one.mode not in _RESERVED})


@query("assessments:interview:viewed")
def access_interview(*, actor: Actor, uid: str) -> Sitting:
    """A sitting taken by staff, for who may ask people of that node. Raises ``SittingNotFound``."""
    found = (
        administrable_sittings(actor, Sitting.objects.all())
        .filter(uid=uid, administration__isnull=False)
        .select_related("resident", "administration", "score_sheet", "follows")
        .first()
    )
    if found is None:
        raise SittingNotFound
    return found


@query()
def own_interviews(*, actor: Actor, limit: int = 50) -> list[Sitting]:
    """What this member of staff has taken, open ones first, then the newest."""
    if actor.staff_id is None:
        return []
    taken = (
        administrable_sittings(actor, Sitting.objects.all())
        .filter(administration__staff_id=actor.staff_id)
        .exclude(state=SittingState.DISCARDED)
        .select_related("resident", "administration")
    )
    # "draft" comes before "submitted"
    return list(taken.order_by("state", "-started_at")[:limit])


@query()
def waiting_for_second_look(*, actor: Actor, limit: int = 50) -> list[Sitting]:
    """Doubtful sittings of the actor's people at which nobody has looked again, the oldest first."""
    waiting = (
        administrable_sittings(actor, Sitting.objects.all())
        .filter(is_doubtful=True, second_look__isnull=True)
        .select_related("resident", "score_sheet")
    )
    return list(waiting.order_by("submitted_at")[:limit])


@query("assessments:sitting:viewed")
def access_doubtful(*, actor: Actor, uid: str) -> Sitting:
    """A doubtful sitting for who may look again. Raises ``SittingNotFound``."""
    found = (
        administrable_sittings(actor, Sitting.objects.all())
        .filter(uid=uid, is_doubtful=True)
        .select_related("resident", "score_sheet", "second_look", "second_look__staff")
        .first()
    )
    if found is None:
        raise SittingNotFound
    return found


@query()
def sittings_about(*, actor: Actor, resident_ids: Collection[int]) -> list[Sitting]:
    """What these people handed in, newest first, as far as staff may read the band; who shows it records the look."""
    handed_in = Sitting.objects.filter(state=SittingState.SUBMITTED, resident_id__in=resident_ids)
    seen = visible_sittings(actor, handed_in) if actor.is_staff else Sitting.objects.none()
    return list(seen.select_related("score_sheet").order_by("-submitted_at", "-id"))
