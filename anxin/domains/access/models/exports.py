"""The ledger of what left the house."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from anxin.domains.access.contracts import ExportState
from anxin.domains.access.rules.openings import export_state
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class Export(Record):
    """One file with rows about people: what of, what for, who asked, who said yes, who took it. Taken once."""

    pii = Pii.PSEUDONYMOUS

    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    scope_path = models.CharField(max_length=200, db_collation="C")
    person_uid = models.CharField(max_length=36, default="", blank=True)
    purpose = EncryptedTextField()
    needs_approval = models.BooleanField()
    approval = models.CharField(max_length=60, default="", blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    decider = models.CharField(max_length=120, default="", blank=True)
    is_approved = models.BooleanField(null=True)
    decision = EncryptedTextField(default="", blank=True)
    taken_at = models.DateTimeField(null=True)
    taken_rows = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="export_four_eyes",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("account")),
            ),
            models.CheckConstraint(
                name="export_decision_is_whole",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_approved__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_approved__isnull=False),
            ),
            # The last line behind the refusal in the services: nothing leaves without the yes it needs, nor later.
            models.CheckConstraint(
                name="export_taken_with_approval",
                condition=Q(taken_at__isnull=True)
                | (
                    (
                        Q(needs_approval=False, is_approved__isnull=True)
                        # NULL is not false, and a check lets it pass.
                        | Q(is_approved__isnull=False, is_approved=True)
                    )
                    & Q(taken_at__lt=F("expires_at"))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["-asked_at"], name="export_when"),
            models.Index(fields=["account", "-asked_at"], name="export_account"),
        ]

    def state_at(self, moment: datetime) -> ExportState:
        """Where it stands."""
        return export_state(
            needs_approval=self.needs_approval,
            decided=self.is_approved,
            taken=self.taken_at is not None,
            expires_at=self.expires_at,
            at=moment,
        )

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=self.person_uid
        )
