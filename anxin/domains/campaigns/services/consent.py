"""What people answer when they are asked, and asking them. A refusal is an answer; a withdrawal counts at once.

The answer itself only grows, with the version of the text that was read; what stands is on the participant, where the
intake looks before it takes anything.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from anxin.domains.audit.api import command, query
from anxin.domains.audit.contracts import Subject
from anxin.domains.campaigns.consent_texts import consent_text
from anxin.domains.campaigns.contracts import (
    CONSENT_ASKED,
    Answerer,
    ConsentAddressInvalid,
    ConsentNotTheirs,
    ConsentState,
    ConsentText,
    ConsentTextReplaced,
    ParticipantState,
    Permission,
)
from anxin.domains.campaigns.models import Campaign, ConsentAnswer, GuardianToken, Participant
from anxin.domains.campaigns.policies import may_on_campaign
from anxin.domains.campaigns.rules.consent import (
    ADULT_FROM,
    GUARDIAN_BELOW,
    Asking,
    asking_for,
    born_after,
    next_state,
)
from anxin.domains.campaigns.rules.tokens import KEY_PURPOSE, BadToken, read_token
from anxin.domains.campaigns.selectors.campaigns import find_campaign
from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Channel
from anxin.kernel import clock, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import purpose_key
from anxin.kernel.errors import NotPermitted, Refused

ASKING = "campaigns.ask_guardians"
LIFE_WITHOUT_END = timedelta(days=30)
ASKED_AT_ONCE = 200
STATE_OF_ANSWER = {"yes": ConsentState.GIVEN, "no": ConsentState.REFUSED}


class ConsentClosed(Refused):
    """Outside its window a campaign asks nobody."""

    code = "consent-closed"
    message = "This campaign is not asking for decisions now."


@dataclass(frozen=True, slots=True)
class Question:
    """Who is asked what, and what they said so far."""

    participant: Participant
    campaign: Campaign
    text: ConsentText
    asking: Asking
    answerer: Answerer

    @property
    def stands(self) -> ConsentState:
        """Their last word."""
        return ConsentState(self.participant.consent)

    @property
    def is_open(self) -> bool:
        """Whether the campaign still asks. Saying no stays possible after that."""
        return self.campaign.state in CONSENT_ASKED

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.participant.audit_subject()


@query("campaigns:consent:opened")
def guardian_question(*, actor: Actor, token: str, language: str = "zh") -> Question:
    """The question behind a guardian's address. Raises ``ConsentAddressInvalid``."""
    held = _guardian_token(actor, token)
    participant = held.participant
    return _question(participant, Answerer.GUARDIAN, language)


@query("campaigns:consent:opened")
def own_question(*, actor: Actor, token: str, language: str = "zh") -> Question:
    """The question for the bearer of a participant's token. Raises ``ConsentAddressInvalid``."""
    return _question(_participant_of(actor, token), Answerer.SELF, language)


@command("campaigns:consent:answered")
def answer_as_guardian(*, actor: Actor, token: str, answer: str, text_version: str) -> Participant:
    """The guardian's word, given or changed."""
    held = _guardian_token(actor, token)
    participant = (
        Participant.objects.select_for_update(of=("self",))
        .select_related("campaign")
        .get(id=held.participant_id)
    )
    if asking_for(participant.born_on, clock.today()).consent_by is not Answerer.GUARDIAN:
        raise ConsentNotTheirs
    _keep(participant, Answerer.GUARDIAN, STATE_OF_ANSWER[answer], text_version)
    if held.used_at is None:
        held.used_at = clock.now()
        held.save(update_fields=["used_at"])
    return participant


@command("campaigns:consent:answered")
def answer_as_self(*, actor: Actor, token: str, answer: str, text_version: str) -> Participant:
    """The person's own word. Under 14 it is the assent beside the guardian's consent; a no is always theirs to say."""
    found = _participant_of(actor, token)
    participant = (
        Participant.objects.select_for_update(of=("self",)).select_related("campaign").get(id=found.id)
    )
    _keep(participant, Answerer.SELF, STATE_OF_ANSWER[answer], text_version)
    return participant


@command("campaigns:guardians:asking")
def ask_guardians(*, actor: Actor, campaign_uid: str, base_url: str) -> Campaign:
    """Promise a message to every guardian whose answer, or whose knowledge, is still awaited. Once a day at most."""
    campaign = find_campaign(actor=actor, uid=campaign_uid)
    if not may_on_campaign(actor, Permission.PLAN, campaign):
        raise NotPermitted
    if campaign.state not in CONSENT_ASKED:
        raise ConsentClosed
    jobs.defer(
        job=ASKING,
        queue=jobs.Queue.NOTICES,
        key=campaign.uid,
        payload={"campaign": campaign.uid, "day": clock.today().isoformat(), "base_url": base_url},
    )
    return campaign


