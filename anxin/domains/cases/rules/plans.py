"""A safety plan as plain values: six parts, in words of the person."""

import json

from anxin.domains.cases.contracts import PlanContent, PlanPart

PART_LENGTH = 600


def is_usable(content: PlanContent) -> bool:
    """Whether it says when it begins and who can be turned to."""
    return bool(content.get(PlanPart.SIGNS)) and bool(
        content.get(PlanPart.WHO_TO_ASK) or content.get(PlanPart.PROFESSIONALS)
    )


def cleaned(content: PlanContent) -> dict[PlanPart, str]:
    """Every part, trimmed; what was left out is empty."""
    return {part: content.get(part, "").strip()[:PART_LENGTH] for part in PlanPart}


def dump(content: PlanContent) -> str:
    """The plan as it is sealed."""
    return json.dumps({part.value: text for part, text in content.items()}, ensure_ascii=False)


def load(sealed: str) -> dict[PlanPart, str]:
    """The plan :func:`dump` wrote, with every part."""
    raw = json.loads(sealed)
    return {part: str(raw.get(part.value, "")) for part in PlanPart}
