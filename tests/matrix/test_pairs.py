"""Every rule of every ``policies.py`` against the table, for one row and for many."""

import inspect
import pkgutil
from importlib import import_module
from importlib.util import find_spec

import pytest

from anxin import domains
from tests.matrix.pair_world import PairWorld
from tests.matrix.pairs import LINES, ROOMS, faults_of
from tests.requirements_marker import requirement


def rules_of(room: str) -> set[str]:
    """The public rules of one room."""
    module = import_module(f"anxin.domains.{room}.policies")
    return {
        name
        for name, one in vars(module).items()
        if inspect.isfunction(one) and one.__module__ == module.__name__ and not name.startswith("_")
    }


def rooms_with_policies() -> list[str]:
    """By folder, so that a new room is found."""
    rooms = [room.name for room in pkgutil.iter_modules(domains.__path__)]
    return [room for room in rooms if find_spec(f"anxin.domains.{room}.policies")]


@requirement("R-061")
@pytest.mark.parametrize("room", ROOMS)
def test_the_rule_for_one_and_the_filter_for_many_say_what_the_table_says(
    room: str, pairs_in: PairWorld
) -> None:
    faults = list(faults_of(room, pairs_in))
    assert not faults, f"{len(faults)} disagreements, among them:\n" + "\n".join(faults[:20])


def test_every_rule_has_a_line() -> None:
    asked = {(line.room, name) for line in LINES for name in (line.can, line.many)}
    missing = [
        f"{room}.{rule}: add a line to tests/matrix/pairs.py"
        for room in rooms_with_policies()
        for rule in sorted(rules_of(room))
        if (room, rule) not in asked
    ]
    assert not missing, "\n".join(missing)