@command("campaigns:guardians:asked")
def ask_next_guardians(*, actor: Actor, campaign_uid: str, after: int, day: str, base_url: str) -> int:
    """One set of messages, after the participant ``after``; the last one's id, 0 at the end. For the house."""
    if not actor.is_system:
        raise NotPermitted
    campaign = Campaign.objects.select_related("unit").get(uid=campaign_uid)
    people = list(_to_be_asked(campaign).filter(id__gt=after).order_by("id")[:ASKED_AT_ONCE])
    for one in people:
        _ask(actor, campaign, one, day, base_url)
    return people[-1].id if people else 0


def _ask(actor: Actor, campaign: Campaign, one: Participant, day: str, base_url: str) -> None:
    asks = asking_for(one.born_on, clock.today()).consent_by is Answerer.GUARDIAN
    until = _end(campaign)
    day_meant = until if asks else campaign.runs_from or until
    params = {"unit": campaign.unit.name, "day": f"{clock.local(day_meant):%m-%d}"}
    secret = f"{base_url}/consent/{issue_guardian_token(one, until)}/" if asks else ""
    notices.queue(
        actor=actor,
        key=f"consent:{one.uid}:{day if asks else 'told'}",
        template="guardian_asked" if asks else "guardian_told",
        channel=Channel.SMS,
        params=params,
        scope_path=one.scope_path,
        phone=one.guardian_phone,
        secret=secret,
    )


def issue_guardian_token(participant: Participant, until: datetime) -> str:
    """A new address for one guardian; earlier ones stay good, for a reminder must not break the first message."""
    token = secrets.token_urlsafe(24)
    GuardianToken.objects.create(participant=participant, token_hash=_hash(token), expires_at=until)
    return token


def _to_be_asked(campaign: Campaign) -> QuerySet[Participant]:
    """Guardians of children whose answer is awaited, and of minors from 14 on who were not told yet; with a phone."""
    today = clock.today()
    child = Q(born_on__isnull=True) | Q(born_on__gt=born_after(today, GUARDIAN_BELOW))
    youth = Q(born_on__lte=born_after(today, GUARDIAN_BELOW), born_on__gt=born_after(today, ADULT_FROM))
    return (
        campaign.participants.filter(Q(child, consent=ConsentState.AWAITED) | youth)
        .exclude(guardian_phone="")
        .exclude(state=ParticipantState.EXCUSED)
    )


def _keep(participant: Participant, by: Answerer, answer: ConsentState, text_version: str) -> None:
    campaign = participant.campaign
    if text_version != campaign.consent_text_version:
        raise ConsentTextReplaced
    if answer is ConsentState.GIVEN and campaign.state not in CONSENT_ASKED:
        raise ConsentClosed
    is_consent = asking_for(participant.born_on, clock.today()).consent_by is by
    field = "consent" if is_consent else "assent"
    state = next_state(ConsentState(getattr(participant, field)), answer)
    if state == getattr(participant, field):
        return
    ConsentAnswer.objects.create(
        participant=participant,
        answered_by=by.value,
        answer=state.value,
        text_version=text_version,
        answered_at=clock.now(),
    )
    setattr(participant, field, state.value)
    participant.save(update_fields=[field])


def _question(participant: Participant, by: Answerer, language: str) -> Question:
    campaign = participant.campaign
    asking = asking_for(participant.born_on, clock.today())
    kind = "guardian" if by is Answerer.GUARDIAN else "own"
    text = consent_text(kind=kind, version=campaign.consent_text_version, language=language)
    return Question(participant, campaign, text, asking, by)


def _guardian_token(actor: Actor, token: str) -> GuardianToken:
    held = (
        GuardianToken.objects.select_related("participant__campaign__unit", "participant__group")
        .filter(token_hash=_hash(token), expires_at__gt=clock.now())
        .first()
    )
    if not actor.is_system or held is None:
        raise ConsentAddressInvalid
    return held


def _participant_of(actor: Actor, token: str) -> Participant:
    try:
        bearer = read_token(token, key=purpose_key(KEY_PURPOSE), now=clock.now())
    except BadToken:
        raise ConsentAddressInvalid from None
    found = (
        Participant.objects.select_related("campaign__unit", "group")
        .filter(id=bearer.participant_id, campaign_id=bearer.campaign_id, token_version=bearer.version)
        .first()
    )
    if not actor.is_system or found is None:
        raise ConsentAddressInvalid
    return found


def _end(campaign: Campaign) -> datetime:
    return campaign.runs_until or clock.now() + LIFE_WITHOUT_END


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
