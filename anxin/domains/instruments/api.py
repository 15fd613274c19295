"""The door of the instrument room."""

from collections.abc import Mapping, Sequence

from anxin.domains.audit.api import pure
from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import (
    Channel,
    CriticalHit,
    FollowUp,
    Instrument,
    PublicOutcome,
    Refused,
    ScoreSheet,
    Sex,
)
from anxin.domains.instruments.rules import branching, presentation, scoring
from anxin.domains.instruments.rules.tables import ScoringTable

__all__ = [
    "critical_answers",
    "drafts_allowed",
    "follow_ups",
    "list_instruments",
    "list_refused",
    "next_question",
    "public_outcome",
    "published_version",
    "score",
    "scoring_table",
    "unasked",
]


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
def list_refused() -> tuple[Refused, ...]:
    """What is not in the library, and why."""
    return library.refused()


@pure
def drafts_allowed() -> bool:
    """Whether staff of this instance may use translations that await a reviewer."""
    return library.drafts_allowed()


@pure
def next_question(
    instrument: Instrument, answers: Mapping[str, int | None], *, sex: Sex | None = None
) -> str | None:
    """The next question to put; ``answers`` holds every question already put, ``None`` where left blank."""
    return branching.next_question(instrument, answers, sex=sex)


@pure
def unasked(
    instrument: Instrument, answers: Mapping[str, int | None], *, sex: Sex | None = None
) -> frozenset[str]:
    """The questions that the answers so far rule out."""
    return branching.unasked(instrument, answers, sex=sex)


@pure
def follow_ups(instrument: Instrument, sheet: ScoreSheet, *, age: int | None = None) -> tuple[FollowUp, ...]:
    """Which instruments are asked next because of this sheet."""
    return scoring.follow_ups(instrument, sheet, age=age)


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


_tables: dict[tuple[str, str, str], ScoringTable] = {}


@pure
def scoring_table(instrument: Instrument) -> ScoringTable:
    """Scoring in microseconds, for the road a whole city takes in the same hour. Made once for each key."""
    name = (instrument.id, instrument.version, instrument.key_hash)
    if name not in _tables:
        _tables[name] = ScoringTable(instrument)
    return _tables[name]
