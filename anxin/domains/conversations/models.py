"""Threads and their messages."""

from django.db import models

from anxin.domains.audit.contracts import Subject
from anxin.domains.conversations import contracts
from anxin.kernel import clock
from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.models import Pii, Record


class Thread(Record):
    """One conversation. Somebody unknown comes back by a code of which only a keyed hash is kept.

    ``last_seq`` is the number of the newest message: it is raised under the row's lock, so numbers have no gaps and
    a reader who knows the last one it saw can ask for the rest.
    """

    pii = Pii.PERSONAL

    scope_path = models.CharField(max_length=200, db_collation="C")
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    code_index = BlindIndexField(max_length=64, unique=True, null=True)
    last_seq = models.PositiveIntegerField(default=0)
    person_read_seq = models.PositiveIntegerField(default=0)
    staff_read_seq = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["scope_path"], name="thread_scope")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.scope_path)


class Message(Record):
    """One message. Append-only; ``client_uid`` makes a repeated sending the same message."""

    pii = Pii.PERSONAL

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    seq = models.PositiveIntegerField()
    side = models.CharField(max_length=6, choices=[(one.value, one.name) for one in contracts.Side])
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    text = EncryptedTextField()
    client_uid = models.CharField(max_length=36)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "seq"], name="message_number_once"),
            models.UniqueConstraint(fields=["thread", "client_uid"], name="message_sent_once"),
            models.CheckConstraint(
                name="message_staff_is_named",
                condition=models.Q(side="staff", staff__isnull=False)
                | models.Q(side="person", staff__isnull=True),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail: never the words."""
        return Subject(uid=self.uid, node_path=self.thread.scope_path)
