"""Asking, proving, deciding, fulfilling; marking what is protective, and releasing it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import LegalBasis
from anxin.domains.rights.contracts import (
    SCOPE,
    AlreadyReleased,
    AskedBy,
    Decision,
    NothingToCorrect,
    Permission,
    Proof,
    ReasonMissing,
    RequestKind,
    RequestOpen,
    RequestState,
    WordsMissing,
)
from anxin.domains.rights.library import clocks
from anxin.domains.rights.models import ProtectedEntry, Release, RequestEntry, SubjectRequest
from anxin.domains.rights.policies import can_decide, can_view_protected, can_view_request
from anxin.domains.rights.rules.requests import CORRECTABLE, MOVES, needs_words
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.calendar import working_days
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.paths import rebase
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.working_days import add_working_time

if TYPE_CHECKING:
    from anxin.domains.residents.models import Resident


def ask(
    *,
    actor: Actor,
    resident_id: int,
    kind: RequestKind | str,
    text: str = "",
    changes: Mapping[str, str] | None = None,
    proof: Proof | None = None,
    asked_by: AskedBy = AskedBy.SELF,
) -> SubjectRequest:
    """Put a request, with both clocks running. With ``proof`` the identity is proved and the receipt is given at once.

    The person puts it, or the house for somebody who asked another way. Raises ``RequestOpen``, ``WordsMissing``,
    ``NothingToCorrect``.
    """
    if not (actor.is_system or (actor.resident_id is not None and actor.resident_id == resident_id)):
        raise NotPermitted
    wanted = RequestKind(kind)
    facts = {
        name: value.strip()
        for name, value in (changes or {}).items()
        if name in CORRECTABLE and value.strip()
    }
    if wanted is RequestKind.CORRECT and not facts:
        raise NothingToCorrect(field="text")
    if needs_words(wanted) and not text.strip():
        raise WordsMissing(field="text")
    person, moment = residents.residents_queryset(actor=actor).get(id=resident_id), clock.now()
    request = SubjectRequest(
        number=_next_number(),
        resident=person,
        person_number=person.number,
        person_uid=person.uid,
        scope_path=SCOPE + person.scope_path,
        kind=wanted.value,
        asked_by=asked_by.value,
        text=text.strip(),
        changes=json.dumps(facts, ensure_ascii=False) if facts else "",
        requested_at=moment,
        acknowledge_due_at=add_working_time(moment, working_days(clocks()["acknowledge_working_days"])),
        decide_due_at=moment + timedelta(days=clocks()["decide_days"]),
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        raise RequestOpen from None
    _write_down(actor, request)
    if proof is not None:
        _prove(actor, request, proof)
    return request


def verify_identity(*, actor: Actor, request_uid: str, proof: Proof | str) -> SubjectRequest:
    """The officer made sure who asks, and has said that the request arrived."""
    request = _to_decide(actor, request_uid)
    _prove(actor, request, Proof(proof))
    return request


def decide(*, actor: Actor, request_uid: str, decision: Decision | str, reason: str = "") -> SubjectRequest:
    """The officer's answer. Nothing is refused, or granted in part, without a reason the person can read."""
    request, answer = _to_decide(actor, request_uid), Decision(decision)
    if answer is not Decision.GRANTED and not reason.strip():
        raise ReasonMissing(field="reason")
    _move(request, RequestState.DECIDED)
    request.decision, request.reason, request.decided_by = answer.value, reason.strip(), actor.label
    request.decided_at = clock.now()
    request.save(update_fields=["state", "decision", "reason", "decided_by", "decided_at"])
    _write_down(actor, request)
    if answer is Decision.REFUSED:
        _close(actor, request)
    return request


