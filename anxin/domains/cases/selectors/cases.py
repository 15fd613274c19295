"""Reading cases."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.cases import library
from anxin.domains.cases.contracts import (
    CaseNotFound,
    CaseState,
    CaseStep,
    ClosingStanding,
    EntryKind,
    FollowUpState,
    FollowUpWindow,
    LadderStanding,
)
from anxin.domains.cases.models import Case, CaseEntry, CaseFollowUp
from anxin.domains.cases.policies import visible_cases
from anxin.domains.cases.rules import closing
from anxin.domains.cases.rules.clocks import next_step
from anxin.domains.cases.rules.levels import pace_of
from anxin.domains.risk.contracts import ContactOutcome, Level
from anxin.kernel import clock
from anxin.kernel.actor import Actor

_WITH = ("deadline", "deadline__owner__staff", "deadline__owner_unit", "unit", "manager__staff")


@query()
def cases_queryset(*, actor: Actor) -> QuerySet[Case]:
    """Cases the actor may see, with clock and manager but without the person; what is due first comes first."""
    cases = visible_cases(actor, Case.objects.select_related(*_WITH))
    return cases.order_by("deadline__due_at", "-closed_at", "id")


def find_case(*, actor: Actor, uid: str) -> Case:
    """The case under the same policy. Raises ``CaseNotFound``."""
    found = cases_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise CaseNotFound
    return found


@query()
def case_brief(*, actor: Actor, uid: str) -> Case:
    """Level, state, manager and clock of one case, for the step that follows; no content, so no trace of a look."""
    return find_case(actor=actor, uid=uid)


@query("cases:case:viewed")
def access_case(*, actor: Actor, uid: str) -> Case:
    """One case with everything in it. Seeing it is recorded and shown to the person. Raises ``CaseNotFound``."""
    cases = cases_queryset(actor=actor).select_related("resident", "contact_request")
    with_rows = cases.prefetch_related(
        "statuses", "entries", "assessments__by", "assessments__second_reader", "warnings__warning"
    )
    found = with_rows.filter(uid=uid).first()
    if found is None:
        raise CaseNotFound
    return found


@query()
def timeline_of(*, actor: Actor, case: Case) -> list[CaseEntry]:
    """What happened, newest first, in a case ``access_case`` has shown (that look is the one recorded).

    Nothing for somebody who may not see the case.
    """
    seen = visible_cases(actor, Case.objects.filter(id=case.id))
    return list(CaseEntry.objects.filter(case__in=seen).order_by("-happened_at", "-id"))


@query()
def entry_is_kept(*, actor: Actor, case_uid: str, once_uid: str) -> bool:
    """Whether what a page of the actor's named ``once_uid`` has arrived."""
    seen = visible_cases(actor, Case.objects.filter(uid=case_uid))
    return CaseEntry.objects.filter(case__in=seen, once_uid=once_uid, author_uid=actor.uid).exists()


@query()
def open_case_of(*, actor: Actor, resident_id: int) -> Case | None:
    """The person's open case, as far as the actor may see it."""
    return cases_queryset(actor=actor).filter(resident_id=resident_id, closed_at__isnull=True).first()


@query()
def closing_standing(*, actor: Actor, case: Case) -> ClosingStanding:
    """How far the case is from being closed, for somebody who may see it."""
    seen = find_case(actor=actor, uid=case.uid)
    assessments = seen.assessments.order_by("-assessed_at", "-id").values_list("level", "assessed_at")
    return closing.closing_standing(seen.level, list(assessments))


@query()
def next_step_of(*, actor: Actor, case: Case) -> CaseStep | None:
    """What an open case owes, with the number and window of a follow-up; the due time in force is the clock's."""
    seen = find_case(actor=actor, uid=case.uid)
    if seen.deadline is None:
        return None
    return step_of(seen, since=seen.deadline.started_at)


def step_of(case: Case, *, since: datetime) -> CaseStep:
    """What the case owes, when what its state asks for is reckoned from ``since`` unless it has its own due time."""
    followup_from, contacts = followup_facts(case)
    return next_step(
        library.case_times(),
        state=CaseState(case.state),
        level=Level(case.level),
        since=since,
        pace=pace_of(case.pace, case.level),
        ladder=ladder_of(case),
        stage_due_at=case.stage_due_at,
        followup_from=followup_from,
        contacts=contacts,
    )


def ladder_of(case: Case) -> LadderStanding | None:
    """Where the stored follow-ups stand; ``None`` for a case that has none yet."""
    rows = list(case.followups.exclude(state=FollowUpState.SUPERSEDED).order_by("number"))
    owed = next((one for one in rows if one.state == FollowUpState.PLANNED), None)
    return LadderStanding(window_of(owed) if owed else None) if rows else None


def window_of(row: CaseFollowUp) -> FollowUpWindow:
    """One follow-up as a value."""
    return FollowUpWindow(row.number, row.total, row.planned_at, row.opens_at, row.due_at)


@query()
def followups_of(*, actor: Actor, case: Case) -> list[CaseFollowUp]:
    """The ladder in force, in its order; nothing for somebody who may not see the case."""
    seen = visible_cases(actor, Case.objects.filter(id=case.id))
    rows = CaseFollowUp.objects.filter(case__in=seen).exclude(state=FollowUpState.SUPERSEDED)
    return list(rows.order_by("anchored_at", "number"))


def followup_facts(case: Case) -> tuple[datetime | None, Sequence[datetime]]:
    """Since when the case is in follow-up, and when the person was reached or assessed since."""
    if case.state != CaseState.FOLLOWUP:
        return None, ()
    entered = case.statuses.filter(state=CaseState.FOLLOWUP).order_by("-id")
    since = entered.values_list("entered_at", flat=True).first() or clock.now()
    reached = Q(kind=EntryKind.CONTACT, params__outcome=ContactOutcome.REACHED.value)
    counting = reached | Q(kind__in=[EntryKind.SESSION, EntryKind.ASSESSED])
    entries = case.entries.filter(counting, happened_at__gte=since)
    return since, list(entries.values_list("happened_at", flat=True))
