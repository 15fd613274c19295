"""Taking data out: asked for with a purpose, approved by a second person when it is many, taken once."""

from django.db import transaction

from anxin.domains.access.contracts import (
    AlreadyDecided,
    ExportNotReady,
    ExportState,
    ExportWish,
    OwnExport,
    ReasonMissing,
    SignedIn,
)
from anxin.domains.access.library import load_limits
from anxin.domains.access.models import Export
from anxin.domains.access.policies import can_decide_export, visible_exports
from anxin.domains.access.services.openings import demand_self, next_number
from anxin.domains.audit.api import command
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted


@transaction.atomic
@command("access:export:requested")
def request_export(*, actor: Actor, account: SignedIn, wish: ExportWish, purpose: str) -> Export:
    """Write down what is to leave and what for. Few records are ready at once, many wait for a second person.

    The caller has checked that every row is the actor's to see, and asks again when the file is made. Nobody takes out
    what they see only through an opening. Raises ``NotPermitted``, ``ReasonMissing``.
    """
    demand_self(actor, account)
    if actor.opening_for(wish.person_uid):
        raise NotPermitted
    if not purpose.strip():
        raise ReasonMissing(field="purpose")
    moment, limits = clock.now(), load_limits()
    return Export.objects.create(
        number=next_number("access_export_number", "X"),
        account_id=account.id,
        asked_by=actor.label,
        kind=wish.kind,
        title=wish.title[:200],
        params=wish.params,
        rows=wish.rows,
        scope_path=wish.scope_path,
        person_uid=wish.person_uid,
        purpose=purpose.strip(),
        needs_approval=wish.rows > limits.most_without_approval and not wish.approved_by,
        approval=wish.approved_by,
        asked_at=moment,
        expires_at=moment + limits.export_life,
    )


def _locked(actor: Actor, uid: str) -> Export:
    found = (
        visible_exports(actor, Export.objects.select_related("account"))
        .select_for_update(of=("self",))
        .filter(uid=uid)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _decide(actor: Actor, account: SignedIn, uid: str, *, is_approved: bool, text: str) -> Export:
    demand_self(actor, account)
    found = _locked(actor, uid)
    if not can_decide_export(actor, found):
        raise NotFound
    if found.account.uid == actor.uid:
        raise OwnExport
    moment = clock.now()
    if found.is_approved is not None:
        raise AlreadyDecided
    if found.state_at(moment) is not ExportState.WAITING:
        raise ExportNotReady
    found.is_approved, found.decision, found.decided_at = is_approved, text, moment
    found.decided_by_id, found.decider = account.id, actor.label
    # A day from the yes: whoever waited for it has as long as whoever did not.
    found.expires_at = moment + load_limits().export_life
    found.save(
        update_fields=["is_approved", "decision", "decided_at", "decided_by_id", "decider", "expires_at"]
    )
    return found


@transaction.atomic
@command("access:export:approved")
def approve_export(*, actor: Actor, account: SignedIn, uid: str, text: str = "") -> Export:
    """A second person says yes. Raises ``NotFound``, ``OwnExport``, ``AlreadyDecided``, ``ExportNotReady``."""
    return _decide(actor, account, uid, is_approved=True, text=text.strip())


@transaction.atomic
@command("access:export:refused")
def refuse_export(*, actor: Actor, account: SignedIn, uid: str, text: str) -> Export:
    """A second person says no, and why. Raises as ``approve_export``, and ``ReasonMissing``."""
    if not text.strip():
        raise ReasonMissing(field="text")
    return _decide(actor, account, uid, is_approved=False, text=text.strip())


@transaction.atomic
@command("access:export:taken")
def take_export(*, actor: Actor, uid: str, rows: int) -> Export:
    """The one download, by who asked; in the transaction in which the file is made.

    ``rows`` are those the file really has: more than were asked for are not covered by what was approved. Rivals wait
    for each other, and the second finds it taken. Raises ``NotFound``, ``ExportNotReady``.
    """
    found = _locked(actor, uid)
    if found.account.uid != actor.uid:
        raise NotFound
    moment = clock.now()
    if found.state_at(moment) is not ExportState.READY or _outgrew(found, rows):
        raise ExportNotReady
    found.taken_at, found.taken_rows = moment, rows
    found.save(update_fields=["taken_at", "taken_rows"])
    return found


def _outgrew(export: Export, rows: int) -> bool:
    """Whether the file has become one that somebody would have had to approve, or approve again."""
    return rows > max(export.rows, load_limits().most_without_approval) and not export.approval
