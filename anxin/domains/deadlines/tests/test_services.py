"""Clocks in the database: every verb, every refusal, and that a refusal changes nothing."""

from collections.abc import Callable
from dataclasses import replace as with_values
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from anxin.domains.audit.models import AuditEvent
from anxin.domains.deadlines import api
from anxin.domains.deadlines.contracts import (
    AlreadyPaused,
    CancelReasonMissing,
    ClockAlreadyRuns,
    DeadlineEnded,
    EndedHow,
    LadderRung,
    NotPaused,
    PauseReasonMissing,
)
from anxin.domains.deadlines.models import Deadline
from anxin.domains.deadlines.tests.factories import (
    MINUTE,
    START,
    holder_of,
    ladder_over,
    make_order,
    make_posting,
    make_postings,
)
from anxin.domains.network.models import Posting
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.errors import AnxinError, NotPermitted
from tests.house_eyes import reasons_of
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db

WORKER = Actor.system("worker")
LEAD = Actor(kind=ActorKind.STAFF, uid="lead", label="值班组长")


@pytest.fixture
def postings() -> list[Posting]:
    return make_postings()


@pytest.fixture
def running(postings: list[Posting]) -> Deadline:
    with time_machine.travel(START, tick=False):
        return api.start(actor=WORKER, order=make_order(ladder_over(postings)))


def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in Deadline.objects.order_by("id").values()]


def test_a_started_clock_has_an_owner_a_due_time_and_a_next_change(
    running: Deadline, postings: list[Posting]
) -> None:
    stored = Deadline.objects.get(id=running.id)
    assert (stored.owner_id, stored.owner_unit_id) == (postings[0].id, postings[0].unit_id)
    assert (stored.due_at, stored.next_change_at) == (START + 5 * MINUTE, START + 5 * MINUTE)
    assert stored.is_open
    assert stored.breached_at is None


def test_the_same_thing_is_owed_only_once(running: Deadline, postings: list[Posting]) -> None:
    before = rows()
    with pytest.raises(ClockAlreadyRuns):
        api.start(actor=WORKER, order=make_order(ladder_over(postings)))
    assert rows() == before


def test_another_constraint_is_not_mistaken_for_a_twin(postings: list[Posting]) -> None:
    nothing: Any = None
    order = with_values(make_order(ladder_over(postings)), subject_kind=nothing)
    with pytest.raises(IntegrityError), transaction.atomic():
        api.start(actor=WORKER, order=order)


@requirement("R-059")
def test_untouched_it_climbs_rung_by_rung_and_then_calls_again(
    running: Deadline, postings: list[Posting]
) -> None:
    seen = []
    for minute in range(1, 22):
        with time_machine.travel(START + minute * MINUTE, tick=False):
            seen += [
                (minute, c.from_index, c.to_index, c.rung.rung.value, c.breached_now, c.paged_now)
                for c in api.climb_due(actor=WORKER, limit=10)
            ]
    assert seen == [
        (5, 0, 1, "county", True, False),
        (10, 1, 2, "city", False, False),
        (15, 2, 2, "city", False, True),
        (20, 2, 2, "city", False, True),
    ]
    stored = Deadline.objects.get(id=running.id)
    assert (stored.rung_index, stored.owner_id, stored.owner_unit_id) == (
        2,
        postings[2].id,
        postings[2].unit_id,
    )
    assert (stored.breached_at, stored.pages) == (START + 5 * MINUTE, 2)


def test_a_second_sweep_at_the_same_moment_reports_nothing(running: Deadline) -> None:
    with time_machine.travel(START + 5 * MINUTE, tick=False):
        assert len(api.climb_due(actor=WORKER, limit=10)) == 1
        before, trail = rows(), AuditEvent.objects.count()
        assert api.climb_due(actor=WORKER, limit=10) == []
    assert rows() == before
    assert AuditEvent.objects.count() == trail


def test_a_worker_that_was_dead_reports_every_rung_it_missed(running: Deadline) -> None:
    with time_machine.travel(START + 23 * MINUTE, tick=False):
        (climb,) = api.climb_due(actor=WORKER, limit=10)
    assert [rung.rung.value for rung in climb.entered] == ["county", "city"]
    assert (climb.from_index, climb.to_index, climb.pages) == (0, 2, 2)
    assert (climb.subject_uid, climb.stage, climb.deadline_uid) == ("warning-1", "acknowledge", running.uid)
    assert Deadline.objects.get(id=running.id).breached_at == START + 5 * MINUTE


