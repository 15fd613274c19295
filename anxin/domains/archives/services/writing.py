"""What every write of the room shares: the locked archive, its history, and who acts."""

from typing import Any

from django.db import connection

from anxin.domains.archives.contracts import (
    ArchiveClosed,
    ArchiveNotFound,
    EntryKind,
    EvidenceMissing,
    Status,
)
from anxin.domains.archives.models import Archive, ArchiveEntry
from anxin.domains.archives.policies import can_write_archive
from anxin.domains.archives.selectors import find_archive
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

HOUSE = Actor.system("archives")


def staff_id_of(actor: Actor) -> int:
    """The member of staff who acts."""
    if actor.staff_id is None:
        raise NotPermitted
    return actor.staff_id


def require_words(words: str, *, field: str = "reason") -> str:
    """A reason or evidence in words. Raises ``EvidenceMissing``."""
    if not words.strip():
        raise EvidenceMissing(field=field)
    return words.strip()


def locked(actor: Actor, uid: str) -> Archive:
    """The archive to write on: in use, agreed to, and within the actor's reach."""
    archive = find_archive(actor=actor, uid=uid, lock=True)
    if not can_write_archive(actor, archive):
        raise NotPermitted
    demand_use(archive)
    return archive


def demand_use(archive: Archive) -> None:
    """Raise unless the archive is open and the agreement to it stands; a withdrawal waits for this transaction."""
    if archive.status != Status.OPEN:
        raise ArchiveClosed
    with unit_of_work(HOUSE):
        residents.demand_consent(actor=HOUSE, resident_id=archive.resident_id, purpose=Purpose.ARCHIVE)


def write_entry(
    archive: Archive, kind: EntryKind, *, actor: Actor, note: str = "", **params: Any
) -> ArchiveEntry:
    """One line of the history."""
    return ArchiveEntry.objects.create(
        archive=archive,
        happened_at=clock.now(),
        kind=kind.value,
        author_kind=actor.kind.value,
        author_uid=actor.uid,
        author_label=actor.label,
        params=params,
        note=note,
    )


def next_number() -> str:
    """The next number for people, ``A0001001``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('archives_number')")
        return f"A{cursor.fetchone()[0]:07d}"


def house_archive(uid: str) -> Archive:
    """The archive, locked, inside a unit of the house."""
    found = (
        Archive.objects.select_for_update(of=("self",))
        .select_related("resident", "unit")
        .filter(uid=uid)
        .first()
    )
    if found is None:
        raise ArchiveNotFound
    return found
