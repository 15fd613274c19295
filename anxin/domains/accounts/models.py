"""The account, and the codes sent to a phone."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

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
