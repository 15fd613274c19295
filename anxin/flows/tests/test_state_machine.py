"""A whole warning as a state machine: whatever people and the clock do, nobody is ever left alone.

Hypothesis draws the steps (including wrong ones, which must be refused), moves the clock, and lets the worker die for a
while. After every step, for every warning that is open: the database has an owner and a due time; the owner
shown is the pure function of the ladder and the clock; somebody can see it; a level never fell. What ended
was ended by a person.
"""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from anxin.domains.assessments import api as assessments
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import RungName
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Ending, Findings, Level
from anxin.domains.risk.models import Warning
from anxin.flows import (
    acknowledge_warning,
    answer_check_in,
    assess_warning,
    contact_person,
    end_warning,
    save_answer,
    submit_questionnaire,
)
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

SYSTEM = Actor.system("test")
START = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
COLLEAGUES = st.sampled_from(["zhao-ning", "bai-lu", "sun-lan", "gu-yan", "shao-ming", "he-jia", "zhou-xing"])
_ORDER = [RungName.STATION, RungName.COUNTY, RungName.CITY]


class WarningLife(RuleBasedStateMachine):
    """One resident, their warnings, and everybody who may or may not act on them."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.traveller = time_machine.travel(START, tick=False)
        self.clock = self.traveller.start()
        self.city = small_city.build()
        self.levels: dict[str, int] = {}

    @initialize()
    def somebody_answers(self) -> None:
        self._sit([0] * 8 + [1])

    def _sit(self, values: list[int]) -> str:
        actor = self.city.actor("li-qing")
        with unit_of_work(actor):
            uid = assessments.start_sitting(
                actor=actor,
                instrument="phq-9",
                language="zh-Hans",
                age=30,
                scope_path=self.city.residents["li-qing"].scope_path,
            ).uid
        for number, value in enumerate(values, start=1):
            save_answer.save(actor=actor, sitting_uid=uid, item=number, value=value)
        submit_questionnaire.submit(actor=actor, sitting_uid=uid)
        self.sitting = uid
        return uid

    def _open(self) -> list[Warning]:
        with unit_of_work(SYSTEM):
            return list(
                Warning.objects.exclude(state="closed")
                .select_related("deadline__owner__staff")
                .order_by("id")
            )

    def _attempt(self, act, **arguments) -> None:
        for warning in self._open()[:1]:
            try:
                with transaction.atomic():
                    act(warning_uid=warning.uid, **arguments)
            except AnxinError:
                pass

    @rule(code=COLLEAGUES)
    def take_over(self, code: str) -> None:
        self._attempt(acknowledge_warning.acknowledge, actor=self.city.actor(code))

    @rule(
        code=COLLEAGUES,
        channel=st.sampled_from(list(ContactChannel)),
        outcome=st.sampled_from(list(ContactOutcome)),
    )
    def contact(self, code: str, channel: ContactChannel, outcome: ContactOutcome) -> None:
        self._attempt(
            contact_person.log_contact, actor=self.city.actor(code), channel=channel, outcome=outcome
        )

    @rule(code=COLLEAGUES, level=st.sampled_from(list(Level)))
    def assess(self, code: str, level: Level) -> None:
        self._attempt(
            assess_warning.assess,
            actor=self.city.actor(code),
            level=level,
            findings=Findings(),
            summary="评估",
        )

    @rule(code=COLLEAGUES, ending=st.sampled_from(list(Ending)), reason=st.sampled_from(["", "理由"]))
    def propose(self, code: str, ending: Ending, reason: str) -> None:
        self._attempt(end_warning.propose, actor=self.city.actor(code), ending=ending, reason=reason)

    @rule(code=COLLEAGUES)
    def sign(self, code: str) -> None:
        self._attempt(end_warning.sign, actor=self.city.actor(code))

    @rule(code=COLLEAGUES)
    def decline(self, code: str) -> None:
        self._attempt(end_warning.decline, actor=self.city.actor(code), reason="请再看一次")

    @rule(minutes=st.sampled_from([1, 4, 5, 6, 29, 30, 31, 60, 121, 24 * 60, 80 * 60]), swept=st.booleans())
    def time_passes(self, minutes: int, swept: bool) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        if swept:
            escalate_overdue()

    @rule(said=st.sampled_from(["yes", "unsure", "no"]), wants_call=st.booleans())
    def check_in(self, said: str, wants_call: bool) -> None:
        answer_check_in.answer(
            actor=self.city.actor("li-qing"),
            sitting_uid=self.sitting,
            is_safe_now=said,
            wants_call=wants_call,
        )

    @precondition(lambda self: len(self.levels) < 3)
    @rule(last=st.integers(0, 3))
    def somebody_answers_again(self, last: int) -> None:
        self._sit([2] * 8 + [last])

    @invariant()
    def nobody_is_left_alone(self) -> None:
        connection.check_constraints()
        moment = clock.now()
        for warning in self._open():
            deadline = warning.deadline
            assert deadline is not None
            assert deadline.is_open
            assert deadline.owner.staff is not None
            shown = deadlines.standing_of(deadline, moment)
            assert shown == deadlines.standing(
                deadlines.load_ladder(deadline.ladder), deadline.due_at, moment
            )
            assert shown.rung.holder
            assert shown.next_change_at > moment
            assert shown.index >= deadline.rung_index, "what is written down is never ahead of the clock"
            assert self._somebody_sees(warning), "an open warning is on somebody's board"

    @invariant()
    def no_level_ever_fell(self) -> None:
        with unit_of_work(SYSTEM):
            for warning in Warning.objects.all():
                high_before = max(self.levels.get(warning.uid, 0), Level.L2)
                if self.levels.get(warning.uid, 0) >= Level.L3:
                    assert warning.level >= high_before
                self.levels[warning.uid] = max(self.levels.get(warning.uid, 0), warning.level)

    @invariant()
    def what_ended_was_ended_by_people(self) -> None:
        with unit_of_work(SYSTEM):
            for warning in Warning.objects.filter(state="closed", merged_into__isnull=True):
                assert warning.proposed_by_id is not None
                if warning.level >= Level.L3:
                    assert warning.signed_by_id not in (None, warning.proposed_by_id)
                    assert warning.assessments.filter(is_competent=True).exists()

    def _somebody_sees(self, warning: Warning) -> bool:
        for code in ("zhao-ning", "sun-lan", "shao-ming"):
            actor = self.city.actor(code)
            with unit_of_work(actor):
                if risk.warnings_queryset(actor=actor).filter(uid=warning.uid).exists():
                    return True
        return False

    def teardown(self) -> None:
        self.traveller.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_warning_is_left_alone_in_any_reachable_state() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        WarningLife,
        settings=settings(
            max_examples=8,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.timeout(3600)
def test_no_warning_is_left_alone_in_many_more_states() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        WarningLife,
        settings=settings(
            max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
