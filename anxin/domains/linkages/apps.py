"""The linkages room as a Django app."""

from django.apps import AppConfig


class LinkagesConfig(AppConfig):
    """Label ``linkages``."""

    name = "anxin.domains.linkages"
    label = "linkages"
