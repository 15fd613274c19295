"""From one sheet to the doubts about it, and how they are kept beside the scores."""

from collections.abc import Mapping, Sequence
from typing import Any

from anxin.domains.assessments.contracts import Doubt
from anxin.domains.assessments.library import taking
from anxin.domains.assessments.rules.validity import Answer, Earlier, doubts
from anxin.domains.assessments.way import Answers, Way, lowest_code
from anxin.domains.instruments.contracts import Item, Verdict


def doubts_about(
    way: Way,
    answers: Answers,
    *,
    seconds: Mapping[int, float],
    verdict: Verdict | str,
    earlier: Earlier | None = None,
) -> tuple[Doubt, ...]:
    """The doubts about one sheet; ``seconds`` holds the places whose time is known."""
    given = [
        Answer(
            code=value,
            lowest=lowest_code(question),
            is_reversed=isinstance(question, Item) and question.reverse,
            seconds=seconds.get(place),
        )
        for place, question, value in zip(way.places, way.questions, answers, strict=True)
        if value is not None
    ]
    return doubts(given, limits=taking().limits, verdict=Verdict(verdict), earlier=earlier)


def as_kept(found: Sequence[Doubt]) -> dict[str, Any]:
    """What stands in the validity of a score sheet; nothing where there is no doubt."""
    return {"credibility": "low", "doubts": [doubt.value for doubt in found]} if found else {}
