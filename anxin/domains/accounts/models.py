"""The account, the codes sent to a phone, tries that did not fit, open sessions, and archives held back."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from anxin.domains.accounts import contracts
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.crypto import BlindIndexField
from anxin.kernel.models import Pii, Record


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by login; making them is a verb of the services."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """By login."""
        return self.get(login=username)


class AccountKind(models.TextChoices):
    """Who signs in."""

    STAFF = contracts.AccountKind.STAFF.value
    RESIDENT = contracts.AccountKind.RESIDENT.value


class Account(AbstractBaseUser, Record):
    """Who may sign in, and how. Names and phones live in the network and residents rooms.

    ``login``: a staff login, or for residents the blind index of the phone number; never the number itself.
    """

    pii = Pii.PSEUDONYMOUS

    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    login = BlindIndexField(max_length=80, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    # When its owner last came in, by whatever door; None: not yet.
    seen_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, default="", blank=True)
    text_size = models.CharField(max_length=10, default="", blank=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    @property
    def is_staff_member(self) -> bool:
        """Whether this is a member of staff."""
        return self.kind == AccountKind.STAFF

    def audit_subject(self) -> Subject:
        """For the trail: the account, never its login."""
        return Subject(uid=self.uid)


class PhoneCode(Record):
    """One code sent to one phone: keyed fingerprints of phone, code and device, never the values."""

    pii = Pii.PSEUDONYMOUS

    phone_index = BlindIndexField(max_length=64)
    device_index = BlindIndexField(max_length=64, default="", blank=True)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_index", "-issued_at"], name="phone_code_phone"),
            models.Index(fields=["device_index", "-issued_at"], name="phone_code_device"),
        ]


class SignInTry(Record):
    """One try that did not fit, or is being looked at: keyed fingerprints of login and device, never an address."""

    pii = Pii.PSEUDONYMOUS

    login_index = BlindIndexField(max_length=64)
    device_index = BlindIndexField(max_length=64, default="", blank=True)
    is_known_device = models.BooleanField(default=False)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["login_index", "-tried_at"], name="sign_in_try_login"),
            models.Index(fields=["device_index", "-tried_at"], name="sign_in_try_device"),
        ]


class VisitEnding(models.TextChoices):
    """Why a session is over."""

    SIGNED_OUT = contracts.VisitEnding.SIGNED_OUT.value
    ENDED_ELSEWHERE = contracts.VisitEnding.ENDED_ELSEWHERE.value
    TOO_MANY = contracts.VisitEnding.TOO_MANY.value
    TIMED_OUT = contracts.VisitEnding.TIMED_OUT.value
    ACCESS_CHANGED = contracts.VisitEnding.ACCESS_CHANGED.value


class Visit(Record):
    """A session of somebody who signed in, for its owner to see and to end. ``session_name``: its row, not its key."""

    pii = Pii.PSEUDONYMOUS

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    session_name = models.CharField(max_length=40, unique=True)
    device_index = BlindIndexField(max_length=64, default="", blank=True)
    browser = models.CharField(max_length=60, default="", blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=20, choices=VisitEnding.choices, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-seen_at"], name="visit_account")]
        constraints = [
            models.CheckConstraint(
                name="visit_end_has_a_reason",
                condition=Q(ended_at__isnull=True, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            )
        ]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.account.uid)


class ReentryState(models.TextChoices):
    """Where a held archive stands."""

    ASKED = contracts.ReentryState.ASKED.value
    PROVED = contracts.ReentryState.PROVED.value
    CLOSED = contracts.ReentryState.CLOSED.value
    REBOUND = contracts.ReentryState.REBOUND.value


class Reentry(Record):
    """A phone code came for an archive nobody had opened for long: what was tried since, and how it ended."""

    pii = Pii.PSEUDONYMOUS

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=ReentryState.choices, default=ReentryState.ASKED)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                name="reentry_one_at_a_time",
                condition=Q(state__in=["asked", "closed"]),
            )
        ]

    def audit_subject(self) -> Subject:
        """For the trail: the account it is about."""
        return Subject(uid=self.account.uid)
