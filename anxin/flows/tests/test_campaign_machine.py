"""A campaign as a state machine beside an independent model of workflow 4.1: both allow, and refuse, the same steps.

The model is written from the table and knows nothing of the code: who may do what, and what has to stand first.
Hypothesis draws the steps, wrong ones among them, and moves the clock. After a refusal nothing has changed; after every
step everybody found has an owner and a running clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from anxin.domains.campaigns.contracts import CampaignState, TriageLevel
from anxin.domains.campaigns.models import CampaignEntry, Group, Participant, Triage
from anxin.flows import run_campaign, triage_campaign
from anxin.kernel import clock
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.campaign_course import CALM, GRAVE, HEAVY, LOW, PLAN, Course, draft
from tests.small_city import SYSTEM

S, L = CampaignState, TriageLevel
START = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
PEOPLE = st.sampled_from(["zhao-ning", "sun-lan", "shao-ming", "chen-mo"])
PLANNERS, REVIEWERS = {"zhao-ning", "sun-lan"}, {"sun-lan", "shao-ming"}
EVERYBODY = PLANNERS | REVIEWERS
LINE = [*list(S)[:10]]
LEVEL_OF = {"calm": 0, "heavy": 2, "grave": 3}
ANSWERS = {"calm": (CALM,), "heavy": (LOW, HEAVY), "grave": (LOW, GRAVE)}
DAY = timedelta(days=1)


@dataclass
class Person:
    """What the model knows of one participant."""

    agreed: bool = True
    form: str = ""
    level: int | None = None
    stage: str = ""
    interviewer: str = ""


@dataclass
class Model:
    """Workflow 4.1, in plain words."""

    complete: bool
    enough: bool
    state: CampaignState = S.DRAFT
    opened: datetime | None = None
    runs_from: datetime | None = None
    runs_until: datetime | None = None
    arranged: bool = True
    people: list[Person] = field(default_factory=list)

    def may(self, target: CampaignState, who: str, *, now: datetime, days: int, reason: str) -> bool:
        """Whether the table lets ``who`` take this step now."""
        if target is S.CANCELLED:
            return bool(reason) and who in EVERYBODY and self.state in LINE[:8]
        if target is S.DRAFT:
            return bool(reason) and who in REVIEWERS and self.state is S.ETHICS_CHECK
        if self.state not in LINE[:-1] or LINE[LINE.index(self.state) + 1] is not target:
            return False
        return self._who(target, who) and self._stands(target, now=now, days=days)

    def _who(self, target: CampaignState, who: str) -> bool:
        if target is S.APPROVED:
            return who in REVIEWERS
        if target in (S.QUALITY_CHECK, S.TRIAGED, S.INTERVIEWING):
            return who in EVERYBODY
        return who in PLANNERS

    def _stands(self, target: CampaignState, *, now: datetime, days: int) -> bool:
        agreed = [one for one in self.people if one.agreed]
        if target is S.ETHICS_CHECK:
            return self.complete
        if target is S.APPROVED:
            return self.enough
        if target is S.CONSENT_OPEN:
            return days >= 7
        if target is S.RUNNING:
            assert self.opened is not None
            assert self.runs_from is not None
            assert self.runs_until is not None
            in_time = max(self.opened + 7 * DAY, self.runs_from) <= now < self.runs_until
            return in_time and bool(agreed) and self.arranged
        if target is S.QUALITY_CHECK:
            assert self.runs_until is not None
            done = sum(1 for one in agreed if one.form)
            return now >= self.runs_until or (bool(agreed) and done * 1000 >= len(agreed) * 950)
        if target is S.TRIAGED:
            return not any((one.form and one.level is None) or one.stage == "confirm" for one in self.people)
        if target is S.REPORTED:
            return not any(one.stage in ("confirm", "interview", "second_reading") for one in self.people)
        if target is S.ARCHIVED:
            return all(one.stage in ("", "follow_up") for one in self.people)
        return True

    def look(self, *, only_critical: bool) -> None:
        """The rule looks at those it has not looked at."""
        for one in self.people:
            if one.form and one.level is None and (one.form == "grave" or not only_critical):
                one.level = LEVEL_OF[one.form]
                one.stage = "confirm" if one.level else ""


class CampaignLife(RuleBasedStateMachine):
    """The house and the model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.traveller = time_machine.travel(START, tick=False)
        self.clock = self.traveller.start()
        self.city = small_city.build()

    @initialize(
        complete=st.sampled_from([True, True, True, False]),
        enough=st.sampled_from([True, True, True, False]),
        steps=st.integers(0, 8),
        forms=st.lists(st.sampled_from(["", "calm", "heavy", "grave"]), min_size=3, max_size=3),
    )
    def somebody_plans(self, complete: bool, enough: bool, steps: int, forms: list[str]) -> None:
        """A draft, and some honest steps from it, so that every state is met."""
        plan = replace(
            PLAN, purpose=PLAN.purpose if complete else "", interviewer_minutes=240 if enough else 239
        )
        self.course: Course = draft(self.city, plan)
        self.model = Model(complete, enough)
        self.forms = forms
        for _ in range(steps):
            self.go_on()

    @rule()
    def go_on(self) -> None:
        """What is needed for the next step, and the step, by somebody who may."""
        state = self.model.state
        if state not in LINE[:-1]:
            return
        if state is S.CONSENT_OPEN:
            self._make_ready_to_run()
        elif state is S.RUNNING:
            for place, form in enumerate(self.forms):
                if form:
                    self.somebody_hands_in(place, form)
            self.clock.shift(3 * DAY)
            self.the_house_sweeps()
            return
        elif state is S.QUALITY_CHECK:
            self.the_house_sweeps()
            self.confirm("zhao-ning")
        elif state is S.INTERVIEWING:
            for _ in range(len(self._standing("confirm", "interview"))):
                self._talk_with("zhao-ning", None, "confirm", "interview")
            self.read_again("sun-lan", True)
        elif state is S.REPORTED:
            self.plan("zhao-ning")
        onward = LINE[LINE.index(state) + 1]
        self._attempt(onward, "sun-lan" if onward is S.APPROVED else "zhao-ning", days=7, reason="")

    def _make_ready_to_run(self) -> None:
        while len(self.model.people) < 3:
            self.a_roster_comes_in(True)
        self.the_day_is_arranged(True)
        assert self.model.runs_from is not None
        if clock.now() < self.model.runs_from:
            self.clock.move_to(self.model.runs_from)

    # --- steps of the campaign

    @rule(
        who=PEOPLE,
        days=st.sampled_from([3, 7, 8]),
        reason=st.sampled_from(["", "理由"]),
        jump=st.integers(0, 9),
    )
    def take_a_step(self, who: str, days: int, reason: str, jump: int) -> None:
        """The next one most of the time, any other now and then."""
        place = LINE.index(self.model.state) if self.model.state in LINE else 0
        onward = LINE[min(place + 1, len(LINE) - 1)]
        target = onward if jump < 7 else LINE[jump] if jump < 9 else S.DRAFT
        self._attempt(target, who, days=days, reason=reason)

    @precondition(lambda self: self.model.state in LINE[3:])
    @rule(
        who=PEOPLE, reason=st.sampled_from(["", "学校放假"]), is_meant=st.sampled_from([False, False, True])
    )
    def cancel(self, who: str, reason: str, is_meant: bool) -> None:
        if is_meant:
            self._attempt(S.CANCELLED, who, days=7, reason=reason)

    def _attempt(self, target: CampaignState, who: str, *, days: int, reason: str) -> None:
        now, before = clock.now(), self._history()
        expected = self.model.may(target, who, now=now, days=days, reason=reason)
        window = self.course.window(opens=days * DAY, lasts=3 * DAY)
        done = self._did(lambda: self._act(target, who, window, reason))
        assert done is expected, f"{who}: {self.model.state} → {target}, the model says {expected}"
        if not done:
            assert self._history() == before, "a refusal leaves no line"
            return
        if target is S.CONSENT_OPEN:
            self.model.opened, self.model.runs_from, self.model.runs_until = (
                now,
                window.runs_from,
                window.runs_until,
            )
        self.model.state = target

    def _act(self, target: CampaignState, who: str, window: Any, reason: str) -> object:
        known = {"actor": self.course.actor(who), "campaign_uid": self.course.uid}
        with_reason: dict[CampaignState, Callable[..., object]] = {
            S.DRAFT: run_campaign.give_back,
            S.CANCELLED: run_campaign.cancel,
        }
        if target in with_reason:
            return with_reason[target](**known, reason=reason)
        if target is S.CONSENT_OPEN:
            return run_campaign.open_consent(**known, window=window)
        verbs: dict[CampaignState, Callable[..., object]] = {
            S.ETHICS_CHECK: run_campaign.send_to_review,
            S.APPROVED: run_campaign.approve,
            S.RUNNING: run_campaign.start_running,
            S.QUALITY_CHECK: run_campaign.close_answering,
            S.TRIAGED: run_campaign.finish_triage,
            S.INTERVIEWING: run_campaign.begin_interviews,
            S.REPORTED: run_campaign.report,
            S.ARCHIVED: run_campaign.archive,
        }
        return verbs[target](**known)

    def _did(self, act: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                act()
        except AnxinError:
            return False
        return True

    def _history(self) -> list[int]:
        with unit_of_work(SYSTEM):
            return list(CampaignEntry.objects.values_list("id", flat=True).order_by("id"))

    # --- what happens around it

    @precondition(lambda self: self.model.state in LINE[:4] and len(self.model.people) < 3)
    @rule(agreed=st.sampled_from([True, True, False]))
    def a_roster_comes_in(self, agreed: bool) -> None:
        self.course.list_people(1, agreed=agreed)
        self.model.people.append(Person(agreed=agreed))

    @precondition(lambda self: self.model.people and self.model.state in LINE[:4])
    @rule(arranged=st.sampled_from([True, True, False]))
    def the_day_is_arranged(self, arranged: bool) -> None:
        with unit_of_work(SYSTEM):
            Group.objects.update(room="101" if arranged else "")
        self.model.arranged = arranged

    @rule(hours=st.sampled_from([1, 25, 7 * 24, 8 * 24]))
    def time_passes(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))

    @precondition(lambda self: self.model.state is S.RUNNING)
    @rule(place=st.integers(0, 2), form=st.sampled_from(["calm", "heavy", "grave"]))
    def somebody_hands_in(self, place: int, form: str) -> None:
        if place >= len(self.model.people):
            return
        person = self.model.people[place]
        if person.agreed and not person.form:
            self.course.hand_in(place, *ANSWERS[form])
            person.form = form

    @rule()
    def the_house_sweeps(self) -> None:
        triage_campaign.sweep_campaigns()
        model = self.model
        if model.state is S.RUNNING and model.runs_until is not None and clock.now() >= model.runs_until:
            model.state = S.QUALITY_CHECK
        if model.state is S.QUALITY_CHECK:
            model.look(only_critical=False)
        elif model.state in (S.RUNNING, S.TRIAGED, S.INTERVIEWING):
            model.look(only_critical=True)

    # --- people

    @rule(who=PEOPLE)
    def confirm(self, who: str) -> None:
        for place, person in self._standing("confirm"):
            row = self.course.row(place)
            done = self._did(
                lambda row=row: triage_campaign.confirm(  # type: ignore[misc]
                    actor=self.course.actor(who), triage_uid=row.uid, level=L(row.proposed)
                )
            )
            assert done is (who in EVERYBODY)
            person.stage = "interview" if done else person.stage

    @rule(who=PEOPLE, level=st.integers(0, 3))
    def talk(self, who: str, level: int) -> None:
        self._talk_with(who, level, "confirm", "interview", "plan", "follow_up")

    def _talk_with(self, who: str, found: int | None, *stages: str) -> None:
        """With the first of them; ``found`` None: the talk finds what was proposed."""
        for place, person in self._standing(*stages)[:1]:
            assert person.level is not None
            level = person.level if found is None else found
            done = self._did(
                lambda place=place, level=level: self.course.talk(
                    self.course.row(place), L(str(level)), by=who
                )  # type: ignore[misc]
            )
            assert done is (who in EVERYBODY)
            if done and person.level == 3 and level < 3:
                person.stage, person.interviewer = "second_reading", who
            elif done:
                person.level, person.stage = level, "plan" if level else ""

    @rule(who=PEOPLE, agrees=st.booleans())
    def read_again(self, who: str, agrees: bool) -> None:
        for place, person in self._standing("second_reading")[:1]:
            row = self.course.row(place)
            done = self._did(
                lambda row=row: triage_campaign.read_as_second(  # type: ignore[misc]
                    actor=self.course.actor(who), triage_uid=row.uid, agrees=agrees, note="看过"
                )
            )
            assert done is (who in EVERYBODY and who != person.interviewer)
            if done:
                with unit_of_work(SYSTEM):
                    lowered = int(row.interviews.order_by("-id")[0].level)
                person.level = lowered if agrees else 3
                person.stage = ("plan" if lowered else "") if agrees else "interview"

    @rule(who=PEOPLE)
    def plan(self, who: str) -> None:
        for place, person in self._standing("plan"):
            done = self._did(lambda place=place: self.course.plan(self.course.row(place), by=who))  # type: ignore[misc]
            assert done is (who in EVERYBODY)
            person.stage = "follow_up" if done else person.stage

    def _standing(self, *stages: str) -> list[tuple[int, Person]]:
        return [(place, one) for place, one in enumerate(self.model.people) if one.stage in stages]

    # --- what always holds

    @invariant()
    def both_stand_at_the_same_place(self) -> None:
        if not hasattr(self, "model"):
            return
        connection.check_constraints()
        assert self.course.state is self.model.state
        with unit_of_work(SYSTEM):
            rows = {
                row.participant_id: row for row in Triage.objects.select_related("deadline__owner__staff")
            }
            people = list(Participant.objects.order_by("id"))
        for stored, person in zip(people, self.model.people, strict=True):
            row = rows.get(stored.id)
            assert (row is None) is (person.level is None)
            if row is None:
                continue
            assert (row.deadline.stage if row.deadline else "") == person.stage
            assert int(row.confirmed or row.proposed) == person.level
            if row.deadline is not None:
                assert row.deadline.is_open
                assert row.deadline.owner.staff is not None

    @invariant()
    def the_history_is_one_line_without_gaps(self) -> None:
        with unit_of_work(SYSTEM):
            entries = list(CampaignEntry.objects.order_by("id").values_list("before", "after"))
        here = "draft"
        for before, after in entries:
            assert before == here
            here = after

    def teardown(self) -> None:
        self.traveller.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def play(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        CampaignLife,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.django_db
def test_the_house_and_the_table_allow_the_same_steps() -> None:
    play(6, 25)


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.timeout(3600)
def test_the_house_and_the_table_allow_the_same_steps_in_many_more_lives() -> None:
    play(200, 60)
