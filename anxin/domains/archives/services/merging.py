"""Two rows that are one person: proposed, confirmed, and undone exactly, because nothing is ever moved.

Everything known about either stays with its row; a pointer unites them in what is shown, and only it comes and goes.
"""

from django.db import IntegrityError, transaction

from anxin.domains.archives.contracts import (
    ArchiveNotFound,
    EntryKind,
    KeptHasNoArchive,
    MergeRefused,
    MergeState,
    Permission,
    SecondPersonNeeded,
)
from anxin.domains.archives.models import Archive, Merge
from anxin.domains.archives.policies import can_see_merge
from anxin.domains.archives.rules.twins import Evidence, are_different, needs_second_person
from anxin.domains.archives.services.writing import HOUSE, locked, require_words, staff_id_of, write_entry
from anxin.domains.audit.api import command
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import newest_index
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work


@transaction.atomic
@command("archives:merge:proposed")
def propose_merge(*, actor: Actor, archive_uid: str, duplicate_number: str, reason: str) -> Merge:
    """The person behind ``duplicate_number`` is the one of this archive, written down twice.

    Raises ``KeptHasNoArchive``, ``MergeRefused`` for two identity numbers, a chain, or a second proposal.
    """
    archive = locked(actor, archive_uid)
    if not actor.may(Permission.MERGE, at=archive.scope_path):
        raise NotPermitted
    note = require_words(reason)
    with unit_of_work(HOUSE):
        duplicate = _by_number(duplicate_number)
        kept = archive.resident
        if duplicate.id == kept.id or are_different(
            _newest(duplicate.identity_index), _newest(kept.identity_index)
        ):
            raise MergeRefused(field="number")
        if kept.merged_into_id is not None or residents.rows_of_person(
            actor=HOUSE, resident_id=duplicate.id
        ) != (duplicate.id,):
            raise MergeRefused(field="number")
        merge = Merge(
            duplicate=duplicate,
            kept=kept,
            duplicate_uid=duplicate.uid,
            kept_uid=kept.uid,
            duplicate_path=duplicate.scope_path,
            kept_path=kept.scope_path,
            crosses_units=needs_second_person(first_path=duplicate.scope_path, second_path=kept.scope_path),
            evidence=[one.value for one in _evidence(duplicate, kept)],
            reason=note,
            proposed_by_id=staff_id_of(actor),
            proposed_at=clock.now(),
        )
        try:
            with transaction.atomic():
                merge.save(force_insert=True)
        except IntegrityError:
            raise MergeRefused(field="number") from None
    return merge


def _by_number(number: str):  # type: ignore[no-untyped-def]  # a model of another room
    found = residents.residents_queryset(actor=HOUSE).filter(number=number.strip().upper()).first()
    if found is None or found.merged_into_id is not None:
        raise NotFound
    return found


def _newest(index: str | None) -> str | None:
    """Comparable with another one, whichever key each was made with."""
    return newest_index(index) if index else None


def _evidence(duplicate, kept) -> list[Evidence]:  # type: ignore[no-untyped-def]
    signs = (
        (Evidence.SAME_CONTACT, _newest(duplicate.contact_index), _newest(kept.contact_index)),
        (Evidence.SAME_BIRTHDAY, duplicate.born_on, kept.born_on),
        (Evidence.SAME_SEX, duplicate.sex, kept.sex),
    )
    return [sign for sign, one, other in signs if one and one == other] or [Evidence.SEEN]


@transaction.atomic
@command("archives:merge:confirmed")
def confirm_merge(*, actor: Actor, merge_uid: str) -> Merge:
    """From now on the two are shown as one. Between units somebody else confirms, with the right at the other side."""
    merge = _waiting(actor, merge_uid)
    if merge.crosses_units and merge.proposed_by_id == actor.staff_id:
        raise SecondPersonNeeded
    with unit_of_work(HOUSE):
        if not Archive.objects.filter(resident_id=merge.kept_id).exists():
            raise KeptHasNoArchive
        try:
            with transaction.atomic():
                residents.point_at_kept(actor=HOUSE, duplicate_id=merge.duplicate_id, kept_id=merge.kept_id)
        except IntegrityError:
            raise MergeRefused from None
        _note_on_both(merge, EntryKind.MERGED, actor)
    return _decide(actor, merge, MergeState.CONFIRMED)


@transaction.atomic
@command("archives:merge:declined")
def decline_merge(*, actor: Actor, merge_uid: str) -> Merge:
    """Two people. The proposal stays in the history."""
    return _decide(actor, _waiting(actor, merge_uid), MergeState.DECLINED)


@transaction.atomic
@command("archives:merge:undone")
def undo_merge(*, actor: Actor, merge_uid: str, reason: str) -> Merge:
    """Two people after all: everything is where it was, because nothing was moved."""
    note = require_words(reason)
    merge = _found(actor, merge_uid)
    if merge.state != MergeState.CONFIRMED:
        raise MoveNotAllowed
    with unit_of_work(HOUSE):
        residents.let_go(actor=HOUSE, duplicate_id=merge.duplicate_id)
        _note_on_both(merge, EntryKind.UNMERGED, actor)
    merge.state = MergeState.UNDONE.value
    merge.undone_by_id, merge.undone_at, merge.undone_reason = staff_id_of(actor), clock.now(), note
    merge.save(update_fields=["state", "undone_by", "undone_at", "undone_reason"])
    return merge


def _found(actor: Actor, uid: str) -> Merge:
    staff_id_of(actor)
    merge = Merge.objects.select_for_update().filter(uid=uid).first()
    if merge is None or not can_see_merge(actor, merge):
        raise ArchiveNotFound
    return merge


def _waiting(actor: Actor, uid: str) -> Merge:
    merge = _found(actor, uid)
    if merge.state != MergeState.PROPOSED:
        raise MoveNotAllowed
    return merge


def _decide(actor: Actor, merge: Merge, state: MergeState) -> Merge:
    merge.state = state.value
    merge.decided_by_id, merge.decided_at = staff_id_of(actor), clock.now()
    merge.save(update_fields=["state", "decided_by", "decided_at"])
    return merge


def _note_on_both(merge: Merge, kind: EntryKind, actor: Actor) -> None:
    for archive in Archive.objects.filter(resident_id__in=(merge.duplicate_id, merge.kept_id)):
        write_entry(archive, kind, actor=actor, is_kept=archive.resident_id == merge.kept_id)
