"""Campaigns, their classes and rosters, what participants handed in, and what people decided about it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.campaigns import contracts
from anxin.kernel import clock
from anxin.kernel.crypto import BlindIndexField, EncryptedTextField
from anxin.kernel.models import Pii, Record


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one.value, one.name) for one in kind]  # type: ignore[attr-defined]


class Campaign(Record):
    """筛查活动: one purpose, one group of people, one time window, one unit that answers for it."""

    pii = Pii.NONE

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    segment = models.CharField(max_length=20, choices=_choices(contracts.Segment))
    age_min = models.PositiveSmallIntegerField(default=18)
    age_max = models.PositiveSmallIntegerField(default=120)
    state = models.CharField(max_length=16, choices=_choices(contracts.CampaignState), default="draft")
    unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    scope_path = models.CharField(max_length=200, db_collation="C")
    owner = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    reviewer = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    purpose = models.TextField(default="", blank=True)
    data_kinds = ArrayField(models.CharField(max_length=40), default=list)
    recipients = ArrayField(models.CharField(max_length=80), default=list)
    retention_months = models.PositiveSmallIntegerField(default=36)
    impact_assessment = models.TextField(default="", blank=True)
    consent_text_version = models.CharField(max_length=20, default="1")
    expected_participants = models.PositiveIntegerField(default=0)
    expected_positive_permille = models.PositiveSmallIntegerField(default=0)
    interviewer_minutes = models.PositiveIntegerField(default=0)
    target_permille = models.PositiveSmallIntegerField(default=950)
    consent_opens_at = models.DateTimeField(null=True)
    runs_from = models.DateTimeField(null=True)
    runs_until = models.DateTimeField(null=True)
    public_key = models.TextField(default="", blank=True)
    sealed_private_key = EncryptedTextField(default="", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    names_until = models.DateField(null=True)
    names_taken_off_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaign_reviewed_by_another",
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("owner")),
            ),
            models.CheckConstraint(
                name="campaign_ends_after_it_begins",
                condition=Q(runs_from__isnull=True)
                | Q(runs_until__isnull=True)
                | Q(runs_until__gt=F("runs_from")),
            ),
        ]
        indexes = [models.Index(fields=["scope_path"], name="campaign_scope")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.number, node_path=self.scope_path)


class Step(models.Model):
    """One instrument of a campaign. ``follows`` 0 is asked of everybody; n only when step n's flags ask for it."""

    pii = Pii.NONE

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="zh-Hans")
    follows = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "position"], name="step_once")]


class CampaignEntry(Record):
    """The history of a campaign: every transition with its author, role, reason. Append-only.

    The hashes are of the plan as it stood before and after: what was approved can be told from what was run.
    """

    pii = Pii.STAFF

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="entries")
    at = models.DateTimeField(default=clock.now)
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=40, default="", blank=True)
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    before_hash = models.CharField(max_length=64, default="", blank=True)
    after_hash = models.CharField(max_length=64, default="", blank=True)
    reason = models.TextField(default="", blank=True)


class Group(Record):
    """A class, a workshop, a ward: answers together. ``code`` is what its people type; it opens nothing by itself."""

    pii = Pii.NONE

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="groups")
    code = models.CharField(max_length=12, unique=True)
    grade = models.CharField(max_length=40, default="", blank=True)
    name = models.CharField(max_length=80)
    room = models.CharField(max_length=80, default="", blank=True)
    planned_at = models.DateTimeField(null=True)
    standby = models.ForeignKey("network.StaffMember", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "grade", "name"], name="group_name_once")]


class Participant(Record):
    """One person on the roster. The identity number is kept as a keyed hash only (R-037).

    ``resident`` appears when there is something to say about the person: a warning, an interview, a plan.
    """

    pii = Pii.PERSONAL

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="participants")
    group = models.ForeignKey(Group, models.PROTECT, related_name="participants")
    scope_path = models.CharField(max_length=200, db_collation="C")
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    name = EncryptedTextField(default="", blank=True)
    identity_index = BlindIndexField(max_length=64)
    roster_number = models.CharField(max_length=40, default="", blank=True)
    sex = models.CharField(max_length=1, default="", blank=True)
    born_on = models.DateField(null=True)
    phone = EncryptedTextField(default="", blank=True)
    guardian_phone = EncryptedTextField(default="", blank=True)
    consent = models.CharField(max_length=10, choices=_choices(contracts.ConsentState), default="awaited")
    assent = models.CharField(max_length=10, choices=_choices(contracts.ConsentState), default="awaited")
    state = models.CharField(max_length=10, choices=_choices(contracts.ParticipantState), default="listed")
    token_version = models.PositiveSmallIntegerField(default=1)
    roster = models.ForeignKey("RosterImport", models.SET_NULL, null=True, related_name="+", db_index=False)
    roster_row = models.PositiveIntegerField(
        default=0
    )  # of that file: a second row of the same person names it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "identity_index"], name="participant_once")
        ]
        indexes = [models.Index(fields=["group", "state"], name="participant_group")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.scope_path, person_uid=self.uid)


