"""The city of 云澄, made from a seed number in one transaction: it is there whole, or not at all."""

import secrets
from collections.abc import Callable
from random import Random

from django.db import connection

from anxin.demo.bulk import Uids
from anxin.demo.duty import DutyBook
from anxin.demo.network import build_network
from anxin.demo.people import FEWEST, write_residents
from anxin.demo.places import survey
from anxin.demo.progress import Progress
from anxin.demo.records import *
from anxin.demo.registry import write_divisions, write_people, write_units
from anxin.demo.sittings import SittingWriter
from anxin.demo.staff import staff_network
from anxin.demo.stations import found_stations
from anxin.demo.tides import Tides
from anxin.demo.warnings import Teller, plan_warnings
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SEED = 20260101
ACTOR = Actor.system("city")


def generate(
    *,
    scale: float = 1.0,
    residents: int | None = None,
    sittings: int | None = None,
    seed: int = SEED,
    progress: Callable[[str], None] = print,
):
    say = Progress(progress)
    moment = clock.now()
    today = clock.local(moment).date()

    def stream(name: str) -> Random:
        return Random(f"{seed}:{name}")

    with unit_of_work(ACTOR):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        ground = survey(stream("ground"), scale)
        network = build_network(ground, stream("network"), today)
        found_stations(network, ground, stream("stations"), scale, today)
        uids = Uids(stream("uids"))
        write_units(network, write_divisions(ground.divisions, uids, moment), uids, moment)
        say.step(f"{len(network.units)} units")
        workforce = staff_network(network, stream("staff"), scale, today)
        write_people(workforce, uids, moment, lambda person: "!" + secrets.token_urlsafe(30))
        say.step(f"{len(workforce.staff)} staff")
        tides = Tides(moment)
        population = write_residents(
            network, stream("residents"), uids, residents or max(FEWEST, round(20000 * scale)), tides, say
        )
        say.step(f"{len(population)} residents")
        book = DutyBook(network, workforce)
        plan = plan_warnings(network, tides, stream("warnings"), scale)
        writer = SittingWriter(population, tides, stream("sittings"), uids)
        n = 18000 * scale if sittings is None else sittings
        writer.write(max(round(n), len(plan.loud)), plan.loud, say)
        say.step(f"{writer.written} self-tests")
        write_requests(plan.requests, uids)
        stories = Teller(population, book, tides, stream("stories"), uids).tell(plan)
        write_stories(stories, book, tides, uids)
        say.step(f"{len(stories)} warnings")
