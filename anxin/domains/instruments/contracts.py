"""What others may see of an instrument: its definition, a score sheet, and the ways it can refuse.

Answers are the printed codes of the form, in form order, before any reversal; ``None`` is a missing answer.
Scores are numbers or ``None``; a score is ``None`` whenever an answer it needs is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, NewType

InstrumentId = NewType("InstrumentId", str)
Score = int | float | None
Texts = Mapping[str, str]
"""Language tag → text. A language is absent unless its text was compared with two sources."""


class Sex(StrEnum):
    FEMALE = "f"
    MALE = "m"


class Mode(StrEnum):
    """How an instrument may be shipped."""

    OPEN = "S1"
    PACK = "S2"
    STAFF = "S3"
    KEY_ONLY = "K"


class Channel(StrEnum):
    PUBLIC = "public"
    STAFF = "staff"


class Mark(StrEnum):
    """How a figure is known: compared with a named source, from memory, or our own proposal."""

    VERIFIED = "V"
    MEMORY = "M"
    PROPOSAL = "D"


class ScaleKind(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"
    MEAN_OF_COUNTED = "mean_of_counted"
    LINEAR = "linear"


class CriticalAction(StrEnum):
    SUICIDE_FLOW = "suicide_flow"
    ASK_RISK = "ask_risk"


class CriticalLevel(StrEnum):
    CRITICAL = "critical"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class Option:
    code: int
    text: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One scored question. ``asked_of`` None means everybody."""

    number: int
    options: tuple[Option, ...]
    reverse: bool = False
    text: Texts = field(default_factory=dict)
    asked_of: Sex | None = None
    loinc: str = ""

    @property
    def codes(self) -> tuple[int, ...]:
        return tuple(option.code for option in self.options)

    def value_of(self, code: int) -> int:
        """What a printed code counts: mirrored inside the item's own range when the item is reversed."""
        return min(self.codes) + max(self.codes) - code if self.reverse else code


@dataclass(frozen=True, slots=True)
class ExtraItem:
    """A printed question that is never scored; it may still be critical."""

    code: str
    options: tuple[Option, ...]
    text: Texts = field(default_factory=dict)
    loinc: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A question before the first item that decides whether the rest is asked at all."""

    options: tuple[Option, ...]
    text: Texts = field(default_factory=dict)


Question = Item | ExtraItem | Gate


@dataclass(frozen=True, slots=True)
class SkipRule:
    """After one of ``codes`` on ``question`` (an item number or "gate"), ``skips`` each count ``value``."""

    question: str
    codes: tuple[int, ...]
    skips: tuple[int, ...]
    value: int


@dataclass(frozen=True, slots=True)
class MissingRule:
    """Any missing answer makes each scale that needs it ``None``.

    ``prorating`` says what is published about filling in, with its mark; it is told to readers, not applied.
    """

    prorating: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """``at_least``: the value from which an item counts; ``of``, ``times``, ``plus``: derived from another.

    A linear scale drops the fraction: the Zung standard score is int(raw × 1.25), never rounded.
    """

    id: str
    kind: ScaleKind
    title: Texts
    items: tuple[int, ...] = ()
    at_least: int | None = None
    of: str = ""
    times: Fraction = Fraction(1)
    plus: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """From ``low`` to ``high``; ``high`` itself belongs to the band unless ``open_above``."""

    label: str
    low: float
    high: float
    open_above: bool = False

    def holds(self, score: float) -> bool:
        return self.low <= score and (score < self.high if self.open_above else score <= self.high)


@dataclass(frozen=True, slots=True)
class NormSet:
    """Bands for one population. ``checked`` names the sources the figures were compared with."""

    id: str
    scales: tuple[str, ...]
    population: str
    reference: str
    mark: Mark
    bands: tuple[Band, ...]
    default: bool = False
    sex: Sex | None = None
    year: int | None = None
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerTest:
    """One answer is at least, or exactly, a code. ``question`` is an item number or an extra item's code."""

    question: str
    at_least: int | None = None
    equals: int | None = None

    def met_by(self, code: int | None) -> bool:
        if code is None:
            return False
        return code == self.equals if self.at_least is None else code >= self.at_least


