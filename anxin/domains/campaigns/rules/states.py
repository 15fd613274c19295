"""Workflow 4.1 as a table, and what each step of it needs. Beyond its line one move is ours: a reviewer may give a plan
back, so that it need not be cancelled for a missing word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anxin.domains.campaigns.contracts import CampaignState, DataKind, Gap, Missing
from anxin.domains.campaigns.rules.capacity import Capacity
from anxin.domains.campaigns.rules.figures import Figures
from anxin.kernel.transitions import Transitions

S = CampaignState

TRANSITIONS: Transitions[CampaignState] = Transitions(
    {
        S.DRAFT: frozenset({S.ETHICS_CHECK, S.CANCELLED}),
        S.ETHICS_CHECK: frozenset({S.APPROVED, S.DRAFT, S.CANCELLED}),
        S.APPROVED: frozenset({S.CONSENT_OPEN, S.CANCELLED}),
        S.CONSENT_OPEN: frozenset({S.RUNNING, S.CANCELLED}),
        S.RUNNING: frozenset({S.QUALITY_CHECK, S.CANCELLED}),
        S.QUALITY_CHECK: frozenset({S.TRIAGED, S.CANCELLED}),
        S.TRIAGED: frozenset({S.INTERVIEWING, S.CANCELLED}),
        S.INTERVIEWING: frozenset({S.REPORTED, S.CANCELLED}),
        S.REPORTED: frozenset({S.ARCHIVED}),
        S.ARCHIVED: frozenset(),
        S.CANCELLED: frozenset(),
    }
)

IN_ORDER = tuple(state for state in CampaignState if state is not S.CANCELLED)
# Somebody may be looked at from the moment forms come in, and longer than the campaign lasts.
LOOKED_AT = frozenset(
    {S.RUNNING, S.QUALITY_CHECK, S.TRIAGED, S.INTERVIEWING, S.REPORTED, S.ARCHIVED, S.CANCELLED}
)


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """One step of the plan, as far as the library and the law have a say in it."""

    name: str
    position: int
    follows: int
    is_known: bool
    key_verified: bool
    has_wording: bool
    channel_fits: bool
    is_self_report: bool
    licence_shown: bool
    age_min: int
    age_max: int


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What was written down before the review."""

    title: str
    purpose: str
    data_kinds: Sequence[str]
    recipients: Sequence[str]
    retention_months: int
    impact_assessment: str
    age_min: int
    age_max: int
    instruments: Sequence[InstrumentFacts]
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """Who reviews."""

    reviewer_is_owner: bool
    reviewer_is_above: bool


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """When the notice goes out and when answers are taken."""

    now: datetime
    consent_text_known: bool
    runs_from: datetime | None
    runs_until: datetime | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A class on its day."""

    name: str
    has_place: bool
    has_standby: bool


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What must stand before the first form."""

    now: datetime
    consent_opens_at: datetime | None
    runs_from: datetime | None
    runs_until: datetime | None
    listed: int
    agreed: int
    groups: Sequence[GroupFacts]


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """How far the answering has come. The share is of those who agreed: who refused is nobody's shortfall."""

    now: datetime
    runs_until: datetime | None
    agreed: int
    submitted: int
    target_permille: int


@dataclass(frozen=True, slots=True)
class TriageFacts:
    """Counts of what is still to do."""

    forms_not_looked_at: int = 0
    unconfirmed: int = 0
    interviews_open: int = 0
    second_readings_open: int = 0
    plans_missing: int = 0


def plan_gaps(facts: PlanFacts, figures: Figures) -> tuple[Gap, ...]:
    """What a plan lacks before anybody reviews it."""
    gaps = [
        Gap(what)
        for what, is_there in (
            (Missing.TITLE, facts.title.strip()),
            (Missing.PURPOSE, facts.purpose.strip()),
            (Missing.DATA_KINDS, facts.data_kinds and all(one in set(DataKind) for one in facts.data_kinds)),
            (Missing.RECIPIENTS, any(one.strip() for one in facts.recipients)),
            (Missing.RETENTION, facts.retention_months > 0),
            (Missing.IMPACT_ASSESSMENT, facts.impact_assessment.strip()),
            (Missing.AGE_RANGE, 0 < facts.age_min <= facts.age_max),
            (Missing.TOO_YOUNG, facts.age_min >= figures.youngest),
            (Missing.NO_INSTRUMENT, facts.instruments),
            (Missing.CAPACITY_FIGURES, facts.capacity.is_filled_in),
        )
        if not is_there
    ]
    for one in facts.instruments:
        gaps += instrument_gaps(one, age_min=facts.age_min, age_max=facts.age_max)
    return tuple(gaps)


