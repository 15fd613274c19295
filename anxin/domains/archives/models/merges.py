"""Two people who turn out to be one."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.archives import contracts
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import ArrayField, Pii, Record


class Merge(Record):
    """``duplicate`` is ``kept``, written down twice: proposed, confirmed (or declined), perhaps undone; the row stays.

    When the two belong to different units somebody else confirms, and PostgreSQL asks for it too. Uids are kept by
    value, because one side cannot see the other's person.
    """

    pii = Pii.PERSONAL

    duplicate = models.ForeignKey("residents.Resident", models.PROTECT, related_name="+")
    kept = models.ForeignKey("residents.Resident", models.PROTECT, related_name="+")
    duplicate_uid = models.CharField(max_length=36)
    kept_uid = models.CharField(max_length=36)
    duplicate_path = models.CharField(max_length=200, db_collation="C")
    kept_path = models.CharField(max_length=200, db_collation="C")
    crosses_units = models.BooleanField()
    evidence = ArrayField(models.CharField(max_length=20), default=list)
    state = models.CharField(
        max_length=12, choices=[(one.value, one.name) for one in contracts.MergeState], default="proposed"
    )
    reason = EncryptedTextField()
    proposed_by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = EncryptedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"],
                name="merge_one_stands",
                condition=Q(state__in=["proposed", "confirmed"]),
            ),
            models.CheckConstraint(name="merge_of_two", condition=~Q(duplicate=F("kept"))),
            models.CheckConstraint(
                name="merge_two_people_decide",
                condition=Q(crosses_units=False)
                | Q(decided_by__isnull=True)
                | Q(state="declined")
                | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="merge_decided_by_somebody",
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=(Q(state="undone") & Q(undone_by__isnull=False))
                | (~Q(state="undone") & Q(undone_by__isnull=True)),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.kept_path, person_uid=self.kept_uid)
