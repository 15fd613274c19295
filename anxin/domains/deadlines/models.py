"""The clocks."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class Deadline(Record):
    """One thing owed. Owner and due time are NOT NULL: there is no such thing as a clock nobody owns.

    ``ladder`` holds the rungs by value (see ``rules/ladder.py: dump_ladder``); ``rung_index`` and ``owner``
    are what was last written down, while what is shown is computed from ``ladder`` and the clock.
    """

    pii = Pii.PSEUDONYMOUS

    subject_kind = models.CharField(max_length=20)
    subject_uid = models.CharField(max_length=36)
    stage = models.CharField(max_length=24)
    started_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    ladder = models.JSONField()
    owner = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    owner_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    rung_index = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    next_change_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pause_reason = EncryptedTextField(default="", blank=True)
    breached_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=12, default="", blank=True)
    ended_by = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "is_open"], name="deadline_id_open"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_uid", "stage"],
                name="deadline_one_open_per_stage",
                condition=Q(is_open=True),
            ),
            models.CheckConstraint(
                name="deadline_end_is_told",
                condition=Q(is_open=True, ended_at__isnull=True)
                | (Q(is_open=False, ended_at__isnull=False) & ~Q(ended_how="") & ~Q(ended_by="")),
            ),
            models.CheckConstraint(name="deadline_due_after_start", condition=Q(due_at__gte=F("started_at"))),
        ]
        indexes = [
            models.Index(fields=["next_change_at"], name="deadline_due", condition=Q(is_open=True)),
            models.Index(fields=["subject_uid"], name="deadline_subject"),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.subject_uid, number=self.stage)
