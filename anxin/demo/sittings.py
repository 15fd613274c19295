"""The self-tests: answers that people might give, scored and evaluated by the real rules.

Whole answer sheets are drawn first, a few thousand of each instrument, scored once and sorted by what the rules say of
them. The sittings then draw from these, so that a city of 609,000 sittings scores no more sheets than a small one.
"""

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from anxin.demo.bulk import BATCH, Uids, insert, take_ids
from anxin.demo.people import ADULT, PERSONA, Population
from anxin.demo.progress import Progress
from anxin.demo.tides import Tides
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Decision, Facts

AT_SCALE_1 = 18_000
LANGUAGE = "zh-Hans"
SUBMITTED, ANSWER = "submitted", "answer"
_INSTRUMENTS = (("phq-9", 0.6), ("gad-7", 0.4))
# How readily each question is answered with more than "not at all"; the ninth of the PHQ-9 least of all.
_READINESS = {
    "phq-9": (0.0, 0.0, 0.5, 0.7, 0.1, -0.2, 0.0, -0.8, -2.6),
    "gad-7": (0.3, 0.0, 0.2, 0.2, -0.4, 0.1, -0.3),
}
_POOL = 1500
_LOUD_PER_LEVEL = 40
_ANONYMOUS_SHARE = 1.6
_EVALUATED_AFTER = timedelta(seconds=2)

Row = tuple[datetime, int, "Sheet", "LoudSitting | None"]


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
    decision: Decision


@dataclass(slots=True)
class LoudSitting:
    """A sitting that has to be there, mostly one that raises a warning: what is wanted, and what came of it."""

    at: datetime
    level: int
    home: str = ""
    resident: int = -1
    sheet: Sheet | None = None
    decision: Decision | None = None
    uid: str = ""
    evaluation_id: int = 0
    sitting_id: int = 0

    @property
    def is_critical(self) -> bool:
        """Whether a critical answer raised the warning before the form was handed in."""
        return bool(self.sheet and self.sheet.rules_met)


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
    for name, _ in _INSTRUMENTS:
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
            for _ in range(_LOUD_PER_LEVEL):
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


