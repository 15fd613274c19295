"""Writes the planned network and its people down, through the doors of the rooms wherever they take many at once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from anxin.demo.bulk import Uids, insert, take_ids
from anxin.demo.network import Network, UnitPlan
from anxin.demo.places import DivisionPlan
from anxin.demo.staff import StaffPlan, Workforce
from anxin.domains.access import api as access
from anxin.domains.network import api as network_room
from anxin.domains.network.contracts import (
    Duty,
    DutyChange,
    DutyDraft,
    Engagement,
    HostType,
    Line,
    Post,
    PostingDraft,
    Service,
    StaffDraft,
    Stretch,
    UnitDraft,
    UnitKind,
    WeeklySeat,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor

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


@dataclass(slots=True)
class _Account:
    """What a grant wants to know of an account."""

    id: int
    uid: str
    kind: str = "staff"
    is_active: bool = True


def write_units(actor: Actor, network: Network, divisions: list[DivisionPlan]) -> None:
    """Both trees. Gives every plan its number, slug, id and path."""
    network_room.create_divisions(
        actor=actor, rows=[(plan.code, plan.name, plan.parent_code or "") for plan in divisions]
    )
    _number(network.units)
    made = network_room.create_units(actor=actor, drafts=[_draft(unit) for unit in network.units])
    for unit, row in zip(network.units, made, strict=True):
        unit.id, unit.path = row.id, row.path


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


def _draft(unit: UnitPlan) -> UnitDraft:
    return UnitDraft(
        number=unit.number,
        name=unit.name,
        kind=UnitKind(unit.kind),
        parent=unit.parent.number if unit.parent else "",
        slug=unit.slug,
        name_en=unit.name_en,
        host_type=HostType(unit.host_type) if unit.host_type else None,
        line=Line(unit.line) if unit.line else None,
        division=unit.division,
        served_by=unit.served_by.number if unit.served_by else "",
        host_institution=unit.host.number if unit.host else "",
        is_medical_institution=unit.is_medical,
        services=tuple(Service(service) for service in unit.services),
        opened_on=unit.opened_on,
        address=unit.address,
        access_note=unit.access_note,
        phone=unit.phone,
        longitude=unit.longitude,
        latitude=unit.latitude,
        area_m2=unit.area_m2,
        opening=tuple(Stretch(*stretch) for stretch in unit.hours),
    )


def write_people(
    actor: Actor, workforce: Workforce, uids: Uids, moment: datetime, password_of: Callable[[StaffPlan], str]
) -> None:
    """Accounts, staff, postings, roster, credentials and roles."""
    accounts = _accounts(workforce.staff, uids, moment, password_of)
    members = network_room.add_staff_members(
        actor=actor,
        drafts=[
            StaffDraft(name=one.name, title=one.title, duty_phone=one.phone, account_id=account.id)
            for one, account in zip(workforce.staff, accounts, strict=True)
        ],
    )
    for one, member in zip(workforce.staff, members, strict=True):
        one.id = member.id
    _postings(actor, workforce)
    _credentials(workforce, uids, moment)
    rows = [
        (account, role, node)
        for one, account in zip(workforce.staff, accounts, strict=True)
        for role, node in dict.fromkeys(one.grants)
    ]
    nodes = network_room.units_queryset(status=None).in_bulk({node.id for _, _, node in rows})
    access.grant_all(actor=actor, rows=[(account, role, nodes[node.id]) for account, role, node in rows])


def _accounts(
    staff: list[StaffPlan], uids: Uids, moment: datetime, password_of: Callable[[StaffPlan], str]
) -> list[_Account]:
    made = []
    for one, row_id in zip(staff, take_ids("accounts_account", len(staff)), strict=True):
        one.account_uid = uids.at(moment)
        made.append(_Account(row_id, one.account_uid))
    insert(
        "accounts_account",
        ("id", "uid", "password", "kind", "login", "is_active", "created_at", "language", "text_size"),
        (
            (account.id, account.uid, password_of(one), "staff", one.login, True, moment, "", "")
            for one, account in zip(staff, made, strict=True)
        ),
    )
    return made


def _postings(actor: Actor, workforce: Workforce) -> None:
    plans = workforce.postings()
    made = network_room.appoint_all(
        actor=actor,
        drafts=[
            PostingDraft(
                staff_id=plan.staff.id,
                unit_id=plan.unit.id,
                post=Post(plan.post),
                starts_on=plan.starts_on,
                engagement=Engagement.FULL_TIME if plan.is_full_time else Engagement.PART_TIME,
                is_accountable=plan.is_accountable,
            )
            for plan in plans
        ],
    )
    for plan, row in zip(plans, made, strict=True):
        plan.id = row.id
    network_room.put_all_on_roster(
        actor=actor,
        drafts=[
            DutyDraft(
                posting_id=plan.id,
                unit_id=plan.unit.id,
                duty=Duty(shift.duty),
                seat=WeeklySeat(
                    weekdays=shift.weekdays,
                    starts=shift.starts,
                    minutes=shift.minutes,
                    working_days_only=shift.working_days_only,
                    priority=shift.priority,
                ),
                valid_from=plan.starts_on,
            )
            for plan in plans
            for shift in plan.shifts
        ],
    )


def _credentials(workforce: Workforce, uids: Uids, moment: datetime) -> None:
    insert(
        "workforce_credential",
        ("uid", "staff_id", "kind", "subject", "number", "verified_on", "valid_from"),
        (
            (uids.at(moment), one.id, kind, "", f"YC-{kind[:2].upper()}-{one.id:06d}", since, since)
            for one in workforce.staff
            for kind, since in one.credentials
        ),
    )
    _ = (DutyChange, clock, timedelta)
