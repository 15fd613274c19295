"""How staff behave when the service calls them: in time, late, not at all, and sometimes wrong.

What they do they do through the flows of the house, with the rights they hold; what the house refuses is written down
and changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from anxin.domains.access import api as access
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import (
    AssessmentMissing,
    AttemptsMissing,
    ContactChannel,
    ContactOutcome,
    Ending,
    Findings,
    Level,
    Stage,
)
from anxin.flows import acknowledge_warning, assess_warning, contact_person, end_warning, merge_warnings
from anxin.kernel import calendar, clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError
from anxin.simulation.assumptions import Assumptions, drawn
from anxin.simulation.county import County, Person
from anxin.simulation.watching import Turn

Write = Callable[..., None]
_SOON = timedelta(seconds=20)


@dataclass(slots=True)
class Course:
    """What is known of one warning outside the service: the person behind it, and what was tried."""

    dice: Random
    level: Level
    is_never_reached: bool
    tries: int = 0
    is_reached: bool = False
    twin: str = ""
    refused_to: set[tuple[str, str]] = field(default_factory=set)
    refused_endings: set[Ending] = field(default_factory=set)
    is_to_be_assessed: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody will do something about one turn, then."""

    at: datetime
    turn: Turn
    person: Person


class Staff:
    """The people of the county at work."""

    def __init__(self, county: County, given: Assumptions, write: Write) -> None:
        self._county, self._given, self._write = county, given, write
        self._actors: dict[str, Actor] = {}
        self.courses: dict[str, Course] = {}

    def begin(self, uid: str, level: int, dice: Random) -> Course:
        """Somebody's course, which begins with the warning."""
        never = dice.random() < self._given.share("people", "never_reached")
        return self.courses.setdefault(uid, Course(dice, Level(level), never))

    def forget_rights_of(self, person: Person) -> None:
        """They left or changed; the next thing they do asks anew what they may."""
        self._actors.pop(person.uid, None)

    def reactions(self, turn: Turn, at: datetime) -> Iterator[Reaction]:
        """When the person who is called will do something, if at all; at the top the hotline is called beside them."""
        person = self._county.people[turn.posting]
        first = self._reaction(turn, person, at)
        if first is not None:
            yield first
        elif person.rung == "city" and (turn.rung_index or turn.pages):
            hotline = network.on_duty(unit_id=self._county.units["HOT"].id, at=at)
            for colleague in (self._county.people[one.posting_id] for one in hotline):
                other = self._reaction(turn, colleague, at)
                if other is not None:
                    yield other

    def _reaction(self, turn: Turn, person: Person, at: datetime) -> Reaction | None:
        course = self.courses[turn.warning]
        dice = course.dice
        # All dice are thrown whatever they decide, so that one decision does not change the next.
        silent = dice.random() < self._given.share("staff", "silent", person.rung)
        late = dice.random() < self._given.share("staff", "late")
        part = dice.uniform(1.05, 1.9) if late else dice.uniform(0.05, 0.8)
        if turn.stage == Stage.REVIEW:
            part = dice.uniform(1.02, 1.1) if late else dice.uniform(0.7, 0.97)
        if silent or person.is_absent(at) or (turn.stage, person.uid) in course.refused_to:
            return None
        span = max(turn.until - at, timedelta(minutes=1))
        when = at + max(_SOON, span * part)
        if person.rung == "station" and course.level < Level.L3:
            when = _in_office_hours(when)
        return None if person.is_absent(when) else Reaction(when, turn, person)

    def actor(self, person: Person) -> Actor:
        """Who acts, with the rights they hold; asked once for each session of a few weeks."""
        if person.uid not in self._actors:
            self._actors[person.uid] = access.actor_for(account=person.account)
        return self._actors[person.uid]

    def may_try_again(self, turn: Turn, person: Person) -> bool:
        """Whether nothing says that this step is not theirs."""
        return (turn.stage, person.uid) not in self.courses[turn.warning].refused_to

    def act(self, turn: Turn, person: Person) -> None:
        """Do what the clock waits for; or be told why not."""
        course = self.courses[turn.warning]
        try:
            self._STEPS[Stage(turn.stage)](self, turn, person, course)
        except AnxinError as error:
            self._learn(course, turn, person, error)
            self._write(
                clock.now(),
                "refused",
                turn.warning,
                actor=person.uid,
                params={"step": turn.stage, "why": error.code},
            )

    @staticmethod
    def _learn(course: Course, turn: Turn, person: Person, error: AnxinError) -> None:
        """Who may not do a step leaves it to those above; what a rule wants first is done first."""
        if isinstance(error, AssessmentMissing):
            course.is_to_be_assessed = True
        elif isinstance(error, AttemptsMissing):
            course.refused_endings.add(Ending.NOT_REACHABLE)
        else:
            course.refused_to.add((turn.stage, person.uid))

    def come_too_late(self, turn: Turn, person: Person) -> None:
        """Somebody answers a call that somebody else has taken meanwhile."""
        try:
            acknowledge_warning.acknowledge(actor=self.actor(person), warning_uid=turn.warning)
        except AnxinError as error:
            self._write(
                clock.now(),
                "refused",
                turn.warning,
                actor=person.uid,
                params={"step": "late", "why": error.code},
            )

    def _acknowledge(self, turn: Turn, person: Person, course: Course) -> None:
        acknowledge_warning.acknowledge(actor=self.actor(person), warning_uid=turn.warning)

    def _contact(self, turn: Turn, person: Person, course: Course) -> None:
        if course.twin and self._merge(turn, person, course):
            return
        ways = (ContactChannel.PHONE, ContactChannel.SMS, ContactChannel.PHONE, ContactChannel.VISIT)
        answers = not course.is_never_reached and (
            course.dice.random() < self._given.share("people", "answers_the_phone")
        )
        way = ways[min(course.tries, len(ways) - 1)]
        if course.tries >= len(ways) and course.is_never_reached:
            self._give_up(turn, person, course)
            return
        course.tries += 1
        contact_person.log_contact(
            actor=self.actor(person),
            warning_uid=turn.warning,
            channel=way,
            outcome=ContactOutcome.REACHED if answers else ContactOutcome.NO_ANSWER,
        )
        course.is_reached = course.is_reached or answers

    def _give_up(self, turn: Turn, person: Person, course: Course) -> None:
        """Not reachable, after every attempt the rules ask for; a high level needs somebody's assessment first."""
        if course.level >= Level.L3 or Ending.NOT_REACHABLE in course.refused_endings:
            self._assess(turn, person, course)
        else:
            self._propose(turn, person, course, Ending.NOT_REACHABLE)

    def _merge(self, turn: Turn, person: Person, course: Course) -> bool:
        """Two warnings about one person: one is folded into the other, where the person may see both."""
        other, course.twin = course.twin, ""
        actor = self.actor(person)
        try:
            merged = merge_warnings.merge(
                actor=actor, warning_uid=turn.warning, into_uid=other, reason="同一位居民的两次提醒"
            )
        except AnxinError as error:
            self._write(
                clock.now(),
                "refused",
                turn.warning,
                actor=person.uid,
                params={"step": "merge", "why": error.code},
            )
            return False
        self.courses[other].level = Level(merged.level)
        return True

    def _assess(self, turn: Turn, person: Person, course: Course) -> None:
        if not person.may_assess and course.level < Level.L3 and course.dice.random() < 0.5:
            self._propose(turn, person, course, Ending.FALSE_POSITIVE)
            return
        level = course.level
        if course.dice.random() < self._given.share("judgement", "wrong_level"):
            level = Level(min(4, max(1, level + course.dice.choice((-1, 1)))))
        kept = assess_warning.assess(
            actor=self.actor(person),
            warning_uid=turn.warning,
            level=level,
            findings=Findings(),
            summary="模拟评估",
        )
        course.level, course.is_to_be_assessed = Level(kept.warning.level), False

    def _decide(self, turn: Turn, person: Person, course: Course) -> None:
        if course.is_to_be_assessed:
            self._assess(turn, person, course)
            return
        if course.is_never_reached and Ending.NOT_REACHABLE not in course.refused_endings:
            ending = Ending.NOT_REACHABLE
        else:
            ending = Ending(drawn(course.dice, self._given.weights("endings")))
        self._propose(turn, person, course, ending)

    def _propose(self, turn: Turn, person: Person, course: Course, ending: Ending) -> None:
        end_warning.propose(
            actor=self.actor(person), warning_uid=turn.warning, ending=ending, reason="模拟决定"
        )

    def _sign(self, turn: Turn, person: Person, course: Course) -> None:
        actor = self.actor(person)
        if course.dice.random() < self._given.share("judgement", "wrong_ending"):
            end_warning.decline(actor=actor, warning_uid=turn.warning, reason="模拟：去向不合适")
        else:
            end_warning.sign(actor=actor, warning_uid=turn.warning)

    def _review(self, turn: Turn, person: Person, course: Course) -> None:
        if course.is_to_be_assessed:
            self._assess(turn, person, course)
        else:
            self._propose(turn, person, course, Ending.WATCH_OVER)

    _STEPS: dict[Stage, Callable[["Staff", Turn, Person, Course], Any]] = {
        Stage.ACKNOWLEDGE: _acknowledge,
        Stage.CONTACT: _contact,
        Stage.ASSESS: _assess,
        Stage.DECIDE: _decide,
        Stage.SIGN: _sign,
        Stage.REVIEW: _review,
    }


def _in_office_hours(when: datetime) -> datetime:
    """The same moment, or the opening of the next office day after it."""
    local = clock.local(when)
    for later in range(30):
        day = local.date() + timedelta(days=later)
        if not calendar.is_working_day(day):
            continue
        opens = datetime.combine(day, time(8, 30), clock.LOCAL)
        if later == 0 and opens <= local <= opens + timedelta(hours=9):
            return when
        if opens > local:
            return opens + timedelta(minutes=1 + (int(local.timestamp()) % 50))
    raise ValueError("no office day within a month")
