"""Opening a case, by a person, from an assessed warning; and attaching further warnings to it."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from anxin.domains.audit.api import command
from anxin.domains.cases import library
from anxin.domains.cases.contracts import (
    CaseAlreadyOpen,
    CaseState,
    Draw,
    EntryKind,
    LegalBasis,
    Permission,
)
from anxin.domains.cases.models import Case, CaseWarning
from anxin.domains.cases.rules.clocks import next_step
from anxin.domains.cases.services.writing import (
    LEVEL_FIELDS,
    order_for,
    relock,
    require_reason,
    save,
    set_level,
    staff_id_of,
    tighten_clock,
    write_entry,
    write_status,
)
from anxin.domains.deadlines import api as deadlines
from anxin.domains.risk.contracts import HIGH, AssessmentMissing, Level
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning

_TAKEN = frozenset({"case_one_open", "cases_casewarning_warning_id_key"})


def _next_number() -> str:
    """The next number for people, ``C-1001``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        return f"C-{cursor.fetchone()[0]}"


@transaction.atomic
@command("cases:case:opened")
def open_case(
    *,
    actor: Actor,
    warning: "Warning",
    manager_posting_id: int,
    legal_basis: LegalBasis,
    reason: str,
    draw: Draw,
) -> Case:
    """A case about the person of ``warning``, in the hands of one manager, with its first clock.

    Raises ``AssessmentMissing`` before somebody has assessed the warning, ``CaseAlreadyOpen`` when there is one.
    """
    staff_id_of(actor)
    if not actor.may(Permission.OPEN, at=warning.scope_path):
        raise NotPermitted
    reason = require_reason(reason)
    if warning.assessed_at is None:
        raise AssessmentMissing
    try:
        with transaction.atomic():
            case = _create(actor, warning, manager_posting_id, legal_basis, draw)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name in _TAKEN:
            raise CaseAlreadyOpen from error
        raise
    write_status(case, CaseState.OPENED, actor=actor, note=reason)
    write_entry(
        case,
        EntryKind.OPENED,
        actor=actor,
        note=reason,
        warning=warning.number,
        level=case.level,
        legal_basis=legal_basis.value,
    )
    return case


def _create(
    actor: Actor, warning: "Warning", manager_posting_id: int, legal_basis: LegalBasis, draw: Draw
) -> Case:
    case = Case(
        number=_next_number(),
        resident_id=warning.resident_id,
        contact_request_id=warning.contact_request_id,
        unit_id=warning.unit_id,
        scope_path=warning.scope_path,
        legal_basis=legal_basis.value,
        level=warning.level,
        state=CaseState.OPENED.value,
        manager_id=manager_posting_id,
        opened_at=clock.now(),
        pace=warning.level,
        followups_owed=warning.level >= HIGH,
    )
    step = next_step(
        library.case_times(), state=CaseState.OPENED, level=Level(case.level), since=case.opened_at
    )
    case.stage_due_at = step.due_at
    case.deadline = deadlines.start(actor=actor, order=order_for(case, step, draw(step)))
    case.save(force_insert=True)
    CaseWarning.objects.create(case=case, warning=warning, attached_at=case.opened_at)
    return case


@transaction.atomic
@command("cases:case:warning_attached", silent_on_none=True)
def attach_if_open(
    *, actor: Actor, resident_id: int, warning_id: int, level: int, draw: Draw | None = None
) -> Case | None:
    """Tell the open case about a new warning on the same person; ``None`` when there is no open case.

    The level of the case rises with the warning and never falls, so nobody needs a right for it. Safe to repeat.
    """
    known = Case.objects.filter(resident_id=resident_id, closed_at__isnull=True).first()
    case = relock(known.uid, actor=actor) if known is not None else None
    if case is None or case.closed_at is not None:
        return None
    _, is_new = CaseWarning.objects.get_or_create(
        warning_id=warning_id, defaults={"case": case, "attached_at": clock.now()}
    )
    rises = level > case.level
    if is_new:
        write_entry(case, EntryKind.ATTACHED, actor=actor, level=level)
    if rises:
        write_entry(case, EntryKind.LEVEL_RAISED, actor=actor, before=case.level, after=level)
        set_level(case, level, actor=actor)
        tighten_clock(case, draw, actor=actor)
    return save(case, *LEVEL_FIELDS) if is_new or rises else case
