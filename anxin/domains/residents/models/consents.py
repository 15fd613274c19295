"""The consent ledger."""

from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.residents.models.people import Resident
from anxin.kernel import clock
from anxin.kernel.models import Pii, Record


class Consent(Record):
    """One agreement to one purpose in one version of its text (PIPL art. 14, 28, 29). Withdrawal dates the row."""

    pii = Pii.PERSONAL

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=clock.now)
    given_by = models.CharField(max_length=20, default="self")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "purpose", "text_version"],
                name="consent_once",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.purpose, person_uid=self.resident.uid)
