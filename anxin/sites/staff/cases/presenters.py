"""Cases for one reader: the list without names, and the record, whose look is recorded by the room."""

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

from anxin.domains.access import api as access
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import (
    CaseStage,
    CaseState,
    CaseStep,
    ClosingStanding,
    LegalBasis,
    Permission,
)
from anxin.domains.deadlines import api as deadlines
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import HIGH
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows.staff_side import is_competent_for_high
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.sites.staff.cases.course import Course, PathStep, course_of, path_of, until_of
from anxin.sites.staff.cases.forms import (
    ENDED,
    MINE,
    OVERDUE,
    SEGMENTS,
    AssignForm,
    CaseAssessmentForm,
    CaseFilter,
    CloseForm,
    EntryForm,
    StateForm,
)
from anxin.sites.staff.cases.side import Side, side_of
from anxin.sites.staff.cases.timeline import SHOWN, timeline
from anxin.sites.staff.fields import sent_or_new, unsent_words, with_version
from anxin.sites.staff.people import Person, person_behind
from anxin.sites.staff.standing import Clock, clock_of
from anxin.sites.staff.timeline import Day
from anxin.sites.staff.words import CASE_STAGES, CASE_STATES, LEGAL_BASES

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case
    from anxin.domains.network.models import Posting

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list."""

    number: str
    url: str
    level: int
    unit: str
    state: str
    manager: str
    stage: str
    clock: Clock | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One counted choice."""

    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CaseList:
    """Everything the list draws."""

    rows: list[Row]
    page: "Page[Case]"
    segments: list[Segment]
    query: str
    is_mine: bool
    seats: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to choose; ``uid`` goes into the form, never an id."""

    uid: str
    label: str
    staff_id: int


@dataclass(frozen=True, slots=True)
class Steps:
    """What this person may do now; ``None`` when not."""

    entry: EntryForm | None = None
    assessment: CaseAssessmentForm | None = None
    state: StateForm | None = None
    assign: AssignForm | None = None
    close: CloseForm | None = None
    ends_by_other: bool = False
    not_competent: bool = False
    needs_plan: bool = False
    open: str = "entry"


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the record draws."""

    uid: str
    number: str
    level: int
    is_ended: bool
    state: str
    manager: str
    manager_unit: str
    legal_basis: str
    opened_at: datetime
    closing_words: str
    path: list[PathStep]
    course: Course
    stage: str
    step: CaseStep | None
    clock: Clock | None
    person: Person
    warnings: list[str]
    days: list[Day]
    shown: list[tuple[str, str, bool]]
    steps: Steps
    side: Side
    owner: str
    unsent: tuple[str, ...]


def case_list(actor: Actor, form: CaseFilter, page_number: str) -> CaseList:
    """The list; the number of queries does not depend on the number of cases."""
    chosen, now = form.chosen(), clock.now()
    found = cases.cases_queryset(actor=actor)
    segments = [
        Segment(
            str(label),
            _narrowed(found, actor, key).count(),
            f"{reverse('staff:cases')}?show={key}",
            key == chosen["show"],
        )
        for key, label in SEGMENTS
    ]
    narrowed = _narrowed(found, actor, chosen["show"])
    if chosen["q"]:
        words = chosen["q"]
        # No names: what a list is searched for must not tell who is in it.
        narrowed = narrowed.filter(
            Q(number__icontains=words)
            | Q(unit__name__icontains=words)
            | Q(manager__staff__name__icontains=words)
        )
    page = Paginator(narrowed, PAGE_SIZE).get_page(page_number)
    return CaseList(
        rows=[row_of(case, now) for case in page],
        page=page,
        segments=segments,
        query=urlencode({key: value for key, value in chosen.items() if value}) + "&",
        is_mine=chosen["show"] == MINE,
        seats=len(cases.seats_of(actor=actor)),
    )


def cases_chosen(actor: Actor, form: CaseFilter) -> "QuerySet[Case]":
    """The cases of one segment, all of them."""
    return _narrowed(cases.cases_queryset(actor=actor), actor, form.chosen()["show"])


