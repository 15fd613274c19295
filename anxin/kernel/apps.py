"""The kernel as a Django app, because the outbox is a table."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Label ``kernel``."""

    name = "anxin.kernel"
    label = "kernel"
