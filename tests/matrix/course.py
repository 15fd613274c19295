"""One role on its way through every page; in ``make test`` in two files, so that two workers share them."""

from collections.abc import Iterator
from functools import lru_cache

from django.test import Client
from django.urls import get_resolver

from anxin.domains.access.library import load_roles
from anxin.kernel.unit_of_work import unit_of_work
from tests.matrix.asking import (
    address,
    ask,
    attempted_writes,
    expects,
    is_as_expected,
    places_of,
    without_what_is_always_new,
)
from tests.matrix.doors import Things, telling
from tests.matrix.http_world import NOWHERE, OTHER, RESIDENT, STATIONS, VISITOR, HttpWorld
from tests.matrix.pages import PAGES, Page
from tests.small_city import SYSTEM

Case = tuple[Page, str, str]
STAFF_ROLES = [name for name, role in load_roles().items() if role.level.value not in {"self", "ward"}]
ROLES = [VISITOR, RESIDENT, OTHER, *STAFF_ROLES]


@lru_cache(maxsize=1)
def names_of_the_house() -> set[str]:
    """Every named address, from the resolver."""

    def below(patterns: list[object], space: str) -> set[str]:
        found: set[str] = set()
        for one in patterns:
            inner = getattr(one, "url_patterns", None)
            if inner is not None:
                found |= below(inner, getattr(one, "namespace", None) or space)
            else:
                name = getattr(one, "name", None) or str(one)
                found.add(f"{space}:{name}" if space else name)
        return found

    return below(get_resolver().url_patterns, "")


def names_and_numbers(world: HttpWorld) -> frozenset[bytes]:
    """What no refusal may say: numbers, and what is kept sealed, of the people at the stations. Once for each world."""
    if not world.secrets:
        with unit_of_work(SYSTEM):
            for place in STATIONS:
                things = Things.at(world.city.units[place].path)
                uids = {str(getattr(row, "uid", "")) for rows in things.rows.values() for row in rows}
                world.secrets |= {one.encode() for one in telling(things) if one not in uids}
    return frozenset(world.secrets)


def cases_for(
    world: HttpWorld, role: str, *, thorough: bool, starting: tuple[str, ...] = ("",)
) -> tuple[list[Case], list[Case]]:
    """What is open to a role, and what is refused."""
    both: tuple[list[Case], list[Case]] = ([], [])
    known = (one for one in PAGES if one.name in names_of_the_house())
    for page in (one for one in known if one.name.startswith(starting)):
        for place in places_of(world, page, role, thorough=thorough):
            is_open = expects(world, page, role, place)
            both[0 if is_open else 1].append((page, place, address(world, page, place)))
    return both


def walk(
    world: HttpWorld, role: str, *, thorough: bool = False, starting: tuple[str, ...] = ("",)
) -> tuple[int, list[str]]:
    """How many combinations were asked, and where the answer was not the table's; of pages ``starting`` so."""
    is_open, refused = cases_for(world, role, thorough=thorough, starting=starting)
    client = world.clients[role]
    faults: list[str] = []
    unseen: dict[tuple[int, str], object] = {}
    before = attempted_writes()
    for page, place, url in refused:
        answer = ask(client, page, url)
        if not is_as_expected(answer, page, False):
            faults.append(f"{called(role, page, place)} answers {answer.status} and should be refused")
        unseen[id(page), place] = without_what_is_always_new(answer, url)
        given = [one for one in names_and_numbers(world) if one in answer.body]
        if given:
            faults.append(f"{called(role, page, place)} is refused and says {given[0].decode()}")
    if attempted_writes() != before:
        faults += [f"{role}: {one}" for one in who_writes(client, refused)]
    for page, place, url in is_open:
        answer = ask(client, page, url)
        if not is_as_expected(answer, page, True):
            faults.append(f"{called(role, page, place)} answers {answer.status} and should be open")
    faults += differing(world, role, unseen) if role != VISITOR else []
    if not world.memory.is_still_true(client):
        faults.append(f"{role}: who asks is no longer who was remembered")
    return len(is_open) + len(refused), faults


def differing(world: HttpWorld, role: str, unseen: dict[tuple[int, str], object]) -> Iterator[str]:
    """Pages that answer otherwise for something foreign than for something that does not exist."""
    for page in PAGES:
        nothing = unseen.get((id(page), NOWHERE))
        for place in ("BEIMEN", "WANGQIAO"):
            seen = unseen.get((id(page), place), nothing)
            if nothing is not None and seen != nothing and not world.covers(role, place):
                yield f"{called(role, page, place)} does not answer like what does not exist"


def who_writes(client: Client, refused: list[Case]) -> Iterator[str]:
    """One by one, because all together something was written."""
    for page, place, url in refused:
        before = attempted_writes()
        ask(client, page, url)
        after = attempted_writes()
        if after != before:
            tables = sorted(name for name, count in after.items() if before.get(name) != count)
            yield f"{page.method} {page.name} {place} is refused and writes to {', '.join(tables)}"


def called(role: str, page: Page, place: str) -> str:
    """One combination in words."""
    return f"{role}: {page.method} {page.name} {page.kind} {place}".rstrip()
