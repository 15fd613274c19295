"""The oversight site as a Django app, for its templates and its catalogue."""

from django.apps import AppConfig


class OversightSiteConfig(AppConfig):
    """Label ``site_oversight``."""

    name = "anxin.sites.oversight"
    label = "site_oversight"
