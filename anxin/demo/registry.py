"""Writes the planned network and its people down: both trees, hours, accounts, postings, rosters, credentials, roles.

The verbs of the rooms check and audit one thing at a time, which a whole city of eight thousand seats cannot wait for;
here the rows are written as those verbs would leave them, and the tests of this package hold the two together.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from anxin.demo import names
from anxin.demo.bulk import Uids, insert, take_ids
from anxin.demo.network import Network, UnitPlan
from anxin.demo.places import DivisionPlan
from anxin.demo.staff import StaffPlan, Workforce

_LETTERS = {
    "zone": "Z",
    "city_centre": "CC",
    "county_centre": "KC",
    "station": "S",
    "hotline": "H",
    "medical_institution": "M",
    "department": "D",
    "task_force_office": "T",
}
PasswordOf = Callable[[StaffPlan], str]


def write_divisions(plans: list[DivisionPlan], uids: Uids, moment: datetime) -> dict[str, int]:
    """The legal tree; ids by code."""
    ids = dict(zip((plan.code for plan in plans), take_ids("network_division", len(plans)), strict=True))
    insert(
        "network_division",
        ("id", "uid", "code", "name", "parent_id"),
        (
            (ids[plan.code], uids.at(moment), plan.code, plan.name, ids.get(plan.parent_code or ""))
            for plan in plans
        ),
    )
    return ids


def write_units(network: Network, divisions: dict[str, int], uids: Uids, moment: datetime) -> None:
    """The management tree. Gives every plan its number, slug, id and path."""
    _number(network.units)
    for unit, row_id in zip(network.units, take_ids("network_unit", len(network.units)), strict=True):
        unit.id = row_id
        unit.path = f"{unit.parent.path if unit.parent else '/'}{row_id}/"
    # A unit may be served by, or hosted at, one that comes later: one statement, checked at its end.
    insert(
        "network_unit",
        (
            *("id", "uid", "number", "name", "name_en", "name_pinyin", "slug", "kind", "host_type", "line"),
            *("parent_id", "path", "depth", "division_id", "served_by_id", "host_institution_id"),
            *("is_medical_institution", "services", "status", "opened_on", "second_centre_reason"),
            *("address", "access_note", "phone", "longitude", "latitude", "area_m2"),
        ),
        (_unit_row(unit, divisions, uids.at(moment)) for unit in network.units),
        size=len(network.units),
    )
    insert(
        "network_openinghours",
        ("unit_id", "weekday", "opens_at", "closes_at"),
        ((unit.id, *stretch) for unit in network.units for stretch in unit.hours),
    )


def _number(units: list[UnitPlan]) -> None:
    serials: Counter[str] = Counter()
    slugs: Counter[str] = Counter()
    for unit in units:
        serials[unit.kind] += 1
        letter = _LETTERS.get(unit.kind)
        unit.number = f"{letter}-{serials[unit.kind]:04d}" if letter else unit.division
        stem = unit.pinyin.replace(" ", "-")[:110]
        slugs[stem] += 1
        unit.slug = stem if slugs[stem] == 1 else f"{stem}-{slugs[stem]}"


def _unit_row(unit: UnitPlan, divisions: dict[str, int], uid: str) -> tuple[object, ...]:
    return (
        *(unit.id, uid, unit.number, unit.name, unit.name_en, names.search_key(unit.pinyin), unit.slug),
        *(unit.kind, unit.host_type, unit.line, unit.parent.id if unit.parent else None),
        *(unit.path, unit.depth, divisions.get(unit.division)),
        unit.served_by.id if unit.served_by else None,
        unit.host.id if unit.host else None,
        *(unit.is_medical, unit.services, unit.status, unit.opened_on, ""),
        *(unit.address, unit.access_note, unit.phone, unit.longitude, unit.latitude, unit.area_m2),
    )


# Roles were confirmed at some time within these days; those of the longest ago stop within a month. Nobody who can be
# tried with one click is among them: a demo that stands for a while must not lock its visitors out.
CONFIRMED_WITHIN_DAYS = 345


def write_people(workforce: Workforce, uids: Uids, moment: datetime, password_of: PasswordOf) -> None:
    """Accounts, staff, postings, roster, credentials and roles."""
    staff = workforce.staff
    account_ids = take_ids("accounts_account", len(staff))
    for one, row_id in zip(staff, take_ids("network_staffmember", len(staff)), strict=True):
        one.id, one.account_uid = row_id, uids.at(moment)
    insert(
        "accounts_account",
        ("id", "uid", "password", "kind", "login", "is_active", "created_at", "language", "text_size"),
        (
            (row_id, one.account_uid, password_of(one), "staff", one.login, True, moment, "", "")
            for row_id, one in zip(account_ids, staff, strict=True)
        ),
    )
    insert(
        "network_staffmember",
        ("id", "uid", "account_id", "name", "name_pinyin", "title", "duty_phone"),
        (
            (
                *(one.id, uids.at(moment), row_id, one.name, names.search_key(names.pinyin(*one.name))),
                *(one.title, one.phone),
            )
            for row_id, one in zip(account_ids, staff, strict=True)
        ),
    )
    _write_postings(workforce, uids, moment)
    insert(
        "workforce_credential",
        ("uid", "staff_id", "kind", "subject", "number", "verified_on", "valid_from"),
        (
            (uids.at(moment), one.id, kind, subject, f"YC-{kind[:3].upper()}-{one.id:06d}", since, since)
            for one in staff
            for held, since in one.credentials
            for kind, _, subject in [held.partition(":")]
        ),
    )
    insert(
        "access_rolegrant",
        ("uid", "account_id", "role", "node_id", "starts_at", "confirmed_at"),
        (
            (
                *(uids.at(moment), row_id, role, node.id, moment - timedelta(days=560)),
                moment - timedelta(days=0 if one.persona else number * 37 % CONFIRMED_WITHIN_DAYS),
            )
            for number, (row_id, one) in enumerate(zip(account_ids, staff, strict=True))
            for role, node in dict.fromkeys(one.grants)
        ),
    )


def _write_postings(workforce: Workforce, uids: Uids, moment: datetime) -> None:
    postings = workforce.postings()
    for posting, row_id in zip(postings, take_ids("network_posting", len(postings)), strict=True):
        posting.id = row_id
    insert(
        "network_posting",
        ("id", "uid", "staff_id", "unit_id", "post", "is_full_time", "is_accountable", "starts_on"),
        (
            (
                *(one.id, uids.at(moment), one.staff.id, one.unit.id, one.post),
                *(one.is_full_time, one.is_accountable, one.starts_on),
            )
            for one in postings
        ),
    )
    insert(
        "network_dutypattern",
        (
            *("uid", "posting_id", "unit_id", "duty", "weekdays", "starts", "minutes"),
            *("working_days_only", "priority", "valid_from"),
        ),
        (
            (
                *(uids.at(moment), posting.id, posting.unit.id, shift.duty, shift.weekdays, shift.starts),
                *(shift.minutes, shift.working_days_only, shift.priority, posting.starts_on),
            )
            for posting in postings
            for shift in posting.shifts
        ),
    )
    insert(
        "network_dutyexception",
        ("uid", "posting_id", "unit_id", "duty", "is_on", "starts_at", "ends_at", "reason"),
        (
            (
                uids.at(moment),
                leave.posting.id,
                leave.posting.unit.id,
                "duty_lead",
                False,
                *leave.span,
                leave.reason,
            )
            for leave in workforce.leaves
        ),
    )
