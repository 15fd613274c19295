"""Credentials."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.workforce.contracts import CredentialKind
from anxin.kernel.models import Pii, Record


class Credential(Record):
    """One credential of one person; it counts only when verified and in force, both ends included.

    ``subject`` narrows a training to one thing: the instrument of an instrument training.
    """

    pii = Pii.STAFF

    staff = models.ForeignKey("network.StaffMember", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.name) for kind in CredentialKind])
    subject = models.CharField(max_length=40, default="", blank=True)
    number = models.CharField(max_length=60, default="", blank=True)
    verified_on = models.DateField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    suspended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="credential_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["staff", "kind", "subject", "valid_from"], name="credential_once"
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.kind)
