"""Links that let one person in once: somebody invited to a role, or a colleague back in after a loss."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.access import contracts
from anxin.domains.audit.contracts import Subject
from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.models import Pii, Record


class LinkKind(models.TextChoices):
    """What the link is for."""

    INVITATION = contracts.LinkKind.INVITATION.value
    RECOVERY = contracts.LinkKind.RECOVERY.value


class EntryLink(Record):
    """One link; of its secret only a keyed hash is kept.

    An invitation is open at once. A recovery is asked by one person, approved by another, and only then has a secret.
    """

    pii = Pii.STAFF

    kind = models.CharField(max_length=12, choices=LinkKind.choices)
    token_index = BlindIndexField(max_length=64, unique=True, null=True)
    name = EncryptedTextField(default="", blank=True)
    title = models.CharField(max_length=60, default="", blank=True)
    post = models.CharField(max_length=30, default="", blank=True)
    role = models.CharField(max_length=40, default="", blank=True)
    node = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", models.CASCADE, null=True, related_name="+")
    reason = EncryptedTextField(default="", blank=True)
    asked_by = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    asker = models.CharField(max_length=80, default="", blank=True)
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    approver = models.CharField(max_length=80, default="", blank=True)
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["node", "-asked_at"], name="entry_link_node")]
        constraints = [
            models.CheckConstraint(
                name="entry_link_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="entry_link_not_for_oneself",
                condition=~Q(kind="recovery")
                | (~Q(account=F("asked_by")) & (Q(approved_by__isnull=True) | ~Q(account=F("approved_by")))),
            ),
            models.CheckConstraint(
                name="entry_link_recovery_needs_approval",
                condition=~Q(kind="recovery") | Q(token_index__isnull=True) | Q(approved_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["account"],
                name="entry_link_one_recovery",
                condition=Q(kind="recovery", used_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.role, node_path=self.node.path)
