"""One clone with rows of two sides for all tests of a module."""

from dataclasses import dataclass
from typing import Any

import pytest

from anxin.kernel.actor import Actor
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


@pytest.fixture(scope="module")
def sides(module_db: str, databases: Any) -> Sides:
    """Two stations and their rows, written once."""
    city = small_city.build()
    ground = Ground(databases.cluster, module_db)
    with ground.login("postgres", autocommit=True) as superuser:
        filler = Filler(superuser)
        ours = filler.fill(Side(city.units["LIUAN"].path, city.residents["li-qing"].id))
        theirs = filler.fill(Side(city.units["WANGQIAO"].path, city.residents["lin-xia"].id))
    return Sides(
        ground=ground,
        ours=ours,
        theirs=theirs,
        us=city.actor("zhao-ning"),
        them=city.actor("chen-mo"),
        person=city.actor("li-qing"),
    )
