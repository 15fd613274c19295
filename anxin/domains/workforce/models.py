"""Credentials."""

from django.db import models
from django.db.models import F, Q

from anxin.kernel.models import Pii, Record


class CredentialKind(models.TextChoices):
    """What a person is qualified as, or trained in."""

    PSYCHIATRIST = "psychiatrist"
    THERAPIST = "therapist"
    COUNSELLOR = "counsellor"
    TUTOR = "tutor"
    SOCIAL_WORKER = "social_worker"
    TCM_PHYSICIAN = "tcm_physician"
    PSYCHOLOGY_TEACHER = "psychology_teacher"
    VOLUNTEER = "volunteer"
    CRISIS_TRAINING = "crisis_training"
    HOTLINE_TRAINING = "hotline_training"


class Credential(Record):
    """One credential of one person; it counts only when verified and in force."""

    pii = Pii.STAFF

    staff = models.ForeignKey("network.StaffMember", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24, choices=CredentialKind.choices)
    number = models.CharField(max_length=60, default="", blank=True)
    verified_on = models.DateField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    suspended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="credential_order", condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from"))
            ),
            models.UniqueConstraint(fields=["staff", "kind", "valid_from"], name="credential_once"),
        ]
