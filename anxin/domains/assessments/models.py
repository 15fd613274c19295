"""Sittings, the append-only answer log, score sheets, and the count that is all an anonymous run leaves."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxin.domains.assessments import contracts
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.models import Pii, Record


class Sitting(Record):
    """一次作答: one known person answering one version of one instrument."""

    pii = Pii.PERSONAL

    resident = models.ForeignKey("residents.Resident", models.CASCADE, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.name) for s in contracts.SittingState], default="draft"
    )
    answers = ArrayField(models.SmallIntegerField(null=True))
    started_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sitting_submitted_is_dated",
                condition=Q(state="submitted", submitted_at__isnull=False)
                | (~Q(state="submitted") & Q(submitted_at__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["resident", "instrument"], name="sitting_one_draft", condition=Q(state="draft")
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "-submitted_at"], name="sitting_resident"),
            models.Index(
                fields=["submitted_at"],
                name="sitting_unevaluated",
                condition=Q(state="submitted", evaluated_at__isnull=True),
            ),
            models.Index(fields=["submitted_at"], name="sitting_submitted", condition=Q(state="submitted")),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid, number=self.instrument, node_path=self.scope_path, person_uid=self.resident.uid
        )


class AnswerEntry(models.Model):
    """One keystroke worth keeping: the value, what it replaced, and when. Append-only."""

    pii = Pii.PERSONAL

    id = models.BigAutoField(primary_key=True)
    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="entries")
    item = models.PositiveSmallIntegerField()
    value = models.SmallIntegerField()
    previous = models.SmallIntegerField(null=True)
    answered_at = models.DateTimeField(default=clock.now)


class ScoreSheet(Record):
    """The immutable result of one sitting, with the key it was scored by."""

    pii = Pii.PERSONAL

    sitting = models.OneToOneField(Sitting, models.CASCADE, related_name="score_sheet")
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    key_hash = models.CharField(max_length=64)
    scores = models.JSONField()
    bands = models.JSONField()
    critical = models.JSONField(default=list)
    validity = models.JSONField(default=dict)
    scored_at = models.DateTimeField(default=clock.now)


class AnonymousCount(models.Model):
    """How many people finished an instrument on a day without being known. No person, no answer, no result."""

    pii = Pii.NONE

    instrument = models.CharField(max_length=40)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instrument", "day"], name="anonymous_once_a_day")]
