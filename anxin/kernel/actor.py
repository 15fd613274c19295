"""Who acts. Every verb and every read of the house takes an Actor first; nothing below the sites sees a request.

``access.api.actor_for`` builds it once per request; jobs run as :meth:`Actor.system`. Being frozen and made of values,
it can be handed to any room without an import upward.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    """What stands behind an act."""

    ANONYMOUS = "anonymous"
    RESIDENT = "resident"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class NodeGrant:
    """Permissions held at one node of the management tree and everything below it."""

    path: str
    role: str
    permissions: frozenset[str]
    sees_identified: bool = False
    keeps_watch: bool = False


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """One person's record opened by name for a short time, outside what the grants cover.

    ``uid`` names the opening, ``permissions`` are the few rights it lends there.
    """

    uid: str
    resident_id: int
    resident_uid: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program that acts, with the rights it holds, by value.

    ``uid`` is the account's uid (or the program's name), ``label`` what the audit trail will say, ``staff_id`` and
    ``posting_ids`` the person's place in the network, ``resident_id`` the archive a resident owns. ``opened`` are
    records opened for a short time (break-glass), ``confirmed`` the people whose protected content this session
    confirmed to need.
    """

    kind: ActorKind
    uid: str
    label: str
    grants: tuple[NodeGrant, ...] = ()
    staff_id: int | None = None
    posting_ids: tuple[int, ...] = ()
    resident_id: int | None = None
    resident_uid: str = ""
    request_uid: str = field(default="", compare=False)
    opened: tuple[OpenedRecord, ...] = ()
    confirmed: frozenset[str] = frozenset()

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A program of the house acting on its own: the worker, a sweep, an import."""
        return cls(kind=ActorKind.SYSTEM, uid=f"system:{name}", label=name)

    @classmethod
    def anonymous(cls) -> "Actor":
        """A visitor who has not signed in. Nothing about them is kept."""
        return cls(kind=ActorKind.ANONYMOUS, uid="", label="anonymous")

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff acts."""
        return self.kind is ActorKind.STAFF

    @property
    def is_system(self) -> bool:
        """Whether a program of the house acts."""
        return self.kind is ActorKind.SYSTEM

    @property
    def identified_paths(self) -> tuple[str, ...]:
        """Nodes below which this actor may meet named people at all; the outer wall, drawn in the database."""
        return tuple(sorted({grant.path for grant in self.grants if grant.sees_identified}))

    @property
    def watched_paths(self) -> tuple[str, ...]:
        """Nodes below which this actor keeps watch over what the others do: the wall around trail and ledgers.

        From the top of the tree that includes what belongs to no node.
        """
        paths = {grant.path for grant in self.grants if grant.keeps_watch}
        return tuple(sorted("/" if is_top(path) else path for path in paths))

    @property
    def own_uids(self) -> tuple[str, ...]:
        """The names under which trail and ledgers know this person."""
        if self.kind not in (ActorKind.STAFF, ActorKind.RESIDENT):
            return ()
        return tuple(uid for uid in (self.uid, self.resident_uid) if uid)

    @property
    def opened_residents(self) -> tuple[int, ...]:
        """Whose rows the outer wall shows besides, one by one; for nearly everybody nobody's."""
        return tuple(sorted(one.resident_id for one in self.opened)) if self.opened else ()

    def residents_opened_for(self, permission: str) -> tuple[int, ...]:
        """The people at whose opened record ``permission`` is lent."""
        return tuple(sorted(one.resident_id for one in self.opened if permission in one.permissions))

    def has_opened(self, permission: str, resident_id: int | None) -> bool:
        """Whether ``permission`` is lent at this person's record. Default: no."""
        return resident_id is not None and resident_id in self.residents_opened_for(permission)

    def opening_for(self, resident_uid: str) -> str:
        """The opening under which this person's record is being looked at, or nothing."""
        return next((one.uid for one in self.opened if resident_uid and one.resident_uid == resident_uid), "")

    def paths_with(self, permission: str) -> tuple[str, ...]:
        """The nodes at which ``permission`` is held."""
        return tuple(sorted({grant.path for grant in self.grants if permission in grant.permissions}))

    def may(self, permission: str, *, at: str | None = None) -> bool:
        """Whether ``permission`` is held, at ``at`` or above it when a node path is given. Default: no."""
        if self.is_system:
            return True
        paths = self.paths_with(permission)
        return bool(paths) if at is None else is_within(at, paths)


def is_top(path: str) -> bool:
    """Whether this is the path of the node at the top of the tree, like ``/1/``."""
    return path.count("/") == 2


def is_within(path: str, roots: Iterable[str]) -> bool:
    """Whether the node at ``path`` is one of ``roots`` or lies below one. Paths end in ``/``, so prefixes are exact."""
    return any(path.startswith(root) for root in roots if root)
