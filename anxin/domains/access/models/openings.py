"""Records opened outside one's duty, and confirmations before a minor's content."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from anxin.domains.access.contracts import Cause, Verdict
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class BreakGlass(Record):
    """One record, opened by one member of staff for a short time, and what the review said of it.

    The record is named by value: this room lies below the people. Whatever is read while it is open carries the
    ``uid`` of this row in the trail. The row stays; who serves requests cannot delete it.
    """

    pii = Pii.PSEUDONYMOUS

    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    opened_by = models.CharField(max_length=120)
    opened_from = models.CharField(max_length=120, default="", blank=True)
    resident_id = models.BigIntegerField()
    resident_uid = models.CharField(max_length=36)
    resident_number = models.CharField(max_length=20)
    scope_path = models.CharField(max_length=200, db_collation="C")
    is_colleague = models.BooleanField(default=False)
    cause = models.CharField(max_length=24, choices=[(one.value, one.name) for one in Cause])
    reason = EncryptedTextField()
    opened_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    review_due_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    reviewer = models.CharField(max_length=120, default="", blank=True)
    verdict = models.CharField(
        max_length=16, default="", blank=True, choices=[(one.value, one.name) for one in Verdict]
    )
    review = EncryptedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "resident_id"],
                name="break_glass_one_open",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="break_glass_order",
                condition=Q(ends_at__gt=F("opened_at"))
                & Q(review_due_at__gt=F("opened_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at"), ended_at__lte=F("ends_at"))),
            ),
            models.CheckConstraint(
                name="break_glass_review_is_whole",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, verdict="", review="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict="") & ~Q(review="")),
            ),
            models.CheckConstraint(
                name="break_glass_four_eyes",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("account")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "ends_at"], name="break_glass_running", condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["review_due_at"], name="break_glass_to_review", condition=Q(reviewed_at__isnull=True)
            ),
        ]

    def is_open_at(self, moment: datetime) -> bool:
        """Whether the record can be read under it."""
        return self.ended_at is None and self.opened_at <= moment < self.ends_at

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=self.resident_uid
        )


class Confirmation(Record):
    """Somebody confirmed, in one session, that they need a minor's answers and notes, and said what for."""

    pii = Pii.PSEUDONYMOUS

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    session_index = models.CharField(max_length=64)
    resident_uid = models.CharField(max_length=36)
    resident_number = models.CharField(max_length=20)
    scope_path = models.CharField(max_length=200, db_collation="C")
    purpose = EncryptedTextField()
    confirmed_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="confirmation_order", condition=Q(ends_at__gt=F("confirmed_at")))
        ]
        indexes = [models.Index(fields=["account", "session_index", "ends_at"], name="confirmation_session")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid,
            number=self.resident_number,
            node_path=self.scope_path,
            person_uid=self.resident_uid,
        )
