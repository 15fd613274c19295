"""The case, and everything that hangs on it."""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.cases import contracts
from anxin.domains.risk.contracts import ContactChannel
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record


def _choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, one.name) for one in kind]


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
    # The fastest pace since the level was last L2 or below: an L4 is met daily until it is L2, whatever stands between.
    pace = models.PositiveSmallIntegerField(null=True)
    # When what the state itself asks for is due; the running clock is this or the next follow-up, whichever is first.
    stage_due_at = models.DateTimeField(null=True)
    # Whether the next contact that reaches the person begins a ladder of follow-ups. Null: not known, so it does at L3.
    followups_owed = models.BooleanField(null=True)

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
    # Given by the page that sent it: the same entry sent twice is kept once.
    once_uid = models.CharField(max_length=36, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "author_uid", "once_uid"], name="case_entry_once")
        ]

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


class CaseLowering(Record):
    """A lowering of L3 or L4 that waits for its second reader; once confirmed, it becomes an assessment."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="lowerings")
    before = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    findings = models.JSONField()
    summary = EncryptedTextField()
    by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    asked = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=12, choices=_choices(contracts.LoweringState), default="waiting")
    decided_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = EncryptedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="case_one_lowering", condition=Q(state="waiting")),
            models.CheckConstraint(name="case_lowering_lowers", condition=Q(level__lt=F("before"))),
            models.CheckConstraint(
                name="case_lowering_two_people", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by"))
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class CaseFollowUp(Record):
    """One rung of the ladder of follow-ups. ``due_at`` is the last moment that counts for it."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="followups")
    number = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    anchored_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=_choices(contracts.FollowUpState), default="planned")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_channel = models.CharField(max_length=12, choices=_choices(ContactChannel), default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    moved_because = EncryptedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"], name="case_followup_once", condition=Q(state="planned")
            ),
            models.CheckConstraint(
                name="case_followup_window",
                condition=Q(opens_at__lte=F("planned_at")) & Q(planned_at__lte=F("due_at")),
            ),
            models.CheckConstraint(
                name="case_followup_end_is_dated",
                condition=Q(state="planned", ended_at__isnull=True)
                | (~Q(state="planned") & Q(ended_at__isnull=False)),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class CasePlan(Record):
    """One version of the safety plan, never changed: the six parts as sealed JSON, and who wrote it."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="plans")
    version = models.PositiveIntegerField()
    content = EncryptedTextField()
    author_kind = models.CharField(max_length=12)
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="case_plan_version")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class CasePlanAgreement(Record):
    """One side's yes to one version of the plan."""

    pii = Pii.PERSONAL

    plan = models.ForeignKey(CasePlan, models.CASCADE, related_name="agreements")
    side = models.CharField(max_length=8, choices=_choices(contracts.PlanSide))
    how = models.CharField(max_length=16, choices=_choices(contracts.AgreedHow))
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    agreed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "side"], name="case_plan_agreed_once")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.plan.case.audit_subject()


class CaseGoal(Record):
    """What the person wants to reach with this case."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="goals")
    text = EncryptedTextField()
    set_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=_choices(contracts.GoalState), default="open")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=120, default="", blank=True)
    review_note = EncryptedTextField(default="", blank=True)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class CaseTask(Record):
    """Something to do about a case, by one colleague, by a day."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    text = EncryptedTextField()
    owner = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    due_on = models.DateField()
    set_at = models.DateTimeField(default=clock.now)
    set_by = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_on"], name="case_task_open", condition=Q(done_at__isnull=True))
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class CaseConference(Record):
    """Several units look at a case together, for a time. ``shared``: which fields, by code."""

    pii = Pii.PERSONAL

    case = models.ForeignKey(Case, models.CASCADE, related_name="conferences")
    question = EncryptedTextField()
    shared = models.JSONField(default=list)
    called_at = models.DateTimeField(default=clock.now)
    called_by = models.CharField(max_length=120)
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, default="", blank=True)
    minutes = EncryptedTextField(default="", blank=True)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class ConferenceSeat(Record):
    """One member of a conference, with what they are shown by value: they see this row, and never the case.

    Two walls meet here: the place of the person the case is about, and the unit the member sits at.
    """

    pii = Pii.PERSONAL

    conference = models.ForeignKey(CaseConference, models.CASCADE, related_name="seats")
    posting = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    case_path = models.CharField(max_length=200, db_collation="C")
    seat_path = models.CharField(max_length=200, db_collation="C")
    case_number = models.CharField(max_length=20)
    closes_at = models.DateTimeField()
    shown = EncryptedTextField()
    view = EncryptedTextField(default="", blank=True)
    viewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conference", "posting"], name="conference_seat_once")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.case_number, node_path=self.case_path)


class LearningReview(Record):
    """What is learnt after somebody died: for those who approve the end of cases, and for nobody else."""

    pii = Pii.PERSONAL

    case = models.OneToOneField(Case, models.PROTECT, related_name="review")
    told = EncryptedTextField()
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    deadline = models.ForeignKey("deadlines.Deadline", models.PROTECT, null=True, related_name="+")
    learnt = EncryptedTextField(default="", blank=True)
    aftercare = EncryptedTextField(default="", blank=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=120, default="", blank=True)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.case.audit_subject()


class ManagerCover(Record):
    """Somebody stands in for a case manager from one day to another; then it is over by itself."""

    pii = Pii.STAFF

    posting = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    by = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = EncryptedTextField()
    arranged_by = models.CharField(max_length=120)
    arranged_at = models.DateTimeField(default=clock.now)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="manager_cover_days", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="manager_cover_two", condition=~Q(posting=F("by"))),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.posting.unit.path)
