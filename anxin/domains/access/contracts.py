"""What others may see of the access room."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from anxin.kernel.errors import Refused


class Permission(StrEnum):
    """Rights of this room. ``MANAGE_TENANT``: also the three offices that watch over the whole city's data."""

    MANAGE = "access.manage"
    MANAGE_TENANT = "access.manage_tenant"


class RoleLevel(StrEnum):
    """Where a role lives; it decides at which kinds of node it can be granted."""

    SELF = "self"
    WARD = "ward"
    UNIT = "unit"
    STATION = "station"
    TOWN = "town"
    COUNTY = "county"
    CITY = "city"
    HOTLINE = "hotline"
    AREA = "area"
    LINE = "line"
    SCHOOL = "school"
    CLASS = "class"
    EMPLOYER = "employer"
    EVENT = "event"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Role:
    """A role as data. ``sees_identified`` opens the outer wall, drawn in the database, at the node it is granted at."""

    id: str
    name_zh: str
    name_en: str
    level: RoleLevel
    sees_identified: bool
    permissions: frozenset[str]


class SignedIn(Protocol):
    """An account, as far as this room looks at it."""

    id: int
    uid: str
    kind: str
    is_active: bool


class RoleUnknown(Refused):
    """No such role."""

    code = "role-unknown"
    message = "This role does not exist."


class RoleNotForNode(Refused):
    """The role cannot be held at this kind of node."""

    code = "role-not-for-node"
    message = "This role cannot be given at this place."


class DutiesNotSeparate(Refused):
    """Nobody is administrator, security officer and auditor at once (roles.md 5.1)."""

    code = "duties-not-separate"
    message = "One person can hold only one of administrator, security officer and auditor."


class OwnRights(Refused):
    """Nobody changes their own rights."""

    code = "own-rights"
    message = "Nobody can change their own rights. Ask another administrator."


class AlreadyGranted(Refused):
    """The person holds this role there already."""

    code = "already-granted"
    message = "This person already holds this role here."


class AccountInactive(Refused):
    """The account was deactivated."""

    code = "account-inactive"
    message = "This account is not active."
