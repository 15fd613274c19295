"""主体请求: the privacy officer answers, and what was granted is done at once (workflow 4.13).

The officer sees the request and no archive, so the house carries it out. What the law makes the platform keep is not
deleted but restricted, and the person reads why.
"""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from anxin.domains.archives import api as archives
from anxin.domains.assessments import api as assessments
from anxin.domains.notices import api as notices
from anxin.domains.residents import api as residents
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Decision, NothingGranted, Proof, ReasonMissing, RequestKind
from anxin.domains.risk import api as risk
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.rights.models import SubjectRequest

SYSTEM = Actor.system("subject rights")


def verify(*, actor: Actor, request_uid: str, proof: Proof) -> "SubjectRequest":
    """The officer made sure who asks; that is the receipt, too."""
    officer = rights.officer(actor)
    with unit_of_work(officer):
        return rights.verify_identity(actor=officer, request_uid=request_uid, proof=proof)


def answer(
    *,
    actor: Actor,
    request_uid: str,
    decision: Decision,
    reason: str = "",
    granted_facts: Collection[str] = (),
) -> "SubjectRequest":
    """Decide, carry out and close; all or nothing. Of a correction granted in part only ``granted_facts`` are made.

    Raises ``ReasonMissing``, also for an explanation that explains nothing.
    """
    officer = rights.officer(actor)
    with unit_of_work(officer):
        request = rights.decide(actor=officer, request_uid=request_uid, decision=decision, reason=reason)
        if request.kind == RequestKind.EXPLAIN and not reason.strip():
            raise ReasonMissing(field="reason")
        with unit_of_work(SYSTEM):
            if decision is not Decision.REFUSED:
                _carry_out(request, decision, reason, granted_facts)
                request = rights.mark_fulfilled(actor=SYSTEM, request_uid=request_uid)
    return request


def _carry_out(
    request: "SubjectRequest", decision: Decision, reason: str, granted_facts: Collection[str]
) -> None:
    kind, person_id = RequestKind(request.kind), request.resident_id
    if kind is RequestKind.CORRECT:
        facts = json.loads(request.changes)
        if decision is Decision.PARTLY:
            facts = {name: value for name, value in facts.items() if name in granted_facts}
            if not facts:
                raise NothingGranted(field="granted_facts")
        residents.correct_facts(actor=SYSTEM, resident_id=person_id, facts=facts)
    if kind in (RequestKind.DELETE, RequestKind.LEAVE):
        notices.forget_messages(actor=SYSTEM, resident_id=person_id, person_uid=request.person_uid)
    if kind is RequestKind.LEAVE:
        residents.forget_contact(actor=SYSTEM, resident_id=person_id)
    if kind in (RequestKind.DELETE, RequestKind.LEAVE, RequestKind.RESTRICT):
        archives.restrict_archive(actor=SYSTEM, resident_id=person_id, reason=reason or request.number)
        behind = risk.sittings_behind_warnings(actor=SYSTEM, resident_id=person_id)
        assessments.restrict_sittings(actor=SYSTEM, resident_id=person_id, but=behind)
