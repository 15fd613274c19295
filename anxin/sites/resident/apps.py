"""The resident site as a Django app, for its templates and its catalogue."""

from django.apps import AppConfig


class ResidentSiteConfig(AppConfig):
    """Label ``site_resident``."""

    name = "anxin.sites.resident"
    label = "site_resident"
