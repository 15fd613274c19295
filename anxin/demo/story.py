"""One warning from its raising to its end, as the verbs of the risk room would have written it, at moments of the past.

The verbs act now and only now. A history needs the same steps long ago: each method here is one verb and leaves the
same rows behind. The clocks climb by the real rule (``deadlines.api.standing``), so a late step has its breach, its
rungs and its calls in the timeline.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from anxin.demo.bulk import Uids
from anxin.demo.duty import Drawn, DutyBook
from anxin.demo.network import UnitPlan
from anxin.demo.staff import PostingPlan
from anxin.domains.deadlines import api as deadlines_room
from anxin.domains.deadlines.contracts import LadderRung, Standing
from anxin.domains.network.contracts import DutyCandidate
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Ending, EntryKind, Level, Source, Stage, WarningState
from anxin.flows.ladders import reach_of

# Where an ending leads while it waits for the second signature.
_STATE_OF_ENDING = {
    Ending.CASE_OPENED: WarningState.CASE_OPENED,
    Ending.WATCH: WarningState.WATCH,
    Ending.WATCH_OVER: WarningState.WATCH,
    Ending.FALSE_POSITIVE: WarningState.FALSE_POSITIVE,
    Ending.NOT_REACHABLE: WarningState.NOT_REACHABLE,
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a line."""

    kind: str
    uid: str
    label: str

    @classmethod
    def program(cls, name: str) -> "Author":
        """A program of the house."""
        return cls("system", f"system:{name}", name)

    @classmethod
    def of(cls, posting: PostingPlan) -> "Author":
        """A member of staff."""
        return cls("staff", posting.staff.account_uid, posting.staff.name)


RISK, ESCALATION = Author.program("risk"), Author.program("escalation")


