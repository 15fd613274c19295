"""The triage board and one record: urgency first, then due time; a name only by an act that is recorded."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    InterviewOutcome,
    Permission,
    TriageLevel,
    TriageReason,
    TriageStage,
)
from anxin.domains.residents import api as residents
from anxin.flows.staff_side import is_competent_for_high
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.sites.staff.campaigns.colleagues import choices_of, colleagues_of
from anxin.sites.staff.campaigns.people_forms import (
    ConfirmForm,
    ReadingForm,
    SupportPlanForm,
    WorksheetForm,
)
from anxin.sites.staff.campaigns.presenters import ShownSegment
from anxin.sites.staff.campaigns.words import (
    FINDINGS,
    GUARDIAN_TOLD,
    LEVELS,
    OUTCOMES,
    REASONS,
    TRIAGE_STAGES,
)
from anxin.sites.staff.fields import sent_or_new, unsent_words, with_version
from anxin.sites.staff.standing import Clock, clock_of
from anxin.sites.staff.words import FINDING_VALUES

if TYPE_CHECKING:
    from anxin.domains.campaigns.models import Campaign, Interview, SupportPlan, Triage

PAGE_SIZE = 40
T = TriageStage
_SHOWN: dict[str, tuple[T, ...]] = {
    "open": (),
    "confirm": (T.CONFIRM,),
    "talk": (T.INTERVIEW,),
    "read": (T.SECOND_READING,),
    "support": (T.PLAN, T.FOLLOW_UP),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the board: where to find them, not who they are."""

    url: str
    level: int
    level_words: str
    group: str
    number: str
    stage: str
    reasons: list[str]
    clock: Clock | None
    interviewer: str
    is_credible: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the triage board draws."""

    campaign: "Campaign"
    rows: list[Row]
    page: "Page[Triage]"
    segments: list[ShownSegment]
    query: str
    show: str


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk, as it was written."""

    at: datetime
    who: str
    outcome: str
    level: str
    findings: list[tuple[str, str]]
    summary: str
    feedback: str
    guardian: str
    reading: str


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version of the support plan."""

    version: int
    goals: str
    measures: str
    responsible: str
    review_on: date
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Steps:
    """What this person may do now; ``None`` when not."""

    confirm: Form | None = None
    worksheet: WorksheetForm | None = None
    reading: Form | None = None
    plan: Form | None = None
    may_take_over: bool = False
    not_competent: bool = False
    own_reading: bool = False
    has_draft: bool = False
    open: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything the record of one person draws."""

    uid: str
    campaign: "Campaign"
    level: int
    level_words: str
    group: str
    number: str
    name: str
    age: int | None
    guardian_phone: str
    is_named: bool
    may_name: bool
    reasons: list[str]
    is_credible: bool
    is_confirmed: bool
    is_settled: bool
    stage: str
    clock: Clock | None
    interviewer: str
    talks: list[Talk]
    plans: list[PlanVersion]
    steps: Steps
    unsent: tuple[str, ...]


def board(actor: Actor, uid: str, show: str, page_number: str) -> Board:
    """The board. Raises ``CampaignNotFound``, and ``NotPermitted`` for those who talk to nobody here."""
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    if not campaigns.may_on(actor=actor, permission=Permission.INTERVIEW, campaign=campaign):
        raise NotPermitted
    show = show if show in (*_SHOWN, "settled") else "open"
    counts = campaigns.board_counts(actor=actor, campaign=campaign)
    labels = (
        ("open", pgettext("triage board", "Open"), counts.open),
        ("confirm", pgettext("triage board", "Confirm"), counts.to_confirm),
        ("talk", pgettext("triage board", "Talk"), counts.to_talk),
        ("read", pgettext("triage board", "Read again"), counts.to_read),
        ("support", pgettext("triage board", "Support"), counts.in_support),
        ("settled", pgettext("triage board", "Settled"), counts.settled),
    )
    address = reverse("staff:campaign-triage", kwargs={"uid": uid})
    found = _narrowed(campaigns.triages_queryset(actor=actor, campaign=campaign), show)
    page = Paginator(found, PAGE_SIZE).get_page(page_number)
    now = clock.now()
    return Board(
        campaign=campaign,
        rows=[_row(one, now) for one in page],
        page=page,
        segments=[
            ShownSegment(label, count, f"{address}?show={key}", key == show) for key, label, count in labels
        ],
        query=urlencode({"show": show}) + "&",
        show=show,
    )


def _narrowed(found: "QuerySet[Triage]", show: str) -> "QuerySet[Triage]":
    if show == "settled":
        return found.filter(settled_at__isnull=False).exclude(level=TriageLevel.NORMAL)
    running = found.filter(settled_at__isnull=True)
    return running.filter(deadline__stage__in=_SHOWN[show]) if _SHOWN[show] else running


def _row(row: "Triage", now: datetime) -> Row:
    group = row.participant.group
    level = TriageLevel(row.confirmed or row.proposed)
    return Row(
        url=reverse("staff:campaign-person", kwargs={"uid": row.uid}),
        level=int(level.value),
        level_words=str(LEVELS[level]),
        group=f"{group.grade} {group.name}".strip(),
        number=row.participant.roster_number,
        stage=_stage_words(row),
        reasons=[str(REASONS[TriageReason(one)]) for one in row.reasons],
        clock=clock_of(row.deadline, now, is_waiting=False) if row.deadline else None,
        interviewer=row.interviewer.name if row.interviewer else "",
        is_credible=row.credible,
    )


def _stage_words(row: "Triage") -> str:
    return str(TRIAGE_STAGES[T(row.deadline.stage)]) if row.deadline else _("settled")


