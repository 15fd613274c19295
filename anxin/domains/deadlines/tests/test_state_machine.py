"""Every reachable state of the clocks, on PostgreSQL: random acts, random time, a worker that may be dead.

The machine keeps its own small model of each clock (ladder, due time, pause) and asks after every step: does
each open clock have an owner and a due time; is what is shown what the pure function says; and does a
database whose worker never swept show the very same rung and breach as one whose worker did.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from anxin.domains.deadlines import api
from anxin.domains.deadlines.contracts import ClockOrder, Ladder
from anxin.domains.deadlines.models import Deadline
from anxin.domains.deadlines.rules.ladder import shift
from anxin.domains.deadlines.tests.factories import MINUTE, START, ladder_over, make_order, make_postings
from anxin.domains.network.models import Posting
from anxin.kernel.actor import Actor
from tests.requirements_marker import requirement

WORKER = Actor.system("worker")
GAPS = st.tuples(st.integers(0, 20), st.integers(0, 40), st.integers(0, 40)).map(
    lambda gaps: (0, gaps[1], gaps[1] + gaps[2])
)


@dataclass(frozen=True)
class Model:
    """What we know of one open clock without asking the database for it."""

    ladder: Ladder
    due_at: datetime
    paused_at: datetime | None = None


PICK = st.integers(0, 3)


class Clocks(RuleBasedStateMachine):
    """Clocks under arbitrary treatment."""

    postings: list[Posting]

    @initialize()
    def begin(self) -> None:
        self.now = START
        self.serial = 0
        self.open: dict[int, Model] = {}
        Deadline.objects.all().delete()
        self.start(gaps=(0, 5, 10), due_in=5)

    @contextmanager
    def at_now(self) -> Iterator[None]:
        with time_machine.travel(self.now, tick=False):
            yield

    def _order(self, gaps: tuple[int, ...], due_in: int, subject: str) -> tuple[Model, ClockOrder]:
        ladder = ladder_over(self.postings, at=self.now, climb_minutes=gaps)
        due_at = self.now + due_in * MINUTE
        return Model(ladder, due_at), make_order(ladder, subject_uid=subject, due_at=due_at)

    def _pick(self, pick: int) -> int:
        ids = sorted(self.open)
        return ids[pick % len(ids)]

    @precondition(lambda self: len(self.open) < 4)
    @rule(gaps=GAPS, due_in=st.integers(0, 60))
    def start(self, gaps: tuple[int, ...], due_in: int) -> None:
        self.serial += 1
        model, order = self._order(gaps, due_in, f"w{self.serial}")
        with self.at_now():
            deadline = api.start(actor=WORKER, order=order)
        self.open[deadline.id] = model

    @precondition(lambda self: self.open)
    @rule(pick=PICK, gaps=GAPS, due_in=st.integers(0, 60))
    def replace(self, pick: int, gaps: tuple[int, ...], due_in: int) -> None:
        old = self._pick(pick)
        model, order = self._order(gaps, due_in, Deadline.objects.get(id=old).subject_uid)
        with self.at_now():
            fresh = api.replace(actor=WORKER, deadline_id=old, order=order)
        del self.open[old]
        self.open[fresh.id] = model

    @precondition(lambda self: len(self.open) > 1)
    @rule(pick=PICK, verb=st.sampled_from(["meet", "cancel"]))
    def end(self, pick: int, verb: str) -> None:
        id_ = self._pick(pick)
        model = self.open.pop(id_)
        reason = {"reason": "不再需要"} if verb == "cancel" else {}
        with self.at_now():
            ended = getattr(api, verb)(actor=WORKER, deadline_id=id_, **reason)
        assert ended.breached_at is not None or model.paused_at or model.due_at > self.now

    @precondition(lambda self: self.open)
    @rule(pick=PICK)
    def pause_or_resume(self, pick: int) -> None:
        id_ = self._pick(pick)
        model = self.open[id_]
        with self.at_now():
            if model.paused_at is None:
                api.pause(actor=WORKER, deadline_id=id_, reason="住院期间")
                self.open[id_] = replace(model, paused_at=self.now)
            else:
                api.resume(actor=WORKER, deadline_id=id_)
                by = self.now - model.paused_at
                self.open[id_] = Model(shift(model.ladder, by), model.due_at + by)

    @rule(minutes=st.integers(1, 45), seconds=st.integers(0, 59))
    def time_passes(self, minutes: int, seconds: int) -> None:
        self.now += timedelta(minutes=minutes, seconds=seconds)

    @rule(limit=st.sampled_from([1, 100]))
    def sweep(self, limit: int) -> None:
        with self.at_now():
            api.climb_due(actor=WORKER, limit=limit)

    def _expected(self, model: Model) -> tuple[int, bool, int]:
        moment = model.paused_at or self.now
        at = api.standing(model.ladder, model.due_at, moment)
        return at.index, at.is_overdue, at.pages

    def _shown(self) -> dict[int, tuple[int, bool, int]]:
        shown = {}
        for deadline in Deadline.objects.filter(is_open=True):
            at = api.standing_of(deadline, self.now)
            assert at.rung.posting_id
            assert at.next_change_at > self.now
            shown[deadline.id] = (at.index, at.is_overdue, at.pages)
        return shown

    @invariant()
    def every_open_clock_has_an_owner_and_a_due_time(self) -> None:
        stored = {d.id: d for d in Deadline.objects.filter(is_open=True)}
        assert stored.keys() == self.open.keys()
        for id_, model in self.open.items():
            assert stored[id_].owner_id in {posting.id for posting in self.postings}
            assert stored[id_].due_at == model.due_at

    @invariant()
    def what_is_shown_is_what_the_pure_function_says(self) -> None:
        assert self._shown() == {id_: self._expected(model) for id_, model in self.open.items()}

    @invariant()
    def a_dead_worker_shows_the_same_as_a_live_one(self) -> None:
        asleep = self._shown()
        with self.at_now():
            overdue = {deadline.id for deadline in api.overdue(actor=WORKER)}
        with self.at_now(), transaction.atomic():
            while api.climb_due(actor=WORKER, limit=100):
                pass
            assert self._shown() == asleep
            for deadline in Deadline.objects.filter(is_open=True):
                index, is_overdue, pages = asleep[deadline.id]
                assert (deadline.rung_index, deadline.pages) == (index, pages)
                assert deadline.owner_id == self.open[deadline.id].ladder.rungs[index].posting_id
                assert (deadline.breached_at is not None) >= is_overdue
            transaction.set_rollback(True)  # the worker stays dead: nobody swept
        assert overdue == {
            id_
            for id_, (_, is_overdue, _) in asleep.items()
            if is_overdue and self.open[id_].paused_at is None
        }


@requirement("R-059")
@pytest.mark.django_db
def test_no_reachable_state_leaves_a_clock_alone() -> None:
    Clocks.postings = make_postings()

    run_machine(
        Clocks,
        settings=settings(
            max_examples=14,
            stateful_step_count=25,
            deadline=None,
            # Some twenty steps are readable as they are; shrinking them on a database takes minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
