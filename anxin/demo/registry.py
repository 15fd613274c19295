"""Writes the planned network and its people down: divisions, units, hours, accounts, postings, rosters, grants."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from anxin.demo import names
from anxin.demo.bulk import Uids, insert, take_ids
from anxin.demo.network import CITY_BODIES, TASK_FORCE_OFFICE, Network, UnitPlan
from anxin.demo.places import ECONOMIC_ZONE, Ground
from anxin.demo.staff import Workforce
from anxin.kernel import clock

_NUMBER = {
    "city": "A",
    "county": "A",
    "zone": "Z",
    "town": "A",
    "village": "A",
    "city_centre": "CC",
    "county_centre": "KC",
    "station": "S",
    "hotline": "H",
    "medical_institution": "M",
    "department": "D",
    "task_force_office": "T",
}


def write_divisions(ground: Ground, uids: Uids, moment: datetime) -> dict[str, int]:
    """The legal tree; ids by code."""
    ids = dict(zip((d.code for d in ground.divisions), take_ids("network_division", len(ground.divisions)), strict=True))
    insert(
        "network_division",
        ("id", "uid", "code", "name", "parent_id"),
        (
            (ids[plan.code], uids.at(moment), plan.code, plan.name, ids.get(plan.parent_code or ""))
            for plan in ground.divisions
        ),
    )
    return ids


def write_units(network: Network, divisions: dict[str, int], uids: Uids, moment: datetime) -> None:
    """The management tree. Gives every plan its id, path, number and slug."""
    serials: Counter[str] = Counter()
    slugs: Counter[str] = Counter()
    for unit, row_id in zip(network.units, take_ids("network_unit", len(network.units)), strict=True):
        unit.id = row_id
        unit.path = f"{unit.parent.path if unit.parent else '/'}{row_id}/"
        serials[unit.kind] += 1
        letter = _NUMBER[unit.kind]
        unit.number = unit.division if letter == "A" else f"{letter}-{serials[unit.kind]:04d}"
        stem = unit.pinyin.replace(" ", "-")[:110]
        slugs[stem] += 1
        unit.slug = stem if slugs[stem] == 1 else f"{stem}-{slugs[stem]}"
    # A unit may be served by, or hosted at, one that comes later in the list: one statement, checked at its end.
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


def _unit_row(unit: UnitPlan, divisions: dict[str, int], uid: str) -> tuple[object, ...]:
    return (
        *(unit.id, uid, unit.number, unit.name, unit.name_en, unit.pinyin, unit.slug, unit.kind),
        *(unit.host_type, unit.line, unit.parent.id if unit.parent else None, unit.path, unit.depth),
        divisions.get(unit.division),
        unit.served_by.id if unit.served_by else None,
        unit.host.id if unit.host else None,
        *(unit.is_medical, list(unit.services), unit.status, unit.opened_on, "", unit.address),
        *(unit.access_note, unit.phone, unit.longitude, unit.latitude, unit.area_m2),
    )


def write_people(workforce: Workforce, uids: Uids, moment: datetime, password_of: "PasswordOf") -> None:
    """Accounts, staff, postings, credentials, roster and grants."""
    staff = workforce.staff
    accounts = take_ids("accounts_account", len(staff))
    for person, row_id in zip(staff, take_ids("network_staffmember", len(staff)), strict=True):
        person.id, person.account_uid = row_id, uids.at(moment)
    insert(
        "accounts_account",
        ("id", "uid", "password", "kind", "login", "is_active", "created_at", "language", "text_size"),
        (
            (account, person.account_uid, password_of(person.login), "staff", person.login, True, moment, "", "")
            for account, person in zip(accounts, staff, strict=True)
        ),
    )
    insert(
        "network_staffmember",
        ("id", "uid", "account_id", "name", "name_pinyin", "title", "duty_phone"),
        (
            (p.id, uids.at(moment), account, p.name, names.pinyin(*p.name), p.title, p.phone)
            for account, p in zip(accounts, staff, strict=True)
        ),
    )
    _write_postings(workforce, uids, moment)
    _write_credentials(workforce, uids, moment)
    insert(
        "access_rolegrant",
        ("uid", "account_id", "role", "node_id", "starts_at", "ends_at"),
        (
            (uids.at(moment), account, role, node.id, moment - timedelta(days=560), None)
            for account, person in zip(accounts, staff, strict=True)
            for role, node in dict.fromkeys(person.grants)
        ),
    )
