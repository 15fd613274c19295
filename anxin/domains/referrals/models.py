"""The referral, what travels with it, and its timeline."""

from django.db import models
from django.db.models import Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.referrals import contracts
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import ArrayField, Pii, Record

_STATES = [(s.value, s.name) for s in contracts.State]
_ENDED = ["closed", "withdrawn"]


class Referral(Record):
    """转介. What the other side needs is kept by value: it may not see the person's row, nor the case.

    ``to_path`` is empty until it is sent and whenever it is back with the sender, so that the wall in the database
    shows it to nobody else. ``chain_uid`` is the first referral's; the chain is what is counted.
    """

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    chain_uid = models.CharField(max_length=36)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    warning = models.ForeignKey("risk.Warning", models.PROTECT, null=True, related_name="+")
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    person_uid = models.CharField(max_length=36, default="", blank=True)
    from_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    from_path = models.CharField(max_length=200, db_collation="C")
    sender = models.ForeignKey("network.Posting", models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    to_path = models.CharField(max_length=200, db_collation="C", default="", blank=True)
    holder = models.ForeignKey("network.Posting", models.PROTECT, null=True, related_name="+")
    proposed_unit = models.ForeignKey("network.Unit", models.PROTECT, null=True, related_name="+")
    direction = models.CharField(max_length=10, choices=[(s.value, s.name) for s in contracts.Direction])
    urgency = models.CharField(max_length=10, choices=[(s.value, s.name) for s in contracts.Urgency])
    own_tier = models.PositiveSmallIntegerField()
    tier = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=_STATES, default="drafted")
    basis = EncryptedTextField()
    reason = EncryptedTextField()
    measures = EncryptedTextField()
    key_scores = EncryptedTextField(default="", blank=True)
    contact_name = EncryptedTextField(default="", blank=True)
    contact_phone = EncryptedTextField(default="", blank=True)
    contact_hours = EncryptedTextField(default="", blank=True)
    contact_guardian = EncryptedTextField(default="", blank=True)
    legal_basis = models.CharField(max_length=12, choices=[(s.value, s.name) for s in contracts.LegalBasis])
    consent_at = models.DateTimeField(null=True)
    consent_how = EncryptedTextField(default="", blank=True)
    consent_evidence = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    allows_onward = models.BooleanField(default=False)
    allows_diagnosis = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    timed_out_at = models.DateTimeField(null=True)
    appointment_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    was_attended = models.BooleanField(null=True)
    feedback_due_at = models.DateTimeField(null=True)
    feedback_at = models.DateTimeField(null=True)
    disposition = models.CharField(
        max_length=20, choices=[(s.value, s.name) for s in contracts.Disposition], default="", blank=True
    )
    advice = EncryptedTextField(default="", blank=True)
    next_review_on = models.DateField(null=True)
    diagnosis = EncryptedTextField(default="", blank=True)
    medication = EncryptedTextField(default="", blank=True)
    taken_back_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    deadline = models.ForeignKey(
        "deadlines.Deadline", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    clock_running = models.BooleanField(null=True, default=True)
    row_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain_uid"], name="referral_one_open_in_chain", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="referral_open_has_clock",
                # A NULL would make the whole condition unknown, and unknown passes.
                condition=Q(ended_at__isnull=False, deadline__isnull=True, clock_running__isnull=True)
                | Q(
                    ended_at__isnull=True,
                    deadline__isnull=False,
                    clock_running__isnull=False,
                    clock_running=True,
                ),
            ),
            models.CheckConstraint(
                name="referral_end_is_dated",
                condition=Q(state__in=_ENDED, ended_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="referral_closed_was_told",
                condition=~Q(state="closed") | (Q(feedback_at__isnull=False) & ~Q(disposition="")),
            ),
            models.CheckConstraint(
                name="referral_diagnosis_agreed",
                condition=Q(allows_diagnosis=True) | Q(diagnosis="", medication=""),
            ),
            models.CheckConstraint(
                name="referral_sent_by_consent",
                condition=Q(sent_at__isnull=True)
                | Q(consent_at__isnull=False)
                | Q(legal_basis="emergency", level__gte=3),
            ),
        ]
        indexes = [
            models.Index(fields=["from_path", "state"], name="referral_from"),
            models.Index(fields=["to_path", "state"], name="referral_to"),
            models.Index(fields=["resident"], name="referral_resident"),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.number, node_path=self.from_path, person_uid=self.person_uid)


class ReferralEvidence(Record):
    """One thing that travels, as it was when it was put in. ``open_path`` is empty until the other side accepts."""

    pii = Pii.PERSONAL

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="evidence")
    resident = models.ForeignKey("residents.Resident", models.PROTECT, null=True, related_name="+")
    from_path = models.CharField(max_length=200, db_collation="C")
    open_path = models.CharField(max_length=200, db_collation="C", default="", blank=True)
    kind = models.CharField(max_length=12, choices=[(s.value, s.name) for s in contracts.Evidence])
    title = EncryptedTextField()
    body = EncryptedTextField()
    taken_at = models.DateTimeField(default=clock.now)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.referral.audit_subject()


class ReferralEntry(Record):
    """One line of the timeline. ``side`` says whose act it was; what only concerns that side is shown to it alone."""

    pii = Pii.PERSONAL

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="entries")
    happened_at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=12, choices=[(s.value, s.name) for s in contracts.EntryKind])
    side = models.CharField(max_length=10, default="", blank=True)
    act = models.CharField(max_length=20, default="", blank=True)
    is_internal = models.BooleanField(default=False)
    author_kind = models.CharField(max_length=12)
    author_uid = models.CharField(max_length=60)
    author_label = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    note = EncryptedTextField(default="", blank=True)

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.referral.audit_subject()