def _narrowed(found: "QuerySet[Case]", actor: Actor, show: str) -> "QuerySet[Case]":
    if show == ENDED:
        return found.filter(closed_at__isnull=False)
    still_open = found.filter(closed_at__isnull=True)
    if show == MINE:
        # Whoever stands in for a colleague today has those cases among their own.
        mine = {*actor.posting_ids, *cases.covered_postings(actor=actor)}
        return still_open.filter(manager_id__in=mine)
    if show == OVERDUE:
        return still_open.filter(deadlines.is_overdue_q(at=clock.now(), prefix="deadline__"))
    return still_open


def row_of(case: "Case", now: datetime) -> Row:
    """One case of the list."""
    return Row(
        number=case.number,
        url=reverse("staff:case", kwargs={"uid": case.uid}),
        level=case.level,
        unit=case.unit.name,
        state=str(CASE_STATES[CaseState(case.state)]),
        manager=case.manager.staff.name,
        stage=str(CASE_STAGES[CaseStage(case.deadline.stage)]) if case.deadline else "",
        clock=clock_of(case.deadline, now, is_waiting=False) if case.deadline else None,
        ended_at=case.closed_at,
    )


def case_page(
    actor: Actor,
    uid: str,
    *,
    show: str = "",
    tried: dict[str, Form] | None = None,
    is_revealed: bool = False,
) -> CasePage:
    """The record; the look is recorded. Raises ``CaseNotFound``, and ``ConfirmationNeeded`` for a minor's."""
    case = cases.access_case(actor=actor, uid=uid)
    if tried is None and case.resident is not None:
        # Not while something typed comes back: it must not be lost to the question.
        access.demand_confirmation(actor=actor, resident_uid=case.resident.uid, born_on=case.resident.born_on)
    entries = list(case.entries.all())
    step = cases.next_step_of(actor=actor, case=case)
    people = _postings_around(case) if case.closed_at is None else []
    steps = _steps(actor, case, tried or {}, people)
    beside = side_of(
        actor,
        case,
        tried=tried or {},
        colleagues=[(one.uid, f"{one.staff.name}·{one.unit.name}") for one in people],
        is_competent=is_competent_for_high(actor),
    )
    address = reverse("staff:case", kwargs={"uid": uid})
    return CasePage(
        uid=case.uid,
        number=case.number,
        level=case.level,
        is_ended=case.closed_at is not None,
        state=str(CASE_STATES[CaseState(case.state)]),
        manager=case.manager.staff.name,
        manager_unit=case.unit.name,
        legal_basis=str(LEGAL_BASES[LegalBasis(case.legal_basis)]),
        opened_at=case.opened_at,
        closing_words=_closing_words(cases.closing_standing(actor=actor, case=case)),
        path=path_of(case, step),
        course=course_of(entries, until_of(case)),
        stage=str(CASE_STAGES[CaseStage(case.deadline.stage)]) if case.deadline else "",
        step=step,
        clock=clock_of(case.deadline, clock.now(), is_waiting=False) if case.deadline else None,
        person=person_behind(
            actor,
            case,
            is_revealed=is_revealed,
            rings_now=case.closed_at is None and _is_in_hand(actor, case),
        ),
        warnings=[link.warning.number for link in case.warnings.all()],
        days=timeline(entries, show),
        shown=[
            (str(label), f"{address}?show={key}" if key else address, key == (show if show in SHOWN else ""))
            for key, (label, _kinds) in SHOWN.items()
        ],
        steps=steps,
        side=beside,
        owner=blind_index(actor.uid, purpose="device.owner")[-24:],
        unsent=unsent_words(
            tried or {},
            (
                *(steps.entry, steps.assessment, steps.state, steps.assign, steps.close),
                *(beside.task_form, beside.goal_form, beside.followup_form),
                beside.lowering.decline if beside.lowering else None,
            ),
        ),
    )


def _is_in_hand(actor: Actor, case: "Case") -> bool:
    """Whether the reader manages the case, or stands in for its manager today."""
    return case.manager_id in {*actor.posting_ids, *cases.covered_postings(actor=actor)}


def _closing_words(standing: ClosingStanding) -> str:
    if standing.is_met:
        return _("The rule for closing is met. A supervisor who is not the manager closes it.")
    if standing.level_is_low and standing.ready_at is not None:
        return _("Closing needs a second assessment at L1 or below, from %(day)s on.") % {
            "day": f"{clock.local(standing.ready_at):%m-%d}"
        }
    return _("Closing needs L1 or below on two assessments at least 14 days apart.")


