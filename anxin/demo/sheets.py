"""The answer sheets: forms that people might hand in, scored and evaluated once by the real rules.

A few thousand of each instrument are drawn and sorted by what the rules say of them. The sittings draw from these, so
that a city of 609,000 sittings scores no more sheets than a small one.
"""

import json
from dataclasses import dataclass, field
from random import Random

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Decision, Facts

INSTRUMENTS = (("phq-9", 0.6), ("gad-7", 0.4))
# How readily each question is answered with more than "not at all"; the ninth of the PHQ-9 least of all.
_READINESS = {
    "phq-9": (0.0, 0.0, 0.5, 0.7, 0.1, -0.2, 0.0, -0.8, -2.6),
    "gad-7": (0.3, 0.0, 0.2, 0.2, -0.4, 0.1, -0.3),
}
_POOL = 1500
_LOUD_PER_BURDEN = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answered form with everything that follows from it."""

    instrument: Instrument
    answers: tuple[int, ...]
    total: int
    scores: str
    bands: str
    critical: str
    validity: str
    rules_met: tuple[str, ...]
    critical_item: int
    decision: Decision


def read_sheet(instrument: Instrument, answers: tuple[int, ...]) -> Sheet:
    """Score and evaluate one form."""
    plain = instruments.score(instrument, answers, age=30).as_dict()
    met = tuple(hit["rule"] for hit in plain["critical"])
    facts = Facts(instrument=instrument.id, scores=plain["scores"], critical=met, answers=answers)
    return Sheet(
        instrument=instrument,
        answers=answers,
        total=plain["scores"]["total"],
        scores=json.dumps(plain["scores"]),
        bands=json.dumps(plain["bands"], ensure_ascii=False),
        critical=json.dumps(plain["critical"]),
        validity=json.dumps(plain["validity"] | {"flags": plain["flags"]}),
        rules_met=met,
        critical_item=plain["critical"][0]["items"][0] if met else 0,
        decision=risk.evaluate(facts),
    )


@dataclass(slots=True)
class Sheets:
    """The drawn forms: the quiet ones of each instrument, and the loud ones by level."""

    quiet: dict[str, list[Sheet]] = field(default_factory=dict)
    loud: dict[int, list[Sheet]] = field(default_factory=dict)


def draw_sheets(rng: Random) -> Sheets:
    """Draw until there are enough of each kind; the loud levels are those the rules can give to a form."""
    drawn = Sheets()
    for name, _ in INSTRUMENTS:
        instrument = instruments.published_version(name)
        drawn.quiet[name] = []
        seen: dict[tuple[int, ...], Sheet] = {}
        while len(drawn.quiet[name]) < _POOL:
            burden = rng.gammavariate(1.4, 0.8) - 1.7
            answers = tuple(_answer(rng, burden + readiness) for readiness in _READINESS[name])
            sheet = seen.get(answers) or read_sheet(instrument, answers)
            seen[answers] = sheet
            if sheet.decision.level == 0:
                drawn.quiet[name].append(sheet)
        for burden in (-0.6, 0.0, 0.8, 1.6, 2.4):
            for _ in range(_LOUD_PER_BURDEN):
                answers = tuple(_answer(rng, burden + one + rng.gauss(0, 0.5)) for one in _READINESS[name])
                sheet = read_sheet(instrument, answers)
                if sheet.decision.level:
                    drawn.loud.setdefault(int(sheet.decision.level), []).append(sheet)
    return drawn


def _answer(rng: Random, leaning: float) -> int:
    """0 to 3: three steps, each taken when a draw falls below the leaning."""
    steps = 0
    for hurdle in (0.0, 1.0, 1.7):
        if rng.gauss(leaning, 1.0) <= hurdle:
            break
        steps += 1
    return steps


def decision_on_answer(sheet: Sheet) -> Decision:
    """What the rules say of a critical answer before the form is handed in: there is no total yet."""
    return risk.evaluate(
        Facts(
            instrument=sheet.instrument.id,
            scores={"total": None},
            critical=sheet.rules_met,
            is_complete=False,
        )
    )
