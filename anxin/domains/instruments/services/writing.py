"""What every write to a version or a text shares: the locked row, its history, its rights."""

from anxin.domains.instruments.contracts import (
    EditReasonMissing,
    Permission,
    TextNotFound,
    VersionAct,
    VersionChanged,
    VersionNotFound,
    VersionState,
)
from anxin.domains.instruments.models import InstrumentVersion, TextBinding, VersionEntry
from anxin.domains.instruments.policies import may_in_city, visible_texts, visible_versions
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def require(actor: Actor, permission: Permission) -> int:
    """The member of staff who holds the right at the root of the city; a program writes no clinical content."""
    if actor.staff_id is None or not may_in_city(actor, permission):
        raise NotPermitted
    return actor.staff_id


def locked_version(
    actor: Actor, uid: str, permission: Permission, seen_version: int | None
) -> tuple[InstrumentVersion, int]:
    """The row, locked, and who acts. Raises ``VersionNotFound``, ``NotPermitted``, ``VersionChanged``."""
    rows = visible_versions(actor, InstrumentVersion.objects.select_related("author"))
    found = rows.select_for_update(of=("self",), no_key=True).filter(uid=uid).first()
    if found is None:
        raise VersionNotFound
    staff_id = require(actor, permission)
    if seen_version is not None and seen_version != found.row_version:
        raise VersionChanged
    return found, staff_id


def locked_text(actor: Actor, uid: str, permission: Permission) -> tuple[TextBinding, int]:
    """The same for a licensed text."""
    rows = visible_texts(actor, TextBinding.objects.all())
    found = rows.select_for_update(no_key=True).filter(uid=uid).first()
    if found is None:
        raise TextNotFound
    return found, require(actor, permission)


def required_reason(reason: str) -> str:
    """Trimmed. Raises ``EditReasonMissing``."""
    if not reason.strip():
        raise EditReasonMissing(field="reason")
    return reason.strip()


def state_of(version: InstrumentVersion) -> VersionState:
    """Where it stands."""
    return VersionState(version.state)


def save(version: InstrumentVersion, *fields: str) -> InstrumentVersion:
    """Write the named fields and count the row up."""
    version.row_version += 1
    version.saved_at = clock.now()
    version.save(update_fields=[*fields, "row_version", "saved_at"])
    return version


def write_entry(
    version: InstrumentVersion, act: VersionAct, *, staff_id: int | None, note: str = ""
) -> VersionEntry:
    """One line of the history."""
    return VersionEntry.objects.create(
        version=version, at=clock.now(), staff_id=staff_id, act=act, note=note.strip()
    )
