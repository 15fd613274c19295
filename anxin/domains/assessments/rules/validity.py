"""Doubts about a sheet: answered too fast, the same everywhere, against a control scale, or again too soon.

A doubt asks for a second look by a person. It changes no score and silences no alarm: it is worked out after both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from anxin.domains.assessments.contracts import Doubt
from anxin.domains.instruments.contracts import Verdict


@dataclass(frozen=True, slots=True)
class Limits:
    """When a doubt begins (``data/taking.yaml``)."""

    least_seconds: float
    share_too_fast: float
    timed_answers: int
    same_answer_items: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a sheet. ``lowest``: the code of least burden; ``seconds``: how long it took, where known."""

    code: int
    lowest: int
    is_reversed: bool
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """When the same person answered the same form before, and the days that should lie between."""

    days: Sequence[date]
    on: date
    interval_days: int
    is_ordered: bool = False


def doubts(
    answers: Sequence[Answer], *, limits: Limits, verdict: Verdict = Verdict.VALID, earlier: Earlier | None
) -> tuple[Doubt, ...]:
    """The doubts about one sheet, in a fixed order."""
    found = {
        Doubt.TOO_FAST: is_too_fast([answer.seconds for answer in answers], limits),
        Doubt.SAME_ANSWER: is_same_answer(answers, limits),
        Doubt.CONTROL_SCALE: verdict is not Verdict.VALID,
        Doubt.REPEATED: earlier is not None and is_repeated(earlier),
    }
    return tuple(doubt for doubt in Doubt if found[doubt])


def is_too_fast(seconds: Sequence[float | None], limits: Limits) -> bool:
    """Most of the answers whose time is known were quicker than a sentence can be read."""
    known = [one for one in seconds if one is not None]
    if len(known) < limits.timed_answers:
        return False
    return sum(one < limits.least_seconds for one in known) > limits.share_too_fast * len(known)


def is_same_answer(answers: Sequence[Answer], limits: Limits) -> bool:
    """One code all the way down a long form.

    "Not at all" nine times is how a good fortnight looks, so the code of least burden counts only where turned
    questions make it contradict itself.
    """
    if len(answers) < limits.same_answer_items or len({answer.code for answer in answers}) > 1:
        return False
    is_mixed = len({answer.is_reversed for answer in answers}) > 1
    return is_mixed or answers[0].code != answers[0].lowest


def is_repeated(earlier: Earlier) -> bool:
    """Again before its time, and nobody decided so."""
    return not earlier.is_ordered and any(
        earlier.on < again_on(day, earlier.interval_days) for day in earlier.days
    )


def again_on(answered_on: date, interval_days: int) -> date:
    """The first day on which the same questions make sense again."""
    return answered_on + timedelta(days=interval_days)
