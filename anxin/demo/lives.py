"""How warnings go: mostly in time, sometimes late, now and then wrong. A life yields the moment of its next step.

Whoever runs it stops at the present; what was to come later stays open, with its clock running.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from anxin.demo.duty import DutyBook
from anxin.demo.staff import PostingPlan
from anxin.demo.story import Story
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Ending, Level, WarningState
from anxin.kernel import clock

T = TypeVar("T")
LATE = 0.07
_MAY_ASSESS = frozenset({"counsellor", "therapist", "psychiatrist", "hotline_supervisor"})
_REACHED = (
    "本人接听，说最近睡得不好，愿意再聊一次。",
    "本人接听，说话平稳，家里有人陪着。",
    "电话里聊了十多分钟，约好明天再联系。",
    "本人在上班，说晚上方便，已约时间。",
    "本人愿意来驿站坐坐，约了周末上午。",
)
_MISSED = ("响铃未接，已留短信约时间。", "无人接听，晚些时候再打。", "关机，过两小时再试。")
_CHECKED = ("请社区同事上门看望，家人说本人出差。", "联系到家属，家属说人平安，暂时不想接电话。")
_SUMMARY = {
    Level.L1: (
        "近期压力大，睡眠一般，有人可以说话，没有危险的想法。",
        "情绪低落多在晚上，能照常上班，家人支持。",
    ),
    Level.L2: (
        "持续两周以上提不起劲，影响工作，没有危险的打算。",
        "担心很多，睡眠差，愿意接受咨询，每周联系。",
    ),
    Level.L3: (
        "有过不想活的念头，没有计划，愿意和家人一起保证安全。",
        "念头时有时无，身边有人陪，已约面谈。",
    ),
    Level.L4: ("有想法也有打算，已请家人收好身边的东西并陪同就诊。", "此刻不安全，联动了急救，家人在场。"),
}
_WHY = {
    Ending.WATCH: ("情况平稳，继续关注，到期复看。", "本人愿意保持联系，先观察一段时间。"),
    Ending.WATCH_OVER: ("复看时状态好，结束观察。", "两次联系都平稳，本人同意结束。"),
    Ending.FALSE_POSITIVE: ("本人说当时点错了，聊下来没有担心。", "是替家人试做的，本人状态良好。"),
    Ending.NOT_REACHABLE: ("多次多途径联系不上，已请社区上门查看。",),
    Ending.CASE_OPENED: ("需要持续陪伴，转为个案。", "评估后需要一起做安全计划，开案。"),
}
_ENDINGS: dict[Level, tuple[tuple[Ending, float], ...]] = {
    Level.L1: ((Ending.WATCH, 0.62), (Ending.FALSE_POSITIVE, 0.37), (Ending.CASE_OPENED, 0.01)),
    Level.L2: ((Ending.WATCH, 0.68), (Ending.FALSE_POSITIVE, 0.28), (Ending.CASE_OPENED, 0.04)),
    Level.L3: ((Ending.WATCH, 0.54), (Ending.FALSE_POSITIVE, 0.28), (Ending.CASE_OPENED, 0.18)),
    Level.L4: ((Ending.WATCH, 0.15), (Ending.FALSE_POSITIVE, 0.05), (Ending.CASE_OPENED, 0.8)),
}
_CONFIRMED: dict[Level, tuple[tuple[Level, float], ...]] = {
    Level.L1: ((Level.L1, 0.88), (Level.L2, 0.12)),
    Level.L2: ((Level.L2, 0.72), (Level.L1, 0.28)),
    Level.L3: ((Level.L3, 0.7), (Level.L2, 0.3)),
    Level.L4: ((Level.L4, 0.7), (Level.L3, 0.3)),
}
_NAMES = (
    "ideation",
    "plan",
    "means",
    "intent",
    "past_attempt",
    "substance",
    "psychosis",
    "abuse",
    "protective",
)


def findings_of(level: Level, rng: Random) -> dict[str, str]:
    """A finding for each question of the structured assessment that fits the level."""
    found = dict.fromkeys(_NAMES, "no") | {"protective": "yes", "substance": rng.choice(("no", "unknown"))}
    if level >= Level.L3:
        found |= {"ideation": "yes", "past_attempt": rng.choice(("no", "no", "yes", "unknown"))}
    if level >= Level.L4:
        found |= {
            "plan": "yes",
            "means": "yes",
            "intent": rng.choice(("yes", "unknown")),
            "protective": "unknown",
        }
    return found


def chosen(rng: Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of ``choices`` by its weight."""
    return rng.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


