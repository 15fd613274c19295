"""Writing a conversation: numbers without gaps, and every message once however often it is sent."""

import secrets

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.conversations.contracts import (
    MAX_LETTERS,
    MessageEmpty,
    MessageTooLong,
    Side,
    ThreadClosed,
    ThreadNotFound,
)
from anxin.domains.conversations.models import Message, Thread
from anxin.domains.conversations.policies import threads_open_to
from anxin.domains.conversations.rules.codes import make_code
from anxin.domains.conversations.selectors import CODE_PURPOSE
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.errors import NotPermitted
from anxin.kernel.paths import rebase


@command("conversations:thread:opened")
def open_thread(*, actor: Actor, scope_path: str) -> tuple[Thread, str]:
    """A conversation with somebody unknown, and its code: said once, kept nowhere but with them."""
    code = make_code(secrets.choice)
    thread = Thread.objects.create(
        scope_path=scope_path, code_index=blind_index(code, purpose=CODE_PURPOSE), opened_at=clock.now()
    )
    return thread, code


@command("conversations:message:written")
def write(*, actor: Actor, thread_id: int, text: str, client_uid: str, side: Side) -> Message:
    """One more message, or the one already there under ``client_uid``.

    Raises ``MessageEmpty``, ``MessageTooLong``, ``ThreadClosed``, ``ThreadNotFound``.
    """
    words = text.strip()
    if not words:
        raise MessageEmpty(field="text")
    if len(words) > MAX_LETTERS:
        raise MessageTooLong(field="text")
    with transaction.atomic():
        thread = _locked(actor, thread_id)
        sent = Message.objects.select_related("thread").filter(thread=thread, client_uid=client_uid).first()
        if sent is not None:
            return sent
        if thread.closed_at is not None:
            raise ThreadClosed
        thread.last_seq += 1
        message = Message.objects.create(
            thread=thread,
            seq=thread.last_seq,
            side=side,
            staff_id=actor.staff_id if side is Side.STAFF else None,
            text=words,
            client_uid=client_uid,
            sent_at=clock.now(),
        )
        seen = "staff_read_seq" if side is Side.STAFF else "person_read_seq"
        setattr(thread, seen, thread.last_seq)
        thread.save(update_fields=["last_seq", seen])
        return message


@command("conversations:thread:read_up_to")
def mark_read(*, actor: Actor, thread_id: int, side: Side, seq: int) -> Thread:
    """This side has seen everything up to ``seq``; never backwards."""
    with transaction.atomic():
        thread = _locked(actor, thread_id)
        field = "staff_read_seq" if side is Side.STAFF else "person_read_seq"
        reached = max(getattr(thread, field), min(seq, thread.last_seq))
        if reached != getattr(thread, field):
            setattr(thread, field, reached)
            thread.save(update_fields=[field])
        return thread


@command("conversations:thread:closed")
def close(*, actor: Actor, thread_id: int) -> Thread:
    """Nothing more is written; what was written stays readable by both sides."""
    with transaction.atomic():
        thread = _locked(actor, thread_id)
        if thread.closed_at is None:
            thread.closed_at = clock.now()
            thread.save(update_fields=["closed_at"])
        return thread


def _locked(actor: Actor, thread_id: int) -> Thread:
    open_to = threads_open_to(actor, Thread.objects.all())
    thread = open_to.select_for_update().filter(id=thread_id).first()
    if thread is None:
        raise ThreadNotFound
    return thread


@command("conversations:threads:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rebase(Thread.objects.all(), "scope_path", old=old_path, new=new_path)
