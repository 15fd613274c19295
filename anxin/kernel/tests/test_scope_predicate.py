"""The one predicate of row-level security, asked directly."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

STAFF = [
    ("/1/2/", "/1/2/", True),
    ("/1/2/", "/1/2/3/", True),
    ("/1/2/", "/1/23/", False),
    ("/1/2/", "/1/", False),
    ("/9/,/1/2/", "/1/2/3/", True),
    ("", "/1/2/", False),
    (",", "/1/2/", False),
    ("/1/2/", None, False),
    ("%", "/1/2/", False),
]


def sees(kind: str, paths: str, resident: str, row_path: str | None, row_resident: int | None) -> bool:
    """What the predicate says in a scope."""
    with connection.cursor() as cursor:
        for name, value in (("kind", kind), ("paths", paths), ("resident", resident)):
            cursor.execute("SELECT set_config(%s, %s, true)", [f"anxin.scope_{name}", value])
        cursor.execute("SELECT scope_sees(%s::text, %s::bigint)", [row_path, row_resident])
        found = cursor.fetchone()[0]
        assert found is not None
        return bool(found)


@pytest.mark.parametrize(("paths", "row", "seen"), STAFF)
def test_staff_see_what_lies_at_or_below_their_nodes(paths: str, row: str | None, seen: bool) -> None:
    assert sees("staff", paths, "7", row, 7) is seen


def test_a_resident_sees_their_own_rows_and_the_house_all() -> None:
    assert sees("resident", "/1/", "7", "/1/2/", 7)
    assert not sees("resident", "/1/", "7", "/1/2/", 8)
    assert not sees("resident", "/1/", "", "/1/2/", 7)
    assert not sees("resident", "/1/", "7", "/1/2/", None)
    assert sees("system", "", "", None, None)
    assert not sees("", "/1/", "7", "/1/2/", 7)


def test_it_is_folded_into_the_query_and_not_called_for_every_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (VERBOSE, COSTS OFF) SELECT 1 FROM campaigns_submission")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "current_setting" in plan
    assert "scope_sees" not in plan
