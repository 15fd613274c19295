"""The indicators room as a Django app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Label ``indicators``."""

    name = "anxin.domains.indicators"
    label = "indicators"
