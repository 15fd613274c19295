"""Finding people by what they carry: an identity number, a telephone. Exact, by keyed hash; never by part of a name."""

from collections.abc import Collection
from datetime import date

from anxin.domains.accounts import api as accounts
from anxin.domains.residents.models import Resident
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.errors import NotPermitted
from anxin.kernel.identifiers_cn import IdNumberInvalid, MobileInvalid, read_id_number

_IDENTITY_PURPOSE = "identity"


def identity_index(id_number: str) -> str:
    """The keyed hash of a checked identity number, the same as of a roster's. Raises ``IdNumberInvalid``."""
    return blind_index(read_id_number(id_number).number, purpose=_IDENTITY_PURPOSE)


def contact_index(phone: str) -> str | None:
    """The keyed hash of a mobile number; none for anything else."""
    try:
        return accounts.login_for_phone(phone)
    except MobileInvalid:
        return None


def marks_of(typed: str) -> dict[str, str]:
    """What ``typed`` can be looked up by, ``{column: value}``: an identity number, a mobile, a number of the house."""
    try:
        return {"identity_index": identity_index(typed)}
    except IdNumberInvalid:
        pass
    index = contact_index(typed)
    return {"contact_index": index} if index else {"number": typed.strip().upper()}


def kept_uid_of(*, actor: Actor, id_number: str) -> str:
    """The one person with this number in the whole city, as the row that is kept; ``""`` for nobody. For the house
    only: it says that somebody exists, and nothing about them."""
    if not actor.is_system:
        raise NotPermitted
    found = (
        Resident.objects.filter(identity_index=identity_index(id_number))
        .select_related("merged_into")
        .first()
    )
    if found is None:
        return ""
    return found.merged_into.uid if found.merged_into else found.uid


def kept_ids(*, actor: Actor, resident_ids: Collection[int]) -> frozenset[int]:
    """These people, and the rows they are kept as. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    kept = Resident.objects.filter(id__in=resident_ids, merged_into__isnull=False)
    return frozenset(resident_ids) | frozenset(kept.values_list("merged_into_id", flat=True))


def rows_of_person(*, actor: Actor, resident_id: int) -> tuple[int, ...]:
    """The row that is kept and every duplicate that points at it: all of one person. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    duplicates = Resident.objects.filter(merged_into_id=resident_id).order_by("id")
    return (resident_id, *duplicates.values_list("id", flat=True))


def likely_duplicates(*, actor: Actor, resident_id: int) -> list[str]:
    """Uids of kept people with the same telephone, birthday and sex, who are not known to be somebody else.

    For the house only. A telephone alone does not identify: a mother and her child may share one.
    """
    if not actor.is_system:
        raise NotPermitted
    one = Resident.objects.get(id=resident_id)
    if not (one.contact_index and one.born_on and one.sex):
        return []
    alike = Resident.objects.filter(
        contact_index=one.contact_index, born_on=one.born_on, sex=one.sex, merged_into__isnull=True
    ).exclude(id=one.id)
    if one.identity_index:
        alike = alike.filter(identity_index__isnull=True)
    return list(alike.order_by("id").values_list("uid", flat=True)[:10])


def is_same_birthday(born_on: date | None, id_number: str) -> bool:
    """Whether a date that was given agrees with the one inside the identity number."""
    return born_on is None or not id_number or read_id_number(id_number).born_on == born_on
