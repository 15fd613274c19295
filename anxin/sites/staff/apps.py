"""The staff site as a Django app, for its templates and its catalogue."""

from django.apps import AppConfig


class StaffSiteConfig(AppConfig):
    """Label ``site_staff``."""

    name = "anxin.sites.staff"
    label = "site_staff"
