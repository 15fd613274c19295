"""Roles as data: reading them, where each can be held, and which offices one person never holds together."""

from collections.abc import Collection, Mapping
from typing import Any

from anxin.domains.access.contracts import Role, RoleLevel
from anxin.domains.network.contracts import AREA_KINDS, RESPONSIBLE_KINDS, UnitKind

# roles.md 5.1: admin ∩ security ∩ auditor = ∅ for each person.
SEPARATE_DUTIES = frozenset({"platform_admin", "security_officer", "auditor"})

_AREAS = frozenset(AREA_KINDS)
_UNITS = frozenset(UnitKind) - _AREAS
_NODES: Mapping[RoleLevel, frozenset[UnitKind]] = {
    RoleLevel.SELF: frozenset(),
    RoleLevel.WARD: frozenset(),
    RoleLevel.UNIT: _UNITS,
    RoleLevel.STATION: frozenset({UnitKind.STATION}),
    RoleLevel.TOWN: frozenset({UnitKind.TOWN}),
    RoleLevel.COUNTY: frozenset(RESPONSIBLE_KINDS),
    RoleLevel.CITY: frozenset({UnitKind.CITY}),
    RoleLevel.HOTLINE: frozenset({UnitKind.HOTLINE, UnitKind.CITY}),
    RoleLevel.AREA: _AREAS - {UnitKind.VILLAGE},
    RoleLevel.LINE: _AREAS - {UnitKind.VILLAGE},
    RoleLevel.SCHOOL: frozenset({UnitKind.STATION}),
    RoleLevel.CLASS: frozenset({UnitKind.STATION}),
    RoleLevel.EMPLOYER: frozenset({UnitKind.STATION}),
    RoleLevel.EVENT: _AREAS - {UnitKind.VILLAGE},
    RoleLevel.TENANT: frozenset({UnitKind.CITY}),
}


class RolesUnreadable(ValueError):
    """The data file does not make sense; the message says where."""


def read_roles(data: Mapping[str, Any]) -> dict[str, Role]:
    """The roles of the data file, in its order. Raises ``RolesUnreadable``."""
    groups: Mapping[str, list[str]] = data.get("groups", {})
    roles: dict[str, Role] = {}
    for entry in data["roles"]:
        try:
            permissions = frozenset(entry.get("permissions", ()))
            for group in entry.get("groups", ()):
                permissions |= frozenset(groups[group])
            role = Role(
                id=entry["id"],
                name_zh=entry["zh"],
                name_en=entry["en"],
                level=RoleLevel(entry["level"]),
                sees_identified=entry["sees_identified"],
                permissions=permissions,
            )
        except (KeyError, ValueError) as error:
            raise RolesUnreadable(f"{entry.get('id', entry)}: {error}") from error
        if role.id in roles:
            raise RolesUnreadable(f"{role.id}: twice")
        roles[role.id] = role
    return roles


def can_be_held_at(role: Role, kind: UnitKind) -> bool:
    """Whether the role exists at this kind of node."""
    return kind in _NODES[role.level]


def are_separate(held: Collection[str], role: str) -> bool:
    """Whether ``role`` may be added to the roles held without joining two offices that stay apart."""
    return role not in SEPARATE_DUTIES or not (SEPARATE_DUTIES & set(held) - {role})
