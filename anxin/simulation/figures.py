"""The figures of a run, from its lines alone: what ``docs/reference/simulation.md`` defines, and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

TICK = timedelta(seconds=1)
MERGE_WINDOW = timedelta(hours=72)
TOLD_WITHIN = timedelta(minutes=3)
ALARMING_TOTAL = 10
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
Line = Mapping[str, Any]
Span = tuple[datetime, datetime]


@dataclass(slots=True)
class _Clock:
    warning: str
    stage: str
    level: int
    started_at: datetime
    due_at: datetime
    turns: list[tuple[str, datetime]]
    page_every: timedelta
    owners: list[tuple[datetime, str]]
    ended_at: datetime | None = None
    calls: list[tuple[datetime, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Story:
    raised_at: datetime | None = None
    closed_at: datetime | None = None
    acknowledged: list[datetime] = field(default_factory=list)
    clocks: list[_Clock] = field(default_factory=list)


class Run:
    """The lines of a run, put together warning by warning."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = list(lines)
        self.over_at = _at(self.lines[-1]["time"])
        self.l4_within = timedelta(seconds=self.lines[0]["params"]["l4_within_s"])
        self.stories: dict[str, _Story] = defaultdict(_Story)
        self._clocks: dict[tuple[str, int], _Clock] = {}
        self._posted: dict[str, list[Span]] = defaultdict(list)
        for line in self.lines:
            self._take(line)

    def _take(self, line: Line) -> None:
        at, kind, params = _at(line["time"]), line["kind"], line["params"]
        if kind == "posted":
            self._posted[line["actor"]].append((_at(params["from"]), _NEVER))
        elif kind == "left":
            since, _ = self._posted[line["actor"]][-1]
            self._posted[line["actor"]][-1] = (since, _at(params["until"]))
        elif kind.startswith("clock_"):
            self._take_clock(line, at, params)
        elif kind == "raised":
            self.stories[line["warning"]].raised_at = at
        elif kind == "acknowledged":
            self.stories[line["warning"]].acknowledged.append(at)
        elif kind == "closed" or (kind == "merged" and "into" in params):
            self.stories[line["warning"]].closed_at = at

    def _take_clock(self, line: Line, at: datetime, params: Mapping[str, Any]) -> None:
        key = (line["warning"], params["clock"])
        if line["kind"] == "clock_started":
            self._clocks[key] = _Clock(
                warning=line["warning"],
                stage=params["stage"],
                level=line["level"],
                started_at=at,
                due_at=_at(params["due_at"]),
                turns=[(one["rung"], _at(one["at"])) for one in params["turns"]],
                page_every=timedelta(seconds=params["page_every_s"]),
                owners=[(at, line["owner"])],
            )
            self.stories[line["warning"]].clocks.append(self._clocks[key])
        elif line["kind"] == "clock_ended":
            self._clocks[key].ended_at = at
        else:
            self._clocks[key].owners.append((at, line["owner"]))
            self._clocks[key].calls.append((at, params["turn"], params["page"]))

    def unowned(self) -> list[Span]:
        """Every stretch of time in which somebody's warning was nobody's."""
        return [span for story in self.stories.values() for span in self._unowned_of(story)]

    def _unowned_of(self, story: _Story) -> list[Span]:
        if story.raised_at is None:
            return []
        end = story.closed_at or self.over_at
        found: list[Span] = []
        covered = story.raised_at
        for one in story.clocks:
            if one.started_at > covered + TICK:
                found.append((covered, one.started_at))
            covered = max(covered, one.ended_at or self.over_at)
            found += [*self._uncalled(one), *self._owners_gone(one)]
        if covered + TICK < end:
            found.append((covered, end))
        return _joined(found)

    def _uncalled(self, one: _Clock) -> list[Span]:
        """From the moment somebody else had to be called until it was done or needless."""
        end = one.ended_at or self.over_at
        owed = [(at, turn, 0) for turn, (_, at) in enumerate(one.turns) if turn and at > one.started_at]
        page_at, page = max(one.turns[-1][1], one.due_at) + one.page_every, 1
        called = max((call[2] for call in one.calls), default=0)
        while page_at + TICK < end and page <= called + 1:
            owed.append((page_at, len(one.turns) - 1, page))
            page_at, page = page_at + one.page_every, page + 1
        found = []
        for at, turn, number in owed:
            done = min((call[0] for call in one.calls if call[1:] >= (turn, number)), default=end)
            if at + TICK < min(done, end):
                found.append((at, min(done, end)))
        return found

    def _owners_gone(self, one: _Clock) -> list[Span]:
        """Stretches in which the owner named was no longer, or not yet, in post."""
        ends = [at for at, _ in one.owners[1:]] + [one.ended_at or self.over_at]
        found = []
        for (since, owner), until in zip(one.owners, ends, strict=True):
            left = since
            for start, stop in sorted(self._posted.get(owner, [])):
                if start <= left < stop:
                    left = stop
            if left + TICK < until:
                found.append((left, until))
        return found

    def l4_late(self) -> int:
        """Warnings at L4 that nobody took over in time and that did not climb at that moment either."""
        return sum(
            any(
                self._is_l4_late(one) for one in story.clocks if one.stage == "acknowledge" and one.level == 4
            )
            for story in self.stories.values()
        )

    def _is_l4_late(self, one: _Clock) -> bool:
        allowed = one.started_at + self.l4_within + TICK
        answered = one.ended_at is not None and one.ended_at <= allowed
        return not answered and not any(at <= allowed and turn > 0 for at, turn, _ in one.calls)

    def lost(self) -> list[Line]:
        """What people told that asks for a warning, and that none knows of."""
        alarms = [line for line in self.lines if line["kind"] == "alarm"]
        by_person: dict[str, list[datetime]] = defaultdict(list)
        keys = {line["params"]["key"].partition(":")[0] for line in alarms}
        for line in alarms:
            by_person[line["person"]].append(_at(line["time"]))
        return [
            line for line in self.lines if line["kind"] == "told" and not _is_found(line, keys, by_person)
        ]

    def doubled(self) -> int:
        """Alarms counted twice, and warnings raised while one about the same person had rung within 72 hours."""
        alarms = [line for line in self.lines if line["kind"] == "alarm"]
        twice = sum(count - 1 for count in Counter(line["params"]["key"] for line in alarms).values())
        rung: dict[str, dict[str, datetime]] = defaultdict(dict)
        twins = 0
        for line in alarms:
            at, mine = _at(line["time"]), rung[line["person"]]
            if line["warning"] not in mine:
                twins += sum(
                    at - last <= MERGE_WINDOW and (self.stories[other].closed_at or self.over_at) > at
                    for other, last in mine.items()
                )
            mine[line["warning"]] = at
        return twice + twins

    def waits(self) -> list[tuple[int, timedelta, timedelta]]:
        """For each taking over: the level, how long it took, and how long the topmost rung had been called by then."""
        return [wait for story in self.stories.values() for wait in _waits_of(story)]


