"""From what was sent to what is kept: the token opened, the answers scored. Pure; both roads go through here."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from anxin.domains.campaigns.contracts import (
    Draft,
    FormRefused,
    SignalDraft,
    StepDefinition,
    SubmissionChannel,
    Verdict,
)
from anxin.domains.campaigns.rules.submissions import (
    SignalForm,
    SubmissionForm,
    answers_digest,
    kept_deciseconds,
)
from anxin.domains.campaigns.rules.tokens import BadToken, ParticipantToken, read_token
from anxin.domains.instruments.contracts import InstrumentError

_CHANNELS = {one.value: one for one in SubmissionChannel}
_TOKEN_VERDICTS = {
    "malformed": Verdict.TOKEN_MALFORMED,
    "forged": Verdict.TOKEN_FORGED,
    "expired": Verdict.TOKEN_EXPIRED,
}


class QuickScores(Protocol):
    """What a table says of a form."""

    @property
    def scores(self) -> dict[str, Any]: ...
    @property
    def is_critical(self) -> bool: ...


class Table(Protocol):
    """Scoring of one instrument."""

    def score(self, answers: Sequence[object]) -> QuickScores: ...
    def alarms(self, question: str, code: int) -> Sequence[str]: ...


def bearer_of(token: str, *, key: bytes, now: datetime) -> ParticipantToken:
    """Whose token this is. Raises ``FormRefused``."""
    try:
        return read_token(token, key=key, now=now)
    except BadToken as error:
        raise FormRefused(_TOKEN_VERDICTS[error.reason]) from None


def draft_of(
    form: SubmissionForm, bearer: ParticipantToken, *, step: StepDefinition, table: Table | None
) -> Draft:
    """The scored form. Raises ``FormRefused``. Without a table it can only be refused, which others decide."""
    scores: dict[str, Any] = {}
    is_critical = False
    if table is not None:
        try:
            sheet = table.score(form.answers)
        except InstrumentError:
            raise FormRefused(Verdict.BAD_ANSWERS) from None
        scores, is_critical = sheet.scores, sheet.is_critical
    return Draft(
        bearer.participant_id,
        bearer.campaign_id,
        bearer.version,
        form.step,
        step.instrument,
        step.instrument_version,
        form.answers,
        kept_deciseconds(form.deciseconds),
        answers_digest(form.answers),
        scores,
        is_critical,
        _CHANNELS[form.channel],
        form.answered_at,
    )


def signal_of(
    form: SignalForm, bearer: ParticipantToken, *, step: StepDefinition, table: Table | None
) -> SignalDraft:
    """The critical answer. Raises ``FormRefused`` for one that is not critical."""
    if table is not None and not table.alarms(form.item, form.code):
        raise FormRefused(Verdict.BAD_ANSWERS)
    return SignalDraft(
        participant_id=bearer.participant_id,
        campaign_id=bearer.campaign_id,
        token_version=bearer.version,
        step=form.step,
        instrument=step.instrument,
        instrument_version=step.instrument_version,
        item=form.item,
        code=form.code,
        is_late=form.late,
        answered_at=form.answered_at,
    )


def submission_uid(participant_uid: str, step: int) -> UUID:
    """The same for both roads: ``campaigns_submission_uid`` in the database does what is done here."""
    tail = sha256(f"{participant_uid}/{step}".encode()).hexdigest()[:15]
    return UUID(f"{participant_uid[:14]}8{participant_uid[15:19]}8{tail}")
