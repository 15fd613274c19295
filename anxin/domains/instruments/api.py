"""The door of the instrument room."""

from collections.abc import Mapping, Sequence

from anxin.domains.audit.api import pure
from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import (
    Channel,
    CriticalHit,
    Instrument,
    PublicOutcome,
    ScoreSheet,
    Sex,
)
from anxin.domains.instruments.rules import presentation, scoring

__all__ = ["critical_answers", "list_instruments", "public_outcome", "published_version", "score"]


@pure
def published_version(instrument_id: str, version: str | None = None) -> Instrument:
    """Raises ``UnknownInstrument``."""
    return library.get(instrument_id, version)


@pure
def list_instruments(
    *, channel: Channel | None = None, language: str | None = None
) -> tuple[Instrument, ...]:
    """What may be offered; with a language, only what can be put before a person in it."""
    return tuple(
        instrument
        for instrument in library.all()
        if instrument.offered
        and (channel is None or channel in instrument.channels)
        and (language is None or language in instrument.languages)
    )


@pure
def score(
    instrument: Instrument, answers: Sequence[object], *, age: int | None = None, sex: Sex | None = None
) -> ScoreSheet:
    """Raises ``BadAnswers`` and ``KeyUnverified``."""
    return scoring.score(instrument, answers, age=age, sex=sex)


@pure
def critical_answers(instrument: Instrument, codes: Mapping[str, int | None]) -> tuple[CriticalHit, ...]:
    """The critical rules met so far; ``codes`` maps the question ("9") to its printed code."""
    return scoring.critical_answers(instrument, codes)


@pure
def public_outcome(sheet: ScoreSheet) -> PublicOutcome:
    """How much support a resident's page offers."""
    return presentation.public_outcome(sheet)
