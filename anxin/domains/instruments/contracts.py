"""What others may see of an instrument: its definition, a score sheet, and the ways it can refuse.

Answers are the printed codes of the form, in form order, before any reversal; ``None`` is a missing answer.
Scores are numbers or ``None``; a score is ``None`` whenever an answer it needs is missing.
What the editor for staff adds stands in ``editing`` and is named here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, NewType

from anxin.domains.instruments.editing import (  # noqa: F401  (named here for the rooms and sites above)
    AlreadyPublished,
    BoundText,
    Checked,
    DefinitionFaulty,
    Difference,
    EditReasonMissing,
    InstrumentNameFixed,
    InstrumentNameRefused,
    InstrumentNameTaken,
    LicenceExpired,
    LicenceMissing,
    LicenceRecord,
    NotKeyOnly,
    NotReviewed,
    NotTheAuthor,
    OwnWork,
    Permission,
    TextIncomplete,
    TextNotFound,
    TextSettled,
    TextStands,
    TextState,
    VersionAct,
    VersionChanged,
    VersionFixed,
    VersionNotFound,
    VersionState,
)

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


class Respondent(StrEnum):
    """Who ticks the form: the person, somebody who knows the person, or a trained rater."""

    SELF = "self"
    PARENT = "parent"
    TEACHER = "teacher"
    INFORMANT = "informant"
    CLINICIAN = "clinician"


class ScaleKind(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"
    MEAN_OF_COUNTED = "mean_of_counted"
    LINEAR = "linear"
    SUM_OF = "sum_of"
    STEPS = "steps"
    SLEEP_EFFICIENCY = "sleep_efficiency"


class EntryKind(StrEnum):
    """What is written instead of ticked. Clock times and hours are kept as whole minutes."""

    CLOCK = "clock"
    HOURS = "hours"
    NUMBER = "number"


class Verdict(StrEnum):
    """What the validity rules of a form say of one sheet. It never silences a critical answer."""

    VALID = "valid"
    DOUBTFUL = "doubtful"
    VOID = "void"


class TranslationStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"


class CriticalAction(StrEnum):
    SUICIDE_FLOW = "suicide_flow"
    ASK_RISK = "ask_risk"


class CriticalLevel(StrEnum):
    CRITICAL = "critical"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class Option:
    """``value``: what the code counts where that is not the code itself (EAT-26 counts 3-2-1-0-0-0)."""

    code: int
    text: Texts = field(default_factory=dict)
    value: int | None = None

    @property
    def counts(self) -> int:
        return self.code if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Step:
    """From ``at_least`` on the score is ``value``, until the next step begins."""

    at_least: int
    value: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A written answer. ``low`` and ``high`` bound it in its own unit; ``steps`` turn it into points."""

    kind: EntryKind
    low: int
    high: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One scored question. ``asked_of`` None means everybody.

    ``entry``: written, not ticked; then there are no options. ``refusal``: a code for "declined to answer",
    which the page labels itself and which counts nothing. ``blank_counts``: the form says what a blank counts.
    ``section``: one of the instrument's section ids, printed above the item.
    """

    number: int
    options: tuple[Option, ...]
    reverse: bool = False
    text: Texts = field(default_factory=dict)
    asked_of: Sex | None = None
    loinc: str = ""
    entry: Entry | None = None
    refusal: int | None = None
    blank_counts: int | None = None
    section: str = ""

    @property
    def codes(self) -> tuple[int, ...]:
        return tuple(option.code for option in self.options)

    @property
    def values(self) -> tuple[int, ...]:
        """What the printed codes count, in the order of the options."""
        return tuple(self.value_of(code) for code in self.codes)

    def value_of(self, code: int) -> int:
        """What a printed code counts: mirrored inside the item's own range when the item is reversed."""
        if self.reverse:
            return min(self.codes) + max(self.codes) - code
        return next((option.counts for option in self.options if option.code == code), code)


