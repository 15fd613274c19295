"""The deadlines room as a Django app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Label ``deadlines``."""

    name = "anxin.domains.deadlines"
    label = "deadlines"
