"""Grants. Roles and their permissions are data in ``data/roles.yaml``."""

from django.db import models
from django.db.models import F, Q

from anxin.kernel import clock
from anxin.kernel.models import Pii, Record


class RoleGrant(Record):
    """(account, role, node, from, until)."""

    pii = Pii.STAFF

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    role = models.CharField(max_length=40)
    node = models.ForeignKey("network.Unit", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "node"], name="grant_once", condition=Q(ends_at__isnull=True)
            ),
            models.CheckConstraint(
                name="grant_order", condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at"))
            ),
        ]