def _steps(actor: Actor, case: "Case", tried: dict[str, Form], people: "Sequence[Posting]") -> Steps:
    if case.closed_at is not None:
        return Steps()
    state, version = CaseState(case.state), case.row_version
    may_write = cases.may_on_case(actor, Permission.WRITE, case)
    competent = is_competent_for_high(actor)
    enterable, endings = cases.enterable_from(state), cases.endings_from(state)
    is_manager = case.manager_id in actor.posting_ids
    may_close = cases.may_on_case(actor, Permission.CLOSE, case) and bool(endings)
    state_form = sent_or_new(tried, "state", StateForm).offer(enterable)
    close_form = sent_or_new(tried, "close", CloseForm).offer(endings)
    assessment_form = sent_or_new(
        tried, "assessment", CaseAssessmentForm, readers=_choices(_readers(actor, people))
    )
    assign_form = sent_or_new(tried, "assign", AssignForm, colleagues=_choices(_others(case, people)))
    may_assign = cases.may_on_case(actor, Permission.ASSIGN, case)
    return Steps(
        entry=with_version(sent_or_new(tried, "entry", EntryForm), version) if may_write else None,
        assessment=with_version(assessment_form, version) if may_write and competent else None,
        state=with_version(state_form, version) if may_write and enterable else None,
        assign=with_version(assign_form, version) if may_assign else None,
        close=with_version(close_form, version) if may_close and not is_manager else None,
        ends_by_other=bool(endings) and (is_manager or not may_close),
        not_competent=may_write and not competent,
        needs_plan=case.level >= HIGH
        and not any(one.is_in_force for one in cases.plans_of(actor=actor, case=case)),
        open=next(iter(tried), "entry"),
    )


def _postings_around(case: "Case") -> "list[Posting]":
    """The people of the unit, and everybody who answers for it above."""
    own = list(network.postings_queryset(path=case.unit.path, on=clock.today()))
    above = network.candidates_upward(unit_id=case.unit_id, at=clock.now())
    found = network.postings_by_id(posting_ids={one.posting_id for one in above} - {one.id for one in own})
    return [*own, *found.values()]


def _readers(actor: Actor, people: "Sequence[Posting]") -> list[Colleague]:
    competent = workforce.competent_staff_ids(
        staff_ids=[one.staff_id for one in people], act=Act.CONFIRM_HIGH_RISK, on=clock.today()
    )
    found = {
        one.staff_id: Colleague(one.staff.uid, f"{one.staff.name}·{one.unit.name}", one.staff_id)
        for one in people
        if one.staff_id in competent and one.staff_id != actor.staff_id
    }
    return list(found.values())


def _others(case: "Case", people: "Sequence[Posting]") -> list[Colleague]:
    return [
        Colleague(one.uid, f"{one.staff.name}·{one.unit.name}", one.staff_id)
        for one in people
        if one.id != case.manager_id
    ]


def _choices(people: Sequence[Colleague]) -> list[tuple[str, str]]:
    return [(one.uid, one.label) for one in people]


def readers(actor: Actor, uid: str) -> list[Colleague]:
    """Who could have read an assessment as well. Raises ``CaseNotFound``."""
    return _readers(actor, _postings_around(cases.case_brief(actor=actor, uid=uid)))


def colleagues(actor: Actor, uid: str) -> list[Colleague]:
    """Whom the case could be handed to. Raises ``CaseNotFound``."""
    case = cases.case_brief(actor=actor, uid=uid)
    return _others(case, _postings_around(case))


def people_around(actor: Actor, uid: str) -> list[Colleague]:
    """Whom something can be given to. Raises ``CaseNotFound``."""
    case = cases.case_brief(actor=actor, uid=uid)
    return [
        Colleague(one.uid, f"{one.staff.name}·{one.unit.name}", one.staff_id)
        for one in _postings_around(case)
    ]


def staff_id_of(people: Sequence[Colleague], uid: str) -> int | None:
    """The chosen one."""
    return next((one.staff_id for one in people if one.uid == uid), None)