@dataclass(slots=True)
class Clock:
    """One deadline. ``advance`` climbs it; ``end`` leaves it as it stood."""

    uid: str
    subject_kind: str
    subject_uid: str
    stage: str
    started_at: datetime
    drawn: Drawn
    index: int = 0
    pages: int = 0
    seen: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str = ""
    ended_by: str = ""
    id: int = 0

    @property
    def rung(self) -> LadderRung:
        """Who holds it, as last written down."""
        return self.drawn.ladder.rungs[self.index]

    def advance(self, to: datetime) -> list[tuple[datetime, EntryKind, LadderRung]]:
        """What the sweep wrote down up to ``to``, in order."""
        happened = []
        moment = self.seen or self.started_at
        while (change := self._standing(moment).next_change_at) <= to:
            now_at, moment = self._standing(change), change
            if now_at.is_overdue and self.breached_at is None:
                self.breached_at = self.drawn.due_at
                happened.append((change, EntryKind.BREACHED, now_at.rung))
            if now_at.index > self.index:
                happened.append((change, EntryKind.CLIMBED, now_at.rung))
            elif now_at.pages > self.pages:
                happened.append((change, EntryKind.PAGED, now_at.rung))
            self.index, self.pages = now_at.index, now_at.pages
        self.seen = to
        return happened

    def end(self, at: datetime, by: str, how: str = "met") -> None:
        """Done, in time or late."""
        self.ended_at, self.ended_how, self.ended_by = at, how, by

    def next_change(self) -> datetime:
        """When something changes next, seen from the last moment looked at."""
        return self._standing(self.seen or self.started_at).next_change_at

    def _standing(self, moment: datetime) -> Standing:
        return deadlines_room.standing(self.drawn.ladder, self.drawn.due_at, moment)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm, raised or joined."""

    at: datetime
    source: Source
    key: str
    level: Level
    is_news: bool = True


@dataclass(slots=True)
class Line:
    """One line of the timeline."""

    at: datetime
    kind: EntryKind
    author: Author
    params: dict[str, Any]
    note: str = ""


@dataclass(slots=True)
class Attempt:
    """One attempt to reach the person."""

    at: datetime
    channel: str
    outcome: str
    by: PostingPlan
    note: str


@dataclass(slots=True)
class Assessment:
    """One structured assessment."""

    at: datetime
    level: Level
    findings: dict[str, str]
    summary: str
    by: PostingPlan
    is_competent: bool


@dataclass(slots=True, eq=False)
class Story:
    """A warning with everything that hangs on it."""

    book: DutyBook
    uids: Uids
    uid: str
    source: Source
    source_key: str
    unit: UnitPlan
    level: Level
    reasons: list[dict[str, Any]]
    raised_at: datetime
    resident_id: int | None = None
    contact_request_id: int | None = None
    evaluation_id: int | None = None
    sex: str = ""
    age: int | None = None
    raised_by: Author = RISK
    proposed_level: Level = Level.L1
    confirmed_level: Level | None = None
    state: WarningState = WarningState.NEW
    reach_path: str = ""
    route_reason: str = ""
    acknowledge_due_at: datetime | None = None
    climbed: bool = False
    holder: PostingPlan | None = None
    acknowledged_at: datetime | None = None
    contacted_at: datetime | None = None
    assessed_at: datetime | None = None
    ending: str = ""
    proposed_by: PostingPlan | None = None
    signed_by: PostingPlan | None = None
    merged_into: "Story | None" = None
    closed_at: datetime | None = None
    version: int = 0
    clock: Clock | None = None
    clocks: list[Clock] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    case_wanted_at: datetime | None = None
    id: int = 0
    number: str = ""

    def __post_init__(self) -> None:
        self.proposed_level = self.level
        self.alarms.append(Alarm(self.raised_at, self.source, self.source_key, self.level))
        drawn = self._start(Stage.ACKNOWLEDGE, self.raised_at)
        first = drawn.route.candidate
        self.reach_path, self.route_reason = reach_of(first), drawn.route.reason
        self.acknowledge_due_at = drawn.due_at
        self._write(
            self.raised_at,
            EntryKind.RAISED,
            self.raised_by,
            level=int(self.level),
            holder=first.holder,
            unit=first.unit_name,
        )

    @property
    def running(self) -> Clock:
        """The clock of an open warning."""
        if self.clock is None:
            raise RuntimeError(f"{self.uid} has ended")
        return self.clock

    def pass_time(self, to: datetime) -> None:
        """Let the clock climb up to ``to``, and write what it did."""
        for at, kind, rung in self.running.advance(to):
            if kind is EntryKind.BREACHED:
                self._write(at, kind, ESCALATION, stage=self.running.stage)
                continue
            params = {"holder": rung.holder, "unit": rung.unit_name}
            if kind is EntryKind.CLIMBED:
                params["rung"] = rung.rung.value
                self.climbed = True
                self._widen(reach_of(rung))
            self._write(at, kind, ESCALATION, **params)
            self.version += 1

    def repeat(self, alarm: "Alarm", reasons: list[dict[str, Any]], by: Author) -> None:
        """A further alarm about the same person, before anybody has taken it over; the level can only rise."""
        if self.state is not WarningState.NEW:
            raise RuntimeError("an alarm on a warning that somebody holds would reopen it")
        at, level = alarm.at, alarm.level
        known = {(reason["code"], reason["message"]) for reason in self.reasons}
        fresh = [reason for reason in reasons if (reason["code"], reason["message"]) not in known]
        self.pass_time(at)
        self.alarms.append(replace(alarm, is_news=bool(fresh) or level > self.level))
        self.reasons = [*self.reasons, *fresh]
        codes = [one["code"] for one in reasons]
        self._write(at, EntryKind.REPEATED, by, source=alarm.source.value, codes=codes)
        if level > self.level:
            self._write(at, EntryKind.LEVEL_RAISED, by, before=int(self.level), after=int(level))
            self.level = level
            self.proposed_level = max(self.proposed_level, level)
            due_before = self.running.drawn.due_at
            self.running.end(at, by.label, "replaced")
            drawn = self._start(Stage.ACKNOWLEDGE, at)
            self.running.drawn = replace(drawn, due_at=min(drawn.due_at, due_before))
            self.acknowledge_due_at = self.running.drawn.due_at
            self._widen(reach_of(drawn.route.candidate))
        self.version += 1

    def acknowledge(self, at: datetime, by: PostingPlan) -> None:
        """Taken over."""
        self.pass_time(at)
        self.state, self.holder, self.acknowledged_at = WarningState.ACKNOWLEDGED, by, at
        self._switch(Stage.CONTACT, at, Author.of(by), first=by)
        self._write(at, EntryKind.ACKNOWLEDGED, Author.of(by), unit=by.unit.name)
        self.version += 1

    def try_contact(self, at: datetime, by: PostingPlan, channel: str, outcome: str, note: str) -> None:
        """One attempt; reaching the person moves the clock on."""
        self.pass_time(at)
        self.attempts.append(Attempt(at, channel, outcome, by, note))
        reached = outcome == "reached"
        kind = EntryKind.CONTACTED if reached else EntryKind.CONTACT_TRIED
        self._write(at, kind, Author.of(by), note, channel=channel, outcome=outcome)
        if reached and self.state is WarningState.ACKNOWLEDGED:
            self.state, self.contacted_at = WarningState.CONTACTED, at
            self._switch(Stage.ASSESS, at, Author.of(by), first=by)
        self.version += 1

    def assess(
        self, at: datetime, by: PostingPlan, level: Level, findings: dict[str, str], summary: str
    ) -> None:
        """A structured assessment; a high level never falls."""
        self.pass_time(at)
        before = self.level
        competent = by.staff.is_competent_for_high_risk
        self.assessments.append(Assessment(at, level, findings, summary, by, competent))
        self._switch(Stage.DECIDE, at, Author.of(by), first=by, level=max(before, level))
        self.confirmed_level, self.level = level, max(before, level) if before >= Level.L3 else level
        self.state, self.assessed_at = WarningState.ASSESSED, at
        self._write(at, EntryKind.ASSESSED, Author.of(by), summary, level=int(level), before=int(before))
        self.version += 1

    def propose(self, at: datetime, by: PostingPlan, ending: Ending, reason: str) -> None:
        """How it shall end; below L3 that ends it, or begins the watch."""
        self.pass_time(at)
        self.ending, self.proposed_by, self.signed_by = ending.value, by, None
        self._write(at, EntryKind.ENDING_PROPOSED, Author.of(by), reason, ending=ending.value)
        if ending is Ending.CASE_OPENED:
            self.case_wanted_at = at
        if risk.needs_signature(self.level):
            self.state = _STATE_OF_ENDING[ending]
            drawn = self._switch(Stage.SIGN, at, Author.of(by), without=(by.staff.id,))
            first = drawn.route.candidate
            self._widen(reach_of(first))
        else:
            self._carry_out(at, by)
        self.version += 1

    def sign(self, at: datetime, by: PostingPlan, reason: str) -> None:
        """The second person agrees."""
        self.pass_time(at)
        self.signed_by = by
        self._write(at, EntryKind.ENDING_SIGNED, Author.of(by), reason, ending=self.ending)
        self._carry_out(at, by)
        self.version += 1

    def _carry_out(self, at: datetime, by: PostingPlan) -> None:
        if self.ending == Ending.WATCH:
            self.state = WarningState.WATCH
            self._switch(Stage.REVIEW, at, Author.of(by), first=(self.holder if self.signed_by else by) or by)
            return
        self.state, self.closed_at = WarningState.CLOSED, at
        self.running.end(at, by.staff.name)
        self.clock = None
        self._write(at, EntryKind.CLOSED, Author.of(by), ending=self.ending)

    def _switch(
        self,
        stage: Stage,
        at: datetime,
        by: Author,
        *,
        first: PostingPlan | None = None,
        without: tuple[int, ...] = (),
        level: Level | None = None,
    ) -> Drawn:
        self.running.end(at, by.label)
        holder = self.book.holding(self.unit, first) if first else None
        return self._start(stage, at, first=holder, without=without, level=level)

    def _start(
        self,
        stage: Stage,
        at: datetime,
        *,
        first: DutyCandidate | None = None,
        without: tuple[int, ...] = (),
        level: Level | None = None,
    ) -> Drawn:
        drawn = self.book.draw(self.unit, level or self.level, stage, at, first=first, without=without)
        self.clock = Clock(self.uids.at(at), "warning", self.uid, stage.value, at, drawn)
        self.clocks.append(self.clock)
        return drawn

    def _widen(self, path: str) -> None:
        if self.reach_path.startswith(path):
            self.reach_path = path

    def _write(self, at: datetime, kind: EntryKind, author: Author, note: str = "", **params: object) -> None:
        self.lines.append(Line(at, kind, author, params, note))
