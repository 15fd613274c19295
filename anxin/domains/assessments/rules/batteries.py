"""Batteries: several forms in a row for one kind of person, and where somebody stands in one."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from anxin.domains.assessments.contracts import Part, PartState
from anxin.domains.instruments.contracts import Texts


class BadBatteries(ValueError):
    """The data file does not make sense; the message says where."""


@dataclass(frozen=True, slots=True)
class PartRule:
    """One part: the first form of ``one_of`` that is offered; ``only_if`` names a finding of the part before."""

    one_of: tuple[str, ...]
    only_if: str = ""


@dataclass(frozen=True, slots=True)
class Battery:
    """One kind of person, in words, and the parts in order."""

    id: str
    title: Texts
    promise: Texts
    parts: tuple[PartRule, ...]
    age_min: int | None = None
    age_max: int | None = None

    def is_for(self, age: int | None) -> bool:
        """Whether this age belongs here; an age nobody knows is left to the person."""
        return age is None or (self.age_min or 0) <= age <= (self.age_max or 150)


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part as it will be asked. It is planned once, so that a new edition does not change a run under way."""

    instrument: str
    only_if: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, and which forms of the battery cannot be offered here."""

    parts: tuple[PlannedPart, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A sitting that belongs to a part of a run. ``findings``: the flags of its sheet, once handed in."""

    part: int
    uid: str
    is_submitted: bool
    findings: Mapping[str, bool | None]


def read_batteries(data: Mapping[str, Any], *, is_known: Callable[[str], bool]) -> tuple[Battery, ...]:
    """The batteries of the data file. ``is_known``: whether the library has a form. Raises ``BadBatteries``."""
    batteries = tuple(_battery(entry) for entry in data["batteries"])
    for battery in batteries:
        named = [name for part in battery.parts for name in part.one_of]
        strange = sorted({name for name in named if not is_known(name)})
        if strange:
            raise BadBatteries(f"{battery.id}: no such form: {', '.join(strange)}")
        if len(named) != len(set(named)):
            raise BadBatteries(f"{battery.id}: a form stands twice")
        if not battery.parts or battery.parts[0].only_if:
            raise BadBatteries(f"{battery.id}: the first part cannot depend on one before it")
    if len({battery.id for battery in batteries}) != len(batteries):
        raise BadBatteries("a battery stands twice")
    return batteries


def _battery(entry: Mapping[str, Any]) -> Battery:
    age = entry.get("age", {})
    return Battery(
        id=entry["id"],
        title=entry["title"],
        promise=entry["promise"],
        age_min=age.get("min"),
        age_max=age.get("max"),
        parts=tuple(PartRule(tuple(part["one_of"]), part.get("only_if", "")) for part in entry["parts"]),
    )


def plan(battery: Battery, *, offered: AbstractSet[str]) -> Plan:
    """The parts that can be asked of this person.

    The second of two steps goes with the first: alone it would be asked of everybody or of nobody.
    """
    parts: list[PlannedPart] = []
    absent: list[str] = []
    is_before_asked = False
    for rule in battery.parts:
        chosen = next((name for name in rule.one_of if name in offered), None)
        wanted = rule.one_of[: rule.one_of.index(chosen)] if chosen else rule.one_of
        absent += wanted
        if chosen is not None and (not rule.only_if or is_before_asked):
            parts.append(PlannedPart(chosen, rule.only_if))
        if not rule.only_if:
            is_before_asked = chosen is not None
    return Plan(tuple(parts), tuple(absent))


def standing(
    parts: Sequence[PlannedPart], *, taken: Sequence[Taken], left_out: Sequence[int]
) -> tuple[Part, ...]:
    """Where each part stands, numbered from 1.

    A finding that is open because an answer is missing asks the second step: too much is better than too little.
    """
    by_part = {one.part: one for one in taken}
    found: list[Part] = []
    for number, part in enumerate(parts, start=1):
        sitting = by_part.get(number)
        before = by_part.get(number - 1)
        state = _state(part, sitting, before, is_left_out=number in left_out, earlier=found)
        found.append(Part(number, part.instrument, state, sitting.uid if sitting else ""))
    return tuple(found)


def _state(
    part: PlannedPart,
    sitting: Taken | None,
    before: Taken | None,
    *,
    is_left_out: bool,
    earlier: Sequence[Part],
) -> PartState:
    if sitting is not None and sitting.is_submitted:
        return PartState.DONE
    if is_left_out:
        return PartState.LEFT_OUT
    if sitting is not None:
        return PartState.OPEN
    if not part.only_if:
        return PartState.AHEAD
    if before is not None and before.is_submitted:
        return PartState.NOT_NEEDED if before.findings.get(part.only_if) is False else PartState.AHEAD
    return PartState.NOT_NEEDED if earlier[-1].state in _PASSED else PartState.WAITING


_PASSED = (PartState.LEFT_OUT, PartState.NOT_NEEDED)
_OVER = (PartState.DONE, *_PASSED)


def next_part(parts: Sequence[Part]) -> Part | None:
    """The part to go on with; ``None`` when everything was asked."""
    return next((part for part in parts if part.state not in _OVER), None)


def counted(parts: Sequence[Part]) -> tuple[int, int]:
    """How many parts are behind, and how many there are; a second step that is not needed is none."""
    real = [part for part in parts if part.state is not PartState.NOT_NEEDED]
    return sum(part.state in _OVER for part in real), len(real)
