"""The door of the archives room."""

from anxin.domains.archives import library, policies
from anxin.domains.archives.rules import doctors as doctor_rules
from anxin.domains.archives.rules import families as family_rules
from anxin.domains.archives.selectors import (
    Side,
    access_archive,
    access_sides,
    archive_brief,
    archive_of,
    archives_past_keeping,
    archives_queryset,
    carers_of,
    contracts_of,
    count_people,
    find_archives,
    guardians_of,
    guardianships_of_guardian,
    guidance_for_team,
    has_team,
    history_of,
    household_coverage,
    household_of,
    may_on_archive,
    merges_queryset,
    names_of,
    readable_queryset,
    rows_of,
    suspected_of,
    transfers_queryset,
)
from anxin.domains.archives.services import helping
from anxin.domains.archives.services.doctors import ask_under_contract, note_contract, return_guidance
from anxin.domains.archives.services.families import (
    add_guardian,
    add_member,
    end_guardian,
    leave_household,
    link_guardian,
    note_household,
)
from anxin.domains.archives.services.helping import (
    accept_transfer,
    add_helper,
    ask_for_transfer,
    decline_transfer,
    end_helper,
    offer_transfer,
)
from anxin.domains.archives.services.merging import confirm_merge, decline_merge, propose_merge, undo_merge
from anxin.domains.archives.services.moving import follow_moved_node
from anxin.domains.archives.services.opening import (
    close_archive,
    lock_withdrawn,
    open_archive,
    release_archive,
    reopen_agreed,
    restrict_archive,
)
from anxin.domains.audit.api import pure, query

can_read_archive = query()(policies.can_read_archive)
can_assign = query()(policies.can_assign)
may_decide_transfer = pure(helping.may_decide)
retention_classes = pure(library.retention_classes)
is_guardian_on = pure(family_rules.is_guardian_on)
contract_in_force = pure(doctor_rules.in_force)

__all__ = [
    "Side",
    "accept_transfer",
    "access_archive",
    "access_sides",
    "add_guardian",
    "add_helper",
    "add_member",
    "archive_brief",
    "archive_of",
    "archives_past_keeping",
    "archives_queryset",
    "ask_for_transfer",
    "ask_under_contract",
    "can_assign",
    "can_read_archive",
    "carers_of",
    "close_archive",
    "confirm_merge",
    "contract_in_force",
    "contracts_of",
    "count_people",
    "decline_merge",
    "decline_transfer",
    "end_guardian",
    "end_helper",
    "find_archives",
    "follow_moved_node",
    "guardians_of",
    "guardianships_of_guardian",
    "guidance_for_team",
    "has_team",
    "history_of",
    "household_coverage",
    "household_of",
    "is_guardian_on",
    "leave_household",
    "link_guardian",
    "lock_withdrawn",
    "may_decide_transfer",
    "may_on_archive",
    "merges_queryset",
    "names_of",
    "note_contract",
    "note_household",
    "offer_transfer",
    "open_archive",
    "propose_merge",
    "readable_queryset",
    "release_archive",
    "reopen_agreed",
    "restrict_archive",
    "retention_classes",
    "return_guidance",
    "rows_of",
    "suspected_of",
    "transfers_queryset",
    "undo_merge",
]
