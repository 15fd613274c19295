"""The audit room as a Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Installs the recorder behind the marks."""

    name = "anxin.domains.audit"
    label = "audit"

    def ready(self) -> None:
        """From here on every mark writes."""
        from anxin.domains.audit import marks, services

        marks.install(services.record)
