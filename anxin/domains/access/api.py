"""The door of the access room."""

from anxin.domains.access.selectors.grants import (
    accounts_that_may,
    actor_for,
    grants_queryset,
    roles,
    staff_who_may,
)
from anxin.domains.access.selectors.openings import (
    access_export,
    access_opening,
    demand_confirmation,
    exports_queryset,
    exports_waiting,
    limits,
    needs_confirmation,
    openings_queryset,
    reviews_waiting,
    running_openings,
)
from anxin.domains.access.services.exports import (
    approve_export,
    refuse_export,
    request_export,
    take_export,
)
from anxin.domains.access.services.grants import grant, grant_all, revoke
from anxin.domains.access.services.openings import (
    confirm_need,
    end_opening,
    follow_moved_node,
    open_record,
    review_opening,
)

__all__ = [
    "access_export",
    "access_opening",
    "accounts_that_may",
    "actor_for",
    "approve_export",
    "confirm_need",
    "demand_confirmation",
    "end_opening",
    "exports_queryset",
    "exports_waiting",
    "follow_moved_node",
    "grant",
    "grant_all",
    "grants_queryset",
    "limits",
    "needs_confirmation",
    "open_record",
    "openings_queryset",
    "refuse_export",
    "request_export",
    "review_opening",
    "reviews_waiting",
    "revoke",
    "roles",
    "running_openings",
    "staff_who_may",
    "take_export",
]
