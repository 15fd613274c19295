"""The referrals room as a Django app."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Label ``referrals``."""

    name = "anxin.domains.referrals"
    label = "referrals"
