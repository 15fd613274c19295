"""The accounts room as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Label ``accounts``."""

    name = "anxin.domains.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Secrets of second factors lie sealed in another package's table; a change of keys has to reach them."""
        from anxin.domains.accounts.services.second_factor import SEALED_CONTEXT
        from anxin.kernel.key_columns import SEALED_ELSEWHERE, sealed_member

        SEALED_ELSEWHERE.extend(
            sealed_member("mfa_authenticator", "data", member, key="id", context=SEALED_CONTEXT)
            for member in ("secret", "seed")
        )
