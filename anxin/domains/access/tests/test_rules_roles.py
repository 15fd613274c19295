"""Roles as data: complete, sensible, and every permission declared by its room."""

import importlib
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

import anxin.domains
from anxin.domains.access.contracts import Role, RoleLevel
from anxin.domains.access.library import load_roles
from anxin.domains.access.rules.roles import (
    SEPARATE_DUTIES,
    RolesUnreadable,
    are_separate,
    can_be_held_at,
    read_roles,
)
from anxin.domains.network.contracts import UnitKind

CLINICAL = ("risk.read", "risk.act", "cases.view", "residents.view", "assessments.read_answers")


def declared_permissions() -> set[str]:
    """Every permission of every room."""
    found: set[str] = set()
    for room in Path(anxin.domains.__file__).parent.iterdir():
        if (room / "contracts.py").exists():
            permission = getattr(
                importlib.import_module(f"anxin.domains.{room.name}.contracts"), "Permission", None
            )
            if permission is not None:
                assert issubclass(permission, StrEnum)
                assert all(one.value.startswith(f"{room.name}.") for one in permission)
                found |= {one.value for one in permission}
    return found


def test_there_are_twenty_five_roles_named_in_both_languages() -> None:
    roles = load_roles()

    assert len(roles) == 25
    assert len({role.name_zh for role in roles.values()}) == 25
    assert all(role.name_en for role in roles.values())


def test_every_permission_of_a_role_is_declared_by_a_room() -> None:
    used = frozenset().union(*(role.permissions for role in load_roles().values()))

    assert used - declared_permissions() == set()


@pytest.mark.parametrize(
    "role", ["platform_admin", "auditor", "security_officer", "task_force_office", "task_force_leader"]
)
def test_who_administers_watches_or_steers_sees_no_named_person(role: str) -> None:
    found = load_roles()[role]

    assert not found.sees_identified
    assert not found.permissions & set(CLINICAL)


@pytest.mark.parametrize("role", ["station_manager", "county_manager", "city_manager"])
def test_managers_see_that_a_warning_exists_and_not_what_it_says(role: str) -> None:
    permissions = load_roles()[role].permissions

    assert {"risk.view", "risk.view_counts"} <= permissions
    assert not permissions & set(CLINICAL)


def test_a_tutor_reads_warnings_and_bands_but_no_raw_answers_and_no_cases() -> None:
    permissions = load_roles()["counselling_tutor"].permissions

    assert {"risk.read", "risk.act", "assessments.read_result"} <= permissions
    assert not any(one.startswith("cases.") for one in permissions)
    assert "assessments.read_answers" not in permissions


def test_only_roles_that_see_named_people_hold_rights_over_them() -> None:
    for role in load_roles().values():
        if role.permissions & set(CLINICAL):
            assert role.sees_identified, role.id


@pytest.mark.parametrize(
    ("role", "kind", "expected"),
    [
        ("counsellor", UnitKind.STATION, True),
        ("counsellor", UnitKind.COUNTY, False),
        ("county_clinician", UnitKind.COUNTY, True),
        ("county_clinician", UnitKind.ZONE, True),
        ("county_clinician", UnitKind.COUNTY_CENTRE, False),
        ("hotline_supervisor", UnitKind.CITY, True),
        ("task_force_office", UnitKind.ZONE, True),
        ("task_force_office", UnitKind.STATION, False),
        ("auditor", UnitKind.CITY, True),
        ("auditor", UnitKind.COUNTY, False),
        ("resident", UnitKind.STATION, False),
        ("guardian", UnitKind.CITY, False),
    ],
)
def test_a_role_exists_at_its_own_level_only(role: str, kind: UnitKind, expected: bool) -> None:
    assert can_be_held_at(load_roles()[role], kind) is expected


def test_administrator_security_officer_and_auditor_stay_three_people() -> None:
    for held in SEPARATE_DUTIES:
        for wanted in SEPARATE_DUTIES:
            assert are_separate({held, "counsellor"}, wanted) is (held == wanted)
        assert are_separate({held}, "counsellor")
    assert are_separate(set(), "auditor")


@pytest.mark.parametrize(
    "entry",
    [
        {"zh": "无名", "en": "nameless", "level": "unit", "sees_identified": False},
        {"id": "x", "zh": "某", "en": "x", "level": "nowhere", "sees_identified": False},
        {"id": "x", "zh": "某", "en": "x", "level": "unit", "sees_identified": False, "groups": ["none"]},
        {"id": "x", "zh": "某", "en": "x", "level": "unit"},
    ],
)
def test_a_role_that_makes_no_sense_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(RolesUnreadable):
        read_roles({"roles": [entry]})


def test_a_role_given_twice_is_refused() -> None:
    entry = {"id": "x", "zh": "某", "en": "x", "level": "unit", "sees_identified": False}

    assert read_roles({"roles": [entry]}) == {
        "x": Role("x", "某", "x", RoleLevel.UNIT, sees_identified=False, permissions=frozenset())
    }
    with pytest.raises(RolesUnreadable):
        read_roles({"roles": [entry, entry]})
