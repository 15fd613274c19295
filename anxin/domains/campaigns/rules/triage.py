"""Which level the forms of one participant propose (workflow 4.1, instruments.md 3.3), and how levels may move.

The rule is two-step: who was positive is asked more closely, and who still is, or gave a critical answer, is seen by a
human. Only humans confirm. Doubtful answers ask for a second look and never lower anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from anxin.domains.campaigns.contracts import Proposal, TriageLevel, TriageReason
from anxin.domains.campaigns.rules.figures import Signs

L, R = TriageLevel, TriageReason


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What one form says. ``followed_by``: the steps that are asked when this one is positive."""

    step: int
    followed_by: tuple[int, ...]
    is_positive: bool
    is_heavy: bool
    is_critical: bool
    is_complete: bool
    is_doubtful: bool


def is_hasty(deciseconds: Sequence[int], signs: Signs) -> bool:
    """More than the given share of the items took less than a human needs to read them. No times: nothing is known."""
    if not deciseconds:
        return False
    quick = sum(1 for one in deciseconds if one < signs.hasty_deciseconds)
    return quick > len(deciseconds) * signs.hasty_share


def is_straight(answers: Sequence[int | None], *, lowest: int, has_reversed: bool, signs: Signs) -> bool:
    """The same answer throughout. All at the lowest is what a healthy person answers, unless items are reversed."""
    given = [one for one in answers if one is not None]
    if len(given) < signs.straight_items or len(set(given)) > 1:
        return False
    return has_reversed or given[0] != lowest


def propose(forms: Sequence[FormFacts], *, alarmed: bool = False) -> Proposal:
    """The level all forms of one participant together propose. ``alarmed``: a critical answer was heard by itself."""
    found: dict[TriageReason, TriageLevel] = {}
    if alarmed or any(form.is_critical for form in forms):
        found[R.CRITICAL_ANSWER] = L.URGENT
    by_step = {form.step: form for form in forms}
    for form in forms:
        if form.is_heavy:
            found[R.HEAVY_BURDEN] = L.FOCUS
        if form.is_positive:
            found |= _after_positive(form, by_step)
        if form.is_doubtful:
            found[R.ANSWERS_DOUBTFUL] = L.ATTENTION
        if not form.is_complete:
            found[R.ANSWERS_INCOMPLETE] = L.ATTENTION
    return Proposal(
        level=max(found.values(), default=L.NORMAL),
        reasons=tuple(reason for reason in TriageReason if reason in found),
        credible=not {R.ANSWERS_DOUBTFUL, R.ANSWERS_INCOMPLETE} & set(found),
    )


def _after_positive(form: FormFacts, by_step: dict[int, FormFacts]) -> dict[TriageReason, TriageLevel]:
    if not form.followed_by:
        return {R.STILL_POSITIVE: L.FOCUS}
    if any(step not in by_step for step in form.followed_by):
        return {R.SECOND_STEP_MISSING: L.ATTENTION, R.FIRST_STEP_POSITIVE: L.ATTENTION}
    return {R.FIRST_STEP_POSITIVE: L.ATTENTION}


def rises(before: TriageLevel, after: TriageLevel) -> bool:
    """Whether the level goes up."""
    return after > before


def needs_second_reader(before: TriageLevel, after: TriageLevel) -> bool:
    """Lowering level 3 is not one person's decision."""
    return before is L.URGENT and after < before
