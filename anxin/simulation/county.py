"""The county: its units, its people and who sits where, made by the verbs of the rooms."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
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
    StaffDraft,
    UnitDraft,
    UnitKind,
    WeeklySeat,
)
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind
from anxin.kernel.actor import Actor

HOUSE = Actor.system("simulation")
TOWNS = 10
OFFICE = WeeklySeat((0, 1, 2, 3, 4), time(8, 30), 540, working_days_only=True)
_HIRED_BEFORE = timedelta(days=400)
_CRISIS = (CredentialKind.COUNSELLOR, CredentialKind.CRISIS_TRAINING)
_ROUND_THE_CLOCK = 4


@dataclass(eq=False, slots=True)
class Person:
    """Somebody who is called. ``sick`` and ``away`` are spans in which they do not answer."""

    name: str
    unit: str
    rung: str
    post: Post
    credentials: tuple[CredentialKind, ...]
    role: str
    node: str
    duty: Duty | None = None
    seats: tuple[WeeklySeat, ...] = ()
    is_accountable: bool = False
    account: Any = None
    staff_id: int = 0
    posting: Any = None
    absences: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def uid(self) -> str:
        """Who they are in every line: their account."""
        return str(self.account.uid)

    @property
    def may_assess(self) -> bool:
        """Whether assessing is theirs at all; a tutor listens and passes on."""
        return self.post is not Post.TUTOR

    def is_absent(self, at: datetime) -> bool:
        """Whether they will not hear a call at ``at``."""
        return any(since <= at < until for since, until in self.absences)


@dataclass(slots=True)
class County:
    """The units by number, the people by posting."""

    units: dict[str, Any]
    people: dict[int, Person]
    stations: list[str]

    @property
    def towns(self) -> list[str]:
        """The areas a contact can be asked for from."""
        return [number for number in self.units if number.startswith("T-")]

    def leads(self) -> list[Person]:
        """The people at the stations."""
        return [one for one in self.people.values() if one.rung == "station"]


def found_county(*, stations: int, tutors: float, rng: Random, today: date) -> County:
    """Everything that is there before the year begins, inside the caller's unit of work."""
    numbers = [f"S-{number:03d}" for number in range(1, stations + 1)]
    made = network.create_units(actor=HOUSE, drafts=[*_above(), *_stations(numbers)])
    county = County({unit.number: unit for unit in made}, {}, numbers)
    hire(
        county,
        [*_people_above(), *(_lead(one, rng.random() < tutors) for one in numbers)],
        since=today - _HIRED_BEFORE,
    )
    return county


def hire(county: County, people: list[Person], *, since: date) -> None:
    """Account, staff entry, posting, credentials, seats and role of each."""
    known = len(county.people)
    for serial, one in enumerate(people, start=known):
        one.account = accounts.create_account(actor=HOUSE, kind="staff", login=f"sim-{serial:04d}")
    staff = network.add_staff_members(
        actor=HOUSE,
        drafts=[
            StaffDraft(
                name=one.name, account_id=one.account.id, duty_phone=f"154{40_000_000 + known + serial:08d}"
            )
            for serial, one in enumerate(people)
        ],
    )
    postings = network.appoint_all(
        actor=HOUSE,
        drafts=[
            PostingDraft(
                member.id, county.units[one.unit].id, one.post, since, is_accountable=one.is_accountable
            )
            for one, member in zip(people, staff, strict=True)
        ],
    )
    for one, member, posting in zip(people, staff, postings, strict=True):
        one.staff_id, one.posting = member.id, posting
        county.people[posting.id] = one
    workforce.record_credentials(
        actor=HOUSE,
        drafts=[
            CredentialDraft(staff_id=one.staff_id, kind=kind, valid_from=since, verified_on=since)
            for one in people
            for kind in one.credentials
        ],
    )
    network.put_all_on_roster(
        actor=HOUSE,
        drafts=[
            DutyDraft(one.posting.id, county.units[one.unit].id, one.duty, seat, since)
            for one in people
            if one.duty is not None
            for seat in one.seats
        ],
    )
    access.grant_all(actor=HOUSE, rows=[(one.account, one.role, county.units[one.node]) for one in people])


