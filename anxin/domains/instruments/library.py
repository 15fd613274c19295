"""The definitions shipped with the code, each read once. Needs no Django and no database.

``data/*.yaml`` is the open core, ``data/packs/<name>/`` holds wording under terms of its own. A pack is switched on
by name in ``ANXIN_INSTRUMENT_PACKS``; switched off, its instruments keep their key (a fact) and lose their wording.
``data/archive/`` keeps superseded versions, so that an old result can be scored again. ``data/refused.yaml`` says
what is not here and why.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

import yaml

from anxin.domains.instruments.contracts import (
    BadDefinition,
    Channel,
    Instrument,
    InstrumentId,
    Option,
    Refused,
    RefusedInstrument,
    UnknownInstrument,
)
from anxin.domains.instruments.reading import read_instrument, reference_faults
from anxin.domains.instruments.rules.definition import faults

DATA = Path(__file__).parent / "data"
_MOST_PARTS = 100_000
PACKS = "ANXIN_INSTRUMENT_PACKS"
DRAFTS = "ANXIN_INSTRUMENT_DRAFTS"
_REFUSED = "refused.yaml"
_SENTENCES = "sentences.yaml"  # of the trail, as in every room
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
# libyaml reads a definition ten times faster; the pure loader gives the same result where it was not built
_SAFE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE):  # type: ignore[misc]
    """YAML keeps the last of two equal keys without a word; a cut-off lost that way is found by nobody."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {name!r} stands twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


def get(instrument_id: str, version: str | None = None) -> Instrument:
    """The published version, or exactly the asked one, also when it was superseded."""
    instrument = _published(instrument_id, switched_on())
    if version is None or version == instrument.version:
        return instrument
    archived = DATA / "archive" / f"{instrument_id}@{version}.yaml"
    if not _VERSION.fullmatch(version) or not archived.is_file():
        raise UnknownInstrument(f"instrument {instrument_id} has no version {version}")
    return _archived(archived)


def all() -> tuple[Instrument, ...]:
    """Every published definition, by id."""
    return tuple(get(instrument_id) for instrument_id in ids())


@lru_cache(maxsize=1)
def ids() -> tuple[InstrumentId, ...]:
    return tuple(InstrumentId(name) for name in sorted(_files()))


