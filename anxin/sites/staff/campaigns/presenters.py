"""The list of campaigns and the page of one: where it stands, what is missing, what this person may do. No names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    CAMPAIGN_SUBJECT,
    CampaignStage,
    CampaignState,
    Gap,
    Permission,
    Segment,
)
from anxin.domains.deadlines import api as deadlines
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.campaigns.forms import ENDED, MINE, OPEN, SHOWN, CampaignFilter, StepForm, WindowForm
from anxin.sites.staff.campaigns.words import CAMPAIGN_STAGES, MISSING, SEGMENTS, STATES, STEPS
from anxin.sites.staff.fields import sent_or_new, unsent_words, with_version
from anxin.sites.staff.standing import Clock, clock_of

if TYPE_CHECKING:
    from anxin.domains.campaigns.models import Campaign, CampaignEntry

PAGE_SIZE = 30
S, P = CampaignState, Permission
_OVER = (S.ARCHIVED, S.CANCELLED)
_IN_ORDER = tuple(state for state in CampaignState if state is not S.CANCELLED)
# Who takes the next step of each state.
_FORWARD: dict[CampaignState, tuple[CampaignState, Permission]] = {
    S.DRAFT: (S.ETHICS_CHECK, P.PLAN),
    S.ETHICS_CHECK: (S.APPROVED, P.REVIEW),
    S.APPROVED: (S.CONSENT_OPEN, P.PLAN),
    S.CONSENT_OPEN: (S.RUNNING, P.PLAN),
    S.RUNNING: (S.QUALITY_CHECK, P.RUN),
    S.QUALITY_CHECK: (S.TRIAGED, P.INTERVIEW),
    S.TRIAGED: (S.INTERVIEWING, P.INTERVIEW),
    S.INTERVIEWING: (S.REPORTED, P.PLAN),
    S.REPORTED: (S.ARCHIVED, P.PLAN),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One campaign of the list."""

    number: str
    title: str
    url: str
    unit: str
    segment: str
    state: str
    owner: str
    runs_from: datetime | None
    runs_until: datetime | None


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """One counted choice."""

    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CampaignList:
    """Everything the list draws."""

    rows: list[Row]
    page: "Page[Campaign]"
    segments: list[ShownSegment]
    query: str
    may_plan: bool
    is_searched: bool