class SittingWriter:
    """Writes the sittings in order of time, batch by batch, quiet and loud ones together."""

    def __init__(self, population: Population, tides: Tides, rng: Random, uids: Uids) -> None:
        self._people, self._tides, self._rng, self._uids = population, tides, rng, uids
        self._sheets = draw_sheets(rng)
        self._last = {name: array("b", [-1]) * len(population) for name, _ in _INSTRUMENTS}
        self._at_home: dict[str, list[int]] = {}
        self._spoken_for: set[int] = {PERSONA}
        self.written = 0

    def write(self, total: int, loud: list[LoudSitting], progress: Progress) -> None:
        """``total`` sittings, the ``loud`` among them; fills in what came of each loud one."""
        rows: list[Row] = []
        for one in self._in_order(total, sorted(loud, key=lambda wanted: wanted.at)):
            rows.append(one)
            if len(rows) == BATCH:
                self._flush(rows)
                progress.part(f"{self.written} of {total} self-tests")
                rows = []
        self._flush(rows)

    def _in_order(self, total: int, loud: list[LoudSitting]) -> Iterator[Row]:
        waiting = iter(loud)
        coming = next(waiting, None)
        names = [name for name, _ in _INSTRUMENTS]
        weights = [share for _, share in _INSTRUMENTS]
        for number, count in enumerate(self._tides.spread(max(total - len(loud), 0))):
            for moment in self._tides.moments(number, count, self._rng):
                while coming is not None and coming.at <= moment:
                    yield self._loud(coming)
                    coming = next(waiting, None)
                name = self._rng.choices(names, weights)[0]
                sheet = self._rng.choice(self._sheets.quiet[name])
                index = self._somebody(number)
                self._last[name][index] = sheet.total
                yield moment, index, sheet, None
        while coming is not None:
            yield self._loud(coming)
            coming = next(waiting, None)

    def _loud(self, wanted: LoudSitting) -> Row:
        day = (wanted.at.date() - self._tides.epoch).days
        if wanted.resident < 0:
            wanted.resident = self._somebody(day, home=wanted.home, only_once=True)
        pool = self._sheets.loud[wanted.level] if wanted.level else self._sheets.quiet[_INSTRUMENTS[0][0]]
        wanted.sheet = sheet = self._rng.choice(pool)
        before = self._last[sheet.instrument.id][wanted.resident]
        facts = Facts(
            instrument=sheet.instrument.id,
            scores={"total": sheet.total},
            critical=sheet.rules_met,
            answers=sheet.answers,
            previous_total=before if before >= 0 else None,
        )
        wanted.decision = risk.evaluate(facts)
        self._last[sheet.instrument.id][wanted.resident] = sheet.total
        return wanted.at, wanted.resident, sheet, wanted

    def _somebody(self, day: int, *, home: str = "", only_once: bool = False) -> int:
        """An adult with an account who had joined by ``day``; somebody of ``home`` when it is named."""
        people, rng, day_date = self._people, self._rng, self._tides.day(day)
        pool = people.at_home(home) if home else None
        joined = people.joined_by(day)
        for _ in range(10_000):
            index = rng.choice(pool) if pool else rng.randrange(joined)
            if only_once and index in self._spoken_for:
                continue
            if index < joined and people.has_account[index] and people.age_of(index, day_date) >= ADULT:
                if only_once:
                    self._spoken_for.add(index)
                return index
        raise RuntimeError("nobody is left who could have taken this self-test: ask for more residents")

    def _flush(self, rows: list[Row]) -> None:
        ids = take_ids("assessments_sitting", len(rows))
        uids = [self._uids.at(moment) for moment, _, _, _ in rows]
        handed_in = [
            moment + timedelta(seconds=18 if loud and loud.is_critical else 0) for moment, _, _, loud in rows
        ]
        insert(
            "assessments_sitting",
            (
                *("id", "uid", "resident_id", "scope_path", "instrument", "instrument_version", "language"),
                *("state", "answers", "started_at", "submitted_at", "evaluated_at"),
            ),
            (
                (
                    *(row_id, uid, self._people.id_of(index), self._people.home_of(index).path),
                    *(sheet.instrument.id, sheet.instrument.version, LANGUAGE, "submitted", sheet.answers),
                    *(
                        moment - timedelta(seconds=self._rng.randrange(60, 400)),
                        done,
                        done + _EVALUATED_AFTER,
                    ),
                )
                for row_id, uid, done, (moment, index, sheet, _) in zip(
                    ids, uids, handed_in, rows, strict=True
                )
            ),
        )
        insert(
            "assessments_scoresheet",
            (
                *("uid", "sitting_id", "instrument", "instrument_version", "key_hash"),
                *("scores", "bands", "critical", "validity", "scored_at"),
            ),
            (
                (
                    *(self._uids.at(done), row_id, sheet.instrument.id, sheet.instrument.version),
                    *(
                        sheet.instrument.key_hash,
                        sheet.scores,
                        sheet.bands,
                        sheet.critical,
                        sheet.validity,
                        done,
                    ),
                )
                for row_id, done, (_, _, sheet, _) in zip(ids, handed_in, rows, strict=True)
            ),
        )
        self._evaluations(rows, ids, uids, handed_in)
        self.written += len(rows)

    def _evaluations(self, rows: list[Row], ids: range, uids: list[str], handed_in: list[datetime]) -> None:
        """Every handed-in form was looked at once; a critical answer also at the moment it was given."""
        passes: list[_Pass] = []
        for sitting_id, uid, done, (moment, index, sheet, loud) in zip(
            ids, uids, handed_in, rows, strict=True
        ):
            path = self._people.home_of(index).path
            if loud is not None:
                loud.uid, loud.sitting_id = uid, sitting_id
                if loud.is_critical:
                    passes.append(_Pass(loud, sitting_id, path, ANSWER, decision_on_answer(sheet), moment))
            decision = loud.decision if loud is not None and loud.decision else sheet.decision
            passes.append(_Pass(loud, sitting_id, path, SUBMITTED, decision, done + _EVALUATED_AFTER))
        evaluation_ids = take_ids("risk_evaluation", len(passes))
        for row_id, one in zip(evaluation_ids, passes, strict=True):
            if one.loud is not None and not one.loud.evaluation_id:
                one.loud.evaluation_id = row_id
        insert(
            "risk_evaluation",
            (
                "id",
                "uid",
                "sitting_id",
                "scope_path",
                "occasion",
                "rule_set",
                "level",
                "reasons",
                "evaluated_at",
            ),
            (
                (
                    *(row_id, self._uids.at(one.at), one.sitting_id, one.path, one.occasion),
                    *(
                        one.decision.rule_set,
                        int(one.decision.level),
                        list(risk.reasons_of(one.decision)),
                        one.at,
                    ),
                )
                for row_id, one in zip(evaluation_ids, passes, strict=True)
            ),
        )
        insert(
            "assessments_answerentry",
            ("sitting_id", "item", "value", "answered_at"),
            (
                (loud.sitting_id, item, value, moment - timedelta(seconds=7 * (len(sheet.answers) - item)))
                for moment, _, sheet, loud in rows
                if loud is not None
                for item, value in enumerate(sheet.answers, start=1)
            ),
        )


@dataclass(frozen=True, slots=True)
class _Pass:
    """One look of the rules at one sitting."""

    loud: LoudSitting | None
    sitting_id: int
    path: str
    occasion: str
    decision: Decision
    at: datetime


def decision_on_answer(sheet: Sheet) -> Decision:
    """What the rules say of a critical answer before the form is handed in: there is no total yet."""
    return risk.evaluate(
        Facts(
            instrument=sheet.instrument.id,
            scores={"total": None},
            critical=sheet.rules_met,
            answers=sheet.answers,
            is_complete=False,
        )
    )


def write_anonymous_counts(tides: Tides, sittings: int, rng: Random) -> int:
    """All that is left of anonymous runs: how many finished each instrument on each day."""
    total = 0
    rows = []
    for name, share in _INSTRUMENTS:
        for number, count in enumerate(tides.spread(round(sittings * _ANONYMOUS_SHARE * share))):
            seen = max(0, round(count * rng.uniform(0.7, 1.3)))
            if seen:
                rows.append((name, tides.day(number), seen))
                total += seen
    insert("assessments_anonymouscount", ("instrument", "day", "count"), rows)
    return total
