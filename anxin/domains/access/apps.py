"""The access room as a Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Label ``access``."""

    name = "anxin.domains.access"
    label = "access"
