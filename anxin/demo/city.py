"""The city of 云澄, made from a seed number in one transaction: it is there whole, or not at all.

Row-level security is on while it is written, under the scope of a program of the house. Foreign keys are checked
statement by statement, so that a million of them do not wait in memory for the commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection

from anxin.demo.archives import write_archives
from anxin.demo.bulk import Uids
from anxin.demo.campaigns import write_campaigns
from anxin.demo.case_course import write_case_courses
from anxin.demo.cases import tell_cases, write_cases
from anxin.demo.duty import DutyBook
from anxin.demo.hiring import staff_network
from anxin.demo.network import TASK_FORCE_OFFICE, Network, build_network
from anxin.demo.people import AT_SCALE_1 as RESIDENTS_AT_SCALE_1
from anxin.demo.people import FEWEST, PERSONA, write_residents
from anxin.demo.personas import PASSWORD
from anxin.demo.places import ECONOMIC_ZONE, Ground, survey
from anxin.demo.progress import Progress
from anxin.demo.records import write_requests, write_stories, write_trail
from anxin.demo.registry import write_divisions, write_people, write_units
from anxin.demo.rights import write_rights
from anxin.demo.sittings import AT_SCALE_1 as SITTINGS_AT_SCALE_1
from anxin.demo.sittings import SittingWriter, write_anonymous_counts
from anxin.demo.staff import StaffPlan, Workforce
from anxin.demo.stations import found_stations
from anxin.demo.tides import Tides
from anxin.demo.warnings import Teller, how_many, plan_warnings
from anxin.domains.audit import api as audit
from anxin.domains.network import api as network_room
from anxin.domains.network.contracts import TaskForceKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SEED = 20260101
ACTOR = Actor.system("city")
_LASTING_SECONDS = 24 * 60 * 60  # eighteen months are written in one transaction


class NotADemo(Exception):
    """Invented people are not mixed with real ones: the settings do not say that this is a demo."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is there now."""

    units: int
    stations: int
    staff: int
    residents: int
    sittings: int
    anonymous: int
    warnings: int
    open_warnings: int
    cases: int
    seconds: float


def exists() -> bool:
    """Whether there is a city already, invented or real."""
    return network_room.city() is not None


def generate(
    *,
    scale: float = 1.0,
    residents: int | None = None,
    sittings: int | None = None,
    seed: int = SEED,
    progress: Callable[[str], None] = print,
) -> Summary:
    """Make the city. Raises :class:`NotADemo` outside a demo, ``forbidden.RealName`` before a real name is written."""
    if not settings.ANXIN_DEMO:
        raise NotADemo("ANXIN_DEMO is off")
    people = max(FEWEST, round(RESIDENTS_AT_SCALE_1 * scale)) if residents is None else max(FEWEST, residents)
    tests = round(SITTINGS_AT_SCALE_1 * scale) if sittings is None else sittings
    with _shipped_response_times(), unit_of_work(ACTOR, lasting_seconds=_LASTING_SECONDS):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return _Maker(seed, scale, clock.now(), Progress(progress)).make(people, tests)


@contextmanager
def _shipped_response_times() -> Iterator[None]:
    """Eighteen months were lived by the times that are shipped, even when the demo is to run by much shorter ones.

    By times of seconds every late step of the past would have called its last rung some ten thousand times.
    """
    chosen, settings.ANXIN_RESPONSE_TIMES = settings.ANXIN_RESPONSE_TIMES, ""
    try:
        yield
    finally:
        settings.ANXIN_RESPONSE_TIMES = chosen


