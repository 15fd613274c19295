"""Writing linkages: begin, answer, refuse, withdraw, note a callback, respond as an expert, and what the clock does."""

import json
from collections.abc import Iterable

from django.db import connection, transaction

from anxin.domains.audit.api import command
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import Climb, ClockOrder
from anxin.domains.linkages import library
from anxin.domains.linkages.contracts import (
    SUBJECT,
    About,
    AlreadyAnswered,
    Draw,
    EntryKind,
    Kind,
    LinkageDraft,
    LinkageNotFound,
    LinkageReasonMissing,
    NoExperts,
    OwnRelease,
    Permission,
    State,
)
from anxin.domains.linkages.models import ExpertCall, Linkage, LinkageEntry
from anxin.domains.linkages.policies import can_answer, can_view_linkage
from anxin.domains.linkages.rules.kinds import check_draft
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.ids import new_uid
from anxin.kernel.paths import rebase

_BEGINS = {Kind.INBOUND: Permission.SUBMIT}


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('linkages_number')")
        return f"L-{cursor.fetchone()[0]}"


def _write(linkage: Linkage, kind: EntryKind, *, actor: Actor, note: str = "", **params: object) -> None:
    LinkageEntry.objects.create(
        linkage=linkage,
        happened_at=clock.now(),
        kind=kind.value,
        author_kind=actor.kind.value,
        author_uid=actor.uid,
        author_label=actor.label,
        params=params,
        note=note,
    )


@transaction.atomic
@command("linkages:linkage:begun")
def begin(
    *, actor: Actor, about: About, draft: LinkageDraft, draw: Draw, experts: Iterable[int] = ()
) -> Linkage:
    """Keep exactly the facts that are passed on, and start the clock of the answer.

    A department needs its right anywhere; everybody else at the node it belongs to. ``experts``: who is called.
    """
    right = _BEGINS.get(draft.kind, Permission.BEGIN)
    if actor.staff_id is None or not actor.may(
        right, at=None if right is Permission.SUBMIT else about.scope_path
    ):
        raise NotPermitted
    facts = check_draft(library.linkage_rules(), draft)
    called = list(dict.fromkeys(experts))
    if draft.kind is Kind.EXPERTS and not called:
        raise NoExperts(field="reason")
    moment = clock.now()
    linkage = Linkage(
        uid=new_uid(),
        number=_next_number(),
        kind=draft.kind.value,
        unit_id=about.unit_id,
        scope_path=about.scope_path,
        resident_id=about.resident_id,
        person_uid=about.person_uid,
        case_id=about.case_id,
        warning_id=about.warning_id,
        recipient=draft.recipient,
        basis=draft.basis,
        reason=draft.reason.strip(),
        facts=json.dumps(facts, ensure_ascii=False) if facts else "",
        asked_by_id=actor.staff_id,
        submitter_uid=actor.uid if draft.kind is Kind.INBOUND else "",
        asked_at=moment,
    )
    due_at = moment + library.linkage_rules().kinds[draft.kind].within
    order = ClockOrder(SUBJECT, linkage.uid, draft.kind.value, due_at, draw(linkage, due_at))
    linkage.deadline = deadlines.start(actor=actor, order=order)
    linkage.save(force_insert=True)
    _write(linkage, EntryKind.BEGUN, actor=actor, to=draft.recipient, facts=sorted(facts))
    for expert in called:
        ExpertCall.objects.create(linkage=linkage, expert_id=expert, called_at=moment)
    return linkage


def _locked(actor: Actor, uid: str) -> Linkage:
    deadlines.lock_clock(actor=actor, subject_kind=SUBJECT, subject_uid=uid)
    rows = Linkage.objects.select_related("deadline").select_for_update(of=("self",), no_key=True)
    linkage = rows.filter(uid=uid).first()
    if linkage is None or not can_view_linkage(actor, linkage):
        raise LinkageNotFound
    return linkage


def _to_decide(actor: Actor, uid: str) -> Linkage:
    linkage = _locked(actor, uid)
    if actor.staff_id is None or not can_answer(actor, linkage):
        raise NotPermitted
    if linkage.state != State.WAITING:
        raise AlreadyAnswered
    if linkage.kind == Kind.RELEASE and linkage.asked_by_id == actor.staff_id:
        raise OwnRelease
    return linkage


