"""Households and guardians, written by whoever is helping the person."""

from django.db import IntegrityError, transaction

from anxin.domains.archives.contracts import (
    ArchiveNotFound,
    EntryKind,
    Ground,
    GuardianDraft,
    GuardianUnknown,
    HouseholdHasHead,
    MemberElsewhere,
    Relation,
    WardOfAge,
)
from anxin.domains.archives.models import Archive, Guardianship, Household, HouseholdMember
from anxin.domains.archives.rules.families import OF_AGE, eighteenth_birthday
from anxin.domains.archives.services.writing import HOUSE, locked, require_words, write_entry
from anxin.domains.audit.api import command
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import newest_index
from anxin.kernel.identifiers_cn import normalise_phone
from anxin.kernel.unit_of_work import unit_of_work


@transaction.atomic
@command("archives:household:noted")
def note_household(
    *, actor: Actor, archive_uid: str, relation: Relation = Relation.HEAD, address: str = ""
) -> HouseholdMember:
    """A household begins with this person. Raises ``MemberElsewhere``."""
    archive = locked(actor, archive_uid)
    household = Household.objects.create(
        unit=archive.unit, scope_path=archive.scope_path, address=address.strip(), noted_at=clock.now()
    )
    return _join(actor, archive, household, relation=relation, resident_id=archive.resident_id)


@transaction.atomic
@command("archives:household:joined")
def add_member(
    *, actor: Actor, archive_uid: str, relation: Relation, name: str = "", member_number: str = ""
) -> HouseholdMember:
    """Somebody who lives with the person: by the number of a record the actor may meet, or by name only."""
    archive = locked(actor, archive_uid)
    own = HouseholdMember.objects.filter(resident_id=archive.resident_id, left_at__isnull=True).first()
    if own is None:
        raise ArchiveNotFound
    resident_id = None
    if member_number:
        met = residents.residents_queryset(actor=actor).filter(number=member_number.strip().upper()).first()
        if met is None:
            raise ArchiveNotFound(field="member_number")
        resident_id = met.id
    else:
        name = require_words(name, field="name")
    return _join(actor, archive, own.household, relation=relation, resident_id=resident_id, name=name)


def _join(
    actor: Actor,
    archive: Archive,
    household: Household,
    *,
    relation: Relation,
    resident_id: int | None,
    name: str = "",
) -> HouseholdMember:
    member = HouseholdMember(
        household=household,
        resident_id=resident_id,
        name="" if resident_id else name.strip(),
        relation=relation.value,
        is_head=relation is Relation.HEAD,
        joined_at=clock.now(),
    )
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == "household_one_head":
            raise HouseholdHasHead(field="relation") from None
        raise MemberElsewhere(field="member_number") from None
    write_entry(archive, EntryKind.HOUSEHOLD, actor=actor, relation=relation.value)
    return member


@transaction.atomic
@command("archives:household:left")
def leave_household(*, actor: Actor, archive_uid: str, member_uid: str) -> HouseholdMember:
    """Somebody does not live there any more; the row stays, dated."""
    archive = locked(actor, archive_uid)
    own = HouseholdMember.objects.filter(resident_id=archive.resident_id, left_at__isnull=True).first()
    members = HouseholdMember.objects.select_for_update(of=("self",)).filter(
        uid=member_uid, left_at__isnull=True
    )
    member = members.filter(household_id=own.household_id).first() if own else None
    if member is None:
        raise ArchiveNotFound
    member.left_at = clock.now()
    member.save(update_fields=["left_at"])
    return member


@transaction.atomic
@command("archives:guardian:added")
def add_guardian(*, actor: Actor, archive_uid: str, draft: GuardianDraft) -> Guardianship:
    """Somebody answers for the person, by this evidence; of a minor until their 18th birthday. Raises ``WardOfAge``."""
    return write_guardian(locked(actor, archive_uid), draft, actor=actor)


def write_guardian(archive: Archive, draft: GuardianDraft, *, actor: Actor) -> Guardianship:
    """The row and its line in the history, for an archive that may be written on."""
    ward, today = archive.resident, clock.today()
    ends_on = None
    if draft.ground is Ground.MINOR:
        if ward.born_on is None or residents.age_on(ward.born_on, today) >= OF_AGE:
            raise WardOfAge(field="ground")
        ends_on = eighteenth_birthday(ward.born_on)
    phone = normalise_phone(draft.phone, field="guardian_phone") if draft.phone else ""
    link = Guardianship.objects.create(
        ward=ward,
        scope_path=archive.scope_path,
        name=require_words(draft.name, field="guardian_name"),
        phone=phone,
        contact_index=residents.contact_index(phone) if phone else None,
        relation=draft.relation.value,
        ground=draft.ground.value,
        evidence=require_words(draft.evidence, field="guardian_evidence"),
        starts_on=draft.starts_on or today,
        ends_on=ends_on,
    )
    write_entry(archive, EntryKind.GUARDIAN_ADDED, actor=actor, relation=draft.relation.value)
    return link


@transaction.atomic
@command("archives:guardian:linked")
def link_guardian(
    *, actor: Actor, archive_uid: str, guardianship_uid: str, guardian_number: str
) -> Guardianship:
    """The guardian sees the ward on their own page from now on.

    Two things have to agree: the telephone written down with the evidence is the one they sign in with, and the number
    is the one their own page shows. So neither a mistyped telephone nor a recycled one opens a child's page. Raises
    ``GuardianUnknown``.
    """
    archive = locked(actor, archive_uid)
    links = Guardianship.objects.select_for_update(of=("self",)).select_related("ward")
    link = links.filter(uid=guardianship_uid, ward_id=archive.resident_id, ended_on__isnull=True).first()
    if link is None:
        raise ArchiveNotFound
    with unit_of_work(HOUSE):
        known = residents.residents_queryset(actor=HOUSE).filter(number=guardian_number.strip().upper())
        guardian = known.filter(merged_into__isnull=True, account__is_active=True).first()
    if (
        guardian is None
        or link.contact_index is None
        or newest_index(guardian.phone_index or "") != newest_index(link.contact_index)
        or guardian.id == link.ward_id
        or guardian.born_on is None
        or residents.age_on(guardian.born_on, clock.today()) < OF_AGE
    ):
        raise GuardianUnknown(field="guardian_number")
    link.guardian = guardian
    link.save(update_fields=["guardian"])
    write_entry(archive, EntryKind.GUARDIAN_LINKED, actor=actor, relation=link.relation)
    return link


@transaction.atomic
@command("archives:guardian:ended")
def end_guardian(*, actor: Actor, archive_uid: str, guardianship_uid: str) -> Guardianship:
    """They do not answer for the person any more; the row stays, dated."""
    archive = locked(actor, archive_uid)
    links = Guardianship.objects.select_for_update(of=("self",)).select_related("ward")
    link = links.filter(uid=guardianship_uid, ward_id=archive.resident_id, ended_on__isnull=True).first()
    if link is None:
        raise ArchiveNotFound
    link.ended_on = clock.today()
    link.save(update_fields=["ended_on"])
    write_entry(archive, EntryKind.GUARDIAN_ENDED, actor=actor, relation=link.relation)
    return link
