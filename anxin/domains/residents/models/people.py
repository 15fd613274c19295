"""The person."""

from django.db import models

from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class Sex(models.TextChoices):
    """As the person states it; empty when they did not."""

    FEMALE = "f"
    MALE = "m"


class Resident(Record):
    """A member of the public who chose to be known. ``home_unit`` is the station (or area) nearest to them.

    ``identity_index`` is the keyed hash of an identity number, of people who came by a roster: the same person in two
    campaigns is one resident.
    """

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    account = models.OneToOneField("accounts.Account", models.SET_NULL, null=True, related_name="+")
    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_index = models.CharField(max_length=64, unique=True, null=True)
    identity_index = models.CharField(max_length=64, unique=True, null=True)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, default="", blank=True)
    home_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    safe_hours = models.CharField(max_length=60, default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["scope_path"], name="resident_scope")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=self.uid)
