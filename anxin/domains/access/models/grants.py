"""Grants. Roles and their permissions are data in ``data/roles.yaml``."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from anxin.domains.access.rules.roles import SEPARATE_DUTIES
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.models import Pii, Record


class Period(Func):
    """The time a grant covers."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class RoleGrant(Record):
    """(account, role, node, from, until). ``confirmed_at``: when somebody last said that it is still right; else the
    beginning counts. ``warned_days``: which warning before its end was said.
    """

    pii = Pii.STAFF

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    role = models.CharField(max_length=40)
    node = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    warned_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "node"], name="grant_once", condition=Q(ends_at__isnull=True)
            ),
            # The last line behind the refusal in the services: one person, one of the three watching offices.
            models.UniqueConstraint(
                fields=["account"],
                name="grant_separate_duties",
                condition=Q(ends_at__isnull=True, role__in=sorted(SEPARATE_DUTIES)),
            ),
            ExclusionConstraint(
                name="grant_one_watching_office",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=sorted(SEPARATE_DUTIES)),
            ),
            models.CheckConstraint(
                name="grant_order", condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at"))
            ),
        ]
        indexes = [models.Index(fields=["account", "starts_at"], name="grant_account")]

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.uid, number=self.role, node_path=self.node.path)