def test_the_sweep_takes_the_longest_due_first_and_no_more_than_asked(postings: list[Posting]) -> None:
    with time_machine.travel(START, tick=False):
        for number, minutes in enumerate((9, 3, 6)):
            api.start(
                actor=WORKER,
                order=make_order(
                    ladder_over(postings, climb_minutes=(0, 60, 120)),
                    subject_uid=f"w{number}",
                    due_at=START + minutes * MINUTE,
                ),
            )
    with time_machine.travel(START + 10 * MINUTE, tick=False):
        assert [c.subject_uid for c in api.climb_due(actor=WORKER, limit=2)] == ["w1", "w2"]
        assert [c.subject_uid for c in api.climb_due(actor=WORKER, limit=2)] == ["w0"]


def test_whoever_is_about_to_be_called_is_looked_up_in_the_roster_of_that_moment(
    running: Deadline, postings: list[Posting]
) -> None:
    relief = make_posting(postings[1].unit, "接班人")
    asked: list[LadderRung] = []

    def resolve(rung: LadderRung) -> LadderRung:
        asked.append(rung)
        holder = holder_of(relief, rung.rung)
        return with_values(
            rung, posting_id=holder.posting_id, holder=holder.holder, starts_at=START + timedelta(days=9)
        )

    with time_machine.travel(START + 5 * MINUTE, tick=False):
        (climb,) = api.climb_due(actor=WORKER, limit=10, resolve=resolve)
    stored = Deadline.objects.get(id=running.id)
    shown = api.standing_of(stored, START + 5 * MINUTE)
    assert [one.rung.value for one in asked] == ["county"]
    assert climb.rung.holder == "接班人"
    assert climb.rung.starts_at == START + 5 * MINUTE
    assert shown.rung == climb.rung
    assert stored.owner_id == relief.id


def test_only_the_house_sweeps(running: Deadline) -> None:
    before = rows()
    with time_machine.travel(START + 5 * MINUTE, tick=False), pytest.raises(NotPermitted):
        api.climb_due(actor=LEAD, limit=10)
    assert rows() == before


def test_a_clock_born_late_is_breached_by_the_next_sweep_and_not_in_silence(postings: list[Posting]) -> None:
    with time_machine.travel(START + 6 * MINUTE, tick=False):
        late = api.start(actor=WORKER, order=make_order(ladder_over(postings)))
        assert late.owner_id == postings[1].id
        (climb,) = api.climb_due(actor=WORKER, limit=10)
    assert climb.breached_now
    assert (climb.from_index, climb.to_index) == (1, 1)


def test_meeting_ends_the_clock_and_names_who_did_it(running: Deadline) -> None:
    with time_machine.travel(START + 2 * MINUTE, tick=False):
        ended = api.meet(actor=LEAD, deadline_id=running.id)
    assert (ended.is_open, ended.ended_how, ended.ended_by) == (False, "met", "值班组长")
    assert (ended.ended_at, ended.breached_at) == (START + 2 * MINUTE, None)
    with time_machine.travel(START + 600 * MINUTE, tick=False):
        assert api.climb_due(actor=WORKER, limit=10) == []


@requirement("R-059")
def test_a_breach_no_worker_saw_is_written_down_when_the_step_is_done_late(running: Deadline) -> None:
    with time_machine.travel(START + 12 * MINUTE, tick=False):
        ended = api.meet(actor=LEAD, deadline_id=running.id)
    assert (ended.breached_at, ended.rung_index) == (START + 5 * MINUTE, 2)


@pytest.mark.parametrize("how", [EndedHow.MET, EndedHow.REPLACED])
def test_replacing_ends_one_clock_and_starts_the_next(
    running: Deadline, postings: list[Posting], how: EndedHow
) -> None:
    with time_machine.travel(START + 2 * MINUTE, tick=False):
        order = make_order(ladder_over(postings, at=START + 2 * MINUTE), stage="contact")
        fresh = api.replace(actor=LEAD, deadline_id=running.id, order=order, how=how)
    running.refresh_from_db()
    assert (running.is_open, running.ended_how) == (False, how.value)
    assert (fresh.is_open, fresh.stage) == (True, "contact")
    assert api.open_deadline_of(actor=LEAD, subject_kind="warning", subject_uid="warning-1") == fresh


def test_the_same_stage_may_follow_itself(running: Deadline, postings: list[Posting]) -> None:
    fresh = api.replace(actor=LEAD, deadline_id=running.id, order=make_order(ladder_over(postings)))
    assert Deadline.objects.filter(is_open=True).get() == fresh


def test_a_replacement_that_fails_leaves_the_old_clock_running(
    running: Deadline, postings: list[Posting]
) -> None:
    other = make_order(ladder_over(postings), stage="contact")
    api.start(actor=WORKER, order=other)
    before = rows()
    with pytest.raises(ClockAlreadyRuns):
        api.replace(actor=LEAD, deadline_id=running.id, order=other)
    assert rows() == before


