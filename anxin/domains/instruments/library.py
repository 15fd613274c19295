"""The definitions shipped with the code, each read once. Needs no Django and no database."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.domains.instruments.contracts import BadDefinition, Instrument, InstrumentId, UnknownInstrument
from anxin.domains.instruments.reading import read_instrument
from anxin.domains.instruments.rules.definition import faults

DATA = Path(__file__).parent / "data"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# libyaml reads a definition ten times faster; the pure loader gives the same result where it was not built
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def get(instrument_id: str, version: str | None = None) -> Instrument:
    """The published version, or exactly the asked one."""
    instrument = _published(instrument_id)
    if version is not None and version != instrument.version:
        raise UnknownInstrument(f"instrument {instrument_id} has no version {version}")
    return instrument


def all() -> tuple[Instrument, ...]:
    """Every published definition, by id."""
    return tuple(_published(instrument_id) for instrument_id in ids())


@lru_cache(maxsize=1)
def ids() -> tuple[InstrumentId, ...]:
    return tuple(InstrumentId(path.stem) for path in sorted(DATA.glob("*.yaml")))


def load(path: Path) -> Instrument:
    """Read one file without the schema; refuses a definition that contradicts itself."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    instrument = read_instrument(data)
    found = faults(instrument)
    if found:
        raise BadDefinition(path.name, found)
    return instrument


def check(path: Path) -> Instrument:
    """Read one file with every check: the schema first, so that a fault is named and not guessed at."""
    found = schema_faults(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))
    if found:
        raise BadDefinition(path.name, found)
    return load(path)


def schema_faults(data: object) -> tuple[str, ...]:
    """What the schema says against a definition, each fault with its place."""
    errors = sorted(_validator().iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    return tuple(f"{'/'.join(map(str, error.absolute_path)) or 'file'}: {error.message}" for error in errors)


@lru_cache(maxsize=1)
def _validator() -> Any:
    # only checking needs it, and importing it would double the start of the command line
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((DATA / "schema.json").read_text(encoding="utf-8")))


@lru_cache(maxsize=256)
def _published(instrument_id: str) -> Instrument:
    path = DATA / f"{instrument_id}.yaml"
    # the pattern comes first: an id from a URL or a command line must not walk the file system
    if not _ID.fullmatch(instrument_id) or not path.is_file():
        raise UnknownInstrument(f"unknown instrument {instrument_id!r}")
    return load(path)
