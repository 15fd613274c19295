"""The campaigns room as a Django app."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Label ``campaigns``."""

    name = "anxin.domains.campaigns"
    label = "campaigns"
