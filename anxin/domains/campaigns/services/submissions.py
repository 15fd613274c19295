"""The ordinary road in: one form, one transaction, as the app role. The fast lane must do exactly the same."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from anxin.domains.audit.api import Subject
from anxin.domains.campaigns.contracts import (
    NO_STEP,
    CampaignState,
    ConsentState,
    Draft,
    FormRefused,
    Receipt,
    SignalDraft,
    StepDefinition,
    SubmissionChannel,
    Verdict,
)
from anxin.domains.campaigns.models import (
    Campaign,
    CriticalSignal,
    Participant,
    Step,
    Submission,
    SubmissionConflict,
)
from anxin.domains.campaigns.rules.drafts import Table, bearer_of, draft_of, signal_of, submission_uid
from anxin.domains.campaigns.rules.submissions import read_signal, read_submission
from anxin.domains.campaigns.rules.tokens import KEY_PURPOSE, ParticipantToken
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import InstrumentError
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import purpose_key
from anxin.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Callable

_HEARING = {
    CampaignState.RUNNING,
    CampaignState.QUALITY_CHECK,
    CampaignState.TRIAGED,
    CampaignState.INTERVIEWING,
}
_LATE = {CampaignState.RUNNING, CampaignState.QUALITY_CHECK}
_NO_ASSENT = {ConsentState.REFUSED, ConsentState.WITHDRAWN}


def take_in(*, actor: Actor, body: bytes, admits: "Callable[[int], bool]") -> Receipt:
    """Keep one form: the first one stands, a later one with other answers is kept beside it.

    ``admits`` is asked whether this participant may send again so soon. Raises ``FormRefused``. The house calls it for
    the bearer of a token, who has no account.
    """
    _house_only(actor)
    form = read_submission(body)
    bearer = _bearer(form.token, admits)
    step, table = _step(bearer, form.step)
    draft = draft_of(form, bearer, step=step, table=table)
    participant = _participant(draft, draft.channel, help_first=draft.is_critical)
    return _keep(draft, participant)


def hear_signal(*, actor: Actor, body: bytes, admits: "Callable[[int], bool]") -> Receipt:
    """Keep one critical answer, before its form is finished. Raises ``FormRefused``."""
    _house_only(actor)
    form = read_signal(body)
    bearer = _bearer(form.token, admits)
    step, table = _step(bearer, form.step)
    draft = signal_of(form, bearer, step=step, table=table)
    participant = _participant(draft, None, help_first=table is not None)
    signal = CriticalSignal(
        participant=participant,
        scope_path=participant.scope_path,
        step=draft.step,
        item=draft.item,
        code=draft.code,
        is_late=draft.is_late,
        answered_at=draft.answered_at,
        received_at=clock.now(),
    )
    try:
        with transaction.atomic():
            signal.save(force_insert=True)
        verdict = Verdict.STORED
    except IntegrityError:
        verdict = Verdict.ALREADY_THERE
    subject = Subject(
        uid=participant.uid,
        number=draft.instrument,
        node_path=participant.scope_path,
        person_uid=participant.uid,
    )
    return Receipt(verdict=verdict, uid="", help_first=True, subject=subject)


def _house_only(actor: Actor) -> None:
    if not actor.is_system:
        raise NotPermitted


def _bearer(token: str, admits: "Callable[[int], bool]") -> ParticipantToken:
    bearer = bearer_of(token, key=purpose_key(KEY_PURPOSE), now=clock.now())
    if not admits(bearer.participant_id):
        raise FormRefused(Verdict.TOO_MANY)
    return bearer


def _step(bearer: ParticipantToken, position: int) -> tuple[StepDefinition, Table | None]:
    found = Step.objects.filter(campaign_id=bearer.campaign_id, position=position).first()
    if found is None:
        return NO_STEP, None
    try:
        instrument = instruments.published_version(found.instrument, found.instrument_version)
    except InstrumentError:
        return NO_STEP, None
    return (
        StepDefinition(found.instrument, found.instrument_version),
        instruments.scoring_table(instrument),
    )


def _participant(
    draft: Draft | SignalDraft, channel: SubmissionChannel | None, *, help_first: bool
) -> Participant:
    found = (
        Participant.objects.select_related("campaign")
        .filter(id=draft.participant_id, campaign_id=draft.campaign_id)
        .first()
    )
    verdict = _refusal(found, draft, channel, clock.now())
    if found is None or verdict is not None:
        raise FormRefused(verdict or Verdict.TOKEN_UNKNOWN, help_first=help_first)
    return found


def _refusal(
    participant: Participant | None,
    draft: Draft | SignalDraft,
    channel: SubmissionChannel | None,
    received: datetime,
) -> Verdict | None:
    """``campaigns_refusal`` in the database says the same."""
    if participant is None:
        return Verdict.TOKEN_UNKNOWN
    if participant.token_version != draft.token_version:
        return Verdict.TOKEN_REPLACED
    if participant.consent != ConsentState.GIVEN or participant.assent in _NO_ASSENT:
        return Verdict.CONSENT_MISSING
    if not _is_open(participant.campaign, channel, draft.answered_at, received):
        return Verdict.CAMPAIGN_CLOSED
    return None if draft.instrument else Verdict.STEP_UNKNOWN


def _is_open(
    campaign: Campaign, channel: SubmissionChannel | None, answered: datetime, received: datetime
) -> bool:
    if campaign.runs_from is not None and received < campaign.runs_from:
        return False
    if channel is None:
        return campaign.state in _HEARING
    ends = campaign.runs_until
    if channel is SubmissionChannel.OFFLINE:
        return campaign.state in _LATE and (ends is None or answered < ends)
    return campaign.state == CampaignState.RUNNING and (ends is None or received < ends)


def _keep(draft: Draft, participant: Participant) -> Receipt:
    step = Step.objects.get(campaign_id=draft.campaign_id, position=draft.step)
    moment = clock.now()
    submission = Submission(
        uid=submission_uid(participant.uid, draft.step),
        campaign_id=draft.campaign_id,
        participant=participant,
        scope_path=participant.scope_path,
        step=draft.step,
        instrument=step.instrument,
        instrument_version=step.instrument_version,
        language=step.language,
        answers=list(draft.answers),
        deciseconds=list(draft.deciseconds),
        digest=draft.digest,
        scores=draft.scores,
        is_critical=draft.is_critical,
        channel=draft.channel,
        answered_at=draft.answered_at,
        received_at=moment,
    )
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
        verdict = Verdict.STORED
    except IntegrityError:
        known = Submission.objects.get(participant=participant, step=draft.step)
        verdict = Verdict.ALREADY_THERE
        if bytes(known.digest) != draft.digest:
            verdict = Verdict.CONFLICT
            _keep_conflict(known, draft, moment)
    return Receipt(
        verdict=verdict,
        uid=str(submission.uid),
        help_first=draft.is_critical,
        subject=participant.campaign.audit_subject(),
    )


def _keep_conflict(known: Submission, draft: Draft, moment: datetime) -> None:
    later = SubmissionConflict(
        submission=known,
        answers=list(draft.answers),
        digest=draft.digest,
        channel=draft.channel,
        answered_at=draft.answered_at,
        received_at=moment,
    )
    SubmissionConflict.objects.bulk_create([later], ignore_conflicts=True)
