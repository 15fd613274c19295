"""What the guards of workflow 4.3 look at, read from the locked case; and the refusal each of them speaks."""

from datetime import date

from anxin.domains.cases.contracts import (
    ClosingRuleUnmet,
    EntryKind,
    GoalsNotReviewed,
    GoalsOpen,
    GoalState,
    LostRuleUnmet,
    SafetyPlanMissing,
    SupervisorNeeded,
)
from anxin.domains.cases.models import Case
from anxin.domains.cases.rules.closing import closing_standing
from anxin.domains.cases.rules.guards import Attempt, Block, CaseFacts
from anxin.domains.cases.selectors.plans import has_agreed_plan
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome
from anxin.kernel import clock
from anxin.kernel.errors import Refused

_REFUSALS: dict[Block, tuple[type[Refused], str]] = {
    Block.SUPERVISOR: (SupervisorNeeded, ""),
    Block.PLAN: (SafetyPlanMissing, ""),
    Block.LEVEL: (ClosingRuleUnmet, ""),
    Block.GOALS_OPEN: (GoalsOpen, "goals"),
    Block.GOALS_UNSEEN: (GoalsNotReviewed, "goals"),
    Block.ATTEMPTS: (LostRuleUnmet, ""),
}


def facts_of(case: Case, *, approver_is_free: bool = False, goals_are_reviewed: bool = False) -> CaseFacts:
    """The case as the guards see it now."""
    assessments = case.assessments.order_by("-assessed_at", "-id").values_list("level", "assessed_at")
    return CaseFacts(
        level=case.level,
        has_agreed_plan=has_agreed_plan(case),
        closing_rule_is_met=closing_standing(case.level, list(assessments)).is_met,
        open_goals=case.goals.filter(state=GoalState.OPEN).count(),
        goals_are_reviewed=goals_are_reviewed,
        approver_is_free=approver_is_free,
        attempts=_attempts(case),
    )


def raise_first(found: tuple[Block, ...]) -> None:
    """Speak the refusal that weighs most, if there is one."""
    if found:
        refusal, field = _REFUSALS[found[0]]
        raise refusal(field=field) if field else refusal


def _attempts(case: Case) -> list[Attempt]:
    """Every attempt since the person was last reached, by contact or in a session."""
    found: list[Attempt] = []
    contacts = case.entries.filter(kind__in=[EntryKind.CONTACT, EntryKind.SESSION]).order_by(
        "happened_at", "id"
    )
    for entry in contacts:
        if entry.kind == EntryKind.SESSION or entry.params.get("outcome") == ContactOutcome.REACHED:
            found = []
        else:
            day: date = clock.local(entry.happened_at).date()
            found.append(Attempt(ContactChannel(entry.params["channel"]), day))
    return found