def mark_fulfilled(*, actor: Actor, request_uid: str) -> SubjectRequest:
    """What was granted has been done; the request ends. For the house, which does it."""
    if not actor.is_system:
        raise NotPermitted
    request = _locked(request_uid)
    _move(request, RequestState.FULFILLED)
    request.fulfilled_at = clock.now()
    request.save(update_fields=["state", "fulfilled_at"])
    _write_down(actor, request)
    _close(actor, request)
    return request


def take_back(*, actor: Actor, request_uid: str) -> SubjectRequest:
    """The person does not want it any more; only before it is decided."""
    request = _locked(request_uid)
    if actor.resident_id is None or not can_view_request(actor, request):
        raise NotFound
    if request.decided_at is not None:
        raise MoveNotAllowed
    _close(actor, request)
    return request


def note_copy(*, actor: Actor, resident_id: int) -> "Resident":
    """The person takes a copy of everything; nothing is kept of it but the line in the trail."""
    if actor.resident_id is None or actor.resident_id != resident_id:
        raise NotPermitted
    return residents.residents_queryset(actor=actor).get(id=resident_id)


def protect(
    *, actor: Actor, person: "Resident", subject_uid: str, why: LegalBasis | str, reason: str
) -> ProtectedEntry:
    """Keep ``subject_uid`` out of a guardian's sight until the officer releases it. Marking twice is marking once."""
    if not (actor.is_system or actor.may(Permission.PROTECT, at=person.scope_path)):
        raise NotPermitted
    if not reason.strip() or not LegalBasis(why).is_protective:
        raise ReasonMissing(field="reason")
    entry, _ = ProtectedEntry.objects.get_or_create(
        subject_uid=subject_uid,
        defaults={
            "resident": person,
            "person_number": person.number,
            "person_uid": person.uid,
            "scope_path": SCOPE + person.scope_path,
            "why": LegalBasis(why).value,
            "reason": reason.strip(),
            "marked_at": clock.now(),
            "marked_by": actor.label,
        },
    )
    return entry


def release(*, actor: Actor, entry_uid: str, reason: str) -> Release:
    """The officer lets an entry be known. Raises ``AlreadyReleased``."""
    entry = ProtectedEntry.objects.filter(uid=entry_uid).first()
    if entry is None or actor.is_system or not can_view_protected(actor, entry):
        raise NotFound
    if not reason.strip():
        raise ReasonMissing(field="reason")
    try:
        with transaction.atomic():
            return Release.objects.create(
                entry=entry, released_at=clock.now(), released_by=actor.label, reason=reason.strip()
            )
    except IntegrityError:
        raise AlreadyReleased from None


def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    for table in (SubjectRequest, ProtectedEntry):
        rebase(table.objects.all(), "scope_path", old=SCOPE + old_path, new=SCOPE + new_path)


def _to_decide(actor: Actor, uid: str) -> SubjectRequest:
    request = _locked(uid)
    if not can_decide(actor, request):
        raise NotFound
    return request


def _locked(uid: str) -> SubjectRequest:
    found = SubjectRequest.objects.select_for_update().filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _prove(actor: Actor, request: SubjectRequest, proof: Proof) -> None:
    _move(request, RequestState.IDENTITY_VERIFIED)
    request.verified_at, request.proof = clock.now(), proof.value
    request.save(update_fields=["state", "verified_at", "proof"])
    _write_down(actor, request)


def _close(actor: Actor, request: SubjectRequest) -> None:
    _move(request, RequestState.CLOSED)
    request.closed_at = clock.now()
    request.save(update_fields=["state", "closed_at"])
    _write_down(actor, request)


def _move(request: SubjectRequest, target: RequestState) -> None:
    MOVES.check(RequestState(request.state), target)
    request.state = target.value


def _write_down(actor: Actor, request: SubjectRequest) -> None:
    RequestEntry.objects.create(
        request=request,
        state=request.state,
        happened_at=clock.now(),
        author_kind=actor.kind.value,
        author_label=actor.label,
    )


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('rights_number')")
        return f"Q{cursor.fetchone()[0]:07d}"