class _Maker:
    """One run of the generator. Every part draws from its own stream, so that no part disturbs another."""

    def __init__(self, seed: int, scale: float, moment: datetime, progress: Progress) -> None:
        self.seed, self.scale, self.moment, self.progress = seed, scale, moment, progress
        self.tides = Tides(moment)
        self.uids = Uids(self.stream("uids"))

    def stream(self, name: str) -> Random:
        return Random(f"{self.seed}:{name}")

    def make(self, residents: int, sittings: int) -> Summary:
        network, workforce = self._network()
        book = DutyBook(network, workforce)
        population = write_residents(
            network, self.stream("residents"), self.uids, residents, self.tides, self.progress
        )
        self.progress.step(f"{residents} residents")
        count = how_many(self.scale, residents, sittings)
        plan = plan_warnings(network, self.tides, self.stream("warnings"), count)
        writer = SittingWriter(population, self.tides, self.stream("sittings"), self.uids)
        writer.write(sittings, plan.wanted, self.progress)
        anonymous = write_anonymous_counts(self.tides, sittings, self.stream("anonymous"))
        self.progress.step(f"{writer.written} self-tests, and {anonymous} anonymous ones counted")
        write_requests(plan.requests, self.uids)
        stories = Teller(population, book, self.tides, self.stream("stories"), self.uids).tell(plan)
        write_stories(stories, book, self.tides, self.uids)
        write_trail(stories, self.tides, self.uids, always=population.id_of(PERSONA))
        cases = tell_cases(stories, book, self.stream("cases"), self.uids, self.moment)
        write_cases(cases, self.uids)
        write_case_courses(cases, self.uids, self.stream("case courses"), self.moment)
        self.progress.step(f"{len(stories)} warnings, {len(cases)} cases")
        campaigns = write_campaigns(self.stream("campaigns"), self.uids, self.moment)
        self.progress.step(f"{campaigns} screening campaigns")
        archives = write_archives(population, workforce, self.stream("archives"), self.uids, self.moment)
        self.progress.step(f"{archives} psychological archives")
        requests = write_rights(population, self.stream("rights"), self.uids, self.moment)
        self.progress.step(f"{requests} requests about people's own data")
        audit.record(
            actor=ACTOR, event="demo:city:generated", reason=f"seed {self.seed}, scale {self.scale:g}"
        )
        return Summary(
            units=network_room.units_queryset(status=None).count(),
            stations=len(network.of_kind("station")),
            staff=len(workforce.staff),
            residents=residents,
            sittings=writer.written,
            anonymous=anonymous,
            warnings=len(stories),
            open_warnings=sum(story.clock is not None for story in stories),
            cases=len(cases),
            seconds=self.progress.seconds,
        )

    def _network(self) -> tuple[Network, Workforce]:
        today = self.tides.today
        ground = survey(self.stream("ground"), self.scale)
        network = build_network(ground, self.stream("network"), today)
        found_stations(network, ground, self.stream("stations"), self.scale, today)
        divisions = write_divisions(ground.divisions, self.uids, self.moment)
        write_units(network, divisions, self.uids, self.moment)
        self.progress.step(f"{len(network.units)} units, {len(network.of_kind('station'))} of them stations")
        workforce = staff_network(network, self.stream("staff"), self.scale, today)
        write_people(workforce, self.uids, self.moment, self._password_of)
        self._task_forces(network, ground)
        self.progress.step(f"{len(workforce.staff)} members of staff")
        return network, workforce

    def _password_of(self, person: StaffPlan) -> str:
        """A persona has the demo's password; nobody else can sign in with one."""
        return make_password(PASSWORD if person.persona else None)

    def _task_forces(self, network: Network, ground: Ground) -> None:
        """The city's, the zone's with its 14 bodies, and the groups of the zone's towns (R-131 to R-135, R-158)."""
        zone = ground.named(ECONOMIC_ZONE)
        places = [
            (network.units[0], TaskForceKind.AREA, network.named(TASK_FORCE_OFFICE)),
            (network.unit_of(zone), TaskForceKind.AREA, None),
            *((network.unit_of(town), TaskForceKind.TOWN, None) for town in zone.children),
        ]
        ids = [area.id for area, _, _ in places] + [office.id for _, _, office in places if office]
        rows = network_room.units_queryset(status=None).in_bulk(ids)
        for area, kind, office in places:
            network_room.establish_task_force(
                actor=ACTOR,
                area=rows[area.id],
                kind=kind,
                office_seat=rows[office.id] if office else None,
                starts_on=self.tides.today - timedelta(days=520),
            )
