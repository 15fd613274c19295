"""What others may see of the assessments room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from anxin.domains.instruments.contracts import Respondent
from anxin.kernel.errors import Conflict, NotFound, Refused

TOPIC_SUBMITTED = "assessments.sitting_submitted"

SEGMENTS = ("18-29", "30-44", "45-59", "60+")
"""Age groups of a report that names nobody."""

NO_BAND, OTHER_AGES = "no_band", "other_ages"
"""A sheet that fell into no band; somebody younger, or of unknown age."""


class SittingState(StrEnum):
    """A sitting is written, then submitted; a draft may be discarded by its owner."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"


class Conduct(StrEnum):
    """How the answers came in: from the person at a screen, asked by a member of staff, or copied from paper."""

    ONLINE = "online"
    INTERVIEW = "interview"
    PAPER = "paper"


class Relation(StrEnum):
    """Who somebody that answers about a person is to that person."""

    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    GRANDPARENT = "grandparent"
    PARTNER = "partner"
    SON_OR_DAUGHTER = "son_or_daughter"
    TEACHER = "teacher"
    CARER = "carer"
    OTHER = "other"


class ConsentBasis(StrEnum):
    """On what ground a member of staff asks: agreed to, agreed to by a guardian, or a life is in danger."""

    AGREED = "agreed"
    GUARDIAN_AGREED = "guardian_agreed"
    CRISIS = "crisis"


class RunState(StrEnum):
    """A battery is gone through until its last part is done or left out, or until the person stops it."""

    OPEN = "open"
    FINISHED = "finished"
    STOPPED = "stopped"


class PartState(StrEnum):
    """Where one part of a battery stands. ``WAITING``: whether it is asked depends on the part before."""

    WAITING = "waiting"
    AHEAD = "ahead"
    OPEN = "open"
    DONE = "done"
    LEFT_OUT = "left_out"
    NOT_NEEDED = "not_needed"


class Doubt(StrEnum):
    """Why the answers of a sheet may not say what they seem to say. A doubt asks for a talk; it silences nothing."""

    TOO_FAST = "too_fast"
    SAME_ANSWER = "same_answer"
    CONTROL_SCALE = "control_scale"
    REPEATED = "repeated"


class LookOutcome(StrEnum):
    """How a second look at doubtful answers ended."""

    TALKED = "talked"
    ASKED_AGAIN = "asked_again"
    STANDS = "stands"


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What happened when one answer was kept. ``critical`` lists the critical rules it newly fires.

    ``item`` is the place of the question on the form, from 1. ``value`` is None when an answer was taken back.
    ``entry_id`` names the line of the answer log; ``None`` when nothing changed.
    """

    sitting_uid: str
    item: int
    value: int | None
    previous: int | None
    critical: tuple[str, ...]
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class InterviewDraft:
    """What a member of staff says before asking. ``paper_on``: the day on the paper, for a copied form.

    ``order_reason``: why the same form is asked again before its time, written by who decides that.
    """

    instrument: str
    language: str
    conduct: Conduct
    consent: ConsentBasis
    respondent: Respondent = Respondent.SELF
    informant_name: str = ""
    informant_relation: Relation | None = None
    paper_on: date | None = None
    order_reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a battery somebody is going through. ``sitting_uid`` is empty until it was begun."""

    number: int
    instrument: str
    state: PartState
    sitting_uid: str = ""


class Change(StrEnum):
    """``WITHIN``: as much as the questionnaire wavers by itself. ``UNKNOWN``: a score or the source is missing."""

    LOWER = "lower"
    WITHIN = "within"
    HIGHER = "higher"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was published, for whom it holds, and how much of the publication was read."""

    value: float
    population: str
    reference: str
    doi: str
    read: str
    kind: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Reliability:
    """What is published about one scale. ``needed`` is the reliable change in points.

    ``reached``: a change of exactly ``needed`` counts too, where the authors say so.
    """

    instrument: str
    scale: str
    needed: float
    sources: tuple[Source, ...]
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One finished sitting in a row of the same form."""

    uid: str
    at: datetime
    scores: Mapping[str, float | None]
    bands: tuple[Mapping[str, Any], ...]
    is_doubtful: bool
    version: str

    @property
    def total(self) -> float | None:
        """The scale every trend is drawn from."""
        return self.scores.get("total")


@dataclass(frozen=True, slots=True)
class ResultCount:
    """How many finished sittings fell into one band, at one node, in one age group."""

    node_path: str
    segment: str
    band: str
    count: int


class SittingIncomplete(Refused):
    """Some questions have no answer yet; ``params['items']`` lists their numbers."""

    code = "sitting-incomplete"
    message = "Some questions have no answer yet."


class SittingClosed(Refused):
    """The sitting was submitted or discarded already."""

    code = "sitting-closed"
    message = "This self-test was already handed in."


class SittingNotFound(NotFound):
    """No such sitting for this actor."""

    code = "sitting-not-found"


class AgeNotServed(Refused):
    """The instrument is not for this age; the person is led to help instead."""

    code = "age-not-served"
    message = "This self-test is for adults."


class Permission(StrEnum):
    """Rights of this room: asking in person, the answers themselves, and only the band they fell in."""

    ADMINISTER = "assessments.administer"
    READ_ANSWERS = "assessments.read_answers"
    READ_RESULT = "assessments.read_result"


class BadAnswer(Refused):
    """The value is not one of the printed codes of this question."""

    code = "bad-answer"
    message = "Please choose one of the answers."


class InstrumentNotOffered(NotFound):
    """No such self-test, or not in this language."""

    code = "instrument-not-offered"


class BatteryNotFound(NotFound):
    """No such battery, or none of its forms can be offered to this person."""

    code = "battery-not-found"


class NotTrained(Refused):
    """The form is for people trained in it (roles.md 5.3), and no such training is on record."""

    code = "not-trained"
    message = "This form may be given only by somebody with a confirmed training in it."


class NotAskedHere(Refused):
    """The form cannot be given this way: no text in this language, or written answers a page cannot take."""

    code = "not-asked-here"
    message = "This form cannot be given this way. It may be copied from paper if you hold the licensed form."


class RespondentWrong(Refused):
    """The form is not made for this respondent."""

    code = "respondent-wrong"
    message = "This form is not made to be answered by this person."


class InformantMissing(Refused):
    """Who answers about the person is part of the record."""

    code = "informant-missing"
    message = "Write down who answers, and who they are to the person."


class GuardianMissing(Refused):
    """Below 14 a guardian agrees, unless a life is in danger."""

    code = "guardian-missing"
    message = "Below the age of 14 a parent or guardian has to agree first, except when a life is in danger."


class PaperDayMissing(Refused):
    """A paper was filled in on a day, and not on a day to come."""

    code = "paper-day-missing"
    message = "Enter the day on which the paper was filled in. It cannot lie ahead."


class PaperNotChecked(Refused):
    """A copied form counts only after it was entered twice and both entries agree."""

    code = "paper-not-checked"
    message = "Enter the paper a second time first. Only answers that agree are counted."


class PaperDiffers(Refused):
    """The second entry is not the first; ``params['items']`` lists the places."""

    code = "paper-differs"
    message = "The two entries differ. Look at the paper again."


class TooSoon(Refused):
    """The same form again before its time, without a reason."""

    code = "too-soon"
    message = (
        "This form was answered less than its retest interval ago. Write down why it is asked again now."
    )


class AlreadyBeingTaken(Conflict):
    """A colleague has begun the same form with the same person."""

    code = "already-being-taken"
    message = "A colleague has begun this form with the same person and has not finished it."
