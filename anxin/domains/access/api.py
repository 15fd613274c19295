"""The door of the access room."""

from anxin.domains.access.selectors import actor_for, grants_queryset, roles, staff_who_may
from anxin.domains.access.services import grant, grant_all, revoke

__all__ = ["actor_for", "grant", "grant_all", "grants_queryset", "revoke", "roles", "staff_who_may"]
