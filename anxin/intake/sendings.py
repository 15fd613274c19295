"""The two things that are sent, as the database takes them: text by column, in PostgreSQL's array notation.

Text, because psycopg hands a string through untouched: a list per column would cost more than scoring does.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

import msgspec

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import Draft, SignalDraft
from anxin.intake.answers import Answer
from anxin.intake.steps import KnownStep

Reply = Callable[[Answer], None]
_json = msgspec.json.Encoder().encode


class Sending:
    """One request on its way. ``form`` and ``bearer`` stay, so that it can be scored anew after a change of steps."""

    __slots__ = (
        "bearer",
        "campaign_id",
        "columns",
        "form",
        "help_first",
        "is_second_try",
        "is_urgent",
        "key",
        "reply",
    )
    STATEMENT: ClassVar[str]
    QUERY: ClassVar[str]

    form: Any
    bearer: Any
    reply: Reply
    is_second_try: bool
    campaign_id: int
    key: object
    is_urgent: bool
    help_first: bool
    columns: tuple[str, ...]

    def __init__(self, form: Any, bearer: Any, reply: Reply) -> None:
        self.form, self.bearer, self.reply = form, bearer, reply
        self.campaign_id = bearer.campaign_id
        self.is_second_try = self.is_urgent = self.help_first = False

    def prepare(self, step: KnownStep) -> None:
        """Score it and write its columns. Raises ``FormRefused``."""
        raise NotImplementedError

    @staticmethod
    def read(body: bytes) -> Any:
        """The form in a body. Raises ``FormRefused``."""
        raise NotImplementedError

    @classmethod
    def parameters(cls, batch: Sequence[Self], received: datetime) -> list[bytes]:
        """The arguments of one call for all of ``batch``."""
        columns = zip(*[one.columns for one in batch], strict=True)
        arrays = [("{" + ",".join(column) + "}").encode() for column in columns]
        return [*arrays, received.isoformat().encode()]


def quoted(text: str) -> str:
    """An element of an array literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _array(numbers: Sequence[int | None]) -> str:
    """``[1,null]`` as ``"{1,null}"``: an array within an array of text."""
    return '"{' + _json(numbers)[1:-1].decode() + '}"'


class SubmissionSending(Sending):
    """A finished form. A critical one goes first."""

    __slots__ = ()
    STATEMENT = "take_in"
    QUERY = (
        "SELECT place, outcome, uid FROM campaigns_take_in("
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    )
    read = staticmethod(campaigns.read_submission)

    def prepare(self, step: KnownStep) -> None:
        """Score it and write its columns. Raises ``FormRefused``."""
        draft: Draft = campaigns.draft_of(self.form, self.bearer, step=step.definition, table=step.table)
        participant = str(draft.participant_id)
        self.key = (draft.participant_id, draft.step)
        self.is_urgent = self.help_first = draft.is_critical
        self.columns = (
            participant,
            str(draft.campaign_id),
            str(draft.token_version),
            str(draft.step),
            step.instrument,
            step.instrument_version,
            _array(draft.answers),
            _array(draft.deciseconds),
            draft.digest.hex(),
            quoted(_json(draft.scores).decode()),
            "t" if draft.is_critical else "f",
            draft.channel,
            _json(draft.answered_at).decode(),
        )


class SignalSending(Sending):
    """A critical answer before its form is finished. Help comes first, whatever becomes of the row."""

    __slots__ = ()
    STATEMENT = "hear_signals"
    QUERY = (
        "SELECT place, outcome, '' FROM campaigns_hear_signals($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    read = staticmethod(campaigns.read_signal)

    def prepare(self, step: KnownStep) -> None:
        """Write its columns. Raises ``FormRefused``."""
        draft: SignalDraft = campaigns.signal_of(
            self.form, self.bearer, step=step.definition, table=step.table
        )
        self.key = (draft.participant_id, draft.step, draft.item, draft.code)
        self.is_urgent = True
        self.help_first = step.table is not None
        self.columns = (
            str(draft.participant_id),
            str(draft.campaign_id),
            str(draft.token_version),
            str(draft.step),
            step.instrument,
            step.instrument_version,
            quoted(draft.item),
            str(draft.code),
            "t" if draft.is_late else "f",
            _json(draft.answered_at).decode(),
        )
