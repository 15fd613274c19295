"""The archives room as a Django app."""

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    """Label ``archives``."""

    name = "anxin.domains.archives"
    label = "archives"
