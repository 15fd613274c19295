"""The audit room as a Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Installs the recorder behind the marks."""

    name = "anxin.domains.audit"
    label = "audit"

    def ready(self) -> None:
        """From here on every mark writes."""
        from anxin.domains.audit import marks, shares
        from anxin.domains.audit.services.recording import record
        from anxin.kernel import key_columns

        marks.install(record)
        key_columns.SEALED_ELSEWHERE.append(
            key_columns.sealed_column(
                "audit_auditshare", "sealed", key="event_uid", context=shares.context_of, before_first=""
            )
        )
