"""Who is who: people written down at a counter, duplicates pointed at the one that is kept, and where they belong."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from anxin.domains.network import api as network
from anxin.domains.residents.contracts import IdentityKnown, Permission, PersonDraft
from anxin.domains.residents.finding import contact_index, identity_index
from anxin.domains.residents.models import Resident
from anxin.domains.residents.services.people import next_number
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import newest_index
from anxin.kernel.errors import NotPermitted
from anxin.kernel.identifiers_cn import normalise_phone, read_id_number

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit


def record_person(*, actor: Actor, draft: PersonDraft, home_unit: "Unit") -> Resident:
    """Somebody without an account. Birthday and sex are read off the identity number, when there is one.

    The telephone is kept to call, not to sign in with. Raises ``IdentityKnown``.
    """
    if not (actor.is_system or actor.may(Permission.REGISTER, at=home_unit.path)):
        raise NotPermitted
    known = read_id_number(draft.id_number) if draft.id_number else None
    phone = normalise_phone(draft.phone) if draft.phone else ""
    resident = Resident(
        number=next_number(),
        name=draft.name.strip(),
        phone=phone,
        contact_index=contact_index(phone),
        identity_index=identity_index(draft.id_number) if known else None,
        born_on=known.born_on if known else draft.born_on,
        sex=known.sex if known else draft.sex,
        home_unit=home_unit,
        scope_path=network.serving_unit(unit=home_unit).path,
        created_at=clock.now(),
    )
    return _saved(resident, force_insert=True)


def complete_identity(*, actor: Actor, resident_id: int, id_number: str) -> Resident:
    """Add the identity number somebody shows later; one that is there already is never replaced."""
    resident = _written_by(actor, resident_id)
    index = identity_index(id_number)
    if resident.identity_index and newest_index(resident.identity_index) != newest_index(index):
        raise IdentityKnown(field="id_number")
    known = read_id_number(id_number)
    resident.identity_index = index
    resident.born_on = resident.born_on or known.born_on
    resident.sex = resident.sex or known.sex
    return _saved(resident, update_fields=["identity_index", "born_on", "sex"])


def point_at_kept(*, actor: Actor, duplicate_id: int, kept_id: int) -> Resident:
    """``duplicate_id`` is ``kept_id``, written down twice. For the house; PostgreSQL refuses chains and circles."""
    duplicate = _locked_by_house(actor, duplicate_id)
    duplicate.merged_into_id = kept_id
    duplicate.save(update_fields=["merged_into"])
    return duplicate


def let_go(*, actor: Actor, duplicate_id: int) -> Resident:
    """Two people after all. For the house; nothing else has to be put back, because nothing was moved."""
    duplicate = _locked_by_house(actor, duplicate_id)
    duplicate.merged_into_id = None
    duplicate.save(update_fields=["merged_into"])
    return duplicate


def move_home(*, actor: Actor, resident_id: int, unit: "Unit") -> Resident:
    """The person belongs to another unit from now on. For the house."""
    resident = _locked_by_house(actor, resident_id)
    resident.home_unit = unit
    resident.scope_path = network.serving_unit(unit=unit).path
    resident.save(update_fields=["home_unit", "scope_path"])
    return resident


def _saved(resident: Resident, **how: object) -> Resident:
    try:
        with transaction.atomic():
            resident.save(**how)
    except IntegrityError:
        raise IdentityKnown(field="id_number") from None
    return resident


def _written_by(actor: Actor, resident_id: int) -> Resident:
    resident = Resident.objects.select_for_update().get(id=resident_id)
    if not (actor.is_system or actor.may(Permission.REGISTER, at=resident.scope_path)):
        raise NotPermitted
    return resident


def _locked_by_house(actor: Actor, resident_id: int) -> Resident:
    if not actor.is_system:
        raise NotPermitted
    return Resident.objects.select_for_update().get(id=resident_id)
