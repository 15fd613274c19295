"""The ladder of follow-ups as rows: planned at the end of a contact, covered by contacts, moved only with a reason."""

from datetime import datetime

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases import library
from anxin.domains.cases.contracts import (
    CaseState,
    Draw,
    EntryKind,
    FollowUpNotMovable,
    FollowUpState,
    FollowUpWindow,
    Permission,
    TaskNotFound,
)
from anxin.domains.cases.models import Case, CaseFollowUp
from anxin.domains.cases.rules import followups as rules
from anxin.domains.cases.rules.clocks import followups_done
from anxin.domains.cases.selectors.cases import followup_facts, window_of
from anxin.domains.cases.services.writing import (
    CLOCK_FIELDS,
    carry_on_clock,
    locked,
    require_reason,
    save,
    staff_id_of,
    write_entry,
)
from anxin.domains.risk.contracts import HIGH, ContactChannel, Level
from anxin.kernel import calendar, clock
from anxin.kernel.actor import Actor
from anxin.kernel.working_days import overrides


def _windows(anchor: datetime) -> tuple[FollowUpWindow, ...]:
    times, known = library.case_times(), overrides()
    return rules.ladder_from(
        clock.local(anchor), times.followups, times.window, lambda day: calendar.is_working_day(day, known)
    )


def _rows(case: Case, anchor: datetime) -> list[CaseFollowUp]:
    return [
        CaseFollowUp(
            case=case,
            number=one.number,
            total=one.total,
            anchored_at=anchor,
            planned_at=one.planned_at,
            opens_at=one.opens_at,
            due_at=one.due_at,
        )
        for one in _windows(anchor)
    ]


def plan_followups(case: Case, *, actor: Actor) -> None:
    """A ladder from now on; what was still ahead of an earlier one is superseded. Saves nothing of the case."""
    supersede(case)
    rows = CaseFollowUp.objects.bulk_create(_rows(case, clock.now()))
    case.followups_owed = False
    write_entry(case, EntryKind.FOLLOWUPS_PLANNED, actor=actor, total=len(rows))


def supersede(case: Case) -> None:
    """What was still ahead is owed no longer."""
    ahead = case.followups.filter(state=FollowUpState.PLANNED)
    ahead.update(state=FollowUpState.SUPERSEDED, ended_at=clock.now())


def begin_if_owed(case: Case, *, actor: Actor) -> bool:
    """The first contact of an episode at L3 or L4 begins a ladder; whether one began."""
    is_owed = case.followups_owed or (case.followups_owed is None and not _has_rows(case))
    if case.level < HIGH or not is_owed:
        return False
    plan_followups(case, actor=actor)
    return True


def adopt(case: Case) -> None:
    """A case that came into follow-up before its follow-ups were rows gets them, with what was done of them."""
    if case.state != CaseState.FOLLOWUP or _has_rows(case):
        return
    since, contacts = followup_facts(case)
    assert since is not None
    done = followups_done(library.case_times(), started_at=since, contacts=contacts)
    rows = _rows(case, since)
    for row in rows[:done]:
        row.state, row.ended_at = FollowUpState.DONE, max(contacts)
    CaseFollowUp.objects.bulk_create(rows)


def note_contact(case: Case, channel: ContactChannel | None, *, was_reached: bool) -> bool:
    """What a contact, or an attempt, makes of the follow-ups ahead; whether it covered one."""
    moment = clock.now()
    rows = list(case.followups.filter(state=FollowUpState.PLANNED, opens_at__lte=moment).order_by("number"))
    becomes = rules.covered_by(rows, moment) if was_reached else {}
    for row in rows:
        row.last_channel = channel.value if channel else row.last_channel
        row.attempts += not was_reached
        if row.number in becomes:
            row.state, row.ended_at = becomes[row.number], moment
    CaseFollowUp.objects.bulk_update(rows, ["last_channel", "attempts", "state", "ended_at"])
    return bool(becomes)


@transaction.atomic
@command("cases:followup:moved")
def move_followup(
    *, actor: Actor, case_uid: str, followup_uid: str, to: datetime, reason: str, draw: Draw
) -> CaseFollowUp:
    """Mean a follow-up for another time, with the reason. Raises ``FollowUpNotMovable``."""
    case = locked(actor, case_uid, Permission.WRITE)
    staff_id_of(actor)
    reason = require_reason(reason)
    adopt(case)
    ahead = case.followups.filter(state=FollowUpState.PLANNED)
    row = ahead.filter(uid=followup_uid).first()
    if row is None:
        raise TaskNotFound
    following = ahead.filter(number__gt=row.number).order_by("number").first()
    if not rules.may_move(
        window_of(row),
        to=to,
        now=clock.now(),
        level=Level(case.level),
        next_planned_at=following.planned_at if following else None,
    ):
        raise FollowUpNotMovable(field="to")
    before = row.planned_at
    row.planned_at, row.moved_because = to, reason
    row.opens_at, row.due_at = min(row.opens_at, to), max(row.due_at, to)
    row.save(update_fields=["planned_at", "opens_at", "due_at", "moved_because"])
    write_entry(
        case,
        EntryKind.FOLLOWUP_MOVED,
        actor=actor,
        note=reason,
        number=row.number,
        total=row.total,
        before=before.isoformat(),
        after=to.isoformat(),
    )
    carry_on_clock(case, draw, actor=actor)
    save(case, *CLOCK_FIELDS)
    return row


def _has_rows(case: Case) -> bool:
    return case.followups.exists()