@dataclass(frozen=True, slots=True)
class CriticalRule:
    """Fires when every test is met, whatever the total and however many other answers are missing."""

    id: str
    when: tuple[AnswerTest, ...]
    action: CriticalAction
    mark: Mark
    severe_at: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreTest:
    """A scale score lies in a range (``None`` is open)."""

    scale: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class CountTest:
    """How many items reach their own threshold (item number → least scored value)."""

    thresholds: Mapping[int, int]
    at_least: int
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class FlagRule:
    """A named finding for staff. ``follow_up`` is the instrument the literature asks next."""

    id: str
    match_all: bool
    tests: tuple[ScoreTest | CountTest, ...]
    mark: Mark
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    summary: str
    granted_by: str
    credit_line: str
    mark: Mark
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """``key_verified`` is false for a key known from memory only: then nobody is offered the instrument."""

    table_row: int
    key_verified: bool
    key_sources: tuple[str, ...]
    wording_state: Texts = field(default_factory=dict)
    wording_sha256: Texts = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """One published version. Immutable: a changed key is a new version."""

    id: InstrumentId
    version: str
    mode: Mode
    title: Texts
    window: str
    channels: tuple[Channel, ...]
    disclosure: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    norm_sets: tuple[NormSet, ...]
    missing: MissingRule
    licence: Licence
    provenance: Provenance
    key_hash: str = ""
    instruction: Texts = field(default_factory=dict)
    stem: Texts = field(default_factory=dict)
    coding: str = ""
    age_min: int | None = None
    age_max: int | None = None
    extra_items: tuple[ExtraItem, ...] = ()
    gate: Gate | None = None
    skips: tuple[SkipRule, ...] = ()
    critical: tuple[CriticalRule, ...] = ()
    flags: tuple[FlagRule, ...] = ()
    loinc: Texts = field(default_factory=dict)

    @property
    def offered(self) -> bool:
        return self.provenance.key_verified

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which every item and every option can be shown."""
        shown = [item.text for item in self.items]
        shown += [option.text for item in self.items for option in item.options]
        return tuple(sorted(set.intersection(*(set(texts) for texts in shown))))

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything printed, in form order."""
        return (*(() if self.gate is None else (self.gate,)), *self.items, *self.extra_items)

    def shows_in(self, language: str, channel: Channel) -> bool:
        """Whether it may be put before a person on this channel in this language."""
        return self.offered and channel in self.channels and language in self.languages

    def scale(self, scale_id: str) -> Scale:
        return next(scale for scale in self.scales if scale.id == scale_id)

    def item(self, number: int) -> Item:
        return self.items[number - 1]


@dataclass(frozen=True, slots=True)
class BandHit:
    scale: str
    label: str
    norm_set: str
    population: str
    reference: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class CriticalHit:
    """``questions``: item numbers or codes of unscored items; ``codes``: the answers that fired the rule."""

    rule: str
    questions: tuple[str, ...]
    codes: tuple[int, ...]
    action: CriticalAction
    level: CriticalLevel


@dataclass(frozen=True, slots=True)
class Validity:
    """``age_in_range`` is None when no age was given; ``notes`` are codes such as ``not_asked:4``."""

    complete: bool
    missing: tuple[int, ...]
    age_in_range: bool | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    instrument: InstrumentId
    version: str
    scores: Mapping[str, Score]
    bands: tuple[BandHit, ...]
    critical: tuple[CriticalHit, ...]
    flags: Mapping[str, bool | None]
    validity: Validity
    key_hash: str

    @property
    def total(self) -> Score:
        return self.scores["total"]

    def band_of(self, scale: str) -> BandHit | None:
        return next((band for band in self.bands if band.scale == scale), None)

    def as_dict(self) -> dict[str, Any]:
        """Plain values in a fixed order, for JSON and for storing."""
        return {
            "instrument": self.instrument,
            "version": self.version,
            "scores": dict(self.scores),
            "bands": [
                {
                    "scale": band.scale,
                    "label": band.label,
                    "norm_set": band.norm_set,
                    "population": band.population,
                    "reference": band.reference,
                    "mark": band.mark.value,
                }
                for band in self.bands
            ],
            "critical": [
                {
                    "rule": hit.rule,
                    "items": [int(name) if name.isdigit() else name for name in hit.questions],
                    "codes": list(hit.codes),
                    "action": hit.action.value,
                    "level": hit.level.value,
                }
                for hit in self.critical
            ],
            "flags": dict(self.flags),
            "validity": {
                "complete": self.validity.complete,
                "missing": list(self.validity.missing),
                "age_in_range": self.validity.age_in_range,
                "notes": list(self.validity.notes),
            },
            "key_hash": self.key_hash,
        }


class PublicLevel(StrEnum):
    """What a resident's result page may know: how much support to offer, never a diagnosis."""

    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    HIGH = "high"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PublicOutcome:
    """``help_first`` puts the help before everything else on the page."""

    level: PublicLevel
    help_first: bool


class InstrumentError(Exception):
    """Anything this room refuses; the message is one line for a person."""


class UnknownInstrument(InstrumentError):
    """No such id or version."""


class KeyUnverified(InstrumentError):
    """Nobody compared this key with a source, so it does not count."""


class BadAnswers(InstrumentError):
    """The answers do not fit the form. ``faults`` lists each of them."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")


class NoPublicOutcome(InstrumentError):
    """Its result is not one a resident's page may show."""


class BadDefinition(InstrumentError):
    """A definition file contradicts itself or the schema."""

    def __init__(self, source: str, faults: tuple[str, ...]) -> None:
        self.source = source
        self.faults = faults
        super().__init__(f"{source}: {'; '.join(faults)}")
