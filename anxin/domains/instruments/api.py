"""The door of the instrument room."""

from collections.abc import Mapping, Sequence

from anxin.domains.audit.api import pure, query
from anxin.domains.instruments import drafting, library
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
from anxin.domains.instruments.rules import bound_text, branching, drafts, presentation, rescoring, scoring
from anxin.domains.instruments.rules import differences as difference_rules
from anxin.domains.instruments.rules.tables import ScoringTable
from anxin.domains.instruments.selectors import shelf
from anxin.domains.instruments.selectors.versions import (
    definition_of,
    faults_of,
    history_of,
    may,
    text_of,
    texts_queryset,
    version_of,
    versions_queryset,
    whole_library,
)
from anxin.domains.instruments.services.texts import activate_text, end_text, record_text
from anxin.domains.instruments.services.versions import (
    approve,
    discard_draft,
    draft_from,
    draft_instrument,
    give_back,
    publish,
    retire,
    save_draft,
    send_to_review,
    take_back,
)

__all__ = [
    "activate_text",
    "approve",
    "check_definition",
    "critical_answers",
    "definition_of",
    "definition_text",
    "differences",
    "discard_draft",
    "draft_from",
    "draft_instrument",
    "draft_translations",
    "drafts_allowed",
    "end_text",
    "faults_of",
    "follow_ups",
    "give_back",
    "history_of",
    "is_made_here",
    "is_pack_on",
    "is_same_result",
    "list_instruments",
    "list_refused",
    "may",
    "next_question",
    "parse_definition",
    "public_outcome",
    "publish",
    "published_version",
    "question_names",
    "read_definition",
    "record_text",
    "rescore",
    "retire",
    "save_draft",
    "score",
    "score_many",
    "scoring_table",
    "send_to_review",
    "shipped_number",
    "take_back",
    "text_faults",
    "text_of",
    "texts_queryset",
    "unasked",
    "version_of",
    "versions_queryset",
    "whole_library",
]

check_definition = pure(drafting.check_definition)
definition_text = pure(drafting.definition_text)
differences = pure(difference_rules.differences)
draft_translations = pure(drafts.draft_translations)
is_pack_on = pure(library.is_on)
is_made_here = pure(drafts.is_local)
is_same_result = pure(rescoring.is_same_result)
parse_definition = pure(drafting.parse_definition)
question_names = pure(branching.question_names)
read_definition = pure(drafting.read_definition)
shipped_number = pure(shelf.shipped_number)
text_faults = pure(bound_text.text_faults)


@query()
def published_version(instrument_id: str, version: str | None = None) -> Instrument:
    """The version in force, or exactly the asked one, also when it was superseded or retired.

    A version published here and a licensed text in force are known inside a unit of work; a version asked for by its
    number is found anywhere. Raises ``UnknownInstrument``.
    """
    return shelf.find(instrument_id, version)


@query()
def rescore(
    *,
    instrument: str,
    version: str,
    answers: Sequence[object],
    age: int | None = None,
    sex: Sex | None = None,
) -> ScoreSheet:
    """Score kept answers again with the version they were given under: the same sheet, to the byte.

    ``is_same_result`` compares it with the kept one. Raises ``UnknownInstrument``, ``BadAnswers``.
    """
    return scoring.score(shelf.find(instrument, version), answers, age=age, sex=sex)


@query()
def list_instruments(
    *, channel: Channel | None = None, language: str | None = None
) -> tuple[Instrument, ...]:
    """What may be offered; with a language, only what can be put before a person in it.

    Inside a unit of work with what was published here and the licensed texts in force today.
    """
    return tuple(
        instrument
        for instrument in shelf.everything()
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
def score_many(
    instrument: Instrument,
    forms: Sequence[Sequence[object]],
    *,
    ages: Sequence[int | None] | None = None,
    sexes: Sequence[Sex | None] | None = None,
) -> list[ScoreSheet]:
    """The sheets of many forms of one length at once, the same to the byte as ``score`` gives one by one.

    Raises ``BadAnswers`` with the row, and ``KeyUnverified``.
    """
    # only re-scoring in bulk needs Polars, and importing it takes most of a second
    from anxin.domains.instruments.rules import vectorised

    return vectorised.score_many(instrument, forms, ages=ages, sexes=sexes)


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
