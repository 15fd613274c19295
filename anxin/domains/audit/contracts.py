"""What others may see of the audit room."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from anxin.kernel.errors import Conflict, Refused

SEALER = "audit-sealer"  # the name of its heartbeat
SEALED_AT_ONCE, SEALED_WITHIN_SECONDS = 1000, 10


class Permission(StrEnum):
    """Rights of this room."""

    READ = "audit.read"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event was about, by value."""

    uid: str = ""
    number: str = ""
    node_path: str = ""
    person_uid: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """What of the trail is looked for. What is empty is not asked for.

    ``of`` is the number or the uid of a case, a warning, a person, an account or a request; ``paths`` are nodes,
    with all below them.
    """

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    actor_kind: str = ""
    room: str = ""
    event: str = ""
    of: str = ""
    paths: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where one row stands in the chain."""

    sequence: int
    digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Root:
    """How far the trail reached, and the digest it came to there: enough to know the trail again."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class Sealing:
    """How the sealing stands. ``lag_seconds`` (at most, real): 0 when nothing waits, ``None`` when nobody seals."""

    waiting: int
    lag_seconds: float | None
    last_sequence: int
    last_sealed_at: datetime | None

    @property
    def is_prompt(self) -> bool:
        """Whether what is committed is sealed soon enough."""
        return self.lag_seconds is not None and self.lag_seconds <= SEALED_WITHIN_SECONDS


class KeptTooShort(Refused):
    """The law asks for more."""

    code = "audit-kept-too-short"
    message = "The trail is kept for at least six months. Choose an earlier day."


class AlreadyHeld(Conflict):
    """One hold for a person is enough."""

    code = "audit-already-held"
    message = "What is kept about this person is held already."


class NotHeld(Refused):
    """There is nothing to lift."""

    code = "audit-not-held"
    message = "Nothing about this person is held."


class HoldReasonMissing(Refused):
    """On what ground?"""

    code = "audit-hold-reason-missing"
    message = "Say by what order or law it is held, or why no longer."


class AlreadyAnchored(Refused):
    """There is a file outside already; a new one would hide it."""

    code = "audit-already-anchored"
    message = "There is a file of this trail outside already. Keep it elsewhere before another one is begun."


class FaultKind(StrEnum):
    """What can be wrong with the trail."""

    FILE_MISSING = "file-missing"
    FILE_UNREADABLE = "file-unreadable"
    OTHER_CHAIN = "other-chain"
    REWRITTEN = "rewritten"
    ROOT_MISSING = "root-missing"
    ROW_ALTERED = "row-altered"
    ROW_INSERTED = "row-inserted"
    ROW_MOVED = "row-moved"
    ROW_REMOVED = "row-removed"
    SEAL_MISSING = "seal-missing"
    TAIL_CUT = "tail-cut"


@dataclass(frozen=True, slots=True)
class Fault:
    """One place at which the trail is not what it was."""

    kind: FaultKind
    sequence: int
    event_uid: str
    line: str

    def __str__(self) -> str:
        row = f", event {self.event_uid}" if self.event_uid else ""
        return f"{self.kind.value} at {self.sequence}{row}: {self.line}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. ``rows`` were compared, ``waiting`` are not sealed yet, ``roots`` lie outside."""

    rows: int
    waiting: int
    roots: int
    first_sequence: int
    last_sequence: int
    faults: tuple[Fault, ...]

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.faults
