"""What must be true before a case may enter a state, beside the table of moves (workflow 4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anxin.domains.cases.contracts import CaseState
from anxin.domains.risk.contracts import HIGH, ContactChannel

LOST_DAYS, LOST_WAYS = 3, 2
_CHECKS = frozenset({ContactChannel.VISIT, ContactChannel.SCHOOL})
_NEEDS_PLAN = frozenset(
    {CaseState.SAFETY_PLANNED, CaseState.INTERVENING, CaseState.REFERRED, CaseState.FOLLOWUP}
)
_ENDS = frozenset({CaseState.CLOSED, CaseState.TRANSFERRED, CaseState.LOST, CaseState.DECEASED_REVIEW})


class Block(StrEnum):
    """Why a move waits."""

    SUPERVISOR = "supervisor"
    PLAN = "plan"
    LEVEL = "level"
    GOALS_OPEN = "goals_open"
    GOALS_UNSEEN = "goals_unseen"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt since the person was last reached."""

    channel: ContactChannel
    day: date


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the guards look at. ``approver_is_free``: whoever approves never had the case in hand."""

    level: int
    has_agreed_plan: bool = False
    closing_rule_is_met: bool = False
    open_goals: int = 0
    goals_are_reviewed: bool = False
    approver_is_free: bool = False
    attempts: Sequence[Attempt] = ()


def is_lost(facts: CaseFacts) -> bool:
    """Attempts by two ways on three days, and for L3 and L4 one of them at home or at school."""
    ways = {one.channel for one in facts.attempts}
    days = {one.day for one in facts.attempts}
    is_checked = facts.level < HIGH or bool(ways & _CHECKS)
    return len(ways) >= LOST_WAYS and len(days) >= LOST_DAYS and is_checked


def blocks(target: CaseState, facts: CaseFacts) -> tuple[Block, ...]:
    """Everything that stands in the way, what weighs most first."""
    found = []
    if target in _ENDS and not facts.approver_is_free:
        found.append(Block.SUPERVISOR)
    if target is CaseState.SAFETY_PLANNED or (target in _NEEDS_PLAN and facts.level >= HIGH):
        found += [Block.PLAN] * (not facts.has_agreed_plan)
    if target is CaseState.CLOSED:
        found += [Block.LEVEL] * (not facts.closing_rule_is_met)
        found += [Block.GOALS_OPEN] * (facts.open_goals > 0)
        found += [Block.GOALS_UNSEEN] * (not facts.goals_are_reviewed)
    if target is CaseState.LOST and not is_lost(facts):
        found.append(Block.ATTEMPTS)
    return tuple(found)


def may_end_contact(*, level: int, has_agreed_plan: bool, without_plan: str) -> bool:
    """A contact at L3 or L4 does not end before there is an agreed plan, or words why it was not possible."""
    return level < HIGH or has_agreed_plan or bool(without_plan.strip())
