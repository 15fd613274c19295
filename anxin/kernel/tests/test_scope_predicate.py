"""The one predicate of row-level security, asked directly, and the scope it is asked with."""

from typing import Any

import pytest
from django.db import connection

from anxin.kernel.actor import Actor, ActorKind, NodeGrant, OpenedRecord
from anxin.kernel.unit_of_work import unit_of_work

pytestmark = pytest.mark.django_db

STAFF = [
    ("/1/2/", "/1/2/", True),
    ("/1/2/", "/1/2/3/", True),
    ("/1/2/", "/1/23/", False),
    ("/1/2/", "/1/", False),
    ("/9/,/1/2/", "/1/2/3/", True),
    ("", "/1/2/", False),
    ("/1/2/", None, False),
    ("%", "/1/2/", False),
]


def staff(*paths: str, opened: int | None = None) -> Actor:
    """Somebody with rights at ``paths``, and perhaps one record opened by name."""
    grants = tuple(NodeGrant(path, "counsellor", frozenset(), sees_identified=True) for path in paths)
    records = () if opened is None else (OpenedRecord("o", opened, "r", frozenset()),)
    return Actor(ActorKind.STAFF, "s", "s", grants=grants, opened=records)


def resident(number: int | None) -> Actor:
    """A person with an archive, or without one yet."""
    return Actor(ActorKind.RESIDENT, "r", "r", resident_id=number)


def sees(actor: Actor, row_path: str | None, row_resident: int | None) -> Any:
    """What the predicate says in the scope of ``actor``."""
    with unit_of_work(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT scope_sees(%s::text, %s::bigint, (SELECT scope_paths()), (SELECT scope_residents()))",
            [row_path, row_resident],
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("paths", "row", "seen"), STAFF)
def test_staff_see_what_lies_at_or_below_their_nodes(paths: str, row: str | None, seen: bool) -> None:
    assert sees(staff(*paths.split(",")), row, 7) is seen


def test_staff_see_one_opened_record_wherever_it_lies() -> None:
    assert sees(staff("/1/2/", opened=7), "/9/", 7) is True
    assert sees(staff(opened=7), None, 7) is True
    assert sees(staff("/1/2/", opened=7), "/9/", 8) is False
    assert sees(staff("/1/2/", opened=7), "/9/", None) is False


def test_a_resident_sees_their_own_rows_and_the_house_all() -> None:
    assert sees(resident(7), "/1/2/", 7) is True
    assert sees(resident(7), "/1/2/", 8) is False
    assert sees(resident(None), "/1/2/", 7) is False
    assert sees(resident(7), "/1/2/", None) is False
    assert sees(Actor.system("x"), None, None) is True
    assert sees(Actor.anonymous(), "/1/2/", 7) is False


def test_it_is_folded_into_the_query_and_its_two_questions_are_asked_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (VERBOSE, COSTS OFF) SELECT 1 FROM campaigns_participant")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "scope_sees" not in plan
    assert plan.count("InitPlan") == 4  # two that are made, and two places that use them
    assert plan.count("scope_paths()") == plan.count("scope_residents()") == 1
