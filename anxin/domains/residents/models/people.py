"""The person."""

from django.db import models
from django.db.models import Case, Q, Value, When

from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.models import Pii, Record


class Sex(models.TextChoices):
    """As the person states it; empty when they did not."""

    FEMALE = "f"
    MALE = "m"


class Resident(Record):
    """A member of the public who chose to be known. ``home_unit`` is the station (or area) nearest to them.

    ``identity_index`` is the keyed hash of an identity number: the same person in two campaigns and at a counter is one
    resident. ``contact_index`` finds people by a number they can be called at; a family may share it, so it identifies
    nobody by itself.

    A person written down twice stays two rows: the duplicate points at the one that is kept, everything known about
    either stays where it is, and taking the pointer away undoes it exactly. (``merged_into``, ``points_at_kept``) is a
    foreign key to (``id``, ``is_kept``): PostgreSQL refuses a chain or a circle, whoever is faster.
    """

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    account = models.OneToOneField("accounts.Account", models.SET_NULL, null=True, related_name="+")
    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_index = BlindIndexField(max_length=64, unique=True, null=True)
    identity_index = BlindIndexField(max_length=64, unique=True, null=True)
    contact_index = BlindIndexField(max_length=64, null=True)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, default="", blank=True)
    home_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    safe_hours = models.CharField(max_length=60, default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    is_kept = models.GeneratedField(
        expression=Q(merged_into__isnull=True), output_field=models.BooleanField(), db_persist=True
    )
    points_at_kept = models.GeneratedField(
        expression=Case(When(merged_into__isnull=False, then=Value(True)), default=None),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "is_kept"], name="resident_kept")]
        indexes = [
            models.Index(fields=["scope_path"], name="resident_scope"),
            models.Index(fields=["contact_index"], name="resident_contact"),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=self.uid)
