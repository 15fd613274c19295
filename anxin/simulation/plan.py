"""What happens to the county in a year: who tells what and when. Made from a seed, before anything runs.

Every alarm has dice of its own, so that a part of the stations goes through the same year as all of them together.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from anxin.kernel import clock
from anxin.simulation.assumptions import Assumptions, drawn

DAYS = 365
PHQ9, ITEMS = "phq-9", 9
FORM, SIGNED_IN, CONTACT, QUIET = "form", "signed_in", "contact", "quiet"


@dataclass(frozen=True, slots=True)
class Told:
    """Something a person tells. ``serial`` is the person's: the same number is the same person.

    ``answers``: of a questionnaire; ``safety``: of a request or a check-in; ``dies``: the process that should look at
    it dies at once. ``is_again``: only told while somebody still looks after what the person told before.
    """

    at: datetime
    kind: str
    serial: int
    place: str
    answers: tuple[int, ...] = ()
    safety: str = ""
    dies: bool = False
    twin_phone: bool = False
    is_again: bool = False


def plan_year(
    *, year: int, warnings: int, stations: list[str], towns: list[str], seed: int, given: Assumptions
) -> list[Told]:
    """Everything that is told, in order: enough for ``warnings`` warnings, and what joins them besides."""
    told: list[Told] = []
    left = warnings
    serial = 0
    while left > 0:
        serial += 1
        rng = Random(f"{seed}:alarm:{serial}")
        found = _episode(serial, year, stations, towns, rng, given, may_twin=left > 1)
        told += found
        left -= 2 if any(one.twin_phone for one in found) else 1
    for extra in range(round(warnings * given.share("quiet_forms"))):
        rng = Random(f"{seed}:quiet:{extra}")
        at = _moment(year, rng, given)
        told.append(Told(at, QUIET, serial + extra + 1, rng.choice(stations), answers=_answers(0, rng)))
    return sorted(told, key=lambda one: (one.at, one.serial, one.kind))


def _episode(
    serial: int,
    year: int,
    stations: list[str],
    towns: list[str],
    rng: Random,
    given: Assumptions,
    *,
    may_twin: bool,
) -> list[Told]:
    at = _moment(year, rng, given)
    kind = drawn(rng, given.weights("sources"))
    if kind == CONTACT:
        first = Told(
            at, CONTACT, serial, rng.choice(towns), safety=drawn(rng, given.weights("contact_safety"))
        )
    else:
        level = int(drawn(rng, given.weights("form_levels"))) if kind == FORM else 3
        first = Told(
            at,
            kind,
            serial,
            rng.choice(stations),
            answers=_answers(level, rng),
            safety=drawn(rng, given.weights("check_in")) if kind == SIGNED_IN else "",
            dies=kind == FORM and rng.random() < given.share("evaluation_dies"),
        )
    found = [first]
    if rng.random() < given.share("repeats"):
        found.append(_again(first, rng, given))
    elif kind != CONTACT and may_twin and rng.random() < given.share("twins"):
        later = at + timedelta(minutes=rng.randrange(10, 2000))
        found.append(Told(later, CONTACT, serial, rng.choice(towns), safety="unsure", twin_phone=True))
    return found


def _again(first: Told, rng: Random, given: Assumptions) -> Told:
    """The same person within the next days: it joins the open warning, and may raise it."""
    at = first.at + timedelta(minutes=rng.randrange(5, 2800))
    if first.kind == CONTACT:
        safety = drawn(rng, given.weights("contact_safety"))
        return Told(at, CONTACT, first.serial, first.place, safety=safety, is_again=True)
    level = int(drawn(rng, given.weights("form_levels")))
    return Told(at, FORM, first.serial, first.place, answers=_answers(level, rng), is_again=True)


def _answers(level: int, rng: Random) -> tuple[int, ...]:
    """Nine answers that ask for ``level``: 10 points for L1, 15 for L2, the ninth question for L3."""
    totals = {0: (0, 8), 1: (10, 14), 2: (15, 22), 3: (6, 24)}
    total = rng.randint(*totals[level])
    answers = [0] * ITEMS
    last = ITEMS if level == 3 else ITEMS - 1
    if level == 3:
        answers[-1] = rng.randint(1, 3)
    while sum(answers) < total:
        place = rng.randrange(last - 1 if level == 3 else last)
        if answers[place] < 3:
            answers[place] += 1
    return tuple(answers)


def _moment(year: int, rng: Random, given: Assumptions) -> datetime:
    months: list[float] = list(given.raw["months"])
    month = rng.choices(range(1, 13), months)[0]
    first = date(year, month, 1)
    days = (date(year + month // 12, month % 12 + 1, 1) - first).days
    hour = rng.choices(range(24), list(given.raw["hours"]))[0]
    day = first + timedelta(days=rng.randrange(days))
    return datetime.combine(day, time(hour), clock.LOCAL) + timedelta(seconds=rng.randrange(3600))