@lru_cache(maxsize=1)
def refused() -> tuple[Refused, ...]:
    """What is not offered at all, by id: refused for its terms, or without a key anybody could state."""
    rows = _read_yaml(DATA / _REFUSED)["refused"]
    found = [
        Refused(
            id=InstrumentId(row["id"]),
            title=row["title"],
            table_row=row["table_row"],
            status=row["status"],
            reason=row["reason"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: row.id))


def switched_on() -> frozenset[str]:
    """The packs this instance may use, by name."""
    named = os.environ.get(PACKS, "")
    return frozenset(part.strip() for part in named.split(",") if part.strip())


def is_on(pack: str) -> bool:
    """Whether this instance may show the wording of the pack."""
    return pack in switched_on()


def drafts_allowed() -> bool:
    """Whether staff may use translations that await a reviewer."""
    return os.environ.get(DRAFTS, "").strip().lower() in ("1", "true", "yes", "on")


def load(path: Path) -> Instrument:
    """Read one file without the schema; refuses a definition that contradicts itself."""
    data = _read_yaml(path)
    found = reference_faults(data)
    if not found:
        instrument = read_instrument(data)
        found = faults(instrument)
    if found:
        raise BadDefinition(path.name, found)
    return instrument


def data_of(instrument_id: str, version: str) -> Any:
    """The file of a shipped version as plain data, its pack's wording only while the pack is switched on."""
    instrument = get(instrument_id, version)
    archived = DATA / "archive" / f"{instrument_id}@{version}.yaml"
    data = _read_yaml(archived if archived.is_file() else _files()[instrument_id])
    if instrument.pack and instrument.pack not in switched_on():
        raise UnknownInstrument(f"the pack {instrument.pack} of {instrument_id} is switched off")
    return data


def check(path: Path) -> Instrument:
    """Read one file with every check: the schema first, so that a fault is named and not guessed at."""
    found = schema_faults(_read_yaml(path))
    if found:
        raise BadDefinition(path.name, found)
    instrument = load(path)
    known = {*ids(), instrument.id}
    named = [rule.instrument for rule in instrument.follow_ups]
    named += [flag.follow_up for flag in instrument.flags if flag.follow_up]
    unknown = [name for name in named if name not in known]
    if unknown:
        raise BadDefinition(
            path.name, tuple(f"the follow-up {name!r} is not in the library" for name in unknown)
        )
    return instrument


def schema_faults(data: object) -> tuple[str, ...]:
    """What the schema says against a definition, each fault with its place."""
    from jsonschema.exceptions import best_match

    errors = [best_match([error]) for error in _validator().iter_errors(data)]
    placed = sorted((("/".join(map(str, error.absolute_path)) or "file"), error.message) for error in errors)
    placed += _no_numbers(data, "")
    return tuple(f"{place}: {message}" for place, message in placed)


def _no_numbers(data: object, place: str) -> Iterator[tuple[str, str]]:
    """YAML's .nan and .inf are numbers to a schema, and a bound that is not a number overlaps nothing."""
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(data, dict):
        parts = data.items()
    elif isinstance(data, list):
        parts = enumerate(data)
    for name, part in parts:
        yield from _no_numbers(part, f"{place}/{name}" if place else str(name))
    if isinstance(data, float) and not isfinite(data):
        yield place, f"{data} is no number"


def parse(text: str, name: str) -> Any:
    """YAML as the files are read. Raises ``BadDefinition`` with the line where reading stopped."""
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise BadDefinition(name, (" ".join(str(error).split()),)) from None
    if "&" in text and "*" in text:
        _refuse_endless(data, name)
    return data


def _refuse_endless(data: object, name: str) -> None:
    """References make a file of a few lines endless, or one that fills the memory when it is looked through."""
    waiting, seen = [data], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > _MOST_PARTS:
            raise BadDefinition(name, ("its references make it endless or far too large: write them out",))
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def as_allowed(instrument: Instrument) -> Instrument:
    """As this instance may show it: without its wording while its pack is switched off."""
    if not instrument.pack or instrument.pack in switched_on():
        return instrument
    return _without_wording(instrument)


def _read_yaml(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadDefinition(path.name, (str(error),)) from None
    try:
        return parse(text, path.name)
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        # a name that is a list, a day that does not exist: the loader says so in its own words
        raise BadDefinition(path.name, (f"cannot be read: {error}",)) from None


@lru_cache(maxsize=1)
def _validator() -> Any:
    # only checking needs it, and importing it would double the start of the command line
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((DATA / "schema.json").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    files = [path for path in DATA.glob("*.yaml") if path.name not in (_REFUSED, _SENTENCES)]
    return {path.stem: path for path in (*files, *DATA.glob("packs/*/*.yaml"))}


@lru_cache(maxsize=512)
def _published(instrument_id: str, packs: frozenset[str]) -> Instrument:
    path = _files().get(instrument_id) if _ID.fullmatch(instrument_id) else None
    if path is None:
        _refuse(instrument_id)
    instrument = load(path)
    return instrument if not instrument.pack or instrument.pack in packs else _without_wording(instrument)


@lru_cache(maxsize=64)
def _archived(path: Path) -> Instrument:
    return load(path)


def _refuse(instrument_id: str) -> NoReturn:
    for row in refused():
        if row.id == instrument_id:
            raise RefusedInstrument(f"{row.id} is not in the library ({row.status}): {row.reason}")
    raise UnknownInstrument(f"unknown instrument {instrument_id!r}")


def _without_wording(instrument: Instrument) -> Instrument:
    """The key alone, for staff: what a switched-off pack leaves behind."""
    return replace(
        instrument,
        channels=(Channel.STAFF,),
        disclosure="staff_only",
        instruction={},
        stem={},
        sections=(),
        items=tuple(
            replace(item, text={}, section="", options=_bare(item.options)) for item in instrument.items
        ),
        extra_items=tuple(
            replace(extra, text={}, options=_bare(extra.options)) for extra in instrument.extra_items
        ),
        gate=None
        if instrument.gate is None
        else replace(instrument.gate, text={}, options=_bare(instrument.gate.options)),
        provenance=replace(instrument.provenance, wording_state={}, wording_sha256={}, translations={}),
    )


def _bare(options: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(replace(option, text={}) for option in options)
