"""Family doctors' contracts (R-042): assessments asked for under them, and the guidance that goes back to the team."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class DoctorContract(Record):
    """家庭医生签约: a team of a medical unit, a resident, a term. Seen where the person belongs and by the team."""

    pii = Pii.PERSONAL

    number = models.CharField(max_length=40, unique=True)
    resident = models.ForeignKey("residents.Resident", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    team_path = models.CharField(max_length=200, db_collation="C")
    team = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="doctor_contract_order", condition=Q(ends_on__gte=F("starts_on")))
        ]
        indexes = [models.Index(fields=["resident", "-starts_on"], name="doctor_resident")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.number, node_path=self.team_path)


class DoctorRequest(Record):
    """An assessment asked for under a contract. ``guidance`` is all the team gets back: no answers, no score."""

    pii = Pii.PERSONAL

    contract = models.ForeignKey(DoctorContract, models.CASCADE, related_name="requests")
    instrument = models.CharField(max_length=40)
    sitting = models.ForeignKey("assessments.Sitting", models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    guidance = EncryptedTextField(default="", blank=True)
    returned_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="doctor_guidance_is_signed",
                condition=Q(guidance="", returned_by__isnull=True, returned_at__isnull=True)
                | (~Q(guidance="") & Q(returned_by__isnull=False, returned_at__isnull=False)),
            )
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.contract.audit_subject()
