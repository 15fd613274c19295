"""The account."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from anxin.kernel import clock
from anxin.kernel.models import Pii, Record


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by login; making them is a verb of the services."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """By login."""
        return self.get(login=username)


class AccountKind(models.TextChoices):
    """Who signs in."""

    STAFF = "staff"
    RESIDENT = "resident"


class Account(AbstractBaseUser, Record):
    """Who may sign in, and how. Names and phones live in the network and residents rooms.

    ``login``: a staff login, or for residents the blind index of the phone number; never the number itself.
    """

    pii = Pii.PSEUDONYMOUS

    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    login = models.CharField(max_length=80, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    language = models.CharField(max_length=10, default="", blank=True)
    text_size = models.CharField(max_length=10, default="", blank=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: list[str] = []
    objects = AccountManager()

    @property
    def is_staff_member(self) -> bool:
        """Whether this is a member of staff."""
        return self.kind == AccountKind.STAFF
