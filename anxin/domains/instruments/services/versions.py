"""The course of a version made here: drafted, reviewed and published by others than its author, retired."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction

from anxin.domains.audit.api import command
from anxin.domains.instruments import drafting, library
from anxin.domains.instruments.contracts import (
    AlreadyPublished,
    DefinitionFaulty,
    InstrumentNameFixed,
    InstrumentNameRefused,
    InstrumentNameTaken,
    NotReviewed,
    NotTheAuthor,
    OwnWork,
    Permission,
    VersionAct,
    VersionFixed,
    VersionState,
)
from anxin.domains.instruments.models import InstrumentVersion
from anxin.domains.instruments.rules import drafts
from anxin.domains.instruments.rules.drafts import TRANSITIONS
from anxin.domains.instruments.selectors import shelf
from anxin.domains.instruments.selectors.versions import ids_made_here
from anxin.domains.instruments.services.writing import (
    locked_version,
    require,
    required_reason,
    save,
    state_of,
    write_entry,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.transitions import MoveNotAllowed

S, P, A = VersionState, Permission, VersionAct
Definition = Mapping[str, Any]
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_LOCK = 0x616E78696E31  # one draft at a time gets the next number of an instrument


@transaction.atomic
@command("instruments:version:drafted")
def draft_instrument(
    *, actor: Actor, instrument: str, title: Mapping[str, str], items: int, codes: int, changes: str = ""
) -> InstrumentVersion:
    """A new instrument from nothing: a staff form of so many items with the codes from nought."""
    staff_id = require(actor, P.EDIT)
    _require_free_name(instrument)
    version = drafts.next_version(())
    definition = drafts.skeleton(
        instrument=instrument, version=version, title=title, items=items, codes=codes
    )
    return _create(definition, staff_id=staff_id, changes=changes)


@transaction.atomic
@command("instruments:version:drafted")
def draft_from(
    *, actor: Actor, definition: Definition, name: str = "", changes: str = ""
) -> InstrumentVersion:
    """The next version of the instrument of ``definition``, or with ``name`` a copy under that name.

    An importer hands in what it read. Raises ``DefinitionFaulty`` for what could not even be kept as a draft.
    """
    staff_id = require(actor, P.EDIT)
    checked = drafting.check_definition(definition, known=ids_made_here())
    if checked.unreadable:
        raise DefinitionFaulty(checked.unreadable)
    own = str(definition["id"])
    if name and name != own:
        _require_free_name(name)
    else:
        _require_not_refused(own)
    instrument = name or own
    _one_at_a_time()
    taken = _numbers_of(instrument)
    version = drafts.next_version(taken or (str(definition["version"]),) if instrument == own else taken)
    renamed = drafts.renamed(definition, instrument=instrument, version=version)
    kept = drafting.settled(renamed, before=definition)
    based_on = f"{own} {definition['version']}"
    return _create(kept, staff_id=staff_id, changes=changes, based_on=based_on)


@transaction.atomic
@command("instruments:version:saved")
def save_draft(
    *,
    actor: Actor,
    uid: str,
    definition: Definition,
    changes: str | None = None,
    compared: Collection[str] = (),
    seen_version: int | None = None,
) -> InstrumentVersion:
    """Write a draft anew. It may still contradict itself; it must be readable.

    ``compared``: languages whose words the author compared with the sources named, as they stand now. Raises
    ``VersionFixed``, ``NotTheAuthor``, ``VersionChanged``, ``DefinitionFaulty``, ``InstrumentNameFixed``.
    """
    version, staff_id = locked_version(actor, uid, P.EDIT, seen_version)
    if state_of(version) is not S.DRAFT:
        raise VersionFixed
    _require_author(version, staff_id)
    checked = drafting.check_definition(definition, known=ids_made_here())
    if checked.unreadable:
        raise DefinitionFaulty(checked.unreadable)
    if (definition["id"], definition["version"]) != (version.instrument, version.version):
        raise InstrumentNameFixed
    kept = drafting.settled(definition, compared=compared, before=version.definition)
    if changes is not None:
        version.changes = changes.strip()
    version.definition = kept
    version.key_hash = drafting.read_definition(kept).key_hash
    save(version, "definition", "key_hash", "changes")
    write_entry(version, A.SAVED, staff_id=staff_id)
    return version


@transaction.atomic
@command("instruments:version:sent_to_review")
def send_to_review(*, actor: Actor, uid: str, seen_version: int | None = None) -> InstrumentVersion:
    """draft → in_review. Raises ``DefinitionFaulty`` with every contradiction that is left."""
    version, staff_id = locked_version(actor, uid, P.EDIT, seen_version)
    TRANSITIONS.check(state_of(version), S.IN_REVIEW)
    _require_author(version, staff_id)
    _require_sound(version)
    version.state = S.IN_REVIEW
    save(version, "state")
    write_entry(version, A.SENT, staff_id=staff_id, note=version.changes)
    return version


@transaction.atomic
@command("instruments:version:taken_back")
def take_back(*, actor: Actor, uid: str, reason: str, seen_version: int | None = None) -> InstrumentVersion:
    """in_review → draft, by the author."""
    version, staff_id = locked_version(actor, uid, P.EDIT, seen_version)
    _require_author(version, staff_id)
    return _back_to_draft(version, A.TAKEN_BACK, staff_id=staff_id, reason=reason)


@transaction.atomic
@command("instruments:version:given_back")
def give_back(*, actor: Actor, uid: str, reason: str, seen_version: int | None = None) -> InstrumentVersion:
    """in_review → draft, by a second person, with the reason. Raises ``OwnWork``."""
    version, staff_id = locked_version(actor, uid, P.REVIEW, seen_version)
    _require_second_person(version, staff_id)
    return _back_to_draft(version, A.GIVEN_BACK, staff_id=staff_id, reason=reason)


@transaction.atomic
@command("instruments:version:approved")
def approve(
    *,
    actor: Actor,
    uid: str,
    reason: str,
    translations: Collection[str] = (),
    seen_version: int | None = None,
) -> InstrumentVersion:
    """A second person has checked it against its sources. Raises ``OwnWork``. It is not published by that.

    ``translations``: languages whose own translation this person stands for, by name; others stay drafts.
    """
    version, staff_id = locked_version(actor, uid, P.REVIEW, seen_version)
    _require_second_person(version, staff_id)
    if state_of(version) is not S.IN_REVIEW:
        raise MoveNotAllowed
    note = required_reason(reason)
    _require_sound(version)
    waiting = drafts.draft_translations(version.definition)
    version.reviewer_id, version.reviewed_at = staff_id, clock.now()
    version.approved_translations = [language for language in waiting if language in translations]
    save(version, "reviewer", "reviewed_at", "approved_translations")
    write_entry(version, A.APPROVED, staff_id=staff_id, note=note)
    return version


@transaction.atomic
@command("instruments:version:published")
def publish(*, actor: Actor, uid: str, seen_version: int | None = None) -> InstrumentVersion:
    """in_review → published; the one that was published so far is retired with it. Of two rivals one wins.

    The reviewer's name goes to the translations the reviewer approved. What is under way keeps its version. Raises
    ``NotReviewed``, ``OwnWork``, ``AlreadyPublished``.
    """
    version, staff_id = locked_version(actor, uid, P.PUBLISH, seen_version)
    if state_of(version) in (S.PUBLISHED, S.RETIRED):
        raise AlreadyPublished
    TRANSITIONS.check(state_of(version), S.PUBLISHED)
    if version.reviewer is None:
        raise NotReviewed
    _require_second_person(version, staff_id)
    version.definition = drafts.approved_translations(
        version.definition,
        version.approved_translations,
        reviewer=version.reviewer.name,
        on=clock.today().isoformat(),
    )
    _require_sound(version)
    before = InstrumentVersion.objects.select_for_update(no_key=True).filter(
        instrument=version.instrument, state=S.PUBLISHED
    )
    for old in before:
        if drafts.parts_of(old.version) > drafts.parts_of(version.version):
            raise AlreadyPublished
        _retire(old, A.SUPERSEDED, staff_id=staff_id, note=version.version)
    version.state, version.publisher_id, version.published_at = S.PUBLISHED, staff_id, clock.now()
    try:
        with transaction.atomic():
            save(version, "state", "publisher", "published_at", "definition")
    except IntegrityError as error:
        if "instrument_one_published" not in str(error):
            raise
        raise AlreadyPublished from error
    write_entry(version, A.PUBLISHED, staff_id=staff_id)
    return version


@transaction.atomic
@command("instruments:version:retired")
def retire(*, actor: Actor, uid: str, reason: str, seen_version: int | None = None) -> InstrumentVersion:
    """published → retired: not asked of anybody new. Sittings and campaigns that began with it go on with it."""
    version, staff_id = locked_version(actor, uid, P.PUBLISH, seen_version)
    TRANSITIONS.check(state_of(version), S.RETIRED)
    _retire(version, A.RETIRED, staff_id=staff_id, note=required_reason(reason))
    return version


@transaction.atomic
@command("instruments:version:discarded")
def discard_draft(*, actor: Actor, uid: str, seen_version: int | None = None) -> InstrumentVersion:
    """draft → discarded. The number stays taken."""
    version, staff_id = locked_version(actor, uid, P.EDIT, seen_version)
    TRANSITIONS.check(state_of(version), S.DISCARDED)
    version.state = S.DISCARDED
    save(version, "state")
    write_entry(version, A.DISCARDED, staff_id=staff_id)
    return version


def _create(definition: Definition, *, staff_id: int, changes: str, based_on: str = "") -> InstrumentVersion:
    moment = clock.now()
    version = InstrumentVersion(
        instrument=definition["id"],
        version=definition["version"],
        definition=dict(definition),
        key_hash=drafting.read_definition(definition).key_hash,
        based_on=based_on,
        release=shelf.shipped_number(definition["id"]),
        changes=changes.strip(),
        author_id=staff_id,
        created_at=moment,
        saved_at=moment,
    )
    version.save(force_insert=True)
    write_entry(version, A.DRAFTED, staff_id=staff_id, note=based_on)
    return version


def _back_to_draft(
    version: InstrumentVersion, act: VersionAct, *, staff_id: int, reason: str
) -> InstrumentVersion:
    TRANSITIONS.check(state_of(version), S.DRAFT)
    note = required_reason(reason)
    version.state, version.reviewer, version.reviewed_at = S.DRAFT, None, None
    version.approved_translations = []
    save(version, "state", "reviewer", "reviewed_at", "approved_translations")
    write_entry(version, act, staff_id=staff_id, note=note)
    return version


def _retire(version: InstrumentVersion, act: VersionAct, *, staff_id: int, note: str) -> None:
    version.state, version.retired_at = S.RETIRED, clock.now()
    save(version, "state", "retired_at")
    write_entry(version, act, staff_id=staff_id, note=note)


def _require_author(version: InstrumentVersion, staff_id: int) -> None:
    if version.author_id != staff_id:
        raise NotTheAuthor


def _require_second_person(version: InstrumentVersion, staff_id: int) -> None:
    if version.author_id == staff_id:
        raise OwnWork


def _require_sound(version: InstrumentVersion) -> None:
    faults = drafting.check_definition(version.definition, known=ids_made_here()).faults
    if version.definition["provenance"]["key"] != "verified":
        faults = (*faults, "provenance/key: the key is not verified, so nobody could be asked with it")
    if faults:
        raise DefinitionFaulty(faults)


def _require_free_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise DefinitionFaulty((f"id: {name!r} is not lower-case letters, digits and hyphens",), field="name")
    _require_not_refused(name)
    if name in library.ids() or InstrumentVersion.objects.filter(instrument=name).exists():
        raise InstrumentNameTaken(field="name")


def _require_not_refused(name: str) -> None:
    for row in library.refused():
        if row.id == name:
            raise InstrumentNameRefused(field="name", reason=row.reason)


def _numbers_of(instrument: str) -> tuple[str, ...]:
    made = InstrumentVersion.objects.filter(instrument=instrument).values_list("version", flat=True)
    shipped = shelf.shipped_number(instrument)
    return (*made, shipped) if shipped else tuple(made)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
