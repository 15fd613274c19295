"""What a consent page shows: the text, the facts of the campaign, what was said so far. No pressure either way."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import Answerer, ConsentState, DataKind
from anxin.domains.residents import api as residents
from anxin.kernel.actor import Actor

HOUSE = Actor.system("consent")
ANSWERS = ("yes", "no")
DATA_KINDS = {
    DataKind.ROSTER: _("name, class and date of birth"),
    DataKind.ANSWERS: _("the answers"),
    DataKind.SCORES: _("the results"),
    DataKind.INTERVIEW: _("notes of a talk, if there is one"),
    DataKind.CONTACT: _("how you can be reached"),
}


def guardian_page(token: str) -> dict[str, Any]:
    """The question to a guardian. Inside a unit of work of the house."""
    question = campaigns.guardian_question(actor=HOUSE, token=token, language=get_language() or "zh")
    return _page(question)


def own_page(token: str) -> dict[str, Any]:
    """The question to the person."""
    question = campaigns.own_question(actor=HOUSE, token=token, language=get_language() or "zh")
    return {**_page(question), "token": token, "campaign_uid": question.campaign.uid}


def _page(question: Any) -> dict[str, Any]:
    campaign, participant = question.campaign, question.participant
    is_guardian = question.answerer is Answerer.GUARDIAN
    is_theirs = question.asking.consent_by is question.answerer
    stands = question.stands if is_theirs else ConsentState(participant.assent)
    return {
        "text": question.text,
        "is_guardian": is_guardian,
        "is_theirs": is_theirs,
        "unit": campaign.unit.name,
        "title": campaign.title,
        "purpose": campaign.purpose,
        "about": residents.mask_name(participant.name),
        "group": f"{participant.group.grade} {participant.group.name}".strip(),
        "kinds": [DATA_KINDS[DataKind(one)] for one in campaign.data_kinds],
        "recipients": campaign.recipients,
        "months": campaign.retention_months,
        "until": campaign.runs_until,
        "stands": stands.value,
        "has_answered": stands is not ConsentState.AWAITED,
        "is_yes": stands is ConsentState.GIVEN,
        "is_open": question.is_open,
        "guardian_awaited": not is_theirs and participant.consent == ConsentState.AWAITED,
    }
