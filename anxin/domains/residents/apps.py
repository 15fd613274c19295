"""The residents room as a Django app."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """Label ``residents``."""

    name = "anxin.domains.residents"
    label = "residents"
