"""What every write of the room shares: the locked warning, its timeline, its clock and the live call."""

import json
from collections.abc import Sequence

from django.db import connection

from anxin.domains.audit.api import query
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder, EndedHow
from anxin.domains.risk.contracts import EntryKind, NotCompetent, Permission, WarningState
from anxin.domains.risk.models import Warning, WarningEntry
from anxin.domains.risk.policies import may_on_warning
from anxin.domains.risk.selectors import find_warning
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

LIVE_CHANNEL = "anxin_live"
SUBJECT = "warning"


def lock_clock(actor: Actor, *uids: str) -> None:
    """Hold the running clocks of these warnings until the transaction ends, before the warnings themselves."""
    for uid in sorted(uids):
        deadlines.lock_clock(actor=actor, subject_kind=SUBJECT, subject_uid=uid)


@query()
def lock_warnings(*, actor: Actor, uids: Sequence[str]) -> list[Warning]:
    """These warnings, locked after their clocks, in the order given: what a flow reads before it draws a ladder.

    Without the lock the level could rise between the drawing and the writing, and an L4 would get the clock of an L2.
    Raises ``WarningNotFound``.
    """
    lock_clock(actor, *uids)
    found = {uid: find_warning(actor=actor, uid=uid, lock=True) for uid in sorted(uids)}
    return [found[uid] for uid in uids]


def locked(actor: Actor, uid: str, permission: Permission) -> Warning:
    """The warning, locked for this transaction. ``WarningNotFound`` outside the scope, ``NotPermitted`` inside it.

    Its clock is locked first, in the order the sweep takes them; the other way round the two could wait for each other.
    """
    lock_clock(actor, uid)
    warning = find_warning(actor=actor, uid=uid, lock=True)
    if not may_on_warning(actor, permission, warning):
        raise NotPermitted
    return warning


def staff_id_of(actor: Actor) -> int:
    """The member of staff who acts; a program cannot decide."""
    if actor.staff_id is None:
        raise NotPermitted
    return actor.staff_id


def require_competence(is_competent: bool) -> None:
    """The gate of roles.md 5.3, decided by the caller from the credentials in force."""
    if not is_competent:
        raise NotCompetent


def write_entry(
    warning: Warning, kind: EntryKind, *, actor: Actor, note: str = "", **params: object
) -> WarningEntry:
    """One line of the timeline, with its author as they were."""
    return WarningEntry.objects.create(
        warning=warning,
        happened_at=clock.now(),
        kind=kind.value,
        author_kind=actor.kind.value,
        author_uid=actor.uid,
        author_label=actor.label,
        params=params,
        note=note,
    )


def switch_clock(
    warning: Warning, order: ClockOrder | None, *, actor: Actor, how: EndedHow = EndedHow.MET
) -> None:
    """End the running clock and start the next, or none when the warning ends. Saves nothing of the warning."""
    assert warning.deadline_id is not None
    if order is None:
        deadlines.meet(actor=actor, deadline_id=warning.deadline_id)
        warning.deadline, warning.clock_running = None, None
    else:
        warning.deadline = deadlines.replace(
            actor=actor, deadline_id=warning.deadline_id, order=order, how=how
        )


def widen_reach(warning: Warning, path: str) -> None:
    """Let the node at ``path`` see the warning, if it lies above those who do already. It never narrows."""
    if warning.reach_path.startswith(path):
        warning.reach_path = path


REOPENED_FIELDS = (
    *("state", "holder", "acknowledged_at", "acknowledge_due_at", "reach_path"),
    *("proposed_ending", "proposed_by", "signed_by", "deadline", "clock_running"),
)


def reopen(warning: Warning, order: ClockOrder, reach: str, *, actor: Actor) -> None:
    """Somebody has to take it over anew: the clock of the first step, and no ending on its way. Saves nothing."""
    if warning.state != WarningState.NEW:
        write_entry(
            warning, EntryKind.REOPENED, actor=actor, state=warning.state, ending=warning.proposed_ending
        )
    switch_clock(warning, order, actor=actor, how=EndedHow.REPLACED)
    widen_reach(warning, reach)
    warning.state, warning.holder, warning.acknowledged_at = WarningState.NEW, None, None
    warning.acknowledge_due_at = order.due_at
    warning.proposed_ending, warning.proposed_by, warning.signed_by = "", None, None


def save(warning: Warning, *fields: str) -> Warning:
    """Write the named fields, count the version up, and call the boards at commit."""
    warning.row_version += 1
    warning.save(update_fields=[*fields, "row_version"])
    call_boards(warning)
    return warning


def call_boards(warning: Warning) -> None:
    """Wake the boards between the station and the reach at commit. Ids and paths only, never content."""
    message = json.dumps({"uid": warning.uid, "scope": warning.scope_path, "level": warning.level})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [LIVE_CHANNEL, message])
