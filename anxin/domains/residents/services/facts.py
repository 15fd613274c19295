"""Correcting what is known about a person, and forgetting how to reach somebody who left (PIPL 46, 47)."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction

from anxin.domains.accounts import api as accounts
from anxin.domains.residents.contracts import FactWrong, ResidentKnown
from anxin.domains.residents.models import Resident, Sex
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.identifiers_cn import normalise_mobile

OWN = frozenset({"name", "sex"})
NAME_LENGTH = 60


def correct_facts(*, actor: Actor, resident_id: int, facts: Mapping[str, str]) -> Resident:
    """Put right what is wrong. The person changes name and sex alone; a birth date changes who has to agree, so the
    house changes it when the privacy officer has decided. Raises ``FactWrong``.
    """
    if not actor.is_system and (actor.resident_id != resident_id or not OWN.issuperset(facts)):
        raise NotPermitted
    person = Resident.objects.select_for_update(of=("self",)).get(id=resident_id)
    for name, value in facts.items():
        setattr(person, name, check_fact(name, value))
    person.save(update_fields=list(facts))
    return person


def check_fact(name: str, value: str) -> str | date:
    """The value as it is kept. Raises ``FactWrong`` for one that cannot be true."""
    if name == "name" and 0 < len(value.strip()) <= NAME_LENGTH:
        return value.strip()
    if name == "sex" and value in Sex.values:
        return value
    if name == "born_on":
        try:
            born_on = date.fromisoformat(value)
        except ValueError:
            raise FactWrong(field=name) from None
        if date(1900, 1, 1) <= born_on <= clock.today():
            return born_on
    raise FactWrong(field=name)


def forget_contact(*, actor: Actor, resident_id: int) -> Resident:
    """Delete how to reach somebody who has left; their number is free for whoever holds it next. For the house."""
    if not actor.is_system:
        raise NotPermitted
    person = Resident.objects.select_for_update(of=("self",)).get(id=resident_id)
    person.phone, person.phone_index, person.contact_index, person.safe_hours = "", None, None, ""
    person.save(update_fields=["phone", "phone_index", "contact_index", "safe_hours"])
    return person


def change_phone(*, actor: Actor, resident_id: int, phone: str) -> Resident:
    """Another number, after staff saw the identity card and the phone was proved. For the house.

    Raises ``ResidentKnown`` for a number of another archive.
    """
    if not actor.is_system:
        raise NotPermitted
    index = accounts.login_for_phone(phone)
    person = Resident.objects.select_for_update(of=("self",)).get(id=resident_id)
    person.phone, person.phone_index, person.contact_index = normalise_mobile(phone), index, index
    try:
        with transaction.atomic():
            person.save(update_fields=["phone", "phone_index", "contact_index"])
    except IntegrityError:
        raise ResidentKnown(field="phone") from None
    return person
