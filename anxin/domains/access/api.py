"""The door of the access room."""

from anxin.domains.access.rules import roles as role_rules
from anxin.domains.access.selectors.grants import (
    accounts_that_may,
    actor_for,
    grants_queryset,
    roles,
    staff_who_may,
)
from anxin.domains.access.selectors.links import (
    access_link,
    can_confirm,
    invitable_roles,
    lapsing_grants,
    lasts_until,
    links_queryset,
    may_help,
    may_still_invite,
    node_for,
    state_of_link,
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
from anxin.domains.access.services.helping import (
    confirm_grants,
    mark_warned,
    sign_out_account,
    unlock_account,
)
from anxin.domains.access.services.links import (
    approve_recovery,
    ask_recovery,
    invite,
    use_link,
    withdraw_link,
)
from anxin.domains.access.services.openings import (
    confirm_need,
    end_opening,
    follow_moved_node,
    open_record,
    review_opening,
)
from anxin.domains.audit.api import pure

are_separate = pure(role_rules.are_separate)

__all__ = [
    "access_export",
    "access_link",
    "access_opening",
    "accounts_that_may",
    "actor_for",
    "approve_export",
    "approve_recovery",
    "are_separate",
    "ask_recovery",
    "can_confirm",
    "confirm_grants",
    "confirm_need",
    "demand_confirmation",
    "end_opening",
    "exports_queryset",
    "exports_waiting",
    "follow_moved_node",
    "grant",
    "grant_all",
    "grants_queryset",
    "invitable_roles",
    "invite",
    "lapsing_grants",
    "lasts_until",
    "limits",
    "links_queryset",
    "mark_warned",
    "may_help",
    "may_still_invite",
    "needs_confirmation",
    "node_for",
    "open_record",
    "openings_queryset",
    "refuse_export",
    "request_export",
    "review_opening",
    "reviews_waiting",
    "revoke",
    "roles",
    "running_openings",
    "sign_out_account",
    "staff_who_may",
    "state_of_link",
    "take_export",
    "unlock_account",
    "use_link",
    "withdraw_link",
]
