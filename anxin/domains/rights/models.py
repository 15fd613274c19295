"""Requests, their history, protective entries and releases."""

from django.db import models
from django.db.models import F, Q

from anxin.domains.audit.contracts import Subject
from anxin.domains.residents.contracts import LegalBasis
from anxin.domains.rights import contracts
from anxin.kernel import clock
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.models import Pii, Record

_UNDECIDED = ("requested", "identity_verified")


class SubjectRequest(Record):
    """主体请求: what one person asked for, and what was answered.

    ``text``, ``changes`` (the facts as they should be, JSON) and ``reason`` are sealed. ``person_number`` and
    ``person_uid`` are kept by value: the officer may not open the archive. ``scope_path`` is the person's, behind
    ``rights:``.
    """

    pii = Pii.PERSONAL

    number = models.CharField(max_length=20, unique=True)
    resident = models.ForeignKey("residents.Resident", models.PROTECT, related_name="+")
    person_number = models.CharField(max_length=20)
    person_uid = models.CharField(max_length=36)
    scope_path = models.CharField(max_length=220, db_collation="C")
    kind = models.CharField(max_length=12, choices=[(k.value, k.name) for k in contracts.RequestKind])
    state = models.CharField(
        max_length=20, choices=[(s.value, s.name) for s in contracts.RequestState], default="requested"
    )
    asked_by = models.CharField(
        max_length=12, choices=[(a.value, a.name) for a in contracts.AskedBy], default="self"
    )
    text = EncryptedTextField(default="", blank=True)
    changes = EncryptedTextField(default="", blank=True)
    requested_at = models.DateTimeField(default=clock.now)
    acknowledge_due_at = models.DateTimeField()
    decide_due_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    proof = models.CharField(
        max_length=12, choices=[(p.value, p.name) for p in contracts.Proof], default="", blank=True
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(
        max_length=8, choices=[(d.value, d.name) for d in contracts.Decision], default="", blank=True
    )
    reason = EncryptedTextField(default="", blank=True)
    decided_by = models.CharField(max_length=120, default="", blank=True)
    fulfilled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "kind"], name="request_one_open", condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="request_verified_has_a_proof",
                condition=Q(verified_at__isnull=True, proof="")
                | (Q(verified_at__isnull=False) & ~Q(proof="")),
            ),
            models.CheckConstraint(
                name="request_decision_is_dated",
                condition=Q(decided_at__isnull=True, decision="", decided_by="")
                | (
                    Q(decided_at__isnull=False, verified_at__isnull=False)
                    & ~Q(decision="")
                    & ~Q(decided_by="")
                ),
            ),
            models.CheckConstraint(
                name="request_no_without_a_reason",
                condition=Q(decision__in=("", "granted")) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="request_state_is_dated",
                condition=(
                    Q(state="requested", verified_at__isnull=True, closed_at__isnull=True)
                    | Q(
                        state="identity_verified",
                        verified_at__isnull=False,
                        decided_at__isnull=True,
                        closed_at=None,
                    )
                    | Q(
                        state="decided",
                        decided_at__isnull=False,
                        fulfilled_at__isnull=True,
                        closed_at__isnull=True,
                    )
                    | Q(state="fulfilled", fulfilled_at__isnull=False, closed_at__isnull=True)
                    | Q(state="closed", closed_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="request_due_after_asked",
                condition=Q(acknowledge_due_at__gt=F("requested_at"), decide_due_at__gt=F("requested_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["scope_path", "decide_due_at"],
                name="request_waiting",
                condition=Q(state__in=_UNDECIDED),
            ),
            models.Index(fields=["resident", "-requested_at"], name="request_resident"),
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.number, node_path=self.node_path, person_uid=self.person_uid)

    @property
    def node_path(self) -> str:
        """The node of the management tree whose officer answers."""
        return self.scope_path.removeprefix(contracts.SCOPE)


class RequestEntry(Record):
    """One step of a request. Append-only."""

    pii = Pii.PERSONAL

    request = models.ForeignKey(SubjectRequest, models.PROTECT, related_name="entries")
    state = models.CharField(max_length=20, choices=[(s.value, s.name) for s in contracts.RequestState])
    happened_at = models.DateTimeField(default=clock.now)
    author_kind = models.CharField(max_length=12)
    author_label = models.CharField(max_length=120)


class ProtectedEntry(Record):
    """保护性记录: something about a person that a guardian must not learn of before the officer has decided.

    ``subject_uid`` is the uid of whatever it is about: an act without consent, a warning, a case, a notice. Everything
    with that uid, and every line of the trail about it, is withheld with it.
    """

    pii = Pii.PERSONAL

    resident = models.ForeignKey("residents.Resident", models.PROTECT, related_name="+")
    person_number = models.CharField(max_length=20)
    person_uid = models.CharField(max_length=36)
    scope_path = models.CharField(max_length=220, db_collation="C")
    subject_uid = models.CharField(max_length=36, unique=True)
    why = models.CharField(max_length=20, choices=[(b.value, b.name) for b in LegalBasis if b.is_protective])
    reason = EncryptedTextField()
    marked_at = models.DateTimeField(default=clock.now)
    marked_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(name="protected_has_a_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["resident"], name="protected_resident")]

    def audit_subject(self) -> Subject:
        """For the trail, under the uid that is withheld: the line about the marking is withheld with it."""
        return Subject(
            uid=self.subject_uid,
            number=self.person_number,
            node_path=self.scope_path.removeprefix(contracts.SCOPE),
            person_uid=self.person_uid,
        )


class Release(Record):
    """The officer's word that an entry may be known. Append-only, once for an entry."""

    pii = Pii.PERSONAL

    entry = models.OneToOneField(ProtectedEntry, models.PROTECT, related_name="release")
    released_at = models.DateTimeField(default=clock.now)
    released_by = models.CharField(max_length=120)
    reason = EncryptedTextField()

    class Meta:
        constraints = [models.CheckConstraint(name="release_has_a_reason", condition=~Q(reason=""))]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.entry.audit_subject()
