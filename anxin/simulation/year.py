"""The year itself: the clock jumps from one moment at which something happens to the next.

At each of them the service does what it does of itself (climbing, keeping promises, sending), people tell, staff act;
then the clocks are looked at. The worker looks once a second, this loop at the very moment.
"""

import heapq
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from anxin.domains.network import api as network
from anxin.domains.network.contracts import Duty, DutyChange
from anxin.domains.notices import api as notices
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Stage
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.flows.send_notices import send_notices
from anxin.flows.sweep_unevaluated import sweep_unevaluated
from anxin.kernel import clock, outbox
from anxin.kernel.unit_of_work import unit_of_work
from anxin.kernel.working_days import add_working_time
from anxin.simulation.acting import Course, Reaction, Staff
from anxin.simulation.assumptions import Assumptions, assumptions
from anxin.simulation.county import HOUSE, Person, found_county, hire, successor_of
from anxin.simulation.lines import Lines
from anxin.simulation.order import Order
from anxin.simulation.plan import Told, plan_year
from anxin.simulation.provider import UnreliableSms
from anxin.simulation.telling import Heard, Tellers, dice_of
from anxin.simulation.watching import Turn, Watch
from anxin.worker import keep_promise

YEAR = 2026
_SEEN, _UNREAD = timedelta(seconds=15), timedelta(minutes=5, seconds=2)
_SECOND, _RETRY, _SWEEP = timedelta(seconds=1), timedelta(seconds=31), timedelta(seconds=61)
_MOST_MOMENTS = 1_000_000
Act = Callable[[datetime], None]


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    serial: int
    act: Act = field(compare=False)


