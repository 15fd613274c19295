"""The queue of messages."""

from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class Notice(Record):
    """One message to one person through one channel."""

    pii = Pii.PERSONAL

    key = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    channel = models.CharField(max_length=12)
    staff = models.ForeignKey("network.StaffMember", models.CASCADE, null=True, related_name="+")
    resident = models.ForeignKey("residents.Resident", models.CASCADE, null=True, related_name="+")
    # Somebody without an archive, and a word that must not lie open in a table: both are gone once it was sent.
    phone = EncryptedTextField(default="", blank=True)
    secret = EncryptedTextField(default="", blank=True)
    lane = models.CharField(max_length=10, default="prompt")
    scope_path = models.CharField(max_length=200, db_collation="C")
    queued_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gateway = models.CharField(max_length=20, default="", blank=True)
    outcome = models.CharField(max_length=20, default="queued")
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["staff", "read_at"], name="notice_staff"),
            models.Index(
                fields=["queued_at", "id"],
                name="notice_waiting",
                condition=Q(channel="sms", lane="prompt", outcome__in=("queued", "sending")),
            ),
            models.Index(
                fields=["queued_at", "id"],
                name="notice_waiting_ordinary",
                condition=Q(channel="sms", lane="ordinary", outcome__in=("queued", "sending")),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.template, node_path=self.scope_path)
