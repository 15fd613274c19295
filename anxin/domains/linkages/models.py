"""The linkage, its log, and the calls to experts."""

from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.linkages import contracts
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


class Linkage(Record):
    """联动. ``facts`` holds, sealed, exactly what was passed on; ``submitter_uid`` the account of a department."""

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=[(s.value, s.name) for s in contracts.Kind])
    state = models.CharField(
        max_length=10, choices=[(s.value, s.name) for s in contracts.State], default="waiting"
    )
    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    person_uid = models.CharField(max_length=36, default="", blank=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    warning = models.ForeignKey("risk.Warning", models.PROTECT, null=True, related_name="+")
    recipient = models.CharField(max_length=10, default="", blank=True)
    basis = models.CharField(max_length=20, default="", blank=True)
    reason = EncryptedTextField()
    facts = EncryptedTextField(default="", blank=True)
    asked_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    submitter_uid = models.CharField(max_length=36, default="", blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    answer = EncryptedTextField(default="", blank=True)
    deadline = models.ForeignKey(
        "deadlines.Deadline", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    clock_running = models.BooleanField(null=True, default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="linkage_waiting_has_clock",
                # A NULL would make the whole condition unknown, and unknown passes.
                condition=Q(
                    ~Q(state="waiting"),
                    answered_at__isnull=False,
                    deadline__isnull=True,
                    clock_running__isnull=True,
                )
                | Q(
                    state="waiting",
                    answered_at__isnull=True,
                    deadline__isnull=False,
                    clock_running__isnull=False,
                    clock_running=True,
                ),
            ),
            models.CheckConstraint(
                name="linkage_leaves_on_a_ground",
                condition=~Q(kind__in=["release", "report"]) | ~Q(basis=""),
            ),
            models.CheckConstraint(
                name="linkage_release_by_another",
                condition=~Q(kind="release", state="answered")
                | Q(answered_by__isnull=False) & ~Q(answered_by=models.F("asked_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["scope_path", "state"], name="linkage_scope"),
            models.Index(fields=["submitter_uid"], name="linkage_submitter"),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(
            uid=self.uid, number=self.number, node_path=self.scope_path, person_uid=self.person_uid
        )


class LinkageEntry(Record):
    """One line of the log: who, when, and what came of it."""

    pii = Pii.PERSONAL

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="entries")
    happened_at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=10, choices=[(s.value, s.name) for s in contracts.EntryKind])
    author_kind = models.CharField(max_length=12)
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    note = EncryptedTextField(default="", blank=True)


class ExpertCall(Record):
    """One expert who was called, and how fast they answered."""

    pii = Pii.PERSONAL

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="calls")
    expert = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    called_at = models.DateTimeField(default=clock.now)
    responded_at = models.DateTimeField(null=True)
    is_coming = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["linkage", "expert"], name="expert_called_once")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.linkage.audit_subject()
