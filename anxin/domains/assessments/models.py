"""Sittings, the append-only answer log, score sheets, batteries, and the count that is all an anonymous run leaves."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anxin.domains.assessments import contracts
from anxin.domains.audit.contracts import Subject
from anxin.domains.instruments.contracts import Respondent
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class BatteryRun(Record):
    """One person on the way through a battery. ``parts`` is the plan of the day it was begun."""

    pii = Pii.PERSONAL

    resident = models.ForeignKey("residents.Resident", models.CASCADE, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    battery = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    parts = models.JSONField()
    left_out = ArrayField(models.PositiveSmallIntegerField(), default=list)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.name) for s in contracts.RunState], default="open"
    )
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="battery_run_end_is_dated",
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["resident", "battery"], name="battery_run_one_open", condition=Q(state="open")
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid, number=self.battery, node_path=self.scope_path, person_uid=self.resident.uid
        )


class Sitting(Record):
    """一次作答: one version of one instrument answered about one known person.

    ``conduct`` says how it was taken and ``respondent`` who answered: only ``self`` is the person's own report.
    ``follows`` is the sitting whose result asked for this one; nothing else passes from one to the other.
    """

    pii = Pii.PERSONAL

    resident = models.ForeignKey("residents.Resident", models.CASCADE, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.name) for s in contracts.SittingState], default="draft"
    )
    conduct = models.CharField(
        max_length=10, choices=[(s.value, s.name) for s in contracts.Conduct], default="online"
    )
    respondent = models.CharField(
        max_length=10, choices=[(s.value, s.name) for s in Respondent], default="self"
    )
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    battery_run = models.ForeignKey(BatteryRun, models.SET_NULL, null=True, related_name="sittings")
    battery_part = models.PositiveSmallIntegerField(null=True)
    answers = ArrayField(models.SmallIntegerField(null=True))
    is_doubtful = models.BooleanField(default=False)
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
                fields=["resident", "instrument", "conduct", "respondent"],
                name="sitting_one_draft",
                condition=Q(state="draft"),
            ),
            models.CheckConstraint(
                name="sitting_part_of_run",
                condition=Q(battery_run__isnull=True) | Q(battery_part__isnull=False),
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
            models.Index(fields=["submitted_at"], name="sitting_doubtful", condition=Q(is_doubtful=True)),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid, number=self.instrument, node_path=self.scope_path, person_uid=self.resident.uid
        )


class AnswerEntry(models.Model):
    """One keystroke worth keeping: the value, what it replaced, and when. Append-only.

    ``value`` is null where an answer was taken back. ``millis``: how long the answer took, where that is known.
    """

    pii = Pii.PERSONAL

    id = models.BigAutoField(primary_key=True)
    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="entries")
    item = models.PositiveSmallIntegerField()
    value = models.SmallIntegerField(null=True)
    previous = models.SmallIntegerField(null=True)
    millis = models.PositiveIntegerField(null=True)
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


class Administration(models.Model):
    """How a member of staff took a sitting: who asked, with what agreement, who answered, and from which paper."""

    pii = Pii.PERSONAL

    id = models.BigAutoField(primary_key=True)
    sitting = models.OneToOneField(Sitting, models.CASCADE, related_name="administration")
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    staff_name = models.CharField(max_length=60)
    consent = models.CharField(max_length=20, choices=[(s.value, s.name) for s in contracts.ConsentBasis])
    informant_name = EncryptedTextField(default="", blank=True)
    informant_relation = models.CharField(
        max_length=20, default="", blank=True, choices=[(s.value, s.name) for s in contracts.Relation]
    )
    order_reason = EncryptedTextField(default="", blank=True)
    paper_on = models.DateField(null=True)
    entered_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    differences = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["staff", "-id"], name="administration_staff")]


class SecondLook(Record):
    """A person looked again at doubtful answers, and what came of it. Append-only."""

    pii = Pii.PERSONAL

    sitting = models.OneToOneField(Sitting, models.CASCADE, related_name="second_look")
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=[(s.value, s.name) for s in contracts.LookOutcome])
    note = EncryptedTextField()
    looked_at = models.DateTimeField(default=clock.now)
