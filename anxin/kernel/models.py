"""Base of every table, the PII annotation, and the kernel's own tables."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField  # noqa: F401  (one import place for the rooms)
from django.db import models
from django.db.models import Q

from anxin.kernel import clock
from anxin.kernel.ids import new_uid


class Pii(StrEnum):
    """What a table says about people. Every model states it; the database walls follow from it.

    PERSONAL: identifies or describes a member of the public → FORCE ROW LEVEL SECURITY.
    PSEUDONYMOUS: keyed hashes and uids only. STAFF: people in their official function. NONE: nobody.
    """

    NONE = "none"
    STAFF = "staff"
    PSEUDONYMOUS = "pseudonymous"
    PERSONAL = "personal"


class Record(models.Model):
    """A row with an inner ``id`` and an outer ``uid`` (UUIDv7 text, made in Python, the only one in URLs)."""

    pii: ClassVar[Pii]

    id = models.BigAutoField(primary_key=True)
    uid = models.CharField(max_length=36, unique=True, default=new_uid, editable=False)

    class Meta:
        abstract = True


class OutboxMessage(Record):
    """A side effect promised in a transaction and carried out after it, by lease, at least once."""

    pii = Pii.PSEUDONYMOUS

    topic = models.CharField(max_length=80)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=5)
    queued_at = models.DateTimeField(default=clock.now)
    available_at = models.DateTimeField(default=clock.now)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, default="")
    attempts = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["priority", "available_at", "id"],
                name="outbox_due",
                condition=Q(finished_at__isnull=True),
            )
        ]


class Heartbeat(models.Model):
    """The last sign of life of a process. The boards turn red when the worker's grows old."""

    pii = Pii.NONE

    name = models.CharField(max_length=80, primary_key=True)
    beat_at = models.DateTimeField()
    real_beat_at = models.DateTimeField()


class KeyRotationStep(models.Model):
    """How far the change to the key ``target`` has come in one column; it goes on behind ``last_key`` after a fall."""

    pii = Pii.NONE

    id = models.BigAutoField(primary_key=True)
    column = models.CharField(max_length=120)
    target = models.CharField(max_length=20)
    last_key = models.CharField(max_length=60, default="")
    changed = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["column", "target"], name="key_rotation_step_once")]


class WorkingDayOverride(models.Model):
    """A day that is, or is not, a working day whatever the library says."""

    pii = Pii.NONE

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    reason = models.CharField(max_length=200)
