"""The workforce room as a Django app."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Label ``workforce``."""

    name = "anxin.domains.workforce"
    label = "workforce"