class Year:
    """One simulated year in the database that Django is connected to."""

    def __init__(self, order: Order, clock_file: Path, lines: Lines) -> None:
        self._order, self._clock_file, self._lines = order, clock_file, lines
        self._given: Assumptions = assumptions()
        self._agenda: list[_Due] = []
        self._serial = itertools.count()
        self._watch = Watch(self._write_clock)
        self._is_sending = False
        self._reads: set[int] = set()

    def run(self) -> None:
        """From the first of January until the last warning is closed, or nothing more will happen."""
        start = datetime(YEAR, 1, 1, tzinfo=clock.LOCAL)
        self._jump(start)
        os.environ["ANXIN_CLOCK_FILE"] = str(self._clock_file)
        self._found(start.date())
        self._lines.write(start, "begun", params=self._about())
        for _ in range(_MOST_MOMENTS):
            at = self._next_moment()
            if at is None:
                break
            self._jump(at)
            self._pass(at)
        else:
            raise RuntimeError("the year does not end")
        self._lines.write(clock.now(), "over", params=self._texts())

    @staticmethod
    def _texts() -> dict[str, int]:
        mine = UnreliableSms
        return {"taken": len(mine.taken), "failed": mine.refused, "repeated": mine.repeated}

    def _about(self) -> dict[str, Any]:
        order = self._order
        return {
            "seed": order.seed,
            "stations": order.stations,
            "assumptions": self._given.version,
            "escalation": not order.without_escalation,
            "l4_within_s": self._l4_within().total_seconds(),
            "part": order.part,
            "parts": order.parts,
        }

    def _l4_within(self) -> timedelta:
        moment = clock.now()
        due_at, _, _ = risk.schedule_step(
            level=Level.L4, stage=Stage.ACKNOWLEDGE, start=moment, add_working_time=add_working_time
        )
        return due_at - moment

    def _jump(self, at: datetime) -> None:
        clock.write_simulation(self._clock_file, simulated=at, rate=0)

    def _at(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._agenda, _Due(at, next(self._serial), act))

    def _next_moment(self) -> datetime | None:
        moments = [self._agenda[0].at] if self._agenda else []
        change = None if self._order.without_escalation else self._watch.next_change_at
        return min([*moments, *([change] if change else [])], default=None)

    def _pass(self, at: datetime) -> None:
        change = self._watch.next_change_at
        if not self._order.without_escalation and change is not None and change <= at:
            escalate_overdue()
            self._look(at)
        while self._agenda and self._agenda[0].at <= at:
            heapq.heappop(self._agenda).act(at)
            self._look(at)

    def _look(self, at: datetime) -> None:
        begun = self._watch.look(at)
        for turn in begun:
            for reaction in self._staff.reactions(turn, at):
                self._plan_reaction(reaction)
                if _is_told(turn):
                    self._read_soon(reaction.person, at)
        if not self._is_sending and any(_is_told(turn) for turn in begun):
            self._is_sending = True
            self._at(at, self._send)
            self._at(at + _UNREAD, self._send)

    def _read_soon(self, person: Person, at: datetime) -> None:
        """Whoever will act has seen the call on their screen; whoever has not is reached for by the next way."""

        def read(moment: datetime) -> None:
            self._reads.discard(person.staff_id)
            notices.mark_all_read(actor=self._staff.actor(person))

        if person.staff_id not in self._reads:
            self._reads.add(person.staff_id)
            self._at(at + _SEEN, read)

    def _plan_reaction(self, reaction: Reaction) -> None:
        self._at(reaction.at, lambda at: self._react(reaction, at))

    def _react(self, reaction: Reaction, at: datetime) -> None:
        turn, person = reaction.turn, reaction.person
        if self._watch.clock_of.get(turn.warning) != turn.clock:
            if turn.stage == "acknowledge" and turn.warning in self._watch.clock_of:
                self._staff.come_too_late(turn, person)
            return
        self._staff.act(turn, person)
        self._look(at)
        if turn.clock in self._watch.turns and self._staff.may_try_again(turn, person):
            # An attempt that reached nobody lets the clock run on: they try again within what is left of it.
            self._agenda_after(reaction, at)

    def _agenda_after(self, reaction: Reaction, at: datetime) -> None:
        def try_again(moment: datetime) -> None:
            current = self._watch.turns.get(reaction.turn.clock)
            if current is not None and current.posting == reaction.turn.posting:
                self._react(Reaction(moment, current, reaction.person), moment)

        left = max(reaction.turn.until - at, timedelta(minutes=2))
        self._at(at + left * self._staff.courses[reaction.turn.warning].dice.uniform(0.1, 0.5), try_again)

    def _send(self, at: datetime) -> None:
        refused = UnreliableSms.refused
        send_notices(limit=200)
        self._is_sending = UnreliableSms.refused > refused
        if self._is_sending:
            self._at(at + _RETRY, self._send)

    def _hear(self, told: Told) -> Act:
        def hear(at: datetime) -> None:
            if told.is_again and self._warning_of.get(told.serial) not in self._watch.clock_of:
                return
            heard = self._tellers.hear(told)
            self._begin(heard, told)
            if heard.is_left_to_sweep:
                self._at(at + _SWEEP, lambda moment: self._sweep())
            if heard.has_promised:
                self._at(at + _SECOND, self._keep_promises)
            if heard.sitting and told.safety:
                self._at(at + timedelta(minutes=2), lambda moment: self._check_in(heard))

        return hear

    def _begin(self, heard: Heard, told: Told) -> None:
        """Keep whom a warning is about. One that was left to the sweep is met when its clock is seen."""
        warning = heard.warning
        if warning is None:
            return
        course = self._staff.begin(
            warning.uid, warning.level, dice_of(self._order.seed, f"course:{told.serial}:{told.twin_phone}")
        )
        course.level = max(course.level, Level(warning.level))
        if told.twin_phone:
            course.twin = self._warning_of.get(told.serial, "")
        self._warning_of.setdefault(told.serial, warning.uid)

    def _check_in(self, heard: Heard) -> None:
        self._begin(Heard(heard.told, self._tellers.check_in(heard)), heard.told)

    def _sweep(self) -> None:
        sweep_unevaluated()

    def _keep_promises(self, at: datetime) -> None:
        while messages := outbox.claim(by="simulation", limit=50):
            for message in messages:
                keep_promise(message)

    def _found(self, today: date) -> None:
        order, given = self._order, self._given
        dice = dice_of(order.seed, "county")
        UnreliableSms.begin(seed=f"{order.seed}:provider:{order.part}", fails=given.share("provider_fails"))
        with unit_of_work(HOUSE):
            self._county = found_county(
                stations=order.stations, tutors=given.share("staff", "lead_is_tutor"), rng=dice, today=today
            )
            self._tellers = Tellers(self._county, self._lines.write)
            told = self._mine(
                plan_year(
                    year=YEAR,
                    warnings=order.warnings,
                    stations=self._county.stations,
                    towns=self._county.towns,
                    seed=order.seed,
                    given=given,
                )
            )
            self._tellers.enter(told)
        self._staff = Staff(self._county, given, self._lines.write)
        self._warning_of: dict[int, str] = {}
        for one in told:
            self._at(one.at, self._hear(one))
        self._lines.people(self._county.people.values())
        for person in self._county.people.values():
            self._plan_absences(person, dice_of(order.seed, f"absences:{person.name}"))

    def _mine(self, told: list[Told]) -> list[Told]:
        order = self._order
        return [one for one in told if one.serial % order.parts == order.part]

    def _plan_absences(self, person: Person, dice: Random) -> None:
        """Sick days nobody announces, a leave that is entered three days before, and the end of a posting."""
        first, given = datetime(YEAR, 1, 1, 8, tzinfo=clock.LOCAL), self._given
        for number in range(365):
            if dice.random() < given.share("staff", "sick_days"):
                since = first + timedelta(days=number)
                person.absences.append((since, since + timedelta(hours=16)))
        if person.rung != "station":
            return
        leave, leaves_for_good = dice.random(), dice.random()
        leave_day, last_day = dice.randrange(10, 350), dice.randrange(30, 330)
        if leave < given.share("staff", "on_leave"):
            since = first + timedelta(days=leave_day)
            span = (since, since + timedelta(days=given.share("staff", "leave_days")))
            person.absences.append(span)
            self._at(since - timedelta(days=3), lambda at: self._announce(person, *span))
        if leaves_for_good < given.share("staff", "leaves_the_post"):
            self._at(first + timedelta(days=last_day), lambda at: self._replace(person, at))

    def _announce(self, person: Person, since: datetime, until: datetime) -> None:
        if person.posting.ends_on is not None:
            return
        with unit_of_work(HOUSE):
            network.record_duty_exception(
                actor=HOUSE,
                posting=person.posting,
                duty=Duty.DUTY_LEAD,
                change=DutyChange.OFF,
                starts_at=since,
                ends_at=until,
                reason="休假",
            )
        self._lines.write(clock.now(), "leave", actor=person.uid, params={"from": since, "until": until})

    def _replace(self, person: Person, at: datetime) -> None:
        """Somebody's last day, and their successor's first one the day after."""
        last_day = clock.local(at).date()
        successor = successor_of(person)
        with unit_of_work(HOUSE):
            person.posting = network.end_posting(
                actor=HOUSE, posting=person.posting, last_day=last_day, reason="调任"
            )
            hire(self._county, [successor], since=last_day + timedelta(days=1))
        midnight = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), clock.LOCAL)
        self._lines.write(at, "left", actor=person.uid, params={"until": midnight})
        self._lines.people([successor], since=midnight)
        person.absences.append((midnight, midnight + timedelta(days=3650)))
        self._staff.forget_rights_of(person)
        self._at(midnight, self._follow)

    def _follow(self, at: datetime) -> None:
        self._keep_promises(at)

    def _write_clock(self, at: datetime, kind: str, warning: str, **more: Any) -> None:
        if "owner" in more:
            person = self._county.people[more.pop("owner")]
            more |= {"owner": person.uid, "node": person.unit}
        self._lines.write(at, kind, warning, level=int(self._course_of(warning).level), **more)

    def _course_of(self, warning: str) -> Course:
        if warning not in self._staff.courses:
            with unit_of_work(HOUSE):
                level = risk.warning_brief(actor=HOUSE, uid=warning).level
            self._staff.begin(warning, level, dice_of(self._order.seed, f"found:{level}"))
        return self._staff.courses[warning]


def _is_told(turn: Turn) -> bool:
    """Whether the service calls somebody to this turn, rather than leaving it with whoever has just acted."""
    return turn.stage in (Stage.ACKNOWLEDGE, Stage.SIGN) or turn.rung_index > 0 or turn.pages > 0
