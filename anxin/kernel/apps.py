"""The kernel as a Django app, because the outbox is a table."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    """Label ``kernel``."""

    name = "anxin.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Let every ``migrate`` leave the database with the key that this installation signs scopes with.

        A cipher that is unknown, or unknown to this machine, is told now and not by the first name.
        """
        from anxin.kernel.crypto import demand_cipher
        from anxin.kernel.scope_keys import put_keys_after_migrating

        post_migrate.connect(put_keys_after_migrating, sender=self, dispatch_uid="scope keys")
        demand_cipher()
