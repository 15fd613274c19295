"""Writing people down, and what they agree to. Nothing here erases: a withdrawal is dated, not deleted."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db import IntegrityError, connection, transaction

from anxin.domains.accounts import api as accounts
from anxin.domains.network import api as network
from anxin.domains.residents.contracts import (
    ConsentTextUnknown,
    GuardianConsentNeeded,
    Participant,
    Permission,
    Purpose,
    ResidentKnown,
)
from anxin.domains.residents.library import consent_text
from anxin.domains.residents.models import Consent, Resident
from anxin.domains.residents.policies import can_write_for
from anxin.domains.residents.rules.people import needs_guardian
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.identifiers_cn import normalise_mobile
from anxin.kernel.paths import rebase

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account
    from anxin.domains.network.models import Unit

GUARDIAN_TOKEN_LIFE = timedelta(days=7)
_GUARDIAN_SALT = "anxin.residents.guardian"


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
        _demand_guardian(guardian_token, index, field="born_on")
    resident = Resident(
        number=_next_number(),
        account=account,
        name=name.strip(),
        phone=normalise_mobile(phone),
        phone_index=index,
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
    wanted = {one.identity_index: one for one in people}
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
    return [known[one.identity_index] for one in people]


def _by_identity(wanted: "dict[str, Participant]") -> dict[str, Resident]:
    found = Resident.objects.filter(identity_index__in=wanted)
    return {one.identity_index: one for one in found if one.identity_index}


def give_consent(
    *, actor: Actor, resident_id: int, purpose: Purpose | str, text_version: str, guardian_token: str = ""
) -> Consent:
    """Agree to one purpose in the version that was read. Agreeing twice is agreeing once."""
    resident = _own(actor, resident_id)
    text = consent_text(purpose=purpose)
    if text.version != text_version:
        raise ConsentTextUnknown
    given_by = "self"
    if needs_guardian(resident.born_on, clock.today()) and not text.needed_in_crisis:
        _demand_guardian(guardian_token, resident.phone_index or "")
        given_by = "guardian"
    standing, _ = Consent.objects.get_or_create(
        resident=resident,
        purpose=text.purpose.value,
        text_version=text.version,
        withdrawn_at=None,
        defaults={"given_at": clock.now(), "given_by": given_by},
    )
    return standing


def withdraw_consent(*, actor: Actor, resident_id: int, purpose: Purpose | str) -> list[Consent]:
    """Take back every standing agreement to ``purpose``; the rows stay, dated. What was taken back."""
    resident = _own(actor, resident_id)
    standing = list(
        Consent.objects.select_for_update().filter(
            resident=resident, purpose=str(purpose), withdrawn_at__isnull=True
        )
    )
    for consent in standing:
        consent.withdrawn_at = clock.now()
        consent.save(update_fields=["withdrawn_at"])
    return standing


def issue_guardian_token(*, actor: Actor, phone: str, reason: str) -> str:
    """A token for one child's phone, made by staff who met the guardian in person; good for seven days."""
    if not actor.may(Permission.REGISTER):
        raise NotPermitted
    return signing.dumps(accounts.login_for_phone(phone), salt=_GUARDIAN_SALT)


def _demand_guardian(token: str, phone_index: str, *, field: str = "") -> None:
    try:
        meant_for = signing.loads(token, salt=_GUARDIAN_SALT, max_age=GUARDIAN_TOKEN_LIFE)
    except signing.BadSignature:
        raise GuardianConsentNeeded(field=field) from None
    if meant_for != phone_index:
        raise GuardianConsentNeeded(field=field)


def _own(actor: Actor, resident_id: int) -> Resident:
    if not can_write_for(actor, resident_id):
        raise NotPermitted
    return Resident.objects.get(id=resident_id)


def _next_number() -> str:
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