@dataclass(frozen=True, slots=True)
class PathStep:
    """One state of the bar; ``state`` is done, now or ahead."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class GapWords:
    """One thing missing, in words; ``about`` names the questionnaire, the class, or how many."""

    words: str
    about: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The way on: who may, and what is missing."""

    label: str
    form: Form | None
    gaps: list[GapWords]
    is_allowed: bool
    with_window: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One decision."""

    at: datetime
    before: str
    after: str
    who: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """Everything the page of one campaign draws."""

    campaign: "Campaign"
    segment: str
    state: str
    is_cancelled: bool
    path: list[PathStep]
    next: NextStep | None
    give_back: Form | None
    cancel: Form | None
    clock: Clock | None
    stage: str
    history: list[HistoryLine]
    progress: campaigns.Progress | None
    links: list[tuple[str, str]]
    can_edit: bool
    names_due: bool
    unsent: tuple[str, ...]


def campaign_list(actor: Actor, form: CampaignFilter, page_number: str) -> CampaignList:
    """The list; the number of queries does not depend on the number of campaigns."""
    chosen = form.chosen()
    found = campaigns.campaigns_queryset(actor=actor)
    segments = [
        ShownSegment(
            str(label),
            _narrowed(found, actor, key).count(),
            f"{reverse('staff:campaigns')}?show={key}",
            key == chosen["show"],
        )
        for key, label in SHOWN
    ]
    narrowed = _narrowed(found, actor, chosen["show"])
    if chosen["q"]:
        narrowed = narrowed.filter(
            Q(title__icontains=chosen["q"])
            | Q(number__icontains=chosen["q"])
            | Q(unit__name__icontains=chosen["q"])
        )
    page = Paginator(narrowed, PAGE_SIZE).get_page(page_number)
    return CampaignList(
        rows=[_row(one) for one in page],
        page=page,
        segments=segments,
        query=urlencode({key: value for key, value in chosen.items() if value}) + "&",
        may_plan=actor.may(P.PLAN),
        is_searched=bool(chosen["q"]),
    )


def _narrowed(found: "QuerySet[Campaign]", actor: Actor, show: str) -> "QuerySet[Campaign]":
    over = [state.value for state in _OVER]
    if show == ENDED:
        return found.filter(state__in=over)
    if show == OPEN:
        return found.exclude(state__in=over)
    return found.filter(owner_id=actor.staff_id or 0) if show == MINE else found


def _row(campaign: "Campaign") -> Row:
    return Row(
        number=campaign.number,
        title=campaign.title,
        url=reverse("staff:campaign", kwargs={"uid": campaign.uid}),
        unit=campaign.unit.name,
        segment=str(SEGMENTS[Segment(campaign.segment)]),
        state=str(STATES[S(campaign.state)]),
        owner=campaign.owner.name,
        runs_from=campaign.runs_from,
        runs_until=campaign.runs_until,
    )


def campaign_page(
    actor: Actor, uid: str, *, tried: dict[str, Form] | None = None, gaps: Sequence[Gap] = ()
) -> CampaignPage:
    """One campaign. Raises ``CampaignNotFound``."""
    tried = tried or {}
    campaign = campaigns.campaign_of(actor=actor, uid=uid)
    state = S(campaign.state)
    works = any(campaigns.may_on(actor=actor, permission=one, campaign=campaign) for one in _working())
    following = _next_step(actor, campaign, tried, gaps) if works else None
    give_back = _give_back(actor, campaign, tried) if works else None
    cancel = _cancel(actor, campaign, tried) if works else None
    running = deadlines.open_deadline_of(actor=actor, subject_kind=CAMPAIGN_SUBJECT, subject_uid=uid)
    return CampaignPage(
        campaign=campaign,
        segment=str(SEGMENTS[Segment(campaign.segment)]),
        state=str(STATES[state]),
        is_cancelled=state is S.CANCELLED,
        path=path_of(state),
        next=following,
        give_back=give_back,
        cancel=cancel,
        clock=clock_of(running, clock.now(), is_waiting=False) if running and works else None,
        stage=str(CAMPAIGN_STAGES[CampaignStage(running.stage)]) if running and works else "",
        history=[_line(one) for one in campaigns.history_of(actor=actor, campaign=campaign)] if works else [],
        progress=campaigns.progress_of(actor=actor, campaign=campaign) if works else None,
        links=links_of(actor, campaign),
        can_edit=state is S.DRAFT and campaigns.may_on(actor=actor, permission=P.PLAN, campaign=campaign),
        names_due=_names_are_due(actor, campaign),
        unsent=unsent_words(tried, [following.form if following else None, give_back, cancel]),
    )


def _working() -> tuple[Permission, ...]:
    return (P.PLAN, P.REVIEW, P.RUN, P.INTERVIEW)


def path_of(state: CampaignState) -> list[PathStep]:
    """The bar: what is done, where it stands, what is ahead. A cancelled one went nowhere further."""
    if state is S.CANCELLED:
        return []
    here = _IN_ORDER.index(state)
    return [
        PathStep(str(STATES[one]), "now" if place == here else "done" if place < here else "ahead")
        for place, one in enumerate(_IN_ORDER)
    ]


def words_of(gaps: Sequence[Gap]) -> list[GapWords]:
    """What is missing, in words."""
    return [GapWords(str(MISSING[gap.what]), gap.about) for gap in gaps]


def _next_step(
    actor: Actor, campaign: "Campaign", tried: dict[str, Form], refused: Sequence[Gap]
) -> NextStep | None:
    state = S(campaign.state)
    if state not in _FORWARD:
        return None
    target, permission = _FORWARD[state]
    is_allowed = campaigns.may_on(actor=actor, permission=permission, campaign=campaign)
    with_window = target is S.CONSENT_OPEN
    # Times are written with the step itself, so before it nothing can be said of them.
    found = tuple(refused) or (
        () if with_window else campaigns.gaps_before(actor=actor, campaign=campaign, target=target)
    )
    form_class: type[Form] = WindowForm if with_window else StepForm
    form = (
        sent_or_new(tried, target.value, form_class, initial={"target": target.value}) if is_allowed else None
    )
    return NextStep(
        label=str(STEPS[target]),
        form=with_version(form, campaign.row_version) if form is not None else None,
        gaps=words_of(found),
        is_allowed=is_allowed,
        with_window=with_window,
    )


def _give_back(actor: Actor, campaign: "Campaign", tried: dict[str, Form]) -> Form | None:
    if campaign.state != S.ETHICS_CHECK or campaign.owner_id == actor.staff_id:
        return None
    if not campaigns.may_on(actor=actor, permission=P.REVIEW, campaign=campaign):
        return None
    form = sent_or_new(tried, S.DRAFT.value, StepForm, initial={"target": S.DRAFT.value})
    return with_version(form, campaign.row_version)


def _cancel(actor: Actor, campaign: "Campaign", tried: dict[str, Form]) -> Form | None:
    may = any(campaigns.may_on(actor=actor, permission=one, campaign=campaign) for one in (P.PLAN, P.REVIEW))
    if not may or campaign.state in (S.REPORTED, *_OVER):
        return None
    form = sent_or_new(tried, S.CANCELLED.value, StepForm, initial={"target": S.CANCELLED.value})
    return with_version(form, campaign.row_version)


def _line(entry: "CampaignEntry") -> HistoryLine:
    return HistoryLine(
        at=entry.at,
        before=str(STATES[S(entry.before)]),
        after=str(STATES[S(entry.after)]),
        who=entry.staff.name if entry.staff else "",
        role=entry.role,
        reason=entry.reason,
    )


def _names_are_due(actor: Actor, campaign: "Campaign") -> bool:
    due = campaign.names_until is not None and campaign.names_until <= clock.today()
    return (
        due
        and campaign.names_taken_off_at is None
        and campaigns.may_on(actor=actor, permission=P.PLAN, campaign=campaign)
    )


def links_of(actor: Actor, campaign: "Campaign") -> list[tuple[str, str]]:
    """The pages of this campaign that this person may open now."""
    state = S(campaign.state)
    before_answers = state in (S.DRAFT, S.ETHICS_CHECK, S.APPROVED)

    def may(*permissions: Permission) -> bool:
        return any(campaigns.may_on(actor=actor, permission=one, campaign=campaign) for one in permissions)

    found: list[tuple[str, str]] = []
    if may(*_working()):
        found.append((_("Plan"), "staff:campaign-plan"))
        found.append((_("Roster"), "staff:campaign-roster"))
        found.append((_("Consent"), "staff:campaign-consent"))
        found.append((_("Progress"), "staff:campaign-progress"))
    if may(P.RUN, P.INTERVIEW) and state is S.RUNNING:
        found.append((_("On site today"), "staff:campaign-standby"))
    if may(*_working()) and not before_answers and state is not S.CONSENT_OPEN:
        found.append((_("Quality check"), "staff:campaign-quality"))
    if may(P.INTERVIEW) and not before_answers:
        found.append((_("Triage and talks"), "staff:campaign-triage"))
    reported = state in (S.REPORTED, S.ARCHIVED)
    if reported or (state in (S.TRIAGED, S.INTERVIEWING) and may(*_working())):
        found.append((_("Report"), "staff:campaign-report"))
    return [(label, reverse(name, kwargs={"uid": campaign.uid})) for label, name in found]