def figures(lines: Iterable[Line]) -> dict[str, Any]:
    """What is printed."""
    run = Run(lines)
    waits = run.waits()
    raised = [story for story in run.stories.values() if story.raised_at is not None]
    top = [at_top for _, _, at_top in waits]
    return {
        "warnings": len(raised),
        "unowned": len(run.unowned()),
        "l4_late": run.l4_late(),
        "lost": len(run.lost()),
        "doubled": run.doubled(),
        "open_at_end": sum(story.closed_at is None for story in raised),
        "acknowledged_seconds": {f"L{level}": _percentiles(level, waits) for level in (1, 2, 3, 4)},
        "unanswered_at_top_minutes": round(sum(top, timedelta()) / timedelta(minutes=1), 1),
        "longest_at_top_minutes": round(max(top, default=timedelta()) / timedelta(minutes=1), 1),
    }


def _waits_of(story: _Story) -> list[tuple[int, timedelta, timedelta]]:
    found = []
    waiting: list[_Clock] = []
    for one in story.clocks:
        if one.stage != "acknowledge":
            continue
        if waiting and waiting[-1].ended_at != one.started_at:
            waiting = []
        waiting.append(one)
        if one.ended_at in story.acknowledged:
            assert one.ended_at is not None
            reached = min((at for clock in waiting if (at := _top_called_at(clock))), default=one.ended_at)
            found.append((one.level, one.ended_at - waiting[0].started_at, one.ended_at - reached))
            waiting = []
    return found


def _top_called_at(one: _Clock) -> datetime | None:
    if one.turns[0][0] == "city":
        return one.started_at
    return min((at for at, turn, _ in one.calls if one.turns[turn][0] == "city"), default=None)


def _percentiles(level: int, waits: Iterable[tuple[int, timedelta, timedelta]]) -> dict[str, float]:
    took = sorted(wait.total_seconds() for known, wait, _ in waits if known == level)
    # The smallest value that at least so many of a hundred do not exceed.
    ranks = {
        name: max(0, -(-len(took) * share // 100) - 1)
        for name, share in (("p50", 50), ("p90", 90), ("p99", 99))
    }
    return {"count": len(took)} | {name: round(took[rank], 1) for name, rank in ranks.items() if took}


def _is_found(told: Line, keys: set[str], by_person: Mapping[str, list[datetime]]) -> bool:
    params, at = told["params"], _at(told["time"])
    answers = params.get("answers")
    if answers is not None and sum(answers) < ALARMING_TOTAL and not answers[-1]:
        return True
    if params.get("key"):
        return params["key"] in keys
    return any(at <= rang <= at + TOLD_WITHIN for rang in by_person.get(told["person"], []))


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