class ConsentAnswer(Record):
    """What a guardian or the person answered to one version of the consent text. Append-only; the last one counts."""

    pii = Pii.PERSONAL

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="consent_answers")
    answered_by = models.CharField(max_length=10)
    answer = models.CharField(max_length=10, choices=_choices(contracts.ConsentState))
    text_version = models.CharField(max_length=20)
    answered_at = models.DateTimeField(default=clock.now)


class GuardianToken(Record):
    """A one-person address for a guardian's answer; only its hash is kept."""

    pii = Pii.PERSONAL

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="guardian_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RosterImport(Record):
    """One file of names on its way in; ``next_row`` is where an interrupted import goes on."""

    pii = Pii.NONE

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="imports")
    file_name = EncryptedTextField()
    file_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=_choices(contracts.ImportState), default="waiting")
    total_rows = models.PositiveIntegerField(default=0)
    next_row = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, default="", blank=True)
    failure_detail = models.CharField(max_length=80, default="", blank=True)
    columns = models.JSONField(default=dict)
    has_marked_file = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "file_sha256"],
                name="roster_file_once_at_a_time",
                condition=Q(state__in=["waiting", "reading"]),
            )
        ]

    def audit_subject(self) -> Subject:
        """For the trail: the file, nobody by name."""
        return Subject(uid=self.uid, number=self.campaign.number, node_path=self.campaign.scope_path)


class RosterFault(models.Model):
    """One thing wrong with one row of a file: where, and which rule. The cell's own content is not repeated here."""

    pii = Pii.NONE

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="faults")
    sheet = models.CharField(max_length=40, default="", blank=True)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=40)
    fault = models.CharField(max_length=40)
    detail = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["roster", "row"], name="roster_fault_row")]


class EntryFailure(models.Model):
    """A class code, number and birthday that did not belong together, for a day: who tries too often has to wait."""

    pii = Pii.PSEUDONYMOUS

    code = models.CharField(max_length=64)
    device = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["code", "at"], name="entry_failure_code"),
            models.Index(fields=["device", "at"], name="entry_failure_device"),
        ]


class Submission(models.Model):
    """One finished form as it came in, by the fast lane or the ordinary page: the same row either way.

    (participant, step) is there once: the first complete form stands. ``uid`` is derived from both. Append-only;
    ``SubmissionAdoption`` says that a sitting was made of it. ``campaign`` is the participant's, whose own foreign key
    holds it in place: a second check on every insert would say nothing new.
    """

    pii = Pii.PERSONAL

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField()
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", db_constraint=False)
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="submissions", db_index=False
    )  # the index of the constraint serves
    scope_path = models.CharField(max_length=200, db_collation="C")
    step = models.PositiveSmallIntegerField()
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    answers = ArrayField(models.SmallIntegerField(null=True))
    deciseconds = ArrayField(models.SmallIntegerField(), default=list)
    digest = models.BinaryField(max_length=32)
    scores = models.JSONField()
    is_critical = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=_choices(contracts.SubmissionChannel))
    answered_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "step"], name="submission_once")]
        indexes = [models.Index(fields=["id"], name="submission_critical", condition=Q(is_critical=True))]


class SubmissionAdoption(models.Model):
    """A submission that became a sitting: at least tried, at most once."""

    pii = Pii.PSEUDONYMOUS

    submission = models.OneToOneField(Submission, models.PROTECT, primary_key=True, related_name="adoption")
    sitting = models.OneToOneField("assessments.Sitting", models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(default=clock.now)


class SubmissionConflict(models.Model):
    """A later form under a key already taken, with other answers: kept as evidence, never counted."""

    pii = Pii.PERSONAL

    id = models.BigAutoField(primary_key=True)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="conflicts")
    answers = ArrayField(models.SmallIntegerField(null=True))
    digest = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=10, choices=_choices(contracts.SubmissionChannel))
    answered_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "digest"], name="conflict_kept_once")]


