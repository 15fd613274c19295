"""Writing people down."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from anxin.domains.accounts import api as accounts
from anxin.domains.network import api as network
from anxin.domains.residents.contracts import (
    Participant,
    Permission,
    ResidentKnown,
)
from anxin.domains.residents.finding import contact_index
from anxin.domains.residents.models import Resident
from anxin.domains.residents.rules.people import needs_guardian
from anxin.domains.residents.services.guardians import demand_guardian
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import newest_index
from anxin.kernel.errors import NotPermitted
from anxin.kernel.identifiers_cn import normalise_mobile
from anxin.kernel.paths import rebase

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account
    from anxin.domains.network.models import Unit


def register_resident(
    *,
    actor: Actor,
    account: "Account | None",
    phone: str,
    home_unit: "Unit",
    name: str = "",
    born_on: date | None = None,
    sex: str = "",
    guardian_token: str = "",
) -> Resident:
    """A new archive. Below 14 with a guardian's token only. Raises ``ResidentKnown`` for a known phone.

    ``home_unit`` may be an area; the person is then seen at the path of the unit that serves it.
    """
    if not (actor.is_system or actor.may(Permission.REGISTER, at=home_unit.path)):
        raise NotPermitted
    index = accounts.login_for_phone(phone)
    if needs_guardian(born_on, clock.today()):
        demand_guardian(guardian_token, index, field="born_on")
    resident = Resident(
        number=next_number(),
        account=account,
        name=name.strip(),
        phone=normalise_mobile(phone),
        phone_index=index,
        contact_index=index,
        born_on=born_on,
        sex=sex,
        home_unit=home_unit,
        scope_path=network.serving_unit(unit=home_unit).path,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            resident.save(force_insert=True)
    except IntegrityError:
        raise ResidentKnown(field="phone") from None
    return resident


def register_participants(*, actor: Actor, people: Sequence[Participant]) -> list[Resident]:
    """The archives of people from a roster, in their order: known ones as they are, new ones without an account.

    For the house only. Their consent was asked by the campaign and is kept there.
    """
    if not actor.is_system:
        raise NotPermitted
    wanted = {newest_index(one.identity_index): one for one in people}
    known = _by_identity(wanted)
    missing = [one for index, one in wanted.items() if index not in known]
    if missing:
        moment = clock.now()
        Resident.objects.bulk_create(
            [
                Resident(
                    number=number,
                    name=one.name,
                    phone=one.phone,
                    identity_index=one.identity_index,
                    contact_index=contact_index(one.phone),
                    born_on=one.born_on,
                    sex=one.sex,
                    home_unit_id=one.home_unit_id,
                    scope_path=one.scope_path,
                    created_at=moment,
                )
                for one, number in zip(missing, _next_numbers(len(missing)), strict=True)
            ],
            ignore_conflicts=True,  # a rival may have been faster: then theirs counts
        )
        known = _by_identity(wanted)
    return [known[newest_index(one.identity_index)] for one in people]


def _by_identity(wanted: "dict[str, Participant]") -> dict[str, Resident]:
    found = Resident.objects.filter(identity_index__in=wanted)
    return {newest_index(one.identity_index): one for one in found if one.identity_index}


def next_number() -> str:
    """The next number of the house for a person."""
    return _next_numbers(1)[0]


def _next_numbers(count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('residents_number') FROM generate_series(1, %s)", [count])
        return [f"R{row[0]:07d}" for row in cursor.fetchall()]


def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rebase(Resident.objects.all(), "scope_path", old=old_path, new=new_path)
