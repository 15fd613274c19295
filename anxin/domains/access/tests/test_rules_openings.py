"""The numbers of access outside the ordinary, and where an export stands."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from anxin.domains.access.contracts import ExportState, Permission
from anxin.domains.access.library import load_limits, load_roles
from anxin.domains.access.rules.openings import (
    LimitsUnreadable,
    asks_confirmation,
    export_state,
    lent,
    read_limits,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)
DATA: dict[str, Any] = {
    "break_glass": {"minutes": 60, "review_hours": 24, "lends": ["a.view"]},
    "confirmation": {"below_age": 18, "minutes": 15},
    "exports": {"most_without_approval": 20, "hours": 24},
}


def test_the_shipped_numbers_are_those_of_the_design() -> None:
    found = load_limits()
    assert (found.window, found.review_within) == (timedelta(hours=1), timedelta(hours=24))
    assert (found.confirm_below_age, found.confirmed_for) == (18, timedelta(minutes=15))
    assert (found.most_without_approval, found.export_life) == (20, timedelta(hours=24))


def test_an_opening_lends_rights_that_read_and_that_some_role_really_holds() -> None:
    held = frozenset[str]().union(*(role.permissions for role in load_roles().values()))
    assert load_limits().lends <= held
    assert all(one.split(".")[1].startswith(("view", "read")) for one in load_limits().lends)


def test_only_clinical_roles_open_and_only_the_officer_reviews() -> None:
    roles = load_roles()
    opens = {name for name, role in roles.items() if Permission.BREAK_GLASS in role.permissions}
    assert {"counsellor", "therapist", "psychiatrist", "county_clinician", "city_clinician"} <= opens
    assert all(roles[name].sees_identified and "risk.read" in roles[name].permissions for name in opens)
    reviews = {name for name, role in roles.items() if Permission.REVIEW_OPENINGS in role.permissions}
    assert reviews == {"security_officer"}
    assert not opens & reviews


def test_a_place_is_lifted_and_no_right_is_given() -> None:
    assert lent({"a.view", "b.write"}, {"a.view", "a.read"}) == {"a.view"}
    assert lent(set(), {"a.view"}) == frozenset()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("break_glass", "minutes"), 0),
        (("break_glass", "review_hours"), -1),
        (("confirmation", "minutes"), 0),
        (("exports", "hours"), 0),
        (("exports", "most_without_approval"), -1),
        (("exports", "hours"), "a day"),
    ],
)
def test_a_window_without_an_end_or_a_beginning_is_refused(path: tuple[str, str], value: object) -> None:
    data = {**DATA, path[0]: {**DATA[path[0]], path[1]: value}}
    with pytest.raises(LimitsUnreadable):
        read_limits(data)


def test_a_missing_number_is_refused() -> None:
    with pytest.raises(LimitsUnreadable):
        read_limits({"break_glass": {}})


@pytest.mark.parametrize(
    ("born_on", "by_school", "expected"),
    [
        (date(2008, 11, 25), False, True),  # eighteen tomorrow
        (date(2008, 11, 24), False, False),  # eighteen today
        (date(1990, 1, 1), True, False),
        (None, False, False),
        (None, True, True),
    ],
)
def test_a_minor_is_a_minor_until_the_birthday(born_on: date | None, by_school: bool, expected: bool) -> None:
    assert asks_confirmation(born_on, date(2026, 11, 24), 18, by_school=by_school) is expected


@pytest.mark.parametrize(
    ("needs", "decided", "taken", "at", "expected"),
    [
        (False, None, False, NOW, ExportState.READY),
        (False, None, False, LATER, ExportState.EXPIRED),
        (True, None, False, NOW, ExportState.WAITING),
        (True, None, False, LATER, ExportState.EXPIRED),
        (True, True, False, NOW, ExportState.READY),
        (True, True, False, LATER, ExportState.EXPIRED),
        (True, False, False, NOW, ExportState.REFUSED),
        (True, True, True, LATER, ExportState.TAKEN),
        (False, None, True, NOW, ExportState.TAKEN),
    ],
)
def test_where_an_export_stands(
    needs: bool, decided: bool | None, taken: bool, at: datetime, expected: ExportState
) -> None:
    found = export_state(needs_approval=needs, decided=decided, taken=taken, expires_at=LATER, at=at)
    assert found is expected
