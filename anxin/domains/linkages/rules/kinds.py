"""The kinds of linkage as data, and what each lets out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anxin.domains.linkages.contracts import (
    Basis,
    BasisMissing,
    Fact,
    FactsMissing,
    FactsTooMany,
    Kind,
    KindRules,
    LinkageDraft,
    LinkageReasonMissing,
    RecipientUnknown,
)

_SPAN = re.compile(r"^([1-9]\d*)(m|h|d)$")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class BadKinds(ValueError):
    """The data file cannot be read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The data file, read."""

    version: str
    kinds: Mapping[Kind, KindRules]
    climbs: tuple[timedelta, ...]
    page_every: timedelta


def read_span(text: object) -> timedelta:
    """``10m``, ``24h`` or ``1d``. Raises :class:`BadKinds`."""
    match = _SPAN.match(str(text))
    if match is None:
        raise BadKinds(text)
    return int(match[1]) * _UNITS[match[2]]


def read_rules(raw: Mapping[str, Any]) -> Rules:
    """From the data form; every kind must be there."""
    return Rules(
        version=str(raw["version"]),
        kinds={kind: _kind(raw["kinds"][kind.value]) for kind in Kind},
        climbs=tuple(read_span(one) for one in raw["climbs"]),
        page_every=read_span(raw["page_every"]),
    )


def _kind(raw: Mapping[str, Any]) -> KindRules:
    facts = frozenset(Fact(one) for one in raw.get("facts", ()))
    required = frozenset(Fact(one) for one in raw.get("required", ()))
    if not required <= facts:
        raise BadKinds("what is required may be passed on")
    return KindRules(
        within=read_span(raw["within"]),
        recipients=tuple(str(one) for one in raw.get("recipients", ())),
        facts=facts,
        required=required,
        bases=tuple(Basis(**one) for one in raw.get("bases", ())),
    )


def check_draft(rules: Rules, draft: LinkageDraft) -> dict[str, str]:
    """The facts that are passed on, trimmed. Raises what is wrong with them."""
    kind = rules.kinds[draft.kind]
    if not draft.reason.strip():
        raise LinkageReasonMissing(field="reason")
    if kind.recipients and draft.recipient not in kind.recipients:
        raise RecipientUnknown(field="recipient")
    if kind.bases and draft.basis not in {one.code for one in kind.bases}:
        raise BasisMissing(field="basis")
    said = {fact: words.strip() for fact, words in draft.facts.items() if words.strip()}
    for fact in said:
        if fact not in kind.facts:
            raise FactsTooMany(field=fact.value)
    for fact in Fact:
        if fact in kind.required and fact not in said:
            raise FactsMissing(field=fact.value)
    return {fact.value: words for fact, words in said.items()}
