"""Evaluations, warnings and what people write on them."""

from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.risk import contracts
from anxin.kernel import clock
from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.models import Pii, Record


class Evaluation(Record):
    """One pass of one rule set over one sitting; a second pass of the same rule set is the same evaluation."""

    pii = Pii.PERSONAL

    sitting = models.ForeignKey("assessments.Sitting", models.CASCADE, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    occasion = models.CharField(max_length=40)
    rule_set = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    evaluated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "occasion", "rule_set"], name="evaluation_once"),
        ]


class ContactRequest(Record):
    """让人联系我: an area and a phone or a chat, left by somebody who otherwise stays unknown.

    ``phone_index`` is the way back to the person in either case: the phone's hash, or the chat code's.
    """

    pii = Pii.PERSONAL

    area = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    phone = EncryptedTextField(default="", blank=True)
    phone_index = BlindIndexField(max_length=64)
    thread = models.OneToOneField("conversations.Thread", models.PROTECT, null=True, related_name="+")
    is_safe_now = models.CharField(max_length=10, default="unknown")
    call_name = EncryptedTextField(default="", blank=True)
    requested_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_request_has_a_way_back", condition=~Q(phone="") | Q(thread__isnull=False)
            )
        ]


class Warning(Record):
    """预警. The database refuses an open one without a running clock, and so without owner and due time.

    ``scope_path`` is the person's own station; ``reach_path`` the highest node the warning has climbed to:
    staff between the two see it, staff above not yet. (``deadline``, ``clock_running``) is a foreign key to
    (``deadline.id``, ``deadline.is_open``), checked at commit: a clock cannot be ended under an open warning
    unless another one takes over in the same transaction.
    """

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    source = models.CharField(max_length=20)
    source_key = models.CharField(max_length=120, unique=True)
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    contact_request = models.ForeignKey(ContactRequest, models.PROTECT, null=True, related_name="+")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    reach_path = models.CharField(max_length=200, db_collation="C")
    proposed_level = models.PositiveSmallIntegerField()
    confirmed_level = models.PositiveSmallIntegerField(null=True)
    level = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    route_reason = models.CharField(max_length=200)
    sex = models.CharField(max_length=1, default="", blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(
        max_length=16, choices=[(s.value, s.name) for s in contracts.WarningState], default="new"
    )
    raised_at = models.DateTimeField(default=clock.now)
    deadline = models.ForeignKey(
        "deadlines.Deadline", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    clock_running = models.BooleanField(null=True, default=True)
    holder = models.ForeignKey("network.Posting", models.PROTECT, null=True, related_name="+")
    acknowledge_due_at = models.DateTimeField()
    climbed = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    assessed_at = models.DateTimeField(null=True)
    proposed_ending = models.CharField(max_length=16, default="", blank=True)
    proposed_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="twins")
    closed_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="warning_open_has_clock",
                condition=Q(
                    state="closed", deadline__isnull=True, clock_running__isnull=True, closed_at__isnull=False
                )
                | (
                    ~Q(state="closed")
                    & Q(
                        deadline__isnull=False,
                        clock_running__isnull=False,
                        clock_running=True,
                        closed_at__isnull=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="warning_is_about_somebody",
                condition=Q(resident__isnull=False) | Q(contact_request__isnull=False),
            ),
            models.CheckConstraint(
                name="warning_high_end_is_signed",
                condition=~Q(state="closed")
                | Q(level__lt=3)
                | Q(merged_into__isnull=False)
                | (Q(signed_by__isnull=False) & ~Q(signed_by=models.F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="warning_end_is_human",
                condition=~Q(state="closed") | Q(merged_into__isnull=False) | Q(proposed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["scope_path", "-level", "raised_at"],
                name="warning_board",
                condition=~Q(state="closed"),
            ),
            models.Index(fields=["raised_at"], name="warning_raised"),
            models.Index(fields=["resident", "raised_at"], name="warning_resident"),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        person = self.resident.uid if self.resident_id and self.resident else ""
        return Subject(uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=person)


class AlarmRecord(Record):
    """One alarm, raised or joined: what makes a repeated attempt the same and a new event a new one. Append-only."""

    pii = Pii.PERSONAL

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="alarms")
    source = models.CharField(max_length=20)
    source_key = models.CharField(max_length=120, unique=True)
    level = models.PositiveSmallIntegerField()
    is_news = models.BooleanField()
    raised_at = models.DateTimeField(default=clock.now)


class WarningEntry(Record):
    """One line of the timeline: what happened, who did it. Never edited; a correction is a new line."""

    pii = Pii.PERSONAL

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="entries")
    happened_at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=24)
    author_kind = models.CharField(max_length=12)
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    note = EncryptedTextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["warning", "happened_at"], name="entry_warning")]


class ContactAttempt(Record):
    """One attempt to reach the person."""

    pii = Pii.PERSONAL

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="attempts")
    channel = models.CharField(max_length=10, choices=[(c.value, c.name) for c in contracts.ContactChannel])
    outcome = models.CharField(max_length=14, choices=[(c.value, c.name) for c in contracts.ContactOutcome])
    tried_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    note = EncryptedTextField(default="", blank=True)


class RiskAssessment(Record):
    """A structured assessment of the risk by a person, and the level they confirm."""

    pii = Pii.PERSONAL

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="assessments")
    level = models.PositiveSmallIntegerField()
    findings = models.JSONField()
    summary = EncryptedTextField()
    by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    is_competent = models.BooleanField()
    assessed_at = models.DateTimeField(default=clock.now)
