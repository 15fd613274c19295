"""The key of a campaign, and opening what devices without a network kept under it."""

from collections.abc import Callable

from django.db import transaction

from anxin.domains.campaigns.contracts import CampaignNotFound, FormRefused, Receipt, Verdict
from anxin.domains.campaigns.models import Campaign
from anxin.domains.campaigns.rules.envelopes import make_key, open_envelope, read_envelope
from anxin.domains.campaigns.services.submissions import hear_signal, take_in
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def give_key(*, actor: Actor, uid: str) -> Campaign:
    """The campaign with its pair of keys, made once. For the house. Raises ``CampaignNotFound``."""
    if not actor.is_system:
        raise NotPermitted
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().filter(uid=uid).first()
        if campaign is None:
            raise CampaignNotFound
        if not campaign.public_key:
            campaign.sealed_private_key, campaign.public_key = make_key()
            campaign.save(update_fields=["sealed_private_key", "public_key"])
        return campaign


def take_in_sealed(*, actor: Actor, body: bytes, admits: Callable[[int], bool]) -> Receipt:
    """Open one envelope and keep what is in it as if it had just been sent. Raises ``FormRefused``."""
    envelope = read_envelope(body)
    campaign = Campaign.objects.filter(uid=envelope.campaign_uid).first()
    if campaign is None or not campaign.sealed_private_key:
        raise FormRefused(Verdict.BAD_FORM)
    letter = open_envelope(envelope, private_pem=campaign.sealed_private_key)
    road = take_in if letter.kind == "form" else hear_signal
    return road(actor=actor, body=bytes(letter.body), admits=admits)
