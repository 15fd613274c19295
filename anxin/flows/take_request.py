"""主体请求 at the counter: somebody without a phone of their own asks in person, and staff who met them write it down.

The clocks start as they do for a request from the person's own page; meeting them is the proof of who asks. The
person asks, staff only write: what is decided about it is the privacy officer's, who may not be the same colleague.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anxin.domains.audit import api as audit
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Permission
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import AskedBy, Proof, RequestKind
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.rights.models import SubjectRequest

SYSTEM = Actor.system("counter")
# Leaving closes an account, and whoever has one leaves from their own page after a fresh code.
AT_THE_COUNTER = (RequestKind.CORRECT, RequestKind.DELETE, RequestKind.RESTRICT, RequestKind.EXPLAIN)


def take(
    *,
    actor: Actor,
    resident_uid: str,
    kind: RequestKind,
    text: str = "",
    changes: Mapping[str, str] | None = None,
    proof: Proof = Proof.IN_PERSON,
    asked_by: AskedBy = AskedBy.SELF,
) -> "SubjectRequest":
    """Keep the request for the person. Raises ``NotFound`` for others' people, ``RequestOpen``, ``WordsMissing``."""
    with unit_of_work(actor):
        person = residents.access_resident(actor=actor, uid=resident_uid)
        if kind not in AT_THE_COUNTER or not actor.may(Permission.REGISTER, at=person.scope_path):
            raise NotPermitted
        for name, value in (changes or {}).items():
            if value.strip():
                residents.check_fact(name, value)
        with unit_of_work(SYSTEM):
            request = rights.ask(
                actor=SYSTEM,
                resident_id=person.id,
                kind=kind,
                text=text,
                changes=changes,
                proof=proof,
                asked_by=asked_by,
            )
        audit.record(actor=actor, event="rights:request:taken", subjects=[request.audit_subject()])
    return request
