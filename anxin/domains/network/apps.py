"""The network room as a Django app."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Label ``network``."""

    name = "anxin.domains.network"
    label = "network"
