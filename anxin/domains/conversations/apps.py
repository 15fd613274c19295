"""The conversations room as a Django app."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Label ``conversations``."""

    name = "anxin.domains.conversations"
    label = "conversations"