def test_pausing_stops_the_clock_and_resuming_moves_everything_by_the_pause(running: Deadline) -> None:
    with time_machine.travel(START + 3 * MINUTE, tick=False):
        api.pause(actor=LEAD, deadline_id=running.id, reason="住院期间")
    with time_machine.travel(START + 30 * MINUTE, tick=False):
        assert api.climb_due(actor=WORKER, limit=10) == []
        assert not api.overdue(actor=WORKER)
    with time_machine.travel(START + 63 * MINUTE, tick=False):
        resumed = api.resume(actor=LEAD, deadline_id=running.id)
    assert (resumed.due_at, resumed.next_change_at) == (START + 65 * MINUTE, START + 65 * MINUTE)
    assert (resumed.paused_at, resumed.pause_reason) == (None, "")
    with time_machine.travel(START + 65 * MINUTE, tick=False):
        (climb,) = api.climb_due(actor=WORKER, limit=10)
    assert (climb.to_index, climb.breached_now) == (1, True)


def test_a_pause_does_not_undo_a_breach(running: Deadline) -> None:
    with time_machine.travel(START + 7 * MINUTE, tick=False):
        api.pause(actor=LEAD, deadline_id=running.id, reason="等待家属")
    with time_machine.travel(START + 60 * MINUTE, tick=False):
        resumed = api.resume(actor=LEAD, deadline_id=running.id)
        assert api.overdue(actor=WORKER) == [resumed]
    assert resumed.breached_at == START + 5 * MINUTE


def test_cancelling_needs_a_reason_and_the_trail_keeps_it(running: Deadline) -> None:
    ended = api.cancel(actor=LEAD, deadline_id=running.id, reason="并入另一条预警")
    assert ended.ended_how == "cancelled"
    event = AuditEvent.objects.get(event="deadlines:deadline:cancelled")
    assert (event.subject_uid, event.actor_label) == ("warning-1", "值班组长")
    assert reasons_of(event) == {event.uid: "并入另一条预警"}


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda d: api.cancel(actor=LEAD, deadline_id=d.id, reason="  "), CancelReasonMissing),
        (lambda d: api.pause(actor=LEAD, deadline_id=d.id, reason=""), PauseReasonMissing),
        (lambda d: api.resume(actor=LEAD, deadline_id=d.id), NotPaused),
        (lambda d: api.meet(actor=LEAD, deadline_id=d.id + 1000), DeadlineEnded),
    ],
)
def test_a_refused_act_on_a_running_clock_changes_nothing(
    running: Deadline, act: Callable[[Deadline], object], refusal: type[AnxinError]
) -> None:
    before, trail = rows(), AuditEvent.objects.count()
    with pytest.raises(refusal):
        act(running)
    assert rows() == before
    assert AuditEvent.objects.count() == trail


@pytest.mark.parametrize("verb", ["meet", "cancel", "pause", "resume", "replace"])
def test_an_ended_clock_stays_as_it_ended(running: Deadline, postings: list[Posting], verb: str) -> None:
    api.meet(actor=LEAD, deadline_id=running.id)
    before = rows()
    more: dict[str, dict[str, object]] = {
        "cancel": {"reason": "晚了"},
        "pause": {"reason": "晚了"},
        "replace": {"order": make_order(ladder_over(postings))},
    }
    with pytest.raises(DeadlineEnded):
        getattr(api, verb)(actor=LEAD, deadline_id=running.id, **more.get(verb, {}))
    assert rows() == before


def test_a_paused_clock_cannot_be_paused_again(running: Deadline) -> None:
    api.pause(actor=LEAD, deadline_id=running.id, reason="住院期间")
    before = rows()
    with pytest.raises(AlreadyPaused):
        api.pause(actor=LEAD, deadline_id=running.id, reason="再次")
    assert rows() == before


@requirement("R-059")
def test_the_database_itself_refuses_a_clock_without_owner_or_due_time(postings: list[Posting]) -> None:
    whole = {
        "subject_kind": "warning",
        "subject_uid": "w",
        "stage": "contact",
        "due_at": START + timedelta(days=900),
        "ladder": api.dump_ladder(ladder_over(postings)),
        "owner_id": postings[0].id,
        "owner_unit_id": postings[0].unit_id,
        "next_change_at": START,
    }
    for missing in ("due_at", "owner_id", "owner_unit_id", "next_change_at"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deadline.objects.create(**{**whole, missing: None})
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.create(**whole, is_open=False)
    assert rows() == []


def test_every_name_on_the_door_carries_one_mark() -> None:
    marks = {name: getattr(api, name).anxin_mark for name in api.__all__}
    assert set(marks.values()) <= {"command", "query", "pure"}
    assert marks["meet"] == "command"
    assert marks["standing"] == "pure"
