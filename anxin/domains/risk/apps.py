"""The risk room as a Django app."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """Label ``risk``."""

    name = "anxin.domains.risk"
    label = "risk"
