"""The case."""

from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.cases import contracts
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record

_STATES = [(s.value, s.name) for s in contracts.CaseState]
_ENDED = ["closed", "transferred", "deceased_review", "lost"]


class Case(Record):
    """个案. ``state`` and ``level`` repeat the latest status row and assessment, for lists."""

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    contact_request = models.ForeignKey("risk.ContactRequest", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    legal_basis = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=_STATES, default="opened")
    manager = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    deadline = models.ForeignKey(
        "deadlines.Deadline", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    clock_running = models.BooleanField(null=True, default=True)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                name="case_one_open",
                condition=Q(closed_at__isnull=True, resident__isnull=False),
            ),
            models.CheckConstraint(
                name="case_open_has_clock",
                # A NULL would make the whole condition unknown, and unknown passes.
                condition=Q(closed_at__isnull=False, deadline__isnull=True, clock_running__isnull=True)
                | Q(
                    closed_at__isnull=True,
                    deadline__isnull=False,
                    clock_running__isnull=False,
                    clock_running=True,
                ),
            ),
            models.CheckConstraint(
                name="case_is_about_somebody",
                condition=Q(resident__isnull=False) | Q(contact_request__isnull=False),
            ),
            models.CheckConstraint(
                name="case_end_is_dated",
                condition=Q(state__in=_ENDED, closed_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(closed_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["scope_path", "closed_at"], name="case_scope")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        person = self.resident.uid if self.resident_id and self.resident else ""
        return Subject(uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=person)


class CaseWarning(models.Model):
    """A warning that belongs to a case."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="warnings")
    warning = models.OneToOneField("risk.Warning", models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(default=clock.now)


class CaseStatus(Record):
    """One immutable status row; the latest is the state."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="statuses")
    state = models.CharField(max_length=16, choices=_STATES)
    entered_at = models.DateTimeField(default=clock.now)
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    note = EncryptedTextField(default="", blank=True)


class CaseEntry(Record):
    """One line of the case's timeline: a contact, a session, a hand-over, a decision."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    happened_at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=24)
    author_kind = models.CharField(max_length=12)
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    note = EncryptedTextField(default="", blank=True)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class CaseAssessment(Record):
    """A structured risk assessment within the case."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="assessments")
    level = models.PositiveSmallIntegerField()
    findings = models.JSONField()
    summary = EncryptedTextField()
    by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    second_reader = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    assessed_at = models.DateTimeField(default=clock.now)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()
