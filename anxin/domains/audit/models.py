"""The trail, and the chain that shows whether it is still what was written."""

from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class AuditEvent(Record):
    """One act or one look, written as it was at that moment. No foreign keys: nothing cascades into the trail.

    ``reason`` is sealed (see :class:`AuditShare`); ``api.reasons_of`` opens it. Whoever watches over the node sees the
    row, and whom it names; it is added with ``services.recording``, which asks nothing back.
    """

    pii = Pii.PSEUDONYMOUS
    trail = models.Manager()

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
    # The record was open by break-glass: under which opening (access.BreakGlass.uid).
    opening_uid = models.CharField(max_length=36, default="", db_default="", blank=True)
    reason = models.TextField(default="", blank=True)

    def audit_subject(self) -> Subject:
        """A row of the trail that is opened is itself a row of the trail."""
        return Subject(uid=self.uid, number=self.subject_number, node_path=self.node_path)

    class Meta:
        indexes = [
            models.Index(fields=["person_uid", "-occurred_at"], name="audit_person"),
            models.Index(fields=["opening_uid"], name="audit_opening", condition=~Q(opening_uid="")),
            models.Index(fields=["subject_uid", "-occurred_at"], name="audit_subject"),
            models.Index(fields=["-occurred_at", "-id"], name="audit_when"),
            models.Index(fields=["actor_uid", "-occurred_at"], name="audit_actor"),
            models.Index(fields=["subject_number", "-occurred_at"], name="audit_number"),
        ]


class AuditShare(models.Model):
    """The half of a reason without which the other half, in the trail, says nothing. To destroy it shreds the reason.

    A table of its own, because the trail never changes and this must be able to.
    """

    pii = Pii.PSEUDONYMOUS

    event_uid = models.CharField(max_length=36, primary_key=True)
    person_uid = models.CharField(max_length=36, default="", blank=True, db_index=True)
    sealed = models.TextField()


class AuditWaiting(models.Model):
    """A committed row that is not sealed yet. A trigger fills it, so a transaction that ends late is not missed."""

    pii = Pii.NONE

    event_id = models.BigIntegerField(primary_key=True)


class AuditChain(models.Model):
    """The one chain of this database; its name is made at the first seal and stays through backup and restore."""

    pii = Pii.NONE

    uid = models.CharField(max_length=36, primary_key=True)
    begun_at = models.DateTimeField()


class AuditSeal(models.Model):
    """The place of one row in the chain. Written by the database function ``audit_seal`` only, and never changed."""

    pii = Pii.NONE

    sequence = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()


class AuditRoot(models.Model):
    """The end of a segment of the chain, also written outside the database. It outlives the rows it stands for."""

    pii = Pii.NONE

    sequence = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField()
    last_occurred_at = models.DateTimeField()
    made_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)


class LegalHold(Record):
    """What is kept about a person may not be destroyed, whatever the times of keeping say, until the hold is lifted."""

    pii = Pii.PSEUDONYMOUS

    person_uid = models.CharField(max_length=36)
    node_path = models.CharField(max_length=200, default="", blank=True)
    reason = EncryptedTextField()
    set_at = models.DateTimeField(default=clock.now)
    set_by = models.CharField(max_length=120)
    set_by_uid = models.CharField(max_length=60)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=120, default="", blank=True)
    lift_reason = EncryptedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_uid"], name="legal_hold_once", condition=Q(lifted_at__isnull=True)
            )
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.node_path, person_uid=self.person_uid)


class AuditCheck(Record):
    """A verification, and what it found."""

    pii = Pii.PSEUDONYMOUS

    checked_at = models.DateTimeField(default=clock.now)
    rows = models.BigIntegerField()
    last_sequence = models.BigIntegerField()
    faults = models.JSONField(default=list)
