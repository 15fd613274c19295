"""The consent ledger, and what was done without consent because the law says so."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.residents.contracts import LegalBasis
from anxin.domains.residents.models.people import Resident
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import ArrayField, Pii, Record


class Consent(Record):
    """One agreement to one purpose, for one recipient, in one version of its text (PIPL art. 14, 23, 28, 29, 31).

    Withdrawal dates the row. ``recipient`` is empty where nothing is passed on. ``signed_on`` and ``recorded_by`` are
    those of an agreement on paper, written down by staff; ``child_assented`` is the child's word beside a guardian's.
    """

    pii = Pii.PERSONAL

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    data_kinds = ArrayField(models.CharField(max_length=30), default=list)
    recipient = models.CharField(max_length=80, default="", blank=True)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=clock.now)
    given_by = models.CharField(max_length=20, default="self")
    child_assented = models.BooleanField(null=True)
    signed_on = models.DateField(null=True)
    recorded_by = models.CharField(max_length=120, default="", blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "purpose", "recipient"],
                name="consent_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("given_at")) & ~Q(withdrawn_by="")),
            ),
            models.CheckConstraint(
                name="consent_paper_has_a_writer",
                condition=Q(signed_on__isnull=True, recorded_by="")
                | (Q(signed_on__isnull=False) & ~Q(recorded_by="")),
            ),
            models.CheckConstraint(
                name="consent_assent_beside_a_guardian",
                condition=Q(child_assented__isnull=True) | Q(given_by="guardian"),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.purpose, person_uid=self.resident.uid)


class ActWithoutConsent(Record):
    """Personal data used without an agreement, because the law names the occasion (PIPL art. 13, 18). Never changed
    but for the moment the person was told.

    ``tell_by`` is empty where telling waits for the privacy officer: an entry that protects a child from their own.
    """

    pii = Pii.PERSONAL

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    basis = models.CharField(max_length=20, choices=[(one.value, one.name) for one in LegalBasis])
    purpose = models.CharField(max_length=40)
    recipient = models.CharField(max_length=80, default="", blank=True)
    reason = EncryptedTextField()
    acted_at = models.DateTimeField(default=clock.now)
    acted_by = models.CharField(max_length=120)
    tell_by = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="act_without_consent_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="act_without_consent_is_told",
                condition=~Q(basis="life_in_danger") | Q(tell_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["resident", "-acted_at"], name="act_resident")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.basis, person_uid=self.resident.uid)
