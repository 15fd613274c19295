"""Versions made here, their history, and licensed texts bound to keys. No answers, no people but those in office."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.instruments import contracts
from anxin.kernel import clock
from anxin.kernel.models import Pii, Record

_ONCE_PUBLISHED = ["published", "retired"]


def _states(kind: type[contracts.VersionState] | type[contracts.TextState]) -> list[tuple[str, str]]:
    return [(one.value, one.name) for one in kind]


class InstrumentVersion(Record):
    """One version of an instrument made here, in all its languages. Fixed for ever once it was published.

    One version of an instrument is published at a time. ``based_on``: what it began as ("phq-9 1.0.0");
    ``release``: the number that was shipped then, so that a later one is noticed.
    ``approved_translations``: languages whose own translation the reviewer stands for by name.
    A trigger holds the definition of everything but a draft; see the migration.
    """

    pii = Pii.STAFF

    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=_states(contracts.VersionState), default="draft")
    definition = models.JSONField()
    key_hash = models.CharField(max_length=64)
    based_on = models.CharField(max_length=90, default="", blank=True)
    release = models.CharField(max_length=40, default="", blank=True)
    changes = models.TextField(default="", blank=True)
    author = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    reviewer = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    publisher = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)
    reviewed_at = models.DateTimeField(null=True)
    approved_translations = ArrayField(models.CharField(max_length=10), default=list)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    row_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "version"], name="instrument_version_once"),
            models.UniqueConstraint(
                fields=["instrument"], name="instrument_one_published", condition=Q(state="published")
            ),
            models.CheckConstraint(
                name="instrument_reviewed_by_another",
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")),
            ),
            models.CheckConstraint(
                name="instrument_published_by_another",
                condition=Q(publisher__isnull=True) | ~Q(publisher=F("author")),
            ),
            models.CheckConstraint(
                name="instrument_published_after_review",
                condition=~Q(state__in=_ONCE_PUBLISHED)
                | Q(
                    reviewer__isnull=False,
                    reviewed_at__isnull=False,
                    publisher__isnull=False,
                    published_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="instrument_retired_is_dated",
                condition=Q(state="retired", retired_at__isnull=False)
                | (~Q(state="retired") & Q(retired_at__isnull=True)),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=f"{self.instrument} {self.version}")


class VersionEntry(Record):
    """The history of a version: every step with its author and reason. Append-only."""

    pii = Pii.STAFF

    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="entries")
    at = models.DateTimeField(default=clock.now)
    staff = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=12, choices=[(one.value, one.name) for one in contracts.VersionAct])
    note = models.TextField(default="", blank=True)


class TextBinding(Record):
    """A licensed text in one language, bound to a key that is here without its words (BYOT).

    ``form_hash`` names the form it was written for. Fixed once somebody decided on it; in force while it is
    ``active``, up to and including ``expires_on``.
    """

    pii = Pii.STAFF

    instrument = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    form_hash = models.CharField(max_length=64)
    text = models.JSONField()
    text_sha256 = models.CharField(max_length=64)
    holder = models.CharField(max_length=200, default="", blank=True)
    permission_number = models.CharField(max_length=120, default="", blank=True)
    permission_scope = models.TextField(default="", blank=True)
    expires_on = models.DateField(null=True)
    evidence_name = models.CharField(max_length=200, default="", blank=True)
    evidence_sha256 = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=10, choices=_states(contracts.TextState), default="recorded")
    recorded_by = models.ForeignKey("network.StaffMember", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    reviewed_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("network.StaffMember", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "language"], name="text_one_active", condition=Q(state="active")
            ),
            models.CheckConstraint(
                name="text_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="text_active_with_permission",
                condition=~Q(state="active")
                | Q(
                    ~Q(holder=""),
                    ~Q(permission_number=""),
                    ~Q(permission_scope=""),
                    ~Q(evidence_sha256=""),
                    expires_on__isnull=False,
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                ),
            ),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=f"{self.instrument} {self.language}")