@dataclass(frozen=True, slots=True)
class ExtraItem:
    """A printed question that is never scored; it may still be critical."""

    code: str
    options: tuple[Option, ...]
    text: Texts = field(default_factory=dict)
    loinc: str = ""
    refusal: int | None = None


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
    """Any missing answer makes each scale that needs it ``None``, unless the scale says ``least_answered``.

    ``prorating`` says what is published about filling in, with its mark; it is told to readers, not applied.
    """

    prorating: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """``at_least``: the value from which an item counts; ``of``, ``times``, ``plus``: derived from another.

    A linear scale drops the fraction: the Zung standard score is int(raw × 1.25), never rounded.
    ``thresholds``: an own value per item from which it counts, instead of ``at_least``.
    ``parts``: the scales a ``sum_of`` adds. ``steps``: points for ranges of the sum of ``items``, or of ``of``.
    ``least_answered``: with so many of its items answered a sum or mean is filled in from their mean;
    a filled-in sum is rounded half up. ``sleep_efficiency`` takes the items bed time, rising time, time asleep.
    """

    id: str
    kind: ScaleKind
    title: Texts
    items: tuple[int, ...] = ()
    at_least: int | None = None
    of: str = ""
    times: Fraction = Fraction(1)
    plus: int = 0
    thresholds: Mapping[int, int] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    least_answered: int | None = None


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
    """Bands for one population. ``checked`` names the sources the figures were compared with.

    ``age_min`` and ``age_max`` (both inside) narrow it where a key differs by age.
    """

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
    age_min: int | None = None
    age_max: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerTest:
    """One answer is at least, or exactly, a code. ``question`` is an item number or an extra item's code.

    ``or_blank``: a question that was put and left unanswered meets it too (a refusal counts as a yes).
    """

    question: str
    at_least: int | None = None
    equals: int | None = None
    or_blank: bool = False

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
class GroupTest:
    """How many groups of items have at least one printed code from ``code`` on."""

    groups: tuple[tuple[int, ...], ...]
    code: int
    at_least: int


Test = ScoreTest | CountTest | GroupTest | AnswerTest


@dataclass(frozen=True, slots=True)
class FlagRule:
    """A named finding for staff. ``follow_up`` is the instrument the literature asks next."""

    id: str
    match_all: bool
    tests: tuple[Test, ...]
    mark: Mark
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class AskRule:
    """``questions`` are put only when the tests are met.

    Not put and left blank, each counts ``value`` (``None``: nothing, and it is not missed). An answer given all
    the same counts, because paper has no branches, unless ``ignore_given``.
    """

    questions: tuple[str, ...]
    when: tuple[AnswerTest, ...]
    match_all: bool = True
    value: int | None = None
    ignore_given: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    label: str
    tests: tuple[Test, ...]
    match_all: bool = False


