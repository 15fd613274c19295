"""Hiring: every centre round the clock, every station its lead, and the rest wherever there is work."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random

from anxin.demo import names
from anxin.demo.network import CITY_CENTRE, HOTLINE, TASK_FORCE_OFFICE, Network, UnitPlan
from anxin.demo.personas import BY_CODE
from anxin.demo.roster import (
    DAY_STARTS,
    HALF_DAY,
    NIGHT_STARTS,
    THIRD_OF_DAY,
    THIRDS,
    Shift,
    opening_shifts,
    round_the_clock,
)
from anxin.demo.staff import Leave, PostingPlan, StaffPlan, Workforce
from anxin.demo.stations import LIUAN, WANGQIAO
from anxin.kernel import clock

AT_SCALE_1 = 4000
_TITLES = {
    "manager": "负责人",
    "tutor": "心理辅导师",
    "counsellor": "心理咨询师",
    "therapist": "心理治疗师",
    "psychiatrist": "精神科医师",
    "psychology_teacher": "心理教师",
    "hotline_operator": "热线咨询员",
    "hotline_supervisor": "热线督导",
    "officer": "工作人员",
}
_ROLE_OF_POST = {
    "tutor": "counselling_tutor",
    "counsellor": "counsellor",
    "therapist": "therapist",
    "psychiatrist": "psychiatrist",
    "psychology_teacher": "school_psychology_teacher",
}

# Two of the city centre, because what one of them writes for the library is reviewed and published by another.
_CITY_PERSONAS = {0: "shao-ming", 1: "wen-jing"}
# The forms for professionals that this colleague has been trained in, so that they can be asked with.
_TRAINED_IN = {"zhao-ning": ("asq", "c-ssrs-screener")}


class _Office:
    """Hires people; keeps names, logins and telephone numbers apart."""

    def __init__(self, rng: Random, today: date, workforce: Workforce) -> None:
        self.rng, self.today, self.workforce = rng, today, workforce
        self._people = names.People(rng)
        self._logins: dict[str, int] = {}

    def hire(
        self,
        unit: UnitPlan,
        post: str,
        *,
        persona: str = "",
        role: str = "",
        node: UnitPlan | None = None,
        accountable: bool = False,
        credentials: Iterable[str] = (),
        shifts: tuple[Shift, ...] = (),
    ) -> PostingPlan:
        """A new person in ``post`` at ``unit``, with ``role`` at ``node`` (the unit itself when left out)."""
        who = BY_CODE[persona] if persona else None
        name = who.name if who else self._people.draw(self.rng.choice("fm"))
        person = StaffPlan(
            name=name,
            title=_TITLES[post],
            login=who.login if who else self._login(name),
            phone=f"154{len(self.workforce.staff) + 20_000_000:08d}",
            credentials=tuple((kind, self._some_day(600, 4000)) for kind in credentials),
            persona=who,
        )
        self.workforce.staff.append(person)
        return self.appoint(person, unit, post, role=role, node=node, accountable=accountable, shifts=shifts)

    def appoint(
        self,
        person: StaffPlan,
        unit: UnitPlan,
        post: str,
        *,
        role: str = "",
        node: UnitPlan | None = None,
        accountable: bool = False,
        shifts: tuple[Shift, ...] = (),
    ) -> PostingPlan:
        """A posting, also a second one of the same person (R-023)."""
        posting = PostingPlan(
            staff=person,
            unit=unit,
            post=post,
            is_accountable=accountable,
            is_full_time=not person.postings and self.rng.random() < 0.7,
            starts_on=self._some_day(600, 2000),
            shifts=shifts,
        )
        person.postings.append(posting)
        self.workforce.at_unit.setdefault(id(unit), []).append(posting)
        if role:
            person.grants.append((role, node or unit))
        return posting

    def _some_day(self, nearest: int, farthest: int) -> date:
        return self.today - timedelta(days=self.rng.randrange(nearest, farthest))

    def _login(self, name: str) -> str:
        stem = "".join(names.pinyin(one) for one in name)
        self._logins[stem] = self._logins.get(stem, 0) + 1
        return f"{stem}{self._logins[stem]:03d}"


def staff_network(network: Network, rng: Random, scale: float, today: date) -> Workforce:
    """Everybody at ``scale``: the centres are never thinner than round the clock asks."""
    workforce = Workforce()
    office = _Office(rng, today, workforce)
    _city_centre(office, network, scale)
    _hotline(office, network, scale)
    for centre in network.of_kind("county_centre"):
        _county_centre(office, network, centre, max(6, round(10 * scale)))
    _officers(office, network)
    stations = network.of_kind("station")
    for station in stations:
        _lead(office, station)
    missing = max(len(stations) // 4, round(AT_SCALE_1 * scale) - len(workforce.staff))
    for station in rng.choices(stations, k=missing):
        _second(office, station)
    _share(office, stations)
    _leaves(office, stations)
    return workforce


def _clinical(index: int) -> tuple[str, tuple[str, ...]]:
    """Post and credentials of the clinicians of a centre, in turn."""
    return (
        ("psychiatrist", ("psychiatrist", "crisis_training")),
        ("therapist", ("therapist", "crisis_training")),
        ("counsellor", ("counsellor", "crisis_training")),
    )[index % 3]


def _city_centre(office: _Office, network: Network, scale: float) -> None:
    centre, city = network.named(CITY_CENTRE), network.units[0]
    office.hire(
        centre,
        "manager",
        role="city_manager",
        node=city,
        accountable=True,
        credentials=("psychiatrist", "crisis_training"),
    )
    seats = round_the_clock(
        max(6, round(20 * scale)),
        duty="duty_clinician",
        starts=(DAY_STARTS, NIGHT_STARTS),
        minutes=HALF_DAY,
        first_always_by_day=True,
    )
    for index, shifts in enumerate(seats):
        post, credentials = _clinical(index)
        office.hire(
            centre,
            post,
            persona=_CITY_PERSONAS.get(index, ""),
            role="city_clinician",
            node=city,
            credentials=credentials,
            shifts=shifts,
        )


def _hotline(office: _Office, network: Network, scale: float) -> None:
    hotline, city = network.named(HOTLINE), network.units[0]
    seats = round_the_clock(
        max(5, round(9 * scale)),
        duty="hotline_supervisor",
        starts=THIRDS,
        minutes=THIRD_OF_DAY,
        first_always_by_day=True,
    )
    trained = ("counsellor", "crisis_training", "hotline_training")
    for index, shifts in enumerate(seats):
        office.hire(
            hotline,
            "hotline_supervisor",
            persona="" if index else "he-jia",
            role="hotline_supervisor",
            node=city,
            accountable=index == 0,
            credentials=trained,
            shifts=shifts,
        )
    for _ in range(max(3, round(30 * scale))):
        office.hire(
            hotline,
            "hotline_operator",
            role="hotline_operator",
            credentials=("counsellor", "hotline_training"),
        )


def _county_centre(office: _Office, network: Network, centre: UnitPlan, people: int) -> None:
    county = network.county_of(centre)
    office.hire(
        centre,
        "manager",
        role="county_manager",
        node=county,
        accountable=True,
        credentials=("psychiatrist", "crisis_training"),
    )
    with_persona = county is not None and county.name == "清禾区"
    seats = round_the_clock(
        people - 1,
        duty="duty_clinician",
        starts=(DAY_STARTS, NIGHT_STARTS),
        minutes=HALF_DAY,
        first_always_by_day=with_persona,
    )
    for index, shifts in enumerate(seats):
        post, credentials = _clinical(index)
        office.hire(
            centre,
            post,
            persona="sun-lan" if with_persona and index == 0 else "",
            role="county_clinician",
            node=county,
            credentials=credentials,
            shifts=shifts,
        )


def _officers(office: _Office, network: Network) -> None:
    city, task_force = network.units[0], network.named(TASK_FORCE_OFFICE)
    office.hire(
        task_force, "officer", persona="zhou-xing", role="task_force_office", node=city, accountable=True
    )
    office.hire(task_force, "officer", role="task_force_office", node=city)
    office.hire(task_force, "officer", persona="fang-zheng", role="auditor", node=city)
    office.hire(task_force, "officer", role="platform_admin", node=city)
    office.hire(task_force, "officer", persona="deng-yan", role="security_officer", node=city)
    for town in network.of_kind("town"):
        office.hire(town, "officer", role="town_office", accountable=True)
    for body in network.of_kind("department"):
        if body.parent is not None and body.parent.kind != "medical_institution":
            role = "department_data_user"
            office.hire(body, "officer", role=role, node=body.parent, accountable=True)


def _lead(office: _Office, station: UnitPlan) -> None:
    rng, host_type = office.rng, station.host_type
    closed_on_holidays = max(weekday for weekday, _, _ in station.hours) < 5
    persona = {LIUAN: "zhao-ning", WANGQIAO: "chen-mo"}.get(station.name, "")
    if persona:
        post = "counsellor"
    elif host_type == "school":
        post = "psychology_teacher"
    elif host_type == "medical":
        post = rng.choice(("counsellor", "counsellor", "therapist"))
    else:
        post = "counsellor" if rng.random() < 0.65 else "tutor"
    held = [post]
    if post == "psychology_teacher" and rng.random() < 0.5:
        held.append("counsellor")
    if persona or (post in ("counsellor", "therapist") and rng.random() < 0.6):
        held.append("crisis_training")
    held += [f"instrument_training:{form}" for form in _TRAINED_IN.get(persona, ())]
    posting = office.hire(
        station,
        post,
        persona=persona,
        role=_ROLE_OF_POST[post],
        accountable=True,
        credentials=held,
        shifts=opening_shifts(station.hours, working_days_only=closed_on_holidays),
    )
    posting.staff.grants.append(("station_manager", station))


def _second(office: _Office, station: UnitPlan) -> None:
    post = "counsellor" if office.rng.random() < 0.4 else "tutor"
    shifts = opening_shifts(
        [one for one in station.hours if one[0] in (1, 3)], working_days_only=True, priority=2
    )
    office.hire(station, post, role=_ROLE_OF_POST[post], credentials=(post,), shifts=shifts)


def _share(office: _Office, stations: list[UnitPlan]) -> None:
    """Some people work at two stations of one county; counted once in the headcount (R-023)."""
    rng = office.rng
    for station in rng.sample(stations, k=max(1, len(stations) // 40)):
        other = rng.choice(stations)
        lead = next(iter(office.workforce.postings_at(station)))
        if (
            other is not station
            and lead.staff.persona is None
            and not other.name.startswith(("柳岸", "望桥"))
        ):
            role = _ROLE_OF_POST[lead.post]
            office.appoint(lead.staff, other, lead.post, role=role)


def _leaves(office: _Office, stations: list[UnitPlan]) -> None:
    """A few leads are on leave around today, so that some stations are closed in office hours."""
    rng = office.rng
    for station in rng.sample(stations, k=max(1, len(stations) // 80)):
        posting = office.workforce.postings_at(station)[0]
        if posting.staff.persona is None:
            first = office.today - timedelta(days=rng.randrange(0, 4))
            starts = datetime.combine(first, time(0), clock.LOCAL)
            span = (starts, starts + timedelta(days=rng.randrange(2, 7)))
            office.workforce.leaves.append(Leave(posting, span, rng.choice(("年休假", "外出培训", "病假"))))