def _settle(linkage: Linkage, state: State, entry: EntryKind, *, actor: Actor, words: str) -> Linkage:
    assert linkage.deadline_id is not None
    deadlines.meet(actor=actor, deadline_id=linkage.deadline_id)
    linkage.state, linkage.answer, linkage.answered_at = state.value, words, clock.now()
    linkage.answered_by_id = actor.staff_id
    linkage.deadline, linkage.clock_running = None, None
    linkage.save(update_fields=["state", "answer", "answered_at", "answered_by", "deadline", "clock_running"])
    _write(linkage, entry, actor=actor, note=words)
    return linkage


def _words(text: str) -> str:
    if not text.strip():
        raise LinkageReasonMissing(field="text")
    return text.strip()


@transaction.atomic
@command("linkages:linkage:answered")
def answer(*, actor: Actor, uid: str, text: str) -> Linkage:
    """The other side took it over, or a release is approved, or what a department handed in is accepted.

    Raises ``OwnRelease``, ``AlreadyAnswered``, ``NotPermitted``.
    """
    linkage = _to_decide(actor, uid)
    return _settle(linkage, State.ANSWERED, EntryKind.ANSWERED, actor=actor, words=_words(text))


@transaction.atomic
@command("linkages:linkage:refused")
def refuse(*, actor: Actor, uid: str, text: str) -> Linkage:
    """No: only to a release, and to what a department handed in."""
    linkage = _to_decide(actor, uid)
    if Kind(linkage.kind) not in (Kind.RELEASE, Kind.INBOUND):
        raise NotPermitted
    return _settle(linkage, State.REFUSED, EntryKind.REFUSED, actor=actor, words=_words(text))


@transaction.atomic
@command("linkages:linkage:withdrawn")
def withdraw(*, actor: Actor, uid: str, text: str) -> Linkage:
    """It is not needed any more, says whoever began it."""
    linkage = _locked(actor, uid)
    if actor.staff_id is None or linkage.asked_by_id != actor.staff_id:
        raise NotPermitted
    if linkage.state != State.WAITING:
        raise AlreadyAnswered
    return _settle(linkage, State.WITHDRAWN, EntryKind.WITHDRAWN, actor=actor, words=_words(text))


@transaction.atomic
@command("linkages:note:written")
def note_callback(*, actor: Actor, uid: str, text: str) -> Linkage:
    """What was heard afterwards."""
    linkage = _locked(actor, uid)
    if not can_answer(actor, linkage):
        raise NotPermitted
    _write(linkage, EntryKind.CALLBACK, actor=actor, note=_words(text))
    return linkage


@transaction.atomic
@command("linkages:call:responded")
def respond(*, actor: Actor, call_uid: str, is_coming: bool) -> ExpertCall:
    """An expert says yes or no to their own call; the first yes ends the wait. The first word counts."""
    call = ExpertCall.objects.select_related("linkage").filter(uid=call_uid).first()
    if call is None or actor.staff_id is None or call.expert_id != actor.staff_id:
        raise LinkageNotFound
    if not actor.may(Permission.RESPOND):
        raise NotPermitted
    deadlines.lock_clock(actor=actor, subject_kind=SUBJECT, subject_uid=call.linkage.uid)
    linkage = Linkage.objects.select_for_update(of=("self",), no_key=True).get(id=call.linkage_id)
    call.refresh_from_db()
    if call.responded_at is not None:
        raise AlreadyAnswered
    call.responded_at, call.is_coming = clock.now(), is_coming
    call.save(update_fields=["responded_at", "is_coming"])
    _write(linkage, EntryKind.RESPONDED, actor=actor, coming=is_coming)
    if is_coming and linkage.state == State.WAITING:
        _settle(linkage, State.ANSWERED, EntryKind.ANSWERED, actor=actor, words=actor.label)
    return call


@command("linkages:linkage:climbed", silent_on_none=True)
def record_climb(*, actor: Actor, climb: Climb) -> Linkage | None:
    """Nobody answered in time: the next is called. ``None`` when it was answered meanwhile."""
    if not actor.is_system:
        raise NotPermitted
    linkage = Linkage.objects.filter(uid=climb.subject_uid, state=State.WAITING.value).first()
    if linkage is None:
        return None
    _write(linkage, EntryKind.CLIMBED, actor=actor, holder=climb.rung.holder, unit=climb.rung.unit_name)
    return linkage


@command("linkages:linkages:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """Rewrite the paths linkages are kept by. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rebase(Linkage.objects.all(), "scope_path", old=old_path, new=new_path)
