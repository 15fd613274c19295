"""How the person of a warning or a case is shown: masked, or in full by an act that is recorded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.audit import api as audit
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Permission as ResidentsPermission
from anxin.kernel import clock, masking
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case
    from anxin.domains.risk.models import Warning


@dataclass(frozen=True, slots=True)
class Person:
    """How to reach the person; masked unless revealed. ``rings_now``: the reader is who has to ring."""

    name: str
    phone: str
    hours: str
    sex: str
    age: int | None
    is_revealed: bool
    may_reveal: bool
    rings_now: bool


def person_behind(
    actor: Actor, subject: "Warning | Case", *, is_revealed: bool, rings_now: bool = False
) -> Person:
    """The person ``subject`` is about: a resident, or somebody unknown who left a number."""
    if subject.resident is None:
        return _asked(actor, subject, is_revealed=is_revealed, rings_now=rings_now)
    resident = subject.resident
    may_reveal = actor.may(ResidentsPermission.VIEW, at=subject.scope_path) or actor.has_opened(
        ResidentsPermission.VIEW, resident.id
    )
    if is_revealed:
        resident = residents.unmask_resident(actor=actor, uid=resident.uid)
    return Person(
        name=resident.name if is_revealed else masking.mask_name(resident.name),
        phone=resident.phone if is_revealed else masking.mask_phone(resident.phone),
        hours=resident.safe_hours,
        sex=resident.sex,
        age=residents.age_on(resident.born_on, clock.today()) if resident.born_on else None,
        is_revealed=is_revealed,
        may_reveal=may_reveal,
        rings_now=rings_now and may_reveal and bool(resident.phone),
    )


def _asked(actor: Actor, subject: "Warning | Case", *, is_revealed: bool, rings_now: bool) -> Person:
    request = subject.contact_request
    assert request is not None
    if is_revealed:
        audit.record(actor=actor, event="risk:contact_request:viewed", subjects=[subject.audit_subject()])
    return Person(
        name=request.call_name if is_revealed else masking.mask_name(request.call_name),
        phone=request.phone if is_revealed else masking.mask_phone(request.phone),
        hours="",
        sex="",
        age=None,
        is_revealed=is_revealed,
        may_reveal=True,
        rings_now=rings_now and bool(request.phone),
    )
