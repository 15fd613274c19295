"""Households and guardians."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.archives import contracts
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.models import Pii, Record


class Household(Record):
    """People who live together, written down by the unit that met them."""

    pii = Pii.PERSONAL

    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    address = EncryptedTextField(default="", blank=True)
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["scope_path"], name="household_scope")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.scope_path)


class HouseholdMember(Record):
    """One of them: somebody with a record, or a name only. ``left_at`` ends it; the row stays."""

    pii = Pii.PERSONAL

    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    name = EncryptedTextField(default="", blank=True)
    relation = models.CharField(max_length=16, choices=[(one.value, one.name) for one in contracts.Relation])
    is_head = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                name="household_one_at_a_time",
                condition=Q(left_at__isnull=True, resident__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["household"],
                name="household_one_head",
                condition=Q(left_at__isnull=True, is_head=True),
            ),
            models.CheckConstraint(
                name="household_member_is_somebody", condition=Q(resident__isnull=False) | ~Q(name="")
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        person = self.resident.uid if self.resident else ""
        return Subject(uid=self.uid, node_path=self.household.scope_path, person_uid=person)


class Guardianship(Record):
    """Who answers for somebody, by what evidence, from when until when. Of a minor it ends at 18 by itself."""

    pii = Pii.PERSONAL

    ward = models.ForeignKey("residents.Resident", models.PROTECT, related_name="+")
    guardian = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    name = EncryptedTextField()
    phone = EncryptedTextField(default="", blank=True)
    contact_index = BlindIndexField(max_length=64, null=True)
    relation = models.CharField(max_length=16, choices=[(one.value, one.name) for one in contracts.Relation])
    ground = models.CharField(max_length=12, choices=[(one.value, one.name) for one in contracts.Ground])
    evidence = EncryptedTextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guardian_of_a_minor_ends",
                condition=~Q(ground="minor") | Q(ends_on__isnull=False),
            ),
            models.CheckConstraint(
                name="guardian_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="guardian_of_another",
                condition=Q(guardian__isnull=True) | ~Q(guardian=F("ward")),
            ),
        ]
        indexes = [models.Index(fields=["ward"], name="guardian_ward", condition=Q(ended_on__isnull=True))]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.scope_path, person_uid=self.ward.uid)
