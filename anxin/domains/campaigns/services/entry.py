"""The way in for who has no slip at hand: class code, number, birthday. It gives the same token as the slip.

A wrong try is counted by device and by code, never by address: a whole school sits behind one. What was wrong is not
said, and a code that does not exist is counted like one that does.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from anxin.domains.audit.api import command, query
from anxin.domains.audit.contracts import Subject
from anxin.domains.campaigns.contracts import (
    CONSENT_ASKED,
    CampaignState,
    ConsentState,
    EntryRefused,
    EntryTooOften,
    Permission,
)
from anxin.domains.campaigns.models import Campaign, EntryFailure, Participant
from anxin.domains.campaigns.policies import may_read_names
from anxin.domains.campaigns.rules.codes import read_code
from anxin.domains.campaigns.rules.consent import Asking, asking_for
from anxin.domains.campaigns.rules.tokens import KEY_PURPOSE, make_token
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index, purpose_key
from anxin.kernel.errors import NotPermitted

WINDOW, DAY = timedelta(minutes=10), timedelta(days=1)
PER_DEVICE, PER_CODE, PER_CODE_A_DAY = 5, 60, 200
LIFE_WITHOUT_END = timedelta(days=90)
# Answers given in time on a device without a network may arrive later; when they were given is checked on its own.
LATE_ARRIVAL = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Entry:
    """Who came in, and what they need to go on."""

    token: str
    participant: Participant
    asking: Asking

    @property
    def fragment(self) -> str:
        """What stands behind the ``#`` of the questionnaire's address: which campaign, and the token."""
        return f"{self.participant.campaign.uid}.{self.token}"

    @property
    def is_open(self) -> bool:
        """Whether the questionnaire can be answered now."""
        campaign, now = self.participant.campaign, clock.now()
        return (
            campaign.state == CampaignState.RUNNING
            and (campaign.runs_from is None or campaign.runs_from <= now)
            and (campaign.runs_until is None or now < campaign.runs_until)
        )

    @property
    def has_consent(self) -> bool:
        """Whether nothing stands against answering."""
        said_no = (ConsentState.REFUSED, ConsentState.WITHDRAWN)
        return self.participant.consent == ConsentState.GIVEN and self.participant.assent not in said_no

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.participant.audit_subject()


def token_of(participant: Participant, campaign: Campaign) -> str:
    """The token on the slip: the same every time it is printed, until it is replaced."""
    end = campaign.runs_until or (campaign.created_at + LIFE_WITHOUT_END)
    return make_token(
        key=purpose_key(KEY_PURPOSE),
        campaign_id=campaign.id,
        participant_id=participant.id,
        version=participant.token_version,
        expires_at=end + LATE_ARRIVAL,
    )


@query("campaigns:slips:printed")
def slips_of(*, actor: Actor, people: list[Participant]) -> list[Entry]:
    """The tokens of people on a list that may be met by name, for paper."""
    if not all(may_read_names(actor, one.scope_path) for one in people):
        raise NotPermitted
    if not all(actor.may(Permission.RUN, at=one.scope_path) for one in people):
        raise NotPermitted
    today = clock.today()
    return [Entry(token_of(one, one.campaign), one, asking_for(one.born_on, today)) for one in people]


@command("campaigns:token:issued")
def issue_token(*, actor: Actor, code: str, roster_number: str, day: int, month: int, device: str) -> Entry:
    """Who the code, the number and the birthday belong to. Raises ``EntryRefused`` or ``EntryTooOften``.

    The caller keeps the failure even though the try is refused: it calls :func:`count_failure` in a unit of its own.
    """
    if not actor.is_system:
        raise NotPermitted
    _demand_patience(code, device)
    clean = read_code(code)
    number = roster_number.strip()
    found = list(
        Participant.objects.select_related("campaign", "campaign__unit", "group").filter(
            group__code=clean or "-", roster_number__in={number, number.lstrip("0")} - {""}
        )[:10]
    )
    mine = [
        one
        for one in found
        if one.born_on is not None and (one.born_on.day, one.born_on.month) == (day, month)
    ]
    if len(mine) != 1 or mine[0].campaign.state not in CONSENT_ASKED:
        raise EntryRefused
    participant = mine[0]
    return Entry(
        token_of(participant, participant.campaign),
        participant,
        asking_for(participant.born_on, clock.today()),
    )


@command("campaigns:entry:refused")
def count_failure(*, actor: Actor, code: str, device: str) -> None:
    """One more try that did not work. What is older than a day is forgotten."""
    if not actor.is_system:
        raise NotPermitted
    now = clock.now()
    EntryFailure.objects.filter(at__lt=now - DAY).delete()
    EntryFailure.objects.create(
        code=_mark("code", read_code(code) or code), device=_mark("device", device), at=now
    )


def _demand_patience(code: str, device: str) -> None:
    now = clock.now()
    by_code = _mark("code", read_code(code) or code)
    lately = EntryFailure.objects.filter(at__gt=now - WINDOW)
    if lately.filter(device=_mark("device", device)).count() >= PER_DEVICE:
        raise EntryTooOften
    if lately.filter(code=by_code).count() >= PER_CODE:
        raise EntryTooOften
    if EntryFailure.objects.filter(Q(code=by_code) & Q(at__gt=now - DAY)).count() >= PER_CODE_A_DAY:
        raise EntryTooOften


def _mark(kind: str, value: str) -> str:
    return blind_index(value[:80], purpose=f"entry.{kind}")
