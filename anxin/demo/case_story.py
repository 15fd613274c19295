"""One case from its opening to its end, as the verbs of the cases room would have written it in the past."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from anxin.demo.bulk import Uids
from anxin.demo.duty import DutyBook
from anxin.demo.staff import PostingPlan
from anxin.demo.story import ESCALATION, Author, Clock, Story
from anxin.domains.cases import api as cases_room
from anxin.domains.cases.contracts import CaseStage, CaseState, EntryKind
from anxin.domains.risk.contracts import EntryKind as WarningEntryKind
from anxin.domains.risk.contracts import Level

_MET_BY_CONTACT = frozenset({CaseStage.CONTACT, CaseStage.FOLLOWUP})
_CLIMBS = {
    WarningEntryKind.BREACHED: EntryKind.BREACHED,
    WarningEntryKind.CLIMBED: EntryKind.CLIMBED,
    WarningEntryKind.PAGED: EntryKind.PAGED,
}


@dataclass(slots=True)
class CaseLine:
    """One line of the case's timeline."""

    at: datetime
    kind: EntryKind
    author: Author
    params: dict[str, Any]
    note: str = ""


@dataclass(slots=True)
class CaseCheck:
    """One structured assessment within the case."""

    at: datetime
    level: Level
    findings: dict[str, str]
    summary: str
    by: PostingPlan
    second_reader: PostingPlan | None


@dataclass(slots=True, eq=False)
class CaseStory:
    """A case with everything that hangs on it."""

    book: DutyBook
    uids: Uids
    warning: Story
    manager: PostingPlan
    opened_at: datetime
    legal_basis: str
    reason: str
    uid: str = ""
    level: Level = Level.L1
    state: CaseState = CaseState.OPENED
    closed_at: datetime | None = None
    version: int = 0
    clock: Clock | None = None
    clocks: list[Clock] = field(default_factory=list)
    lines: list[CaseLine] = field(default_factory=list)
    statuses: list[tuple[datetime, CaseState, Author, str]] = field(default_factory=list)
    checks: list[CaseCheck] = field(default_factory=list)
    id: int = 0
    number: str = ""

    def __post_init__(self) -> None:
        at, by = self.opened_at, Author.of(self.manager)
        self.uid, self.level = self.uids.at(at), self.warning.level
        self._start(at)
        self.statuses.append((at, CaseState.OPENED, by, self.reason))
        self._write(
            at,
            EntryKind.OPENED,
            by,
            self.reason,
            warning=self.warning,
            level=int(self.level),
            legal_basis=self.legal_basis,
        )

    @property
    def running(self) -> Clock:
        """The clock of an open case."""
        if self.clock is None:
            raise RuntimeError(f"{self.uid} has ended")
        return self.clock

    def pass_time(self, to: datetime) -> None:
        """Let the clock climb up to ``to``, and write what it did."""
        for at, kind, rung in self.running.advance(to):
            params: dict[str, Any] = {"holder": rung.holder, "unit": rung.unit_name}
            if kind is WarningEntryKind.BREACHED:
                params = {"stage": self.running.stage}
            elif kind is WarningEntryKind.CLIMBED:
                params["rung"] = rung.rung.value
            self._write(at, _CLIMBS[kind], ESCALATION, **params)

    def assess(
        self,
        at: datetime,
        by: PostingPlan,
        level: Level,
        findings: dict[str, str],
        summary: str,
        second_reader: PostingPlan | None = None,
    ) -> None:
        """An assessment; the case takes its level, and the first one moves it on."""
        self.pass_time(at)
        before, self.level = self.level, level
        self.checks.append(CaseCheck(at, level, findings, summary, by, second_reader))
        reader = second_reader.staff.name if second_reader else ""
        params = {"level": int(level), "before": int(before), "second_reader": reader}
        self._write(at, EntryKind.ASSESSED, Author.of(by), summary, **params)
        if self.state is CaseState.OPENED:
            self._enter(at, CaseState.RISK_ASSESSED, Author.of(by), "")
        if self.running.stage in (*_MET_BY_CONTACT, CaseStage.REVIEW, CaseStage.ASSESS) or level < before:
            self._restart(at, by)
        self.version += 1

    def enter(self, at: datetime, by: PostingPlan, state: CaseState, note: str) -> None:
        """Move on along the workflow."""
        self.pass_time(at)
        before = self.state
        self._enter(at, state, Author.of(by), note)
        params = {"state": state.value, "before": before.value}
        self._write(at, EntryKind.STATE_ENTERED, Author.of(by), note, **params)
        self._restart(at, by)
        self.version += 1

    def contact(self, at: datetime, by: PostingPlan, channel: str, outcome: str, note: str) -> None:
        """A contact; reaching the person meets what is owed."""
        self.pass_time(at)
        self._write(at, EntryKind.CONTACT, Author.of(by), note, channel=channel, outcome=outcome)
        if outcome == "reached" and self.running.stage in _MET_BY_CONTACT:
            self._restart(at, by)
        self.version += 1

    def end(self, at: datetime, by: PostingPlan, state: CaseState, reason: str) -> None:
        """The end, approved by somebody who is not the manager."""
        self.pass_time(at)
        self._enter(at, state, Author.of(by), reason)
        self._write(at, EntryKind.ENDED, Author.of(by), reason, state=state.value)
        self.running.end(at, by.staff.name)
        self.clock, self.closed_at = None, at
        self.version += 1

    def _enter(self, at: datetime, state: CaseState, by: Author, note: str) -> None:
        self.state = state
        self.statuses.append((at, state, by, note))

    def _restart(self, at: datetime, by: PostingPlan) -> None:
        self.running.end(at, by.staff.name)
        self._start(at)

    def _start(self, at: datetime) -> None:
        followup_from, contacts = self._followups()
        step = cases_room.step_from(
            state=self.state, level=self.level, since=at, followup_from=followup_from, contacts=contacts
        )
        drawn = self.book.draw_step(self.warning.unit, self.level, step, at, self.manager)
        self.clock = Clock(self.uids.at(at), "case", self.uid, step.stage.value, at, drawn)
        self.clocks.append(self.clock)

    def _followups(self) -> tuple[datetime | None, list[datetime]]:
        if self.state is not CaseState.FOLLOWUP:
            return None, []
        since = max(at for at, state, _, _ in self.statuses if state is CaseState.FOLLOWUP)
        return since, [line.at for line in self.lines if line.at >= since and _counts(line)]

    def _write(self, at: datetime, kind: EntryKind, author: Author, note: str = "", **params: Any) -> None:
        self.lines.append(CaseLine(at, kind, author, params, note))


def _counts(line: CaseLine) -> bool:
    return line.kind is EntryKind.ASSESSED or line.params.get("outcome") == "reached"