@dataclass(slots=True)
class Life:
    """What happens to one warning when nothing is scripted."""

    story: Story
    book: DutyBook
    rng: Random

    def run(self, now: datetime) -> None:
        """Everything up to ``now``; the clock of what is still open has climbed as far as it must."""
        for moment in self.steps():
            if moment > now:
                break
        if self.story.clock is not None:
            self.story.pass_time(now)

    def steps(self) -> Iterator[datetime]:
        """The moment of each step; the step is done when the next one is asked for."""
        story, rng = self.story, self.rng
        at = self._when(0.03, 0.8)
        yield at
        holder = self._owner(at)
        story.acknowledge(at, holder)
        unreachable = rng.random() < 0.05
        yield from self._contact(holder, unreachable)
        if unreachable and story.state is WarningState.ACKNOWLEDGED:
            yield from self._end(holder, Ending.NOT_REACHABLE)
            return
        assessor = self._assessor(holder)
        if assessor is None:
            yield from self._end(holder, Ending.FALSE_POSITIVE)
            return
        at = self._when(0.05, 0.6)
        yield at
        level = chosen(rng, _CONFIRMED[story.level])
        story.assess(at, assessor, level, findings_of(level, rng), rng.choice(_SUMMARY[level]))
        yield from self._end(assessor, chosen(rng, _ENDINGS[story.level]))
        if story.state is WarningState.WATCH and story.clock is not None:
            at = self._when(0.75, 0.98)
            yield at
            yield from self._propose(at, assessor, Ending.WATCH_OVER)

    def _contact(self, holder: PostingPlan, unreachable: bool) -> Iterator[datetime]:
        story, rng = self.story, self.rng
        tries = ["phone", "sms", "phone"] if unreachable else ["phone"] if rng.random() < 0.25 else []
        if unreachable and story.level >= Level.L3:
            tries.append("visit")
        for channel in tries:
            at = self._when(0.05, 0.3)
            yield at
            notes = _CHECKED if channel == "visit" else _MISSED
            story.try_contact(at, holder, channel, "no_answer", rng.choice(notes))
        if not unreachable:
            at = self._when(0.2, 0.85)
            yield at
            channel = rng.choice(("phone", "phone", "phone", "chat", "visit"))
            story.try_contact(at, holder, channel, "reached", rng.choice(_REACHED))

    def _end(self, by: PostingPlan, ending: Ending) -> Iterator[datetime]:
        at = self._when(0.02, 0.5)
        yield at
        if ending is Ending.NOT_REACHABLE and self.story.level >= Level.L3:
            # Nobody ends a high one unassessed: the papers are assessed, and the person is looked for elsewhere.
            level, rng = self.story.level, self.rng
            self.story.assess(
                at, by, level, findings_of(level, rng), "没有联系到本人，依据作答和家属所述评估。"
            )
            at += timedelta(minutes=5)
            yield at
        yield from self._propose(at, by, ending)

    def _propose(self, at: datetime, by: PostingPlan, ending: Ending) -> Iterator[datetime]:
        story, rng = self.story, self.rng
        story.propose(at, by, ending, rng.choice(_WHY[ending]))
        if risk.needs_signature(story.level):
            at = self._when(0.05, 0.6)
            yield at
            story.sign(
                at,
                self._owner(at),
                rng.choice(("看过记录，同意。", "同意，三天后我再电话问一次。", "同意。")),
            )

    def _assessor(self, holder: PostingPlan) -> PostingPlan | None:
        """The holder, when their role assesses; else a colleague of their station; else nobody."""
        team = [holder, *self.book.team_of(holder.unit)]
        return next((one for one in team if one.post in _MAY_ASSESS), None)

    def _owner(self, at: datetime) -> PostingPlan:
        self.story.pass_time(at)
        return self.book.posting_of[self.story.running.rung.posting_id]

    def _when(self, low: float, high: float) -> datetime:
        """A moment within the time of the running step, or now and then beyond it."""
        running, rng = self.story.running, self.rng
        start = max(running.started_at, running.seen or running.started_at)
        left = max(running.drawn.due_at - start, timedelta(minutes=1))
        if rng.random() < LATE:
            return self._late()
        at = start + left * rng.uniform(low, high)
        return self._civil(at, running.drawn.due_at) if self.story.level < Level.L3 else at

    def _late(self) -> datetime:
        """After the due time; now and then so late that the last rung is called a few times."""
        running, rng = self.story.running, self.rng
        last = running.drawn.ladder.rungs[-1].starts_at
        if last <= running.drawn.due_at or rng.random() < 0.15:
            return max(last, running.drawn.due_at) + timedelta(minutes=rng.uniform(1, 15))
        return running.drawn.due_at + (last - running.drawn.due_at) * rng.uniform(0.03, 0.97)

    def _civil(self, at: datetime, due_at: datetime) -> datetime:
        """Nobody calls at night about something that can wait; the next morning, if there is time for it."""
        local = clock.local(at)
        if 8 <= local.hour < 19:
            return at
        day = local.date() + timedelta(days=local.hour >= 19)
        morning = datetime(day.year, day.month, day.day, 9, tzinfo=clock.LOCAL)
        later = morning + timedelta(minutes=self.rng.randrange(5, 120))
        return later if later < due_at else at


@dataclass(frozen=True, slots=True)
class Step:
    """One scripted step: ``kind`` so many minutes before the present."""

    kind: str
    ago: float
    ending: Ending = Ending.WATCH
    level: Level | None = None


@dataclass(slots=True)
class Scripted(Life):
    """A warning that has to be found in a certain state when the demo opens."""

    now: datetime
    script: tuple[Step, ...]

    def steps(self) -> Iterator[datetime]:
        """The scripted steps."""
        story, rng = self.story, self.rng
        by: PostingPlan | None = None
        for step in self.script:
            at = self.now - timedelta(minutes=step.ago)
            yield at
            by = by or self._owner(at)
            if step.kind == "acknowledge":
                story.acknowledge(at, by)
            elif step.kind == "missed":
                story.try_contact(at, by, "phone", "no_answer", rng.choice(_MISSED))
            elif step.kind == "reached":
                story.try_contact(at, by, "phone", "reached", rng.choice(_REACHED))
            elif step.kind == "assess":
                by = self._assessor(by) or by
                level = step.level or story.level
                story.assess(at, by, level, findings_of(level, rng), rng.choice(_SUMMARY[level]))
            elif step.kind == "propose":
                story.propose(at, by, step.ending, rng.choice(_WHY[step.ending]))
            elif step.kind == "sign":
                story.sign(at, self._owner(at), "看过记录，同意。")
