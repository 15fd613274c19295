"""Reading the people a campaign found: the board, one record, and the forms the rule looks at."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from anxin.domains.audit.api import query
from anxin.domains.campaigns import library
from anxin.domains.campaigns.contracts import (
    ClockSubject,
    ParticipantState,
    Proposal,
    Proposed,
    TriageLevel,
    TriageNotFound,
    TriageStage,
)
from anxin.domains.campaigns.models import (
    Campaign,
    CriticalSignal,
    Participant,
    Step,
    Submission,
    Triage,
    WorksheetDraft,
)
from anxin.domains.campaigns.policies import may_read_names, visible_triages
from anxin.domains.campaigns.rules import triage as rules
from anxin.domains.campaigns.rules.figures import Signs
from anxin.domains.campaigns.selectors.campaigns import demand_work
from anxin.domains.campaigns.selectors.guards import not_looked_at
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, Sex, Verdict
from anxin.domains.residents import api as residents
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

LEVEL = Coalesce(NullIf("confirmed", Value("")), "proposed")
_WITH = (
    "participant__group",
    "participant__campaign",
    "deadline__owner__staff",
    "deadline__owner_unit",
    "interviewer",
)


@dataclass(frozen=True, slots=True)
class Quality:
    """What the quality check counts; sums only."""

    handed_in: int
    looked_at: int
    waiting: int
    doubtful: int
    incomplete: int
    came_late: int
    conflicts: int
    critical: int


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """The numbers beside the segments of the triage board."""

    open: int
    to_confirm: int
    to_talk: int
    to_read: int
    in_support: int
    settled: int


@query()
def triages_queryset(*, actor: Actor, campaign: Campaign) -> QuerySet[Triage]:
    """Everybody at level 1 and above whom the actor talks to: urgency first, then due time. No names."""
    found = Triage.objects.filter(participant__campaign=campaign).annotate(level=LEVEL)
    found = found.exclude(level=TriageLevel.NORMAL, settled_at__isnull=True)
    seen = visible_triages(actor, found.select_related(*_WITH))
    return seen.order_by("-level", "deadline__due_at", "id")


@query()
def board_counts(*, actor: Actor, campaign: Campaign) -> BoardCounts:
    """Counts over the whole board."""
    everybody = triages_queryset(actor=actor, campaign=campaign)
    running = everybody.filter(settled_at__isnull=True)

    def waiting(*stages: TriageStage) -> int:
        return running.filter(deadline__stage__in=stages).count()

    return BoardCounts(
        open=running.count(),
        to_confirm=waiting(TriageStage.CONFIRM),
        to_talk=waiting(TriageStage.INTERVIEW),
        to_read=waiting(TriageStage.SECOND_READING),
        in_support=waiting(TriageStage.PLAN, TriageStage.FOLLOW_UP),
        settled=everybody.filter(settled_at__isnull=False).exclude(level=TriageLevel.NORMAL).count(),
    )


@query()
def triages_about(*, actor: Actor, resident_ids: Collection[int]) -> list[Triage]:
    """Where these people stood in campaigns, as far as the actor talks to them; who shows it records the look."""
    found = Triage.objects.filter(participant__resident_id__in=resident_ids)
    seen = visible_triages(actor, found.select_related("participant__campaign"))
    return list(seen.order_by("-triaged_at", "-id"))


@query()
def residents_in_interview(*, actor: Actor) -> frozenset[int]:
    """The people with a record whom the actor talks to in a campaign that has not settled about them."""
    if actor.staff_id is None:
        return frozenset()
    mine = Triage.objects.filter(interviewer_id=actor.staff_id, settled_at__isnull=True)
    found = visible_triages(actor, mine).filter(participant__resident__isnull=False)
    return frozenset(found.values_list("participant__resident_id", flat=True))


def find_triage(*, actor: Actor, uid: str, lock: bool = False) -> Triage:
    """One record under the same policy. Raises ``TriageNotFound``."""
    found = visible_triages(actor, Triage.objects.select_related(*_WITH))
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    one = found.filter(uid=uid).first()
    if one is None:
        raise TriageNotFound
    return one


@query()
def triage_brief(*, actor: Actor, uid: str) -> Triage:
    """Level, clock and campaign of one record, for the step that follows; no content, so no trace of a look."""
    return find_triage(actor=actor, uid=uid)


@query("campaigns:triage:viewed")
def access_triage(*, actor: Actor, uid: str) -> Triage:
    """One record with talks, readings and plans. Seeing it is recorded and shown to the person."""
    seen = visible_triages(
        actor, Triage.objects.select_related(*_WITH, "participant__resident", "confirmed_by")
    )
    with_rows = seen.prefetch_related(
        "interviews__staff", "interviews__second_reading__staff", "plans__responsible", "plans__written_by"
    )
    found = with_rows.filter(uid=uid).first()
    if found is None:
        raise TriageNotFound
    return found


@query("campaigns:participant:named")
def access_name(*, actor: Actor, uid: str) -> Participant:
    """Who it is, for somebody who has to find them now. Recorded. Raises ``TriageNotFound`` outside the scope."""
    triage = find_triage(actor=actor, uid=uid)
    if not may_read_names(actor, triage.scope_path):
        raise NotPermitted
    return triage.participant


@query()
def own_draft(*, actor: Actor, triage: Triage) -> dict[str, Any]:
    """What the actor has typed into the worksheet and not signed yet."""
    draft = WorksheetDraft.objects.filter(triage=triage, staff_id=actor.staff_id or 0).first()
    return dict(json.loads(draft.content)) if draft is not None else {}


@query()
def quality_of(*, actor: Actor, campaign: Campaign) -> Quality:
    """What came in and how good it is: counts only."""
    demand_work(actor, campaign)
    forms = Submission.objects.filter(campaign=campaign)
    rows = Triage.objects.filter(participant__campaign=campaign)
    return Quality(
        handed_in=Participant.objects.filter(campaign=campaign, state=ParticipantState.SUBMITTED).count(),
        looked_at=rows.count(),
        waiting=not_looked_at(campaign).count(),
        doubtful=rows.filter(reasons__contains=["answers_doubtful"]).count(),
        incomplete=rows.filter(reasons__contains=["answers_incomplete"]).count(),
        came_late=forms.filter(channel="offline", received_at__gt=campaign.runs_until).count()
        if campaign.runs_until
        else 0,
        conflicts=forms.filter(conflicts__isnull=False).distinct().count(),
        critical=rows.filter(proposed=TriageLevel.URGENT).count(),
    )


@query()
def triage_of_participant(*, actor: Actor, participant_id: int) -> Triage | None:
    """The record of one participant, for the house."""
    return Triage.objects.filter(participant_id=participant_id).first() if actor.is_system else None


@query()
def find_proposals(
    *, actor: Actor, campaign_uid: str, limit: int, only_critical: bool = False
) -> tuple[Campaign, list[Proposed]]:
    """What the rule says of the next ``limit`` participants nobody has looked at yet, critical ones first."""
    if not actor.is_system:
        raise NotPermitted
    campaign = Campaign.objects.select_related("unit", "owner").get(uid=campaign_uid)
    waiting = not_looked_at(campaign)
    if only_critical:
        waiting = waiting.filter(Q(is_critical=True) | Q(has_signal=True))
    people = list(
        waiting.order_by("-is_critical", "-has_signal", "id").prefetch_related(
            Prefetch("submissions", Submission.objects.order_by("step")), "signals"
        )[:limit]
    )
    steps = list(campaign.steps.all())
    return campaign, [Proposed(one.id, _proposal_of(one, steps)) for one in people]


def _proposal_of(person: Participant, steps: Iterable[Step]) -> Proposal:
    followers: dict[int, list[int]] = defaultdict(list)
    for step in steps:
        if step.follows:
            followers[step.follows].append(step.position)
    signs = library.figures().signs
    forms = [
        _facts(form, person, tuple(sorted(followers[form.step])), signs) for form in person.submissions.all()
    ]
    return rules.propose(forms, alarmed=bool(person.signals.all()))


def _facts(
    form: Submission, person: Participant, followed_by: tuple[int, ...], signs: Signs
) -> rules.FormFacts:
    published = instruments.published_version(form.instrument, form.instrument_version)
    sheet = instruments.score(
        published,
        form.answers,
        age=age_at(person.born_on, form.answered_at.date()),
        sex=Sex(person.sex) if person.sex else None,
    )
    flags = {name for name, is_met in sheet.flags.items() if is_met}
    bands = {band.label for band in sheet.bands}
    return rules.FormFacts(
        step=form.step,
        followed_by=followed_by,
        is_positive=bool(flags & signs.positive_flags or bands & signs.positive_bands),
        is_heavy=bool(bands & signs.heavy_bands),
        is_critical=bool(sheet.critical),
        is_complete=sheet.validity.complete,
        is_doubtful=sheet.validity.verdict is not Verdict.VALID
        or rules.is_hasty(form.deciseconds, signs)
        or _is_straight(published, form, signs),
    )


def _is_straight(published: Instrument, form: Submission, signs: Signs) -> bool:
    items = [item for item in published.items if item.options]
    if len(items) != len(published.items) or len({item.codes for item in items}) != 1:
        return False  # the printed answers differ from item to item, so the same code says nothing
    return rules.is_straight(
        form.answers[: len(items)],
        lowest=min(items[0].codes),
        has_reversed=any(item.reverse for item in items),
        signs=signs,
    )


def age_at(born_on: date | None, on: date) -> int | None:
    """Age in whole years, where the birthday is known."""
    return residents.age_on(born_on, on) if born_on else None


@query()
def clock_subject(*, actor: Actor, kind_is_triage: bool, uid: str) -> ClockSubject | None:
    """What a clock of this room is about, for calling people. For the house only."""
    if not actor.is_system:
        return None
    if not kind_is_triage:
        campaign = Campaign.objects.filter(uid=uid).first()
        return ClockSubject(campaign.uid, campaign.number, campaign.scope_path) if campaign else None
    triage = Triage.objects.select_related("participant__campaign").filter(uid=uid).first()
    if triage is None:
        return None
    return ClockSubject(triage.uid, triage.participant.campaign.number, triage.scope_path)


@dataclass(frozen=True, slots=True)
class StandbyCall:
    """One person in one room who needs somebody now. Who it is opens by an act that is recorded."""

    participant_uid: str
    group_uid: str
    group_name: str
    room: str
    since: datetime
    attended_by: str


@query()
def standby_calls(*, actor: Actor, campaign: Campaign) -> list[StandbyCall]:
    """Critical answers of today's rooms, for those who stand by there or may meet people by name. Oldest first."""
    demand_work(actor, campaign)
    heard = (
        CriticalSignal.objects.filter(participant__campaign=campaign)
        .select_related("participant__group", "attended_by")
        .order_by("received_at", "id")
    )
    if not may_read_names(actor, campaign.scope_path):
        heard = heard.filter(participant__group__standby_id=actor.staff_id or 0)
    calls: dict[str, StandbyCall] = {}
    for signal in heard:
        group = signal.participant.group
        calls.setdefault(
            signal.participant.uid,
            StandbyCall(
                participant_uid=signal.participant.uid,
                group_uid=group.uid,
                group_name=f"{group.grade} {group.name}".strip(),
                room=group.room,
                since=signal.received_at,
                attended_by=signal.attended_by.name if signal.attended_by else "",
            ),
        )
    return list(calls.values())


@query("campaigns:participant:called")
def access_called(*, actor: Actor, campaign: Campaign, participant_uid: str) -> Participant:
    """Who needs somebody now, for the person who stands by in that room. Recorded."""
    found = (
        Participant.objects.filter(campaign=campaign, uid=participant_uid, signals__isnull=False)
        .select_related("group")
        .distinct()
        .first()
    )
    if found is None:
        raise TriageNotFound
    is_standby = actor.staff_id is not None and found.group.standby_id == actor.staff_id
    if not (is_standby or may_read_names(actor, found.scope_path)):
        raise NotPermitted
    return found
