"""Every room's door, called without HTTP by people it is not for: refused or empty, and nothing changed.

``doors.yaml`` holds what was reviewed: the doors that cannot be called with the things of this world, and the few that
answer whoever asks, each with its reason. Neither list grows unseen, and ``make soak`` asks that each entry is needed.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from importlib import resources

import pytest
import yaml

from anxin.domains.conversations.models import Thread
from anxin.domains.rights.contracts import SCOPE
from anxin.domains.rights.models import ProtectedEntry, SubjectRequest
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests.matrix.doors import (
    Door,
    Maker,
    Things,
    blind_faults_of,
    call,
    doors,
    faults_of,
    secrets_of,
    works_for,
)
from tests.matrix.http_world import STATIONS, HttpWorld
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM


@lru_cache(maxsize=1)
def reviewed() -> dict[str, dict[str, str]]:
    """The two lists, by door."""
    text = resources.files("tests.matrix").joinpath("doors.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


@pytest.fixture(scope="module")
def ground(world: HttpWorld) -> tuple[Things, frozenset[str]]:
    """The things of 柳岸, and what a stranger must not learn of them."""
    with unit_of_work(SYSTEM):
        _more_rows(world)
        here = Things.at(world.city.units["LIUAN"].path)
        elsewhere = Things.at(world.city.units["WANGQIAO"].path)
    return here, secrets_of(here, elsewhere)


def _more_rows(world: HttpWorld) -> None:
    """What no page of the matrix needs."""
    due = clock.now() + timedelta(days=1)
    for place in STATIONS:
        person, path = world.city.residents[f"a-{place}"], world.city.units[place].path
        about = {"resident": person, "person_number": person.number, "person_uid": person.uid}
        Thread.objects.create(scope_path=path, resident=person)
        SubjectRequest.objects.create(
            **about,
            number=f"Q-{place}",
            scope_path=SCOPE + path,
            kind="delete",
            acknowledge_due_at=due,
            decide_due_at=due,
        )
        ProtectedEntry.objects.create(
            **about, scope_path=SCOPE + path, subject_uid=person.uid, why="crisis", reason="t", marked_by="t"
        )


def strangers_in(world: HttpWorld) -> dict[str, Actor]:
    """Whom nothing at 柳岸 is for, by their name in what is told."""
    actor = world.city.actor
    return {
        "nobody": Actor.anonymous(),
        "another resident": actor("a-WANGQIAO"),
        "a clinician elsewhere": actor("gu-yan"),
        "a volunteer": actor("volunteer"),
    }


def entitled_in(world: HttpWorld) -> Iterator[Actor]:
    """Who can do something at 柳岸, the house first."""
    yield SYSTEM
    for code in ("a-LIUAN", "counsellor", "city_clinician", "security_officer", "county_manager"):
        yield world.city.actor(code)


@requirement("R-061")
@pytest.mark.timeout(900)
def test_a_door_tells_a_stranger_nothing_and_lets_them_change_nothing(
    world: HttpWorld, ground: tuple[Things, frozenset[str]]
) -> None:
    things, secrets = ground
    asked, faults = 0, []
    strangers, entitled = strangers_in(world), list(entitled_in(world))
    for door in doors():
        if door.listed_as in reviewed()["not_asked"]:
            faults += [
                f"{door.listed_as}: {one}" for one in blind_faults_of(door, things, secrets, strangers)
            ]
            continue
        works = works_for(door, things, entitled)
        if isinstance(works, str):
            faults.append(
                f"{door.listed_as} opens for nobody here ({works}): add it to doors.yaml with a reason"
            )
            continue
        asked += len(strangers)
        if door.listed_as not in reviewed()["open"]:
            found = faults_of(door, things, secrets, strangers, works[0])
            faults += [f"{door.listed_as}: {one}" for one in found]
    print(f"{asked} calls by strangers")
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults)


def test_the_reviewed_doors_exist_and_say_why() -> None:
    known = {door.listed_as for door in doors()}
    for kind in ("not_asked", "open"):
        assert set(reviewed()[kind]) <= known, sorted(set(reviewed()[kind]) - known)
        assert all(reviewed()[kind].values())


@pytest.mark.soak
def test_no_door_is_on_a_list_without_need(world: HttpWorld, ground: tuple[Things, frozenset[str]]) -> None:
    things, secrets = ground
    strangers, entitled = strangers_in(world), list(entitled_in(world))
    needless = []
    for door in doors():
        if door.listed_as in reviewed()["not_asked"]:
            if not isinstance(works_for(door, things, entitled), str):
                needless.append(f"{door.listed_as} can be asked")
        elif door.listed_as in reviewed()["open"]:
            works = works_for(door, things, entitled)
            if not isinstance(works, str) and not list(faults_of(door, things, secrets, strangers, works[0])):
                needless.append(f"{door.listed_as} is as closed as the others")
    assert not needless, "\n".join(needless)


def test_a_door_that_forgets_to_ask_is_found_out(
    world: HttpWorld, ground: tuple[Things, frozenset[str]]
) -> None:
    """The list of faults is not empty because nothing would be found."""
    things, secrets = ground
    person = world.city.residents["a-LIUAN"]

    def forgetful(*, actor: Actor, resident_uid: str) -> object:
        with unit_of_work(SYSTEM):
            person.save()
            return [person.number]

    door = Door("residents", "forgetful", forgetful)
    outcome = call(door, Maker(things, door, Actor.anonymous()).arguments(), secrets)
    assert outcome.gave == {person.number}
    assert outcome.wrote == {"residents_resident"}
