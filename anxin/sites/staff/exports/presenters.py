"""The ledger in words, and the watermark."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from anxin.domains.access import api as access
from anxin.domains.access.contracts import ExportState, Permission
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.access.models import Export

SHOWN = 50
STATES: dict[ExportState, Words] = {
    ExportState.WAITING: pgettext_lazy("export", "waits for approval"),
    ExportState.READY: pgettext_lazy("export", "ready"),
    ExportState.REFUSED: pgettext_lazy("export", "refused"),
    ExportState.TAKEN: pgettext_lazy("export", "downloaded"),
    ExportState.EXPIRED: pgettext_lazy("export", "expired"),
}


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One file in the ledger."""

    uid: str
    number: str
    title: str
    rows: int
    by: str
    asked_at: datetime
    state: Words
    is_waiting: bool
    is_ready: bool
    expires_at: datetime
    decider: str
    decided_at: datetime | None
    taken_at: datetime | None
    approval: str


@dataclass(frozen=True, slots=True)
class ExportPage:
    """One file."""

    line: ExportLine
    purpose: str
    decision: str
    may_take: bool
    may_decide: bool


def export_lines(actor: Actor, page: int) -> tuple[list[ExportLine], bool]:
    """One page of the ledger, newest first, and whether there are more."""
    first = (page - 1) * SHOWN
    rows = list(access.exports_queryset(actor=actor)[first : first + SHOWN + 1])
    return [_line(one) for one in rows[:SHOWN]], len(rows) > SHOWN


def waiting_lines(actor: Actor) -> list[ExportLine]:
    """What waits for the reader's yes or no."""
    return [_line(one) for one in access.exports_waiting(actor=actor)]


def export_page(actor: Actor, uid: str) -> ExportPage:
    """One file. Raises ``NotFound``."""
    found = access.access_export(actor=actor, uid=uid)
    is_own = found.account.uid == actor.uid
    line = _line(found)
    may_decide = actor.may(Permission.APPROVE_EXPORTS, at=found.scope_path)
    return ExportPage(
        line=line,
        purpose=found.purpose,
        decision=found.decision,
        may_take=is_own and line.is_ready,
        may_decide=not is_own and line.is_waiting and may_decide,
    )


def watermark_of(export: "Export", *, unit: str) -> str:
    """Who, when, what for, under which number: on the file itself, in one line."""
    who = " ".join(part for part in (export.asked_by, unit) if part)
    purpose = " ".join(export.purpose.split())[:80]
    return _("%(number)s, %(who)s, %(time)s, for: %(purpose)s. Do not pass on.") % {
        "number": export.number,
        "who": who,
        "time": f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
        "purpose": purpose,
    }


def _line(export: "Export") -> ExportLine:
    state = export.state_at(clock.now())
    return ExportLine(
        uid=export.uid,
        number=export.number,
        title=export.title,
        rows=export.taken_rows if export.taken_rows is not None else export.rows,
        by=export.asked_by,
        asked_at=export.asked_at,
        state=STATES[state],
        is_waiting=state is ExportState.WAITING,
        is_ready=state is ExportState.READY,
        expires_at=export.expires_at,
        decider=export.decider,
        decided_at=export.decided_at,
        taken_at=export.taken_at,
        approval=export.approval,
    )
