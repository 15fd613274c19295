"""The smallest city in which every rung answers: two counties, three stations, a hotline, and the personas of
the house.

Built through the rooms' own verbs, so that a test stands on what the product can really make.
"""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.network import api as network
from anxin.domains.network.contracts import (
    Duty,
    DutyDraft,
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
from anxin.domains.residents import api as residents
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("small city")
SINCE = date(2025, 1, 1)
OFFICE = WeeklySeat(weekdays=(0, 1, 2, 3, 4), starts=time(8, 30), minutes=540)
ALWAYS = WeeklySeat(weekdays=(0, 1, 2, 3, 4, 5, 6), starts=time(0), minutes=1440)
COUNSELLOR = (CredentialKind.COUNSELLOR, CredentialKind.CRISIS_TRAINING)


@dataclass
class SmallCity:
    """Units by number, people by code; ``actor`` builds the Actor a request would carry."""

    units: dict[str, Any] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    staff: dict[str, Any] = field(default_factory=dict)
    residents: dict[str, Any] = field(default_factory=dict)

    def actor(self, code: str) -> Actor:
        """The Actor of a persona at this moment."""
        account = self.accounts[code]
        resident = self.residents.get(code)
        return access.actor_for(
            account=account,
            resident_id=resident.id if resident else None,
            resident_uid=resident.uid if resident else "",
        )


_UNITS = (
    UnitDraft(number="C", name="云澄市", kind=UnitKind.CITY),
    UnitDraft(
        number="HOSP",
        name="云澄市康宁医院",
        kind=UnitKind.MEDICAL_INSTITUTION,
        parent="C",
        is_medical_institution=True,
    ),
    UnitDraft(
        number="CC",
        name="云澄市心理健康中心",
        kind=UnitKind.CITY_CENTRE,
        parent="C",
        host_institution="HOSP",
        is_medical_institution=True,
    ),
    UnitDraft(number="HOT", name="云澄市心理热线", kind=UnitKind.HOTLINE, parent="C"),
    UnitDraft(number="TF", name="云澄市社会心理服务专班办公室", kind=UnitKind.TASK_FORCE_OFFICE, parent="C"),
    UnitDraft(number="Q", name="清禾区", kind=UnitKind.COUNTY, parent="C"),
    UnitDraft(
        number="QC",
        name="清禾区心理健康中心",
        kind=UnitKind.COUNTY_CENTRE,
        parent="Q",
        host_institution="HOSP",
    ),
    UnitDraft(number="S", name="石桥县", kind=UnitKind.COUNTY, parent="C"),
    UnitDraft(
        number="SC",
        name="石桥县心理健康中心",
        kind=UnitKind.COUNTY_CENTRE,
        parent="S",
        host_institution="HOSP",
    ),
    *(
        UnitDraft(
            number=number,
            name=name,
            kind=UnitKind.STATION,
            parent=parent,
            host_type=HostType.COMMUNITY,
            line=Line.COMMUNITY,
            services=(Service.EDUCATION, Service.ASSESSMENT, Service.COUNSELLING),
            address=address,
            longitude=longitude,
            latitude=35.4,
        )
        for number, name, parent, address, longitude in (
            ("LIUAN", "柳岸社区心灵驿站", "Q", "清禾区柳岸路 18 号", 116.58),
            ("BEIMEN", "北门社区心灵驿站", "Q", "清禾区北门街 3 号", 116.60),
            ("WANGQIAO", "望桥社区心灵驿站", "S", "石桥县望桥路 5 号", 116.70),
        )
    ),
)

# code, name, unit, post, credentials, role, node, duty, seat
_STAFF = (
    (
        "zhao-ning",
        "赵宁",
        "LIUAN",
        Post.COUNSELLOR,
        COUNSELLOR,
        "counsellor",
        "LIUAN",
        Duty.DUTY_LEAD,
        OFFICE,
    ),
    (
        "chen-mo",
        "陈默",
        "WANGQIAO",
        Post.COUNSELLOR,
        COUNSELLOR,
        "counsellor",
        "WANGQIAO",
        Duty.DUTY_LEAD,
        OFFICE,
    ),
    (
        *("bai-lu", "白露", "BEIMEN", Post.TUTOR, (CredentialKind.TUTOR,), "counselling_tutor", "BEIMEN"),
        *(Duty.DUTY_LEAD, OFFICE),
    ),
    (
        *("sun-lan", "孙岚", "QC", Post.COUNSELLOR, COUNSELLOR, "county_clinician", "Q"),
        *(Duty.DUTY_CLINICIAN, ALWAYS),
    ),
    (
        *("gu-yan", "顾言", "SC", Post.COUNSELLOR, COUNSELLOR, "county_clinician", "S"),
        *(Duty.DUTY_CLINICIAN, ALWAYS),
    ),
    (
        *(
            "shao-ming",
            "邵明",
            "CC",
            Post.PSYCHIATRIST,
            (CredentialKind.PSYCHIATRIST,),
            "city_clinician",
            "C",
        ),
        *(Duty.DUTY_CLINICIAN, ALWAYS),
    ),
    (
        *("he-jia", "何嘉", "HOT", Post.HOTLINE_SUPERVISOR, COUNSELLOR, "hotline_supervisor", "C"),
        *(Duty.HOTLINE_SUPERVISOR, ALWAYS),
    ),
    ("zhou-xing", "周行", "TF", Post.OFFICER, (), "task_force_office", "C", None, None),
    ("fang-zheng", "方正", "TF", Post.OFFICER, (), "auditor", "C", None, None),
)


def build() -> SmallCity:
    """Make the city in the current database."""
    city = SmallCity()
    with unit_of_work(SYSTEM):
        made = network.create_units(actor=SYSTEM, drafts=_UNITS)
        city.units = {unit.number: unit for unit in made}
        for number in ("LIUAN", "BEIMEN", "WANGQIAO"):
            hours = [Stretch(day, time(8, 30), time(17, 30)) for day in range(5)]
            network.set_opening_hours(actor=SYSTEM, unit=city.units[number], hours=hours)
        _add_staff(city)
        add_resident(city, "li-qing", "13800000001", "李晴", date(1996, 5, 4), "LIUAN")
        add_resident(city, "lin-xia", "13800000002", "林夏", date(1988, 2, 1), "WANGQIAO")
    return city


def _add_staff(city: SmallCity) -> None:
    """All of them at once: a thousand tests begin with this city, and every statement counts."""
    entered = [(row[0], accounts.create_account(actor=SYSTEM, kind="staff", login=row[0])) for row in _STAFF]
    city.accounts |= dict(entered)
    made = network.add_staff_members(
        actor=SYSTEM,
        drafts=[
            StaffDraft(row[1], account_id=account.id)
            for row, (_, account) in zip(_STAFF, entered, strict=True)
        ],
    )
    city.staff |= {row[0]: person for row, person in zip(_STAFF, made, strict=True)}
    postings = network.appoint_all(
        actor=SYSTEM,
        drafts=[
            PostingDraft(
                city.staff[code].id,
                city.units[unit].id,
                post,
                SINCE,
                is_accountable=unit in {"CC", "QC", "SC"},
            )
            for code, _, unit, post, *_ in _STAFF
        ],
    )
    workforce.record_credentials(
        actor=SYSTEM,
        drafts=[
            CredentialDraft(staff_id=city.staff[row[0]].id, kind=kind, valid_from=SINCE, verified_on=SINCE)
            for row in _STAFF
            for kind in row[4]
        ],
    )
    network.put_all_on_roster(
        actor=SYSTEM,
        drafts=[
            DutyDraft(posting.id, posting.unit_id, row[7], row[8], SINCE)
            for row, posting in zip(_STAFF, postings, strict=True)
            if row[7] is not None
        ],
    )
    access.grant_all(
        actor=SYSTEM, rows=[(city.accounts[row[0]], row[5], city.units[row[6]]) for row in _STAFF]
    )


def add_resident(city: SmallCity, code: str, phone: str, name: str, born_on: date, unit: str) -> None:
    """A resident with an account, inside the caller's unit of work."""
    account = accounts.create_account(actor=SYSTEM, kind="resident", login=accounts.login_for_phone(phone))
    city.residents[code] = residents.register_resident(
        actor=SYSTEM, account=account, phone=phone, name=name, born_on=born_on, home_unit=city.units[unit]
    )
    city.accounts[code] = account
