"""Every role at every page and every record, over HTTP: what the permission table opens is open, and nothing else is.

A refusal changes nothing and gives nothing away: what is foreign answers byte for byte like what does not exist. The
other half of the roles walks in ``test_http_beside.py``; every relation to every record is asked in ``make soak``.
"""

from collections.abc import Callable

import pytest

from anxin.live import rights as live
from tests.matrix.asking import address, ask, attempted_writes
from tests.matrix.course import ROLES, names_of_the_house, walk
from tests.matrix.http_world import HttpWorld
from tests.matrix.pages import ELSEWHERE, PAGES
from tests.matrix.policy import may
from tests.requirements_marker import requirement


def test_every_address_is_in_the_matrix() -> None:
    known = {page.name for page in PAGES} | set(ELSEWHERE)
    missing = sorted(names_of_the_house() - known)
    gone = sorted(known - names_of_the_house())
    assert not missing, "add to tests/matrix/pages.py, with what of matrix.yaml they open:\n" + "\n".join(
        missing
    )
    assert not gone, f"no such address any more: {gone}"


@requirement("R-061")
@pytest.mark.parametrize("role", ROLES[::2])
def test_a_role_opens_what_the_table_gives_it_and_nothing_else(
    role: str, world: HttpWorld, record_property: Callable[[str, object], None]
) -> None:
    asked, faults = walk(world, role)
    record_property("matrix: combinations over HTTP", asked)
    assert not faults, f"{len(faults)} of {asked}:\n" + "\n".join(faults[:80])


@pytest.mark.soak
@pytest.mark.timeout(1800)
@requirement("R-061")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_at_every_relation_to_every_record(
    role: str, world: HttpWorld, record_property: Callable[[str, object], None]
) -> None:
    asked, faults = walk(world, role, thorough=True)
    record_property("matrix: combinations over HTTP, every relation", asked)
    assert not faults, f"{len(faults)} of {asked}:\n" + "\n".join(faults[:80])


def test_a_board_hears_of_the_nodes_where_its_reader_may_see_warnings(
    world: HttpWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "close_old_connections", lambda: None)
    for role, client in world.clients.items():
        # the connection of this transaction, not a thread's
        actor = live._actor.func(client.session.session_key, is_use=True)
        paths = actor.paths_with("risk.view") if actor else ()
        nodes = (
            {world.city.units[world.nodes[role]].path}
            if role in world.nodes and may(role, "risk.view")
            else set()
        )
        assert set(paths) == nodes, role


def test_the_tally_of_writes_notices_a_write_that_was_taken_back(world: HttpWorld) -> None:
    page = next(one for one in PAGES if one.name == "staff:warning-take-over" and one.kind == "warning")
    before = attempted_writes()
    answer = ask(world.clients["counsellor"], page, address(world, page, "LIUAN"))
    assert answer.status == 303
    assert attempted_writes()["risk_warning"] > before["risk_warning"]