@dataclass(frozen=True, slots=True)
class Classification:
    """A grade instead of a total: the first grade whose tests are met, else ``otherwise``."""

    id: str
    title: Texts
    grades: tuple[Grade, ...]
    otherwise: str
    mark: Mark
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """When all tests are met the sheet gets the verdict; a void sheet has scores and no bands."""

    id: str
    tests: tuple[Test, ...]
    verdict: Verdict
    mark: Mark


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """What is asked next after a flag or a critical rule. Ages (both inside) choose between two of them."""

    instrument: str
    mark: Mark
    flag: str = ""
    critical: str = ""
    age_min: int | None = None
    age_max: int | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """``because`` is the id of the flag or critical rule."""

    instrument: InstrumentId
    because: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Licence:
    summary: str
    granted_by: str
    credit_line: str
    mark: Mark
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation of our own. Only ``approved`` with a named reviewer may be put before the public."""

    status: TranslationStatus
    translator: str
    reviewer: str = ""
    reviewed_on: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """``key_verified`` is false for a key known from memory only: then nobody is offered the instrument."""

    table_row: int
    key_verified: bool
    key_sources: tuple[str, ...]
    wording_state: Texts = field(default_factory=dict)
    wording_sha256: Texts = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    wording_sources: tuple[str, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Partition:
    """These scales share out the items of ``of`` (a scale) between them: each item once, none left over."""

    of: str
    scales: tuple[str, ...]


RETEST_DAYS = 14
"""The same form again sooner than this needs a clinician's order."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading or an introduction above the items that name it."""

    id: str
    text: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One published version. Immutable: a changed key is a new version.

    ``pack`` names the licence pack the wording belongs to; empty for the open core. ``no_total`` says why the
    instrument has no scale "total".
    """

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
    ask_when: tuple[AskRule, ...] = ()
    classifications: tuple[Classification, ...] = ()
    validity_rules: tuple[ValidityRule, ...] = ()
    follow_ups: tuple[FollowUpRule, ...] = ()
    respondents: tuple[Respondent, ...] = (Respondent.SELF,)
    sections: tuple[Section, ...] = ()
    retest_days: int = RETEST_DAYS
    pack: str = ""
    partitions: tuple[Partition, ...] = ()
    no_total: str = ""

    @property
    def offered(self) -> bool:
        return self.provenance.key_verified

    @property
    def has_total(self) -> bool:
        return any(scale.id == "total" for scale in self.scales)

    @property
    def wording(self) -> bool:
        return bool(self.languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which every item and every option can be shown; a draft is not one of them."""
        return tuple(language for language in self._complete_languages if language not in self.drafts)

    @property
    def draft_languages(self) -> tuple[str, ...]:
        """Complete translations nobody approved: for staff, where the instance switches drafts on."""
        return tuple(language for language in self._complete_languages if language in self.drafts)

    @property
    def drafts(self) -> frozenset[str]:
        return frozenset(
            language
            for language, translation in self.provenance.translations.items()
            if translation.status is TranslationStatus.DRAFT
        )

    @property
    def _complete_languages(self) -> tuple[str, ...]:
        shown = [item.text for item in self.items]
        shown += [option.text for item in self.items for option in item.options]
        return tuple(sorted(set.intersection(*(set(texts) for texts in shown))))

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything printed, in form order."""
        return (*(() if self.gate is None else (self.gate,)), *self.items, *self.extra_items)

    def shows_in(self, language: str, channel: Channel, *, drafts: bool = False) -> bool:
        """Whether it may be put before a person on this channel in this language.

        ``drafts``: the instance lets its staff use translations that await a reviewer.
        """
        known = language in self.languages or (
            drafts and channel is Channel.STAFF and language in self.draft_languages
        )
        return self.offered and channel in self.channels and known

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
    verdict: Verdict = Verdict.VALID


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """``classes``: the grade of each classification, ``None`` while a missing answer could change it."""

    instrument: InstrumentId
    version: str
    scores: Mapping[str, Score]
    bands: tuple[BandHit, ...]
    critical: tuple[CriticalHit, ...]
    flags: Mapping[str, bool | None]
    validity: Validity
    key_hash: str
    classes: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def total(self) -> Score:
        """``None`` also where the instrument has no total at all."""
        return self.scores.get("total")

    def band_of(self, scale: str) -> BandHit | None:
        return next((band for band in self.bands if band.scale == scale), None)

    def as_dict(self) -> dict[str, Any]:
        """Plain values in a fixed order, for JSON and for storing.

        What only some instruments have is left out elsewhere, so that an old sheet keeps its bytes.
        """
        extras: dict[str, Any] = {"classes": dict(self.classes)} if self.classes else {}
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
            **extras,
            "validity": {
                "complete": self.validity.complete,
                "missing": list(self.validity.missing),
                "age_in_range": self.validity.age_in_range,
                "notes": list(self.validity.notes),
                **(
                    {} if self.validity.verdict is Verdict.VALID else {"verdict": self.validity.verdict.value}
                ),
            },
            "key_hash": self.key_hash,
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """An instrument that is not in the library: ``refused`` for its terms, ``unstated`` for want of a key."""

    id: InstrumentId
    title: str
    table_row: int
    status: str
    reason: str


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


class RefusedInstrument(UnknownInstrument):
    """Known and kept out on purpose; the message says why."""


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
