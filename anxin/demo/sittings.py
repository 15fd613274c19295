"""The self-tests of eighteen months, in order of time: the quiet many, and among them those that raise a warning."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from anxin.demo.bulk import BATCH, Uids, insert, take_ids
from anxin.demo.people import ADULT, PERSONA, Population
from anxin.demo.progress import Progress
from anxin.demo.sheets import INSTRUMENTS, Sheet, decision_on_answer, draw_sheets
from anxin.demo.tides import Tides
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Decision, Facts

AT_SCALE_1 = 18_000
LANGUAGE = "zh-Hans"
SUBMITTED = "submitted"
_ANONYMOUS_SHARE = 1.6
_EVALUATED_AFTER = timedelta(seconds=2)

Row = tuple[datetime, int, Sheet, "LoudSitting | None"]


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
    occasion: str = ""
    evaluation_id: int = 0
    sitting_id: int = 0

    @property
    def is_critical(self) -> bool:
        """Whether a critical answer raised the warning before the form was handed in."""
        return bool(self.sheet and self.sheet.rules_met)


class SittingWriter:
    """Writes the sittings in order of time, batch by batch, quiet and loud ones together."""

    def __init__(self, population: Population, tides: Tides, rng: Random, uids: Uids) -> None:
        self._people, self._tides, self._rng, self._uids = population, tides, rng, uids
        self._sheets = draw_sheets(rng)
        self._last = {name: array("b", [-1]) * len(population) for name, _ in INSTRUMENTS}
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
        names = [name for name, _ in INSTRUMENTS]
        weights = [share for _, share in INSTRUMENTS]
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
        pool = self._sheets.loud[wanted.level] if wanted.level else self._sheets.quiet[INSTRUMENTS[0][0]]
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
                *("conduct", "respondent", "is_doubtful"),
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
                    *("online", "self", False),
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
        self._answers(rows, ids, uids)
        self._evaluations(rows, ids, handed_in)
        self.written += len(rows)

    def _answers(self, rows: list[Row], ids: range, uids: list[str]) -> None:
        """The answer log of the loud sittings. A critical answer is an event of its own, named by its line."""
        loud = []
        for sitting_id, uid, (moment, _, sheet, one) in zip(ids, uids, rows, strict=True):
            if one is not None:
                one.uid, one.sitting_id, one.occasion = uid, sitting_id, SUBMITTED
                loud.append((one, sheet, moment))
        entry_ids = iter(take_ids("assessments_answerentry", sum(len(sheet.answers) for _, sheet, _ in loud)))
        log = []
        for one, sheet, moment in loud:
            for item, value in enumerate(sheet.answers, start=1):
                entry_id = next(entry_ids)
                answered_at = moment - timedelta(seconds=7 * (len(sheet.answers) - item))
                log.append((entry_id, one.sitting_id, item, value, answered_at))
                if item == sheet.critical_item:
                    one.occasion = f"answer:{entry_id}"
        insert("assessments_answerentry", ("id", "sitting_id", "item", "value", "answered_at"), log)

    def _evaluations(self, rows: list[Row], ids: range, handed_in: list[datetime]) -> None:
        """Every handed-in form was looked at once; a critical answer also at the moment it was given."""
        passes: list[_Pass] = []
        for sitting_id, done, (moment, index, sheet, loud) in zip(ids, handed_in, rows, strict=True):
            path = self._people.home_of(index).path
            if loud is not None and loud.is_critical:
                passes.append(_Pass(loud, sitting_id, path, loud.occasion, decision_on_answer(sheet), moment))
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


@dataclass(frozen=True, slots=True)
class _Pass:
    """One look of the rules at one sitting."""

    loud: LoudSitting | None
    sitting_id: int
    path: str
    occasion: str
    decision: Decision
    at: datetime


def write_anonymous_counts(tides: Tides, sittings: int, rng: Random) -> int:
    """All that is left of anonymous runs: how many finished each instrument on each day."""
    total = 0
    rows = []
    for name, share in INSTRUMENTS:
        for number, count in enumerate(tides.spread(round(sittings * _ANONYMOUS_SHARE * share))):
            seen = max(0, round(count * rng.uniform(0.7, 1.3)))
            if seen:
                rows.append((name, tides.day(number), seen))
                total += seen
    insert("assessments_anonymouscount", ("instrument", "day", "count"), rows)
    return total
