"""One clone with rows of two sides for all tests of a module."""

from dataclasses import dataclass
from typing import Any

import pytest

from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from tests import small_city
from tests.walls.ground import Filler, Ground, Side


@dataclass(frozen=True)
class Sides:
    """Ours is what the counsellor of one station sees; theirs belongs to a station of another county."""

    ground: Ground
    ours: dict[str, set[int]]
    theirs: dict[str, set[int]]
    us: Actor
    them: Actor
    person: Actor
    watch: Actor


def _side(city: small_city.SmallCity, unit: str, staff: str, person: str) -> Side:
    account, resident = city.accounts[staff], city.residents[person]
    return Side(city.units[unit].path, resident.id, account.id, account.uid, resident.uid)


@pytest.fixture(scope="module")
def sides(module_db: str, databases: Any) -> Sides:
    """Two stations and their rows, written once."""
    city = small_city.build()
    ground = Ground(databases.cluster, module_db)
    with ground.login("postgres", autocommit=True) as superuser:
        filler = Filler(superuser)
        ours = filler.fill(_side(city, "LIUAN", "zhao-ning", "li-qing"))
        theirs = filler.fill(_side(city, "WANGQIAO", "chen-mo", "lin-xia"))
    return Sides(
        ground=ground,
        ours=ours,
        theirs=theirs,
        us=city.actor("zhao-ning"),
        them=city.actor("chen-mo"),
        person=city.actor("li-qing"),
        watch=Actor(
            kind=ActorKind.STAFF,
            uid="01900000-0000-7000-8000-00000000000a",
            label="a reader of the trail of our county",
            grants=(NodeGrant(city.units["LIUAN"].path, "auditor", frozenset(), keeps_watch=True),),
        ),
    )
