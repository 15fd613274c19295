"""A definition on its way: read from typed text, checked fault by fault, its wording's fingerprints kept honest.

Pure but for the files of the library it is compared with.
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import yaml

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadDefinition, Checked, DefinitionFaulty, Instrument
from anxin.domains.instruments.reading import read_instrument, reference_faults
from anxin.domains.instruments.rules import definition as definition_rules
from anxin.domains.instruments.rules.drafts import in_reading_order
from anxin.domains.instruments.rules.fingerprint import text_hash, wording

_NAME = "definition"
_DEEPEST = 30
_MARK = re.compile(r'in "<unicode string>", line (\d+), column (\d+)')


def parse_definition(text: str) -> dict[str, Any]:
    """Typed YAML (or JSON, which is YAML). Raises ``DefinitionFaulty`` with the line where reading stopped."""
    try:
        data = library.parse(text, _NAME)
    except BadDefinition as error:
        raise DefinitionFaulty(tuple(map(_placed, error.faults))) from None
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        # A name that is a list, a day that does not exist: the loader says so in its own words.
        raise DefinitionFaulty((f"cannot be read: {error}",)) from None
    if not isinstance(data, dict):
        raise DefinitionFaulty(("a definition is a list of names with their values",))
    return {_storable(str(name)): _storable(value) for name, value in data.items()}


def definition_text(definition: Mapping[str, Any]) -> str:
    """As people read and write it."""
    return yaml.safe_dump(
        in_reading_order(definition),
        allow_unicode=True,
        sort_keys=False,
        width=110,
        default_flow_style=None,
    )


def check_definition(definition: Mapping[str, Any], *, known: Iterable[str] = ()) -> Checked:
    """Every fault by name. ``known``: instruments made here, which a follow-up may name as well."""
    unreadable = library.schema_faults(definition) or reference_faults(definition)
    if unreadable:
        return Checked(unreadable=unreadable)
    instrument = read_instrument(definition)
    found = definition_rules.faults(instrument)
    ids = {*library.ids(), *known, instrument.id}
    named = [rule.instrument for rule in instrument.follow_ups]
    named += [flag.follow_up for flag in instrument.flags if flag.follow_up]
    unknown = tuple(f"the follow-up {name!r} is not in the library" for name in named if name not in ids)
    return Checked(contradictions=(*found, *unknown))


def read_definition(definition: Mapping[str, Any]) -> Instrument:
    """Of a definition that could be kept."""
    return read_instrument(definition)


def settled(
    definition: Mapping[str, Any], *, compared: Iterable[str] = (), before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The definition as it is kept, with the fingerprints its author can stand for.

    ``compared``: languages whose words the author compared with the sources named, as they stand now. Words of our
    own translation are fingerprinted as they come, and an approval of other words lapses. Whatever else changed keeps
    its old fingerprint, and the check then says so. ``before`` is what was kept last.
    """
    kept = deepcopy(dict(definition))
    provenance = kept["provenance"]
    translations = provenance.get("translations", {})
    instrument = read_instrument(kept)
    _let_approvals_lapse(translations, instrument, before)
    asserted = set(compared) - set(translations)
    if not asserted and not translations:
        return kept
    record = provenance.setdefault("wording", {"state": {}, "sha256": {}})
    for language in sorted({name for texts in wording(instrument) for name in texts}):
        if language in asserted:
            record["state"][language] = "two-sources"
        if language in asserted or language in translations:
            record["sha256"][language] = text_hash(instrument, language)
    return kept


def _let_approvals_lapse(
    translations: dict[str, Any], instrument: Instrument, before: Mapping[str, Any] | None
) -> None:
    """Who approved a translation approved those words; nobody can write an approval of their own into a draft."""
    earlier = None if before is None else read_instrument(before)
    for language, translation in translations.items():
        if translation["status"] != "approved":
            continue
        same_words = earlier is not None and text_hash(earlier, language) == text_hash(instrument, language)
        stood = None if earlier is None else earlier.provenance.translations.get(language)
        same_name = stood is not None and stood.reviewer == translation.get("reviewer")
        if not (same_words and same_name and stood is not None and stood.status == "approved"):
            translation["status"] = "draft"
            translation.pop("reviewer", None)
            translation.pop("reviewed_on", None)


@lru_cache(maxsize=128)
def shipped_definition(instrument_id: str, version: str) -> Mapping[str, Any]:
    """The file a shipped version was read from, as data. Raises ``UnknownInstrument``. Not to be written to."""
    return library.data_of(instrument_id, version)


def _placed(fault: str) -> str:
    """Where reading stopped, first: the person looks for that line."""
    *_, last = _MARK.finditer(fault) if _MARK.search(fault) else (None,)
    if last is None:
        return f"cannot be read: {fault}"
    why = " ".join(_MARK.sub("", fault).split())
    place = f"line {last[1]}, column {last[2]}"
    return f"{why} at {place}" if why.startswith("the key ") else f"cannot be read at {place}: {why}"


def _storable(value: Any, depth: int = 0) -> Any:
    """YAML reads an unquoted day as a date; the definition wants its words. What no table can hold is refused."""
    if depth > _DEEPEST:
        raise DefinitionFaulty(("it is nested too deep",))
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str) and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise DefinitionFaulty(("a character in it cannot be kept",))
    if isinstance(value, dict):
        return {_storable(str(name)): _storable(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one, depth + 1) for one in value]
    return value
