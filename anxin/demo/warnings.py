"""Eighteen months of warnings: which were raised, by whom and how they went, and the ones that are open today."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from anxin.demo.bulk import Uids
from anxin.demo.duty import DutyBook
from anxin.demo.lives import Life, Scripted, Step, chosen
from anxin.demo.network import Network, UnitPlan
from anxin.demo.people import PERSONA, Population
from anxin.demo.roster import add_working_time
from anxin.demo.sheets import decision_on_answer
from anxin.demo.sittings import SUBMITTED, LoudSitting
from anxin.demo.stations import LIUAN, WANGQIAO
from anxin.demo.story import Alarm, Author, Story
from anxin.demo.tides import DAYS, Tides
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Ending, Level, Source, Stage
from anxin.flows.request_contact import LEVEL_BY_SAFETY, REASONS

AT_SCALE_1 = 600
_ENOUGH_FOR_CHARTS = 180
_CONTACT_REQUESTS = 0.08
# An autumn week of screening: some more of the last days, so that there is work on the boards.
_RECENT, _RECENT_DAYS = 0.06, 12
_LEVELS = ((1, 0.48), (2, 0.33), (3, 0.19))
CHECK_IN, CONTACT_REQUEST = Author.program("check-in"), Author.program("contact request")
_DAY = 24 * 60.0


@dataclass(slots=True)
class Request:
    """Somebody unknown who left a phone."""

    at: datetime
    area: UnitPlan
    phone: str
    call_name: str
    is_safe_now: str
    uid: str = ""
    id: int = 0


@dataclass(slots=True)
class Wish:
    """A warning that shall be: from a loud sitting or a request, with or without a script."""

    at: datetime
    loud: LoudSitting | None = None
    request: Request | None = None
    check_in: str = ""
    script: tuple[Step, ...] = ()


@dataclass(slots=True)
class Plan:
    """All wishes in order of time."""

    wishes: list[Wish] = field(default_factory=list)
    quiet: list[LoudSitting] = field(default_factory=list)

    @property
    def wanted(self) -> list[LoudSitting]:
        """The sittings that have to be among the others."""
        return [*self.quiet, *(wish.loud for wish in self.wishes if wish.loud is not None)]

    @property
    def requests(self) -> list[Request]:
        """The contact requests."""
        return [wish.request for wish in self.wishes if wish.request is not None]


def how_many(scale: float, residents: int, sittings: int) -> int:
    """How many warnings a city of this size has.

    A small one has more than its share, so that its charts are not empty, but not more than one for ten self-tests;
    and never more than one for five residents, since each raises one at most.
    """
    wanted = max(round(AT_SCALE_1 * scale), min(_ENOUGH_FOR_CHARTS, sittings // 10))
    return min(wanted, residents // 5)


def plan_warnings(network: Network, tides: Tides, rng: Random, count: int) -> Plan:
    """``count`` warnings; the scripted ones are always among them."""
    staged = list(_staged(tides.now))
    plan = Plan([_scripted(wish, network) for wish in staged])
    total = max(12, count - len(staged) - 1)
    recent = round(total * _RECENT)
    days = [number for number, count in enumerate(tides.spread(total - recent)) for _ in range(count)]
    days += rng.choices(range(DAYS - _RECENT_DAYS, DAYS), k=recent)
    for number, count in sorted(Counter(days).items()):
        # The last moments of today belong to the scripted ones.
        for at in tides.moments(min(number, DAYS - 1), count, rng):
            plan.wishes.append(_wish(at, network, rng))
    _of_the_persona(plan, tides.now)
    plan.wishes.sort(key=lambda wish: wish.at)
    for serial, request in enumerate(plan.requests):
        request.phone = f"154{30_000_000 + serial:08d}"
    return plan


def _wish(at: datetime, network: Network, rng: Random) -> Wish:
    if rng.random() < _CONTACT_REQUESTS:
        area = rng.choice(network.of_kind("county", "zone", "town"))
        safe = rng.choices(("yes", "unsure", "no"), (0.7, 0.2, 0.1))[0]
        name = rng.choice(("", "", "一位母亲", "小林", "老周"))
        return Wish(at, request=Request(at, area, "", name, safe))
    level = chosen(rng, _LEVELS)
    asked = rng.choices(("", "yes", "unsure", "no"), (0.3, 0.46, 0.14, 0.1))[0] if level == Level.L3 else ""
    return Wish(at, loud=LoudSitting(at, level), check_in=asked)


def _scripted(wish: "_Staged", network: Network) -> Wish:
    at, script = wish.at, wish.script
    if wish.safe:
        return Wish(at, request=Request(at, network.named(wish.home), "", "", wish.safe), script=script)
    return Wish(at, loud=LoudSitting(at, wish.level, home=wish.home), check_in=wish.check_in, script=script)


def _of_the_persona(plan: Plan, now: datetime) -> None:
    """The resident one can be has some self-tests behind her, and one warning that ended well."""

    def long_ago(days: float) -> datetime:
        return now - timedelta(days=days)

    plan.quiet = [LoudSitting(long_ago(days), 0, resident=PERSONA) for days in (401, 212, 33.4)]
    at = long_ago(143)
    script: tuple[Step, ...] = (
        Step("acknowledge", 142.8 * _DAY),
        Step("reached", 142 * _DAY),
        Step("assess", 140 * _DAY, level=Level.L1),
    )
    script += (Step("propose", 139.5 * _DAY, Ending.WATCH), Step("propose", 112 * _DAY, Ending.WATCH_OVER))
    plan.wishes.append(Wish(at, loud=LoudSitting(at, 1, resident=PERSONA), script=script))


@dataclass(frozen=True, slots=True)
class _Staged:
    home: str
    level: int
    at: datetime
    script: tuple[Step, ...]
    check_in: str = ""
    safe: str = ""


def _staged(now: datetime) -> Iterable[_Staged]:
    """The boards of the personas when the demo opens: every state, every level, one late and one that has climbed."""

    def open_for(minutes: float, level: int, *script: Step, home: str = LIUAN, check_in: str = "") -> _Staged:
        return _Staged(home, level, now - timedelta(minutes=minutes), script or _UNTOUCHED, check_in)

    yield open_for(6, 3)
    yield open_for(70, 3, Step("acknowledge", 62), Step("missed", 48), check_in="unsure")
    yield open_for(330, 3, Step("acknowledge", 318), Step("reached", 262))
    yield open_for(75, 2)
    yield open_for(9 * 60, 2, Step("acknowledge", 8 * 60))
    yield open_for(2.2 * _DAY, 2, Step("acknowledge", 2.1 * _DAY), Step("reached", 1.6 * _DAY))
    yield open_for(
        3 * _DAY, 2, Step("acknowledge", 2.9 * _DAY), Step("reached", 2.4 * _DAY), Step("assess", 1.2 * _DAY)
    )
    yield open_for(
        6 * _DAY,
        2,
        Step("acknowledge", 5.9 * _DAY),
        Step("reached", 5.4 * _DAY),
        Step("assess", 4.5 * _DAY, level=Level.L2),
        Step("propose", 3.5 * _DAY, Ending.WATCH),
    )
    yield open_for(5 * 60, 1)
    yield open_for(4 * _DAY, 1, Step("acknowledge", 3.5 * _DAY))
    waits = (Step("acknowledge", 1490), Step("reached", 1400), Step("assess", 400, level=Level.L3))
    yield open_for(1500, 3, *waits, Step("propose", 150, Ending.FALSE_POSITIVE))
    hurried = (Step("acknowledge", 197), Step("reached", 194), Step("assess", 180, level=Level.L4))
    yield open_for(200, 3, *hurried, Step("propose", 150, Ending.CASE_OPENED), check_in="no")
    for days in (21, 240):
        begun = days * _DAY
        yield open_for(
            begun,
            3,
            Step("acknowledge", begun - 9),
            Step("reached", begun - 40),
            Step("assess", begun - 400, level=Level.L3),
            Step("propose", begun - 460, Ending.CASE_OPENED),
            Step("sign", begun - 900),
        )
    climbed = _minutes_since(now, Level.L2, _is_with_the_county)
    if climbed:
        yield open_for(climbed + 40, 2, Step("acknowledge", climbed), Step("missed", climbed - 60))
    late = _minutes_since(now, Level.L1, _is_late_but_at_home)
    if late:
        yield open_for(late + 300, 1, Step("acknowledge", late))
    yield open_for(500, 2, Step("acknowledge", 420), home=WANGQIAO)
    yield open_for(3.2 * _DAY, 1, Step("acknowledge", 2.8 * _DAY), home=WANGQIAO)
    yield _Staged("清禾区", 2, now - timedelta(minutes=25), _UNTOUCHED, safe="yes")


_UNTOUCHED = (Step("nothing", -1),)
_Test = Callable[[datetime, datetime, tuple[datetime, ...]], bool]


def _is_with_the_county(now: datetime, due_at: datetime, climbs: tuple[datetime, ...]) -> bool:
    return climbs[0] <= now - timedelta(minutes=30) and now + timedelta(hours=2) < climbs[1]


def _is_late_but_at_home(now: datetime, due_at: datetime, climbs: tuple[datetime, ...]) -> bool:
    return due_at <= now - timedelta(hours=1) and now + timedelta(hours=3) < climbs[0]


def _minutes_since(now: datetime, level: Level, test: _Test) -> float:
    """How long ago a contact clock of ``level`` must have begun for ``test`` to hold now, whatever day it is.

    0 when the response times of this city leave no such moment.
    """
    for hours in range(20, 24 * 40):
        start = now - timedelta(hours=hours)
        due_at, climbs, _ = risk.schedule_step(
            level=level, stage=Stage.CONTACT, start=start, add_working_time=add_working_time
        )
        if test(now, due_at, climbs):
            return hours * 60.0
    return 0


class Teller:
    """Turns wishes into stories, once the sittings are written and everybody has an id."""

    def __init__(self, population: Population, book: DutyBook, tides: Tides, rng: Random, uids: Uids) -> None:
        self._people, self._book, self._tides, self._rng, self._uids = population, book, tides, rng, uids

    def tell(self, plan: Plan) -> list[Story]:
        """Every warning, as it went until now."""
        stories = []
        for wish in plan.wishes:
            story = self._from_loud(wish, wish.loud) if wish.loud else self._from_request(wish.request)
            if wish.check_in and wish.loud:
                self._check_in(story, wish.loud.uid, wish.check_in)
            if wish.script:
                life: Life = Scripted(story, self._book, self._rng, now=self._tides.now, script=wish.script)
            else:
                life = Life(story, self._book, self._rng)
            life.run(self._tides.now)
            stories.append(story)
        return stories

    def _from_loud(self, wish: Wish, loud: LoudSitting) -> Story:
        people, index = self._people, loud.resident
        if loud.sheet is None or loud.decision is None:
            raise RuntimeError("the sitting of a warning was not written")
        decision = decision_on_answer(loud.sheet) if loud.is_critical else loud.decision
        story = Story(
            book=self._book,
            uids=self._uids,
            uid=self._uids.at(wish.at),
            source=Source.SELF_TEST,
            source_key=f"{loud.uid}:{loud.occasion}",
            unit=people.home_of(index),
            level=decision.level,
            reasons=list(risk.reasons_of(decision)),
            raised_at=wish.at if loud.is_critical else wish.at + timedelta(seconds=2),
            resident_id=people.id_of(index),
            evaluation_id=loud.evaluation_id,
            sex="f" if people.is_female[index] else "m",
            age=people.age_of(index, wish.at.date()),
        )
        if loud.is_critical:
            again = Alarm(
                at=wish.at + timedelta(seconds=20),
                source=Source.SELF_TEST,
                key=f"{loud.uid}:{SUBMITTED}",
                level=loud.decision.level,
            )
            story.repeat(again, list(risk.reasons_of(loud.decision)), story.raised_by)
        return story

    def _from_request(self, request: Request | None) -> Story:
        if request is None:
            raise RuntimeError("a wish is either about a sitting or about a request")
        return Story(
            book=self._book,
            uids=self._uids,
            uid=self._uids.at(request.at),
            source=Source.CONTACT_REQUEST,
            source_key=f"contact:{request.uid}",
            unit=request.area,
            level=LEVEL_BY_SAFETY[request.is_safe_now],
            reasons=[REASONS[request.is_safe_now]],
            raised_at=request.at,
            contact_request_id=request.id,
            raised_by=CONTACT_REQUEST,
        )

    def _check_in(self, story: Story, sitting_uid: str, is_safe_now: str) -> None:
        level, message = _CHECKED_IN[is_safe_now]
        reasons = [_reason(f"safe_{is_safe_now}", message)]
        if self._rng.random() < 0.5:
            reasons.append(_reason("wants_call", "The person would like to be called."))
        at = story.raised_at + timedelta(seconds=self._rng.randrange(60, 110))
        key = f"{sitting_uid}:check-in:{self._uids.at(at)}"
        story.repeat(Alarm(at, Source.CHECK_IN, key, level), reasons, CHECK_IN)


def _reason(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "params": {}}


# The words of flows/answer_check_in.py; a test holds them together.
_CHECKED_IN = {
    "yes": (Level.L3, "In the safety check-in the person said they are safe now."),
    "unsure": (Level.L3, "In the safety check-in the person was not sure to be safe."),
    "no": (Level.L4, "In the safety check-in the person said they are not safe now."),
}
