"""The policy-pair table notices every fault put into the policy files."""

import random
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
import yaml

from tests.matrix.pair_world import PairWorld
from tests.matrix.pairs import faults_of
from tools.mutants import Mutant, applied, mutants_of, policy_files

MINUTES = 10


def equivalent() -> dict[str, str]:
    """Mutants that no row and no person can tell from the original, each with its reason, reviewed."""
    text = resources.files("tests.matrix").joinpath("equivalent_mutants.yaml").read_text(encoding="utf-8")
    return {entry["mutant"]: entry["why"] for entry in yaml.safe_load(text) or ()}


def listed_as(mutant: Mutant) -> str:
    """A name that survives lines moving: the room and the change."""
    return f"{mutant.room}: {mutant.what}"


def is_killed(mutant: Mutant, world: PairWorld) -> bool:
    """Whether the table of the room disagrees with the mutant."""
    with applied(mutant):
        return next(faults_of(mutant.room, world), None) is not None


@pytest.mark.soak
@pytest.mark.timeout(MINUTES * 60)
@pytest.mark.parametrize("file", policy_files(), ids=lambda file: file.parent.name)
def test_the_table_kills_every_mutant_of_a_policy_file(
    file: Path, pairs_in: PairWorld, record_property: Callable[[str, object], None]
) -> None:
    began, known, room = time.monotonic(), equivalent(), file.parent.name
    mutants = mutants_of(file)
    alive = [one for one in mutants if not is_killed(one, pairs_in)]
    reviewed = [one for one in alive if listed_as(one) in known]
    survived = [one for one in alive if listed_as(one) not in known]
    killed = len(mutants) - len(alive)
    print(
        f"{room}: {killed} killed, {len(reviewed)} equivalent, {len(survived)} survived,"
        f" {time.monotonic() - began:.0f} s"
    )
    for one in reviewed:
        print(f"  equivalent {one.name}: {known[listed_as(one)]}")
    for one in survived:
        print(f"  SURVIVED {one.name}")
    record_property("matrix: mutants killed", killed)
    record_property("matrix: mutants that cannot be told apart", len(reviewed))
    unused = {name for name in known if name.startswith(f"{room}: ")} - {listed_as(one) for one in reviewed}
    assert not survived
    assert not unused, f"listed as equivalent, and killed or gone: {sorted(unused)}"


def test_a_mutant_is_noticed_and_leaves_nothing_behind(pairs_in: PairWorld) -> None:
    mutants = [one for file in policy_files() if file.parent.name == "cases" for one in mutants_of(file)]
    for mutant in random.Random(4).sample(mutants, 5):
        assert is_killed(mutant, pairs_in), mutant.name
    assert not list(faults_of("cases", pairs_in))