def instrument_gaps(one: InstrumentFacts, *, age_min: int, age_max: int) -> list[Gap]:
    """Why this instrument may not be put before these people."""
    if not one.is_known:
        return [Gap(Missing.INSTRUMENT_UNKNOWN, one.name)]
    return [
        Gap(what, one.name)
        for what, is_well in (
            (Missing.STEP_ORDER, 0 <= one.follows < one.position),
            (Missing.KEY_UNVERIFIED, one.key_verified),
            (Missing.WORDING_MISSING, one.has_wording),
            (Missing.WRONG_CHANNEL, one.channel_fits),
            (Missing.NOT_SELF_REPORT, one.is_self_report),
            (Missing.LICENCE_MISSING, one.licence_shown),
            (Missing.WRONG_AGE, one.age_min <= age_min and age_max <= one.age_max),
        )
        if not is_well
    ]


def review_gaps(facts: ReviewFacts, capacity: Capacity) -> tuple[Gap, ...]:
    """Why this person may not approve, or not this plan."""
    gaps = []
    if facts.reviewer_is_owner:
        gaps.append(Gap(Missing.REVIEWER_IS_OWNER))
    if not facts.reviewer_is_above:
        gaps.append(Gap(Missing.REVIEWER_NOT_ABOVE))
    if not capacity.is_enough:
        gaps.append(Gap(Missing.CAPACITY_SHORT))
    return tuple(gaps)


def opening_gaps(facts: OpeningFacts, figures: Figures) -> tuple[Gap, ...]:
    """What is missing before the notice goes out."""
    gaps = [] if facts.consent_text_known else [Gap(Missing.CONSENT_TEXT)]
    if facts.runs_from is None or facts.runs_until is None or facts.runs_until <= facts.runs_from:
        return (*gaps, Gap(Missing.TIMES))
    if facts.runs_from < facts.now + figures.consent_window:
        gaps.append(Gap(Missing.WINDOW_SHORT))
    return tuple(gaps)


def start_gaps(facts: StartFacts, figures: Figures) -> tuple[Gap, ...]:
    """What is missing before the first form."""
    gaps = []
    if facts.consent_opens_at is None or facts.now < facts.consent_opens_at + figures.consent_window:
        gaps.append(Gap(Missing.WINDOW_RUNNING))
    if facts.runs_from is None or facts.now < facts.runs_from:
        gaps.append(Gap(Missing.NOT_YET))
    if facts.runs_until is not None and facts.now >= facts.runs_until:
        gaps.append(Gap(Missing.PAST_END))
    if not facts.listed:
        gaps.append(Gap(Missing.ROSTER_EMPTY))
    elif not facts.agreed:
        gaps.append(Gap(Missing.NOBODY_AGREED))
    gaps += [Gap(Missing.GROUP_WITHOUT_PLACE, one.name) for one in facts.groups if not one.has_place]
    gaps += [Gap(Missing.GROUP_WITHOUT_STANDBY, one.name) for one in facts.groups if not one.has_standby]
    return tuple(gaps)


def ending_gaps(facts: ResponseFacts) -> tuple[Gap, ...]:
    """Answers are taken until the end, or until the target is reached."""
    is_over = facts.runs_until is not None and facts.now >= facts.runs_until
    is_reached = facts.agreed > 0 and facts.submitted * 1000 >= facts.agreed * facts.target_permille
    return () if is_over or is_reached else (Gap(Missing.STILL_RUNNING),)


def triage_gaps(facts: TriageFacts) -> tuple[Gap, ...]:
    """Everybody was looked at, by the rule and by a human."""
    return _counted(
        (Missing.FORMS_NOT_LOOKED_AT, facts.forms_not_looked_at),
        (Missing.LEVELS_UNCONFIRMED, facts.unconfirmed),
    )


def report_gaps(facts: TriageFacts) -> tuple[Gap, ...]:
    """Nobody's talk is still owed."""
    return _counted(
        (Missing.INTERVIEWS_OPEN, facts.interviews_open),
        (Missing.SECOND_READING_OPEN, facts.second_readings_open),
    )


def archive_gaps(facts: TriageFacts) -> tuple[Gap, ...]:
    """Everybody at level 1 to 3 has a plan and a day to look at it again."""
    return _counted((Missing.PLANS_MISSING, facts.plans_missing))


def _counted(*found: tuple[Missing, int]) -> tuple[Gap, ...]:
    return tuple(Gap(what, str(count)) for what, count in found if count)
