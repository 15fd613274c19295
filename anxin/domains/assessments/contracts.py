"""What others may see of the assessments room."""

from dataclasses import dataclass
from enum import StrEnum

from anxin.kernel.errors import NotFound, Refused

TOPIC_SUBMITTED = "assessments.sitting_submitted"


class SittingState(StrEnum):
    """A sitting is written, then submitted; a draft may be discarded by its owner."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What happened when one answer was kept. ``critical`` lists the critical rules it newly fires.

    ``entry_id`` names the line of the answer log; ``None`` when nothing changed.
    """

    sitting_uid: str
    item: int
    value: int
    previous: int | None
    critical: tuple[str, ...]
    entry_id: int | None = None


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
    """Rights of this room: the answers themselves, and only the band they fell in."""

    READ_ANSWERS = "assessments.read_answers"
    READ_RESULT = "assessments.read_result"


class BadAnswer(Refused):
    """The value is not one of the printed codes of this question."""

    code = "bad-answer"
    message = "Please choose one of the answers."


class InstrumentNotOffered(NotFound):
    """No such self-test, or not in this language."""

    code = "instrument-not-offered"
