"""The assessments room as a Django app."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Label ``assessments``."""

    name = "anxin.domains.assessments"
    label = "assessments"
