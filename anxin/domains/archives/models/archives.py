"""The archive, its history, who is helping, and moves between stations."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.archives import contracts
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class Archive(Record):
    """心理健康档案. ``unit`` keeps it; ``scope_path`` repeats where that is. Closed, it has a day it is kept until.

    ``is_custody`` repeats what the keeping unit is: such archives are in nobody else's lists.
    """

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    resident = models.OneToOneField("residents.Resident", models.PROTECT, related_name="+")
    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+", db_index=False)
    scope_path = models.CharField(max_length=200, db_collation="C")
    is_custody = models.BooleanField(default=False)
    status = models.CharField(
        max_length=12, choices=[(one.value, one.name) for one in contracts.Status], default="open"
    )
    retention_class = models.CharField(max_length=30)
    retain_until = models.DateField(null=True)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    opened_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="archive_closed_is_dated",
                condition=Q(status="closed", retain_until__isnull=False)
                | (~Q(status="closed") & Q(retain_until__isnull=True)),
            )
        ]
        indexes = [
            models.Index(fields=["scope_path", "-id"], name="archive_scope"),
            models.Index(fields=["unit", "-id"], name="archive_unit"),
            models.Index(fields=["retain_until"], name="archive_due", condition=Q(status="closed")),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=self.resident.uid
        )


class ArchiveEntry(Record):
    """One line of the archive's own history. Never edited."""

    pii = Pii.PERSONAL

    archive = models.ForeignKey(Archive, models.CASCADE, related_name="entries")
    happened_at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=24, choices=[(one.value, one.name) for one in contracts.EntryKind])
    author_kind = models.CharField(max_length=12)
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    note = EncryptedTextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["archive", "-happened_at"], name="archive_entry")]


class Carer(Record):
    """Somebody who is helping this person, besides whoever has their warning, case or interview in hand."""

    pii = Pii.PERSONAL

    archive = models.ForeignKey(Archive, models.CASCADE, related_name="carers")
    posting = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["archive", "posting"], name="carer_once", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="carer_order", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]
        indexes = [models.Index(fields=["posting"], name="carer_now", condition=Q(until__isnull=True))]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.archive.audit_subject()


class Transfer(Record):
    """An archive asked for or offered between two stations. Either may propose, the other decides. Both keep the row.

    Written by value, because the station that does not keep the archive cannot see it.
    """

    pii = Pii.PERSONAL

    archive = models.ForeignKey(Archive, models.CASCADE, related_name="transfers")
    archive_number = models.CharField(max_length=20)
    from_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    from_path = models.CharField(max_length=200, db_collation="C")
    to_path = models.CharField(max_length=200, db_collation="C")
    is_asked_for = models.BooleanField()
    state = models.CharField(
        max_length=12, choices=[(one.value, one.name) for one in contracts.TransferState], default="proposed"
    )
    reason = EncryptedTextField()
    proposed_by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["archive"], name="transfer_one_waits", condition=Q(state="proposed")
            ),
            models.CheckConstraint(name="transfer_between_two", condition=~Q(from_unit=F("to_unit"))),
            models.CheckConstraint(
                name="transfer_decided_by_somebody",
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.archive_number, node_path=self.to_path)
