"""Opening one record outside one's duty, ending it, reviewing it; and confirming before a minor's content."""

from django.db import IntegrityError, connection, transaction

from anxin.domains.access.contracts import (
    AlreadyOpen,
    AlreadyReviewed,
    Cause,
    OpeningEnded,
    OpeningStillRuns,
    OwnOpening,
    ReasonMissing,
    Record,
    SignedIn,
    Verdict,
)
from anxin.domains.access.library import load_limits
from anxin.domains.access.models import BreakGlass, Confirmation, Export
from anxin.domains.access.policies import can_break_glass, can_review, visible_openings
from anxin.domains.access.selectors.grants import session_index
from anxin.domains.audit.api import command
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.paths import rebase


def next_number(sequence: str, letter: str) -> str:
    """The next number people say to each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return f"{letter}{cursor.fetchone()[0]:07d}"


def demand_self(actor: Actor, account: SignedIn) -> None:
    """Nobody acts in another's name. Raises ``NotPermitted``."""
    if not actor.is_staff or account.uid != actor.uid:
        raise NotPermitted


def _words(text: str, field: str) -> str:
    if not text.strip():
        raise ReasonMissing(field=field)
    return text.strip()


@transaction.atomic
@command("access:break_glass:opened")
def open_record(
    *,
    actor: Actor,
    account: SignedIn,
    record: Record,
    cause: Cause | str,
    words: str,
    opened_from: str = "",
) -> BreakGlass:
    """Open one record for the time of the data file. The caller tells the officer and starts the clock of the review.

    The words are kept here, sealed, and not in the trail, which the person reads. Raises ``NotPermitted``,
    ``ReasonMissing``, ``AlreadyOpen``.
    """
    demand_self(actor, account)
    if not can_break_glass(actor):
        raise NotPermitted
    said, moment, limits = _words(words, "reason"), clock.now(), load_limits()
    for ended in BreakGlass.objects.select_for_update().filter(
        account_id=account.id, resident_id=record.resident_id, ended_at__isnull=True, ends_at__lte=moment
    ):
        ended.ended_at = ended.ends_at
        ended.save(update_fields=["ended_at"])
    opening = BreakGlass(
        number=next_number("access_opening_number", "K"),
        account_id=account.id,
        opened_by=actor.label,
        opened_from=opened_from,
        resident_id=record.resident_id,
        resident_uid=record.resident_uid,
        resident_number=record.number,
        scope_path=record.scope_path,
        is_colleague=record.is_colleague,
        cause=Cause(cause).value,
        reason=said,
        opened_at=moment,
        ends_at=moment + limits.window,
        review_due_at=moment + limits.review_within,
    )
    try:
        with transaction.atomic():
            opening.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == "break_glass_one_open":
            raise AlreadyOpen from None
        raise
    return opening


def _locked(actor: Actor, uid: str) -> BreakGlass:
    found = (
        visible_openings(actor, BreakGlass.objects.select_related("account"))
        .select_for_update(of=("self",))
        .filter(uid=uid)
        .first()
    )
    if found is None:
        raise NotFound
    return found


@transaction.atomic
@command("access:break_glass:ended")
def end_opening(*, actor: Actor, uid: str) -> BreakGlass:
    """Close the record before its time. Whoever opened it does. Raises ``NotFound``, ``OpeningEnded``."""
    found = _locked(actor, uid)
    if found.account.uid != actor.uid:
        raise NotFound
    moment = clock.now()
    if not found.is_open_at(moment):
        raise OpeningEnded
    found.ended_at = moment
    found.save(update_fields=["ended_at"])
    return found


@transaction.atomic
@command("access:break_glass:reviewed")
def review_opening(
    *, actor: Actor, account: SignedIn, uid: str, verdict: Verdict | str, text: str
) -> BreakGlass:
    """Say whether it was justified, in words. Never by who opened it, never while it runs.

    Raises ``NotFound``, ``OwnOpening``, ``OpeningStillRuns``, ``AlreadyReviewed``, ``ReasonMissing``.
    """
    demand_self(actor, account)
    found = _locked(actor, uid)
    if not can_review(actor, found):
        raise NotFound
    if found.account.uid == actor.uid:
        raise OwnOpening
    moment = clock.now()
    if found.is_open_at(moment):
        raise OpeningStillRuns
    if found.reviewed_at is not None:
        raise AlreadyReviewed
    found.review, found.verdict = _words(text, "text"), Verdict(verdict).value
    found.reviewed_at, found.reviewed_by_id, found.reviewer = moment, account.id, actor.label
    found.ended_at = found.ended_at or found.ends_at
    found.save(update_fields=["review", "verdict", "reviewed_at", "reviewed_by_id", "reviewer", "ended_at"])
    return found


@transaction.atomic
@command("access:confirmation:given")
def confirm_need(
    *, actor: Actor, account: SignedIn, session_key: str, record: Record, purpose: str
) -> Confirmation:
    """Confirm, for this session and this person, that a minor's answers and notes are needed, and for what.

    The caller has proved that the record is the actor's to see and, where there is a password, that it is they.
    Raises ``NotPermitted``, ``ReasonMissing``.
    """
    demand_self(actor, account)
    if not session_key:
        raise NotPermitted
    moment = clock.now()
    return Confirmation.objects.create(
        account_id=account.id,
        session_index=session_index(session_key),
        resident_uid=record.resident_uid,
        resident_number=record.number,
        scope_path=record.scope_path,
        purpose=_words(purpose, "purpose"),
        confirmed_at=moment,
        ends_at=moment + load_limits().confirmed_for,
    )


@command("access:ledgers:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    for rows in (BreakGlass.objects.all(), Confirmation.objects.all(), Export.objects.all()):
        rebase(rows, "scope_path", old=old_path, new=new_path)
