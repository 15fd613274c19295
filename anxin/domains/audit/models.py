"""The trail."""

from django.db import models

from anxin.kernel import clock
from anxin.kernel.models import Pii, Record


class AuditEvent(Record):
    """One act or one look, written as it was at that moment. No foreign keys: nothing cascades into the trail."""

    pii = Pii.PSEUDONYMOUS

    occurred_at = models.DateTimeField(default=clock.now)
    request_uid = models.CharField(max_length=36, default="", blank=True)
    actor_kind = models.CharField(max_length=12)
    actor_uid = models.CharField(max_length=60)
    actor_label = models.CharField(max_length=120)
    event = models.CharField(max_length=80)
    subject_uid = models.CharField(max_length=36, default="", blank=True)
    subject_number = models.CharField(max_length=40, default="", blank=True)
    node_path = models.CharField(max_length=200, default="", blank=True)
    person_uid = models.CharField(max_length=36, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_uid", "-occurred_at"], name="audit_person"),
            models.Index(fields=["subject_uid", "-occurred_at"], name="audit_subject"),
            models.Index(fields=["-occurred_at"], name="audit_when"),
        ]
