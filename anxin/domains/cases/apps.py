"""The cases room as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Label ``cases``."""

    name = "anxin.domains.cases"
    label = "cases"
