"""The door of the workforce room."""

from anxin.domains.workforce.selectors import (
    competent_on,
    competent_staff_ids,
    credentials_queryset,
    may_perform,
    require_competence,
    tiers_of,
)
from anxin.domains.workforce.services import (
    record_credential,
    record_credentials,
    suspend_credential,
    verify_credential,
)

__all__ = [
    "competent_on",
    "competent_staff_ids",
    "credentials_queryset",
    "may_perform",
    "record_credential",
    "record_credentials",
    "require_competence",
    "suspend_credential",
    "tiers_of",
    "verify_credential",
]