def record_page(
    actor: Actor, uid: str, *, tried: dict[str, Form] | None = None, is_named: bool = False
) -> RecordPage:
    """One record; the look is recorded by the room. Raises ``TriageNotFound``."""
    tried = tried or {}
    row = campaigns.access_triage(actor=actor, uid=uid)
    person = campaigns.access_name(actor=actor, uid=uid) if is_named else row.participant
    campaign, group = row.participant.campaign, row.participant.group
    level = TriageLevel(row.confirmed or row.proposed)
    steps = _steps(actor, row, tried)
    born_on = person.born_on
    return RecordPage(
        uid=row.uid,
        campaign=campaign,
        level=int(level.value),
        level_words=str(LEVELS[level]),
        group=f"{group.grade} {group.name}".strip(),
        number=person.roster_number,
        name=person.name if is_named else residents.mask_name(person.name),
        age=residents.age_on(born_on, clock.today()) if born_on else None,
        guardian_phone=person.guardian_phone if is_named else residents.mask_phone(person.guardian_phone),
        is_named=is_named,
        may_name=actor.may(Permission.READ_NAMES, at=row.scope_path),
        reasons=[str(REASONS[TriageReason(one)]) for one in row.reasons],
        is_credible=row.credible,
        is_confirmed=bool(row.confirmed),
        is_settled=row.settled_at is not None,
        stage=_stage_words(row),
        clock=clock_of(row.deadline, clock.now(), is_waiting=False) if row.deadline else None,
        interviewer=row.interviewer.name if row.interviewer else "",
        talks=[_talk(one) for one in sorted(row.interviews.all(), key=lambda one: -one.id)],
        plans=[_plan(one) for one in sorted(row.plans.all(), key=lambda one: -one.version)],
        steps=steps,
        unsent=unsent_words(tried, [steps.confirm, steps.worksheet, steps.reading, steps.plan]),
    )


def _steps(actor: Actor, row: "Triage", tried: dict[str, Form]) -> Steps:
    if row.settled_at is not None:
        return Steps()
    # A row at level 0 has no clock; a human may still raise it.
    stage = T(row.deadline.stage) if row.deadline else T.CONFIRM
    is_competent = is_competent_for_high(actor)
    level = TriageLevel(row.confirmed or row.proposed)
    version = row.row_version
    confirm = worksheet = reading = plan = None
    draft: dict[str, Any] = {}
    if stage is T.CONFIRM:
        confirm = sent_or_new(tried, "confirm", ConfirmForm, initial={"level": row.proposed})
        confirm = with_version(confirm.offer(TriageLevel(row.proposed)), version)
    if stage is not T.SECOND_READING and (is_competent or level is not TriageLevel.URGENT):
        draft = campaigns.own_draft(actor=actor, triage=row)
        worksheet = with_version(sent_or_new(tried, "worksheet", WorksheetForm, initial=draft), version)
    latest = max(row.interviews.all(), key=lambda one: one.id, default=None)
    own_reading = stage is T.SECOND_READING and latest is not None and latest.staff_id == actor.staff_id
    if stage is T.SECOND_READING and not own_reading and is_competent:
        reading = with_version(sent_or_new(tried, "reading", ReadingForm), version)
    if stage in (T.PLAN, T.FOLLOW_UP):
        people = choices_of(colleagues_of(row.participant.campaign))
        plan = with_version(
            sent_or_new(tried, "plan", SupportPlanForm, colleagues=people, initial=_latest_plan(row)), version
        )
    first = {T.CONFIRM: "confirm", T.INTERVIEW: "worksheet", T.SECOND_READING: "reading"}.get(stage, "plan")
    return Steps(
        confirm=confirm,
        worksheet=worksheet,
        reading=reading,
        plan=plan,
        may_take_over=stage in (T.CONFIRM, T.INTERVIEW)
        and row.deadline is not None
        and row.interviewer_id != actor.staff_id,
        not_competent=worksheet is None and reading is None and not own_reading and not is_competent,
        own_reading=own_reading,
        has_draft=bool(draft),
        open=next(iter(tried), "worksheet" if draft else first),
    )


def _latest_plan(row: "Triage") -> dict[str, Any]:
    latest = max(row.plans.all(), key=lambda one: one.version, default=None)
    if latest is None:
        return {}
    return {"goals": latest.goals, "measures": latest.measures, "responsible": latest.responsible.uid}


def _talk(one: "Interview") -> Talk:
    content = json.loads(one.findings)
    reading = getattr(one, "second_reading", None)
    words = ""
    if reading is not None:
        said = _("agreed to the lower level") if reading.agrees else _("did not agree")
        words = f"{reading.staff.name}: {said}" + (f" ({reading.note})" if reading.note else "")
    return Talk(
        at=one.at,
        who=one.staff.name,
        outcome=str(OUTCOMES[InterviewOutcome(one.outcome)]),
        level=str(LEVELS[TriageLevel(one.level)]),
        findings=[
            (str(FINDINGS[name]), str(FINDING_VALUES[value]))
            for name, value in content.get("findings", {}).items()
            if name in FINDINGS and value in FINDING_VALUES and value != "unknown"
        ],
        summary=content.get("summary", ""),
        feedback=content.get("feedback", ""),
        guardian=str(GUARDIAN_TOLD.get(content.get("guardian_told", ""), "")),
        reading=words,
    )


def _plan(one: "SupportPlan") -> PlanVersion:
    return PlanVersion(
        version=one.version,
        goals=one.goals,
        measures=one.measures,
        responsible=one.responsible.name,
        review_on=one.review_on,
        who=one.written_by.name,
        at=one.written_at,
    )
