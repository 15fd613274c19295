"""The form of a campaign as its participants' page shows it. Nothing in it is about a person, so it may be cached."""

from typing import Any

from anxin.domains.campaigns.contracts import CampaignNotFound, CampaignState
from anxin.domains.campaigns.models import Campaign
from anxin.domains.campaigns.rules.questionnaire import asked_when, fits_page, page_of
from anxin.domains.instruments import api as instruments

OPEN_STATES = (CampaignState.CONSENT_OPEN, CampaignState.RUNNING, CampaignState.QUALITY_CHECK)


def questionnaire(*, uid: str) -> dict[str, Any]:
    """Title, steps and public key of a campaign that is open or about to be. Raises ``CampaignNotFound``."""
    campaign = Campaign.objects.filter(uid=uid, state__in=OPEN_STATES).prefetch_related("steps").first()
    if campaign is None:
        raise CampaignNotFound
    steps = sorted(campaign.steps.all(), key=lambda one: one.position)
    forms = {
        one.position: instruments.published_version(one.instrument, one.instrument_version) for one in steps
    }
    return {
        "uid": campaign.uid,
        "title": campaign.title,
        "segment": campaign.segment,
        "until": campaign.runs_until.isoformat() if campaign.runs_until else "",
        "public_key": campaign.public_key,
        "steps": [
            {
                "position": one.position,
                "follows": one.follows,
                "asked_when": asked_when(forms[one.follows], forms[one.position])
                if one.follows in forms
                else None,
                "fits": fits_page(forms[one.position], language=one.language),
                **page_of(forms[one.position], language=one.language),
            }
            for one in steps
        ],
    }
