"""Numbers of versions made here, and what an own definition begins as."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from anxin.domains.instruments.editing import VersionState
from anxin.kernel.transitions import Transitions

S = VersionState

TRANSITIONS: Transitions[VersionState] = Transitions(
    {
        S.DRAFT: frozenset({S.IN_REVIEW, S.DISCARDED}),
        S.IN_REVIEW: frozenset({S.DRAFT, S.PUBLISHED}),
        S.PUBLISHED: frozenset({S.RETIRED}),
        S.RETIRED: frozenset(),
        S.DISCARDED: frozenset(),
    }
)

FIRST_LOCAL = 1000
"""The third number of a version made here starts at this; releases stay below, so no number ever means two things."""

Definition = Mapping[str, Any]


def parts_of(version: str) -> tuple[int, int, int]:
    """1.0.1000 → (1, 0, 1000)."""
    first, second, third = version.split(".")
    return int(first), int(second), int(third)


def is_local(version: str) -> bool:
    """Whether the version was made here."""
    last = version.rpartition(".")[2]
    return version.count(".") == 2 and last.isdigit() and int(last) >= FIRST_LOCAL


def next_version(taken: Iterable[str]) -> str:
    """The number after the greatest one taken, in the range of versions made here."""
    first, second, third = max((parts_of(version) for version in taken), default=(1, 0, 0))
    return f"{first}.{second}.{max(third + 1, FIRST_LOCAL)}"


def skeleton(
    *, instrument: str, version: str, title: Mapping[str, str], items: int, codes: int
) -> Definition:
    """The least that passes the checks: a staff form with a plain sum, a key nobody stands for yet."""
    return {
        "format": 1,
        "id": instrument,
        "version": version,
        "mode": "S3",
        "title": dict(title),
        "window": "",
        "channels": ["staff"],
        "disclosure": "staff_only",
        "options": [{"code": code} for code in range(codes)],
        "items": [{"n": number} for number in range(1, items + 1)],
        "scales": [
            {"id": "total", "kind": "sum", "title": {"en": "Total", "zh-Hans": "总分"}, "items": "all"}
        ],
        "missing": {"rule": "any_missing_is_null"},
        "norm_sets": [],
        "licence": {"summary": "not written yet", "granted_by": "", "credit_line": "", "mark": "M"},
        "provenance": {"table_row": 0, "key": "unverified", "key_sources": []},
    }


def renamed(definition: Definition, *, instrument: str, version: str) -> dict[str, Any]:
    """The same form under another name or number. A copy under another name no longer follows itself."""
    copied = deepcopy(dict(definition))
    copied["id"], copied["version"] = instrument, version
    return copied


def approved_translations(
    definition: Definition, languages: Iterable[str], *, reviewer: str, on: str
) -> dict[str, Any]:
    """The same form with these own translations approved by name. Others stay drafts, for staff only."""
    copied = deepcopy(dict(definition))
    translations = copied["provenance"].get("translations", {})
    for language in languages:
        if language in translations:
            translations[language] |= {"status": "approved", "reviewer": reviewer, "reviewed_on": on}
    return copied


def draft_translations(definition: Definition) -> tuple[str, ...]:
    """Languages with a translation of our own that waits for its reviewer."""
    translations = definition["provenance"].get("translations", {})
    return tuple(sorted(name for name, one in translations.items() if one["status"] == "draft"))


_ORDER = (
    *("format", "id", "version", "n", "code", "label", "mode", "kind", "title", "text", "window", "age"),
    *("channels", "respondents", "disclosure", "retest_days", "pack", "no_total", "coding", "instruction"),
    *("stem", "sections", "options", "option_sets", "gate", "items", "reverse", "extra_items", "ask_when"),
    *(
        "skips",
        "scales",
        "partitions",
        "missing",
        "scale",
        "item",
        "at_least",
        "at_most",
        "equals",
        "default",
    ),
    *(
        "population",
        "year",
        "sex",
        "reference",
        "mark",
        "checked",
        "bands",
        "min",
        "max",
        "below",
        "norm_sets",
    ),
    *("when", "action", "severe_at", "critical", "match", "tests", "flags", "classifications", "validity"),
    *("follow_ups", "loinc", "licence", "provenance", "summary", "granted_by", "credit_line", "translation"),
    *("table_row", "key", "key_sources", "wording", "state", "sha256", "sources", "notes", "translations"),
)
_PLACE = {name: place for place, name in enumerate(_ORDER)}


def in_reading_order(value: Any) -> Any:
    """The database keeps no order of names; people read them in the order of the files."""
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: (_PLACE.get(name, len(_ORDER)), name))
        return {name: in_reading_order(value[name]) for name in names}
    if isinstance(value, list):
        return [in_reading_order(one) for one in value]
    return value
