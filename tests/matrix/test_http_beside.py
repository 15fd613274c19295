"""The other half of the roles of ``test_http.py``."""

from collections.abc import Callable

import pytest

from tests.matrix.course import ROLES, walk
from tests.matrix.http_world import HttpWorld
from tests.requirements_marker import requirement


@requirement("R-061")
@pytest.mark.parametrize("role", ROLES[1::2])
def test_a_role_opens_what_the_table_gives_it_and_nothing_else(
    role: str, world: HttpWorld, record_property: Callable[[str, object], None]
) -> None:
    asked, faults = walk(world, role)
    record_property("matrix: combinations over HTTP", asked)
    assert not faults, f"{len(faults)} of {asked}:\n" + "\n".join(faults[:80])