class CriticalSignal(models.Model):
    """A critical answer reported the moment it was given, before the form is finished (safety 3.3)."""

    pii = Pii.PERSONAL

    id = models.BigAutoField(primary_key=True)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="signals")
    scope_path = models.CharField(max_length=200, db_collation="C")
    step = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=20)
    code = models.SmallIntegerField()
    is_late = models.BooleanField(default=False)
    answered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)
    attended_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "step", "item", "code"], name="signal_once")
        ]
        indexes = [models.Index(fields=["id"], name="signal_waiting", condition=Q(adopted_at__isnull=True))]


class Triage(Record):
    """Where one participant stands: proposed by rule, confirmed by people.

    Everybody above level 0 has a running clock until their support ends; the database refuses such a row without one.
    """

    pii = Pii.PERSONAL

    participant = models.OneToOneField(Participant, models.PROTECT, related_name="triage")
    scope_path = models.CharField(max_length=200, db_collation="C")
    proposed = models.CharField(max_length=1, choices=_choices(contracts.TriageLevel))
    confirmed = models.CharField(
        max_length=1, choices=_choices(contracts.TriageLevel), default="", blank=True
    )
    reasons = models.JSONField(default=list)
    credible = models.BooleanField(default=True)
    interview_due_at = models.DateTimeField(null=True)
    interviewer = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    interviewed_at = models.DateTimeField(null=True)
    second_reader = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    triaged_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    deadline = models.ForeignKey(
        "deadlines.Deadline", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    clock_running = models.BooleanField(null=True)
    settled_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="triage_open_has_clock",
                # A NULL would make the whole condition unknown, and unknown passes.
                condition=Q(settled_at__isnull=False, deadline__isnull=True, clock_running__isnull=True)
                | Q(
                    settled_at__isnull=True,
                    proposed="0",
                    confirmed="",
                    deadline__isnull=True,
                    clock_running__isnull=True,
                )
                | Q(
                    settled_at__isnull=True,
                    deadline__isnull=False,
                    clock_running__isnull=False,
                    clock_running=True,
                ),
            ),
            models.CheckConstraint(
                name="triage_urgent_lowered_by_two",
                condition=~Q(proposed="3")
                | Q(confirmed__in=["", "3"])
                | Q(interviewer__isnull=False, second_reader__isnull=False)
                & ~Q(second_reader=F("interviewer")),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, node_path=self.scope_path, person_uid=self.participant.uid)


class Interview(Record):
    """The structured worksheet of one talk. Append-only: a second talk is a second row."""

    pii = Pii.PERSONAL

    triage = models.ForeignKey(Triage, models.PROTECT, related_name="interviews")
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(
        max_length=12, choices=_choices(contracts.InterviewOutcome), default=contracts.InterviewOutcome.HELD
    )
    findings = EncryptedTextField()
    level = models.CharField(max_length=1, choices=_choices(contracts.TriageLevel))


class SecondReading(Record):
    """What a second person, signed in as themselves, said of a lowered level 3. Append-only."""

    pii = Pii.PERSONAL

    interview = models.OneToOneField(Interview, models.PROTECT, related_name="second_reading")
    triage = models.ForeignKey(Triage, models.PROTECT, related_name="second_readings")
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    note = EncryptedTextField(default="", blank=True)
    at = models.DateTimeField(default=clock.now)


class WorksheetDraft(models.Model):
    """A worksheet somebody has begun and not signed: kept, so that nothing typed is lost. One for each author."""

    pii = Pii.PERSONAL

    triage = models.ForeignKey(Triage, models.CASCADE, related_name="drafts")
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    content = EncryptedTextField()
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["triage", "staff"], name="worksheet_draft_once")]


class SupportPlan(Record):
    """一生一策: what is done for one person, by whom, until when. Versions follow each other, none is overwritten."""

    pii = Pii.PERSONAL

    triage = models.ForeignKey(Triage, models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField()
    goals = EncryptedTextField()
    measures = EncryptedTextField()
    responsible = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    review_on = models.DateField()
    written_by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["triage", "version"], name="plan_version_once")]