def successor_of(person: Person) -> Person:
    """Who comes after somebody who leaves a station: the same seat, another name."""
    return Person(
        name=f"{person.name}（继任）",
        unit=person.unit,
        rung=person.rung,
        post=person.post,
        credentials=person.credentials,
        role=person.role,
        node=person.node,
        duty=person.duty,
        seats=person.seats,
    )


def _above() -> list[UnitDraft]:
    medical = {"is_medical_institution": True}
    return [
        UnitDraft(number="C", name="云澄市", kind=UnitKind.CITY),
        UnitDraft(
            number="H", name="云澄市康宁医院", kind=UnitKind.MEDICAL_INSTITUTION, parent="C", **medical
        ),
        UnitDraft(
            number="CC",
            name="云澄市心理健康中心",
            kind=UnitKind.CITY_CENTRE,
            parent="C",
            host_institution="H",
            **medical,
        ),
        UnitDraft(number="HOT", name="云澄市心理热线", kind=UnitKind.HOTLINE, parent="C"),
        UnitDraft(number="Q", name="清禾区", kind=UnitKind.COUNTY, parent="C"),
        UnitDraft(
            number="QC",
            name="清禾区心理健康中心",
            kind=UnitKind.COUNTY_CENTRE,
            parent="Q",
            host_institution="H",
        ),
        *(
            UnitDraft(number=f"T-{number:02d}", name=f"清禾区第{number}街道", kind=UnitKind.TOWN, parent="Q")
            for number in range(1, TOWNS + 1)
        ),
    ]


def _stations(numbers: list[str]) -> list[UnitDraft]:
    hosts = (
        (HostType.COMMUNITY, Line.COMMUNITY),
        (HostType.SCHOOL, Line.EDUCATION),
        (HostType.ORGAN_ENTERPRISE, Line.ENTERPRISE),
        (HostType.COMMUNITY, Line.COMMUNITY),
    )
    return [
        UnitDraft(
            number=number,
            name=f"清禾区第{place + 1}心灵驿站",
            kind=UnitKind.STATION,
            parent=f"T-{place % TOWNS + 1:02d}",
            host_type=hosts[place % len(hosts)][0],
            line=hosts[place % len(hosts)][1],
        )
        for place, number in enumerate(numbers)
    ]


def _lead(station: str, is_tutor: bool) -> Person:
    return Person(
        name=f"{station} 值班人",
        unit=station,
        rung="station",
        post=Post.TUTOR if is_tutor else Post.COUNSELLOR,
        credentials=(CredentialKind.TUTOR,) if is_tutor else _CRISIS,
        role="counselling_tutor" if is_tutor else "counsellor",
        node=station,
        duty=Duty.DUTY_LEAD,
        seats=(OFFICE,),
    )


def _people_above() -> list[Person]:
    psychiatrist = (CredentialKind.PSYCHIATRIST,)
    city = ("CC", "city", Post.PSYCHIATRIST, psychiatrist, "city_clinician", "C")
    county = ("QC", "county", Post.COUNSELLOR, _CRISIS, "county_clinician", "Q")
    hotline = ("HOT", "city", Post.HOTLINE_SUPERVISOR, _CRISIS, "hotline_supervisor", "C")
    found = [
        Person(f"{where[0]} 值班 {turn + 1}", *where, duty=duty, seats=_shifts(turn))
        for where, duty in (
            (city, Duty.DUTY_CLINICIAN),
            (county, Duty.DUTY_CLINICIAN),
            (hotline, Duty.HOTLINE_SUPERVISOR),
        )
        for turn in range(_ROUND_THE_CLOCK)
    ]
    return [*found, *(Person(f"{where[0]} 负责人", *where, is_accountable=True) for where in (city, county))]


def _shifts(turn: int) -> tuple[WeeklySeat, ...]:
    """Of four people one always sits by day and one by night, each day of the week another pair."""
    days = tuple(day for day in range(7) if day % _ROUND_THE_CLOCK == turn)
    nights = tuple(day for day in range(7) if (day + 2) % _ROUND_THE_CLOCK == turn)
    seats = [WeeklySeat(days, time(8), 720)] if days else []
    return (*seats, *([WeeklySeat(nights, time(20), 720)] if nights else []))
