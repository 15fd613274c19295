"""The city of 云澄, made from a seed number in one transaction: it is there whole, or not at all."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.conf import settings
from django.db import connection

from anxin.demo.bulk import Uids
from anxin.demo.network import build_network
from anxin.demo.places import survey
from anxin.demo.registry import write_people, write_units
from anxin.demo.staff import staff_network
from anxin.demo.stations import found_stations
from anxin.domains.network import api as network_room
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
    started = time.monotonic()
    moment = clock.now()
    today = clock.local(moment).date()

    def stream(name):
        return Random(f"{seed}:{name}")

    def say(line):
        progress(f"{time.monotonic() - started:6.1f} s  {line}")

    with unit_of_work(ACTOR):
        ground = survey(stream("ground"), scale)
        network = build_network(ground, stream("network"), today)
        stations = found_stations(network, ground, stream("stations"), scale, today)
        say("planned")
        write_units(ACTOR, network, ground.divisions)
        say(f"{len(network.units)} units")
        workforce = staff_network(network, stream("staff"), scale, today)
        uids = Uids(stream("uids"))
        write_people(ACTOR, workforce, uids, moment, lambda person: "!" + secrets.token_urlsafe(30))
        say(f"{len(workforce.staff)} staff")
