"""Working on a case: every verb, every refusal, and that a refusal changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from anxin.domains.audit.models import AuditEvent
from anxin.domains.cases import api
from anxin.domains.cases.contracts import (
    CaseAlreadyOpen,
    CaseChanged,
    CaseEnded,
    CaseNoteMissing,
    CaseNotFound,
    CaseReasonMissing,
    CaseState,
    ClosingRuleUnmet,
    ContactIncomplete,
    EntryDraft,
    EntryKind,
    FindingsUnreadable,
    GoalsNotReviewed,
    LegalBasis,
    ManagerUnfit,
    Permission,
    SecondReaderNeeded,
    SupervisorNeeded,
)
from anxin.domains.cases.models import Case
from anxin.domains.cases.tests.factories import (
    DAY,
    HOUR,
    START,
    SYSTEM,
    Stage,
    a_draft,
    a_plan,
    a_resident,
    a_warning,
    an_open_case,
    without,
)
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.models import Deadline
from anxin.domains.risk.contracts import (
    AssessmentMissing,
    ContactChannel,
    ContactOutcome,
    Findings,
    Level,
    NotCompetent,
)
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError, NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

REACHED = EntryDraft(EntryKind.CONTACT, "接通，家人陪着。", ContactChannel.PHONE, ContactOutcome.REACHED)
UNPLANNED = replace(REACHED, without_plan="电话中断，约好下午当面写")
NO_ANSWER = replace(REACHED, note="", outcome=ContactOutcome.NO_ANSWER)
Written = Callable[[], list[Any]]


def stored(case: Case) -> Case:
    with unit_of_work(SYSTEM):
        return Case.objects.select_related("deadline").get(id=case.id)


def clock_of(case: Case) -> Deadline:
    deadline = stored(case).deadline
    assert deadline is not None
    return deadline


def kinds(case: Case) -> list[str]:
    with unit_of_work(SYSTEM):
        return list(case.entries.order_by("id").values_list("kind", flat=True))


def assess(
    stage: Stage, case: Case, level: Level, *, by: Actor | None = None, reader: Actor | None = None
) -> None:
    actor = by or stage.counsellor
    draft = a_draft(level, second_reader_id=reader.staff_id if reader else None)
    seen = stored(case).row_version
    with unit_of_work(actor):
        made = api.assess_case(
            actor=actor,
            case_uid=case.uid,
            draft=draft,
            competent_staff_ids=stage.competent,
            draw=stage.draw,
            seen_version=seen,
        )
    if reader is not None:
        with unit_of_work(reader):
            api.confirm_lowering(
                actor=reader,
                case_uid=case.uid,
                lowering_uid=made.uid,
                competent_staff_ids=stage.competent,
                draw=stage.draw,
            )


def enter(stage: Stage, case: Case, *states: CaseState) -> None:
    for state in states:
        if state is CaseState.SAFETY_PLANNED:
            a_plan(stage, case)
        with unit_of_work(stage.counsellor):
            api.enter_state(
                actor=stage.counsellor, case_uid=case.uid, state=state, note="商量好了", draw=stage.draw
            )


def in_followup(stage: Stage, level: Level = Level.L1) -> Case:
    case = an_open_case(stage, level=level)
    assess(stage, case, level)
    enter(stage, case, CaseState.SAFETY_PLANNED, CaseState.INTERVENING, CaseState.FOLLOWUP)
    return case


@requirement("R-060")
def test_an_opened_case_has_a_number_a_manager_a_running_clock_and_its_first_rows(
    stage: Stage, case: Case
) -> None:
    found = stored(case)
    assert found.number.startswith("C-1")
    assert (found.manager_id, found.level, found.state) == (stage.city.station_lead.id, 3, "opened")
    deadline = clock_of(case)
    assert (deadline.subject_kind, deadline.subject_uid, deadline.stage) == ("case", case.uid, "assess")
    assert (deadline.due_at, deadline.owner_id) == (START + DAY, stage.city.station_lead.id)
    assert kinds(case) == ["opened"]
    with unit_of_work(SYSTEM):
        status = case.statuses.get()
        assert (status.state, status.author_label) == ("opened", stage.counsellor.label)
        event = AuditEvent.objects.get(event="cases:case:opened")
    assert (event.subject_number, event.node_path) == (found.number, stage.city.station.path)
    assert event.reason == "", "words about a person are sealed in the timeline, not readable in the trail"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": " "}, CaseReasonMissing),
        ({"actor": "without_right"}, NotPermitted),
        ({"actor": "stranger"}, NotPermitted),
        ({"actor": "program"}, NotPermitted),
        ({"assessed": False}, AssessmentMissing),
    ],
)
def test_a_case_is_opened_by_a_person_with_the_right_for_a_reason_from_an_assessment(
    stage: Stage, written: Written, change: dict[str, Any], refusal: type[AnxinError]
) -> None:
    actors = {
        "without_right": without(stage.counsellor, Permission.OPEN),
        "stranger": stage.stranger,
        "program": SYSTEM,
    }
    actor = actors.get(change.get("actor", ""), stage.counsellor)
    with unit_of_work(SYSTEM):
        warning = a_warning(stage, a_resident(stage.city.station), is_assessed=change.get("assessed", True))
    before = written()
    with pytest.raises(refusal), unit_of_work(actor):
        api.open_case(
            actor=actor,
            warning=warning,
            manager_posting_id=stage.city.station_lead.id,
            legal_basis=LegalBasis.CONSENT,
            reason=change.get("reason", "需要"),
            draw=stage.draw,
        )
    assert written() == before


def test_a_second_open_case_for_the_same_person_is_refused(stage: Stage, written: Written) -> None:
    person = a_resident_of(stage)
    an_open_case(stage, resident=person)
    with unit_of_work(SYSTEM):
        again = a_warning(stage, person)
    before = written()
    with pytest.raises(CaseAlreadyOpen), unit_of_work(stage.counsellor):
        api.open_case(
            actor=stage.counsellor,
            warning=again,
            manager_posting_id=stage.city.station_lead.id,
            legal_basis=LegalBasis.EMERGENCY,
            reason="又来了",
            draw=stage.draw,
        )
    assert written() == before


def a_resident_of(stage: Stage) -> Any:
    with unit_of_work(SYSTEM):
        return a_resident(stage.city.station)


def attach(stage: Stage, person: Any, level: Level) -> Case | None:
    with unit_of_work(SYSTEM):
        warning = a_warning(stage, person, level=level)
        return api.attach_if_open(
            actor=SYSTEM, resident_id=person.id, warning_id=warning.id, level=int(level)
        )


@requirement("R-060")
def test_a_new_warning_joins_the_open_case_and_can_only_raise_its_level(
    stage: Stage, traveller: time_machine.Traveller
) -> None:
    person = a_resident_of(stage)
    case = an_open_case(stage, level=Level.L2, resident=person)
    traveller.shift(DAY)
    assert attach(stage, person, Level.L1) is not None
    assert (stored(case).level, clock_of(case).due_at) == (2, START + 7 * DAY)
    attach(stage, person, Level.L4)
    assert (stored(case).level, clock_of(case).due_at) == (4, START + DAY + timedelta(minutes=30))
    assert clock_of(case).owner_id == stage.city.station_lead.id
    assert kinds(case) == ["opened", "attached", "attached", "level_raised"]
    attach(stage, person, Level.L3)
    assert stored(case).level == 4
    with unit_of_work(SYSTEM):
        assert case.warnings.count() == 4


def test_a_raised_level_never_gives_more_time_than_there_was(
    stage: Stage, traveller: time_machine.Traveller
) -> None:
    person = a_resident_of(stage)
    case = an_open_case(stage, level=Level.L3, resident=person)
    traveller.shift(DAY - timedelta(minutes=10))
    attach(stage, person, Level.L4)
    assert clock_of(case).due_at == START + DAY


def test_a_raise_never_gives_the_clock_back_to_a_lower_rung(
    stage: Stage, traveller: time_machine.Traveller
) -> None:
    """Five hours late the county holds an L3; at the pace of L4 the city would."""
    person = a_resident_of(stage)
    case = an_open_case(stage, level=Level.L3, resident=person)
    traveller.shift(DAY + 5 * HOUR)
    attach(stage, person, Level.L4)
    rungs = deadlines.load_ladder(clock_of(case).ladder).rungs
    assert [rung.rung.value for rung in rungs] == ["county", "city"]
    assert clock_of(case).owner_id == stage.city.city_clinician.id


def test_attaching_twice_is_attaching_once(stage: Stage, written: Written) -> None:
    person = a_resident_of(stage)
    an_open_case(stage, resident=person)
    with unit_of_work(SYSTEM):
        warning = a_warning(stage, person, level=Level.L4)
    arguments: dict[str, Any] = {"resident_id": person.id, "warning_id": warning.id, "level": 4}
    with unit_of_work(SYSTEM):
        api.attach_if_open(actor=SYSTEM, **arguments)
    before = written()[:-1]
    with unit_of_work(SYSTEM):
        assert api.attach_if_open(actor=SYSTEM, **arguments) is not None
    assert written()[:-1] == before


def test_without_an_open_case_nothing_is_attached_and_nothing_recorded(
    stage: Stage, written: Written
) -> None:
    person = a_resident_of(stage)
    with unit_of_work(SYSTEM):
        warning = a_warning(stage, person)
    before = written()
    with unit_of_work(SYSTEM):
        found = api.attach_if_open(actor=SYSTEM, resident_id=person.id, warning_id=warning.id, level=3)
    assert found is None
    assert written() == before


@requirement("R-060")
def test_the_first_assessment_moves_the_case_on_and_starts_the_clock_of_the_plan(
    stage: Stage, case: Case, traveller: time_machine.Traveller
) -> None:
    traveller.shift(HOUR)
    opened = clock_of(case)
    assess(stage, case, Level.L4)
    found = stored(case)
    assert (found.state, found.level) == ("risk_assessed", 4)
    assert (clock_of(case).stage, clock_of(case).due_at) == ("plan", START + 3 * HOUR)
    opened.refresh_from_db()
    assert (opened.is_open, opened.ended_how) == (False, "met")


def test_lowering_a_high_level_takes_a_second_competent_reader(
    stage: Stage, case: Case, written: Written
) -> None:
    readers = {"nobody": None, "oneself": stage.counsellor.staff_id, "layman": stage.supervisor.staff_id}
    before = written()
    for name, reader in readers.items():
        competent = stage.competent - {reader} if name == "layman" else stage.competent
        with pytest.raises(SecondReaderNeeded), unit_of_work(stage.counsellor):
            api.assess_case(
                actor=stage.counsellor,
                case_uid=case.uid,
                draft=a_draft(Level.L2, second_reader_id=reader),
                competent_staff_ids=frozenset(competent),
                draw=stage.draw,
                seen_version=0,
            )
    assert written() == before
    assess(stage, case, Level.L2, reader=stage.supervisor)
    assert stored(case).level == 2
    with unit_of_work(SYSTEM):
        entry = case.entries.get(kind="assessed")
        assert case.assessments.get().second_reader_id == stage.supervisor.staff_id
    assert entry.params["second_reader"] == stage.supervisor.label


@pytest.mark.parametrize(
    ("draft", "competent", "refusal"),
    [
        (a_draft(Level.L3), False, NotCompetent),
        (replace(a_draft(Level.L3), summary=" "), True, CaseNoteMissing),
        (replace(a_draft(Level.L3), findings=Findings(plan="maybe")), True, FindingsUnreadable),
    ],
)
def test_an_assessment_needs_a_competent_person_and_readable_words(
    stage: Stage, case: Case, written: Written, draft: Any, competent: bool, refusal: type[AnxinError]
) -> None:
    before = written()
    with pytest.raises(refusal), unit_of_work(stage.counsellor):
        api.assess_case(
            actor=stage.counsellor,
            case_uid=case.uid,
            draft=draft,
            competent_staff_ids=stage.competent if competent else frozenset(),
            draw=stage.draw,
        )
    assert written() == before


def test_each_state_brings_its_own_clock(stage: Stage, case: Case) -> None:
    assess(stage, case, Level.L3)
    seen = []
    for state in (CaseState.SAFETY_PLANNED, CaseState.REFERRED, CaseState.INTERVENING, CaseState.FOLLOWUP):
        enter(stage, case, state)
        seen.append((stored(case).state, clock_of(case).stage, clock_of(case).due_at - START))
    assert seen == [
        ("safety_planned", "contact", 7 * DAY),
        ("referred", "referral", 3 * DAY),
        ("intervening", "contact", 7 * DAY),
        ("followup", "followup", DAY * 1.2),
    ]
    with unit_of_work(SYSTEM):
        assert [row.state for row in case.statuses.order_by("id")][1:3] == ["risk_assessed", "safety_planned"]


@pytest.mark.parametrize(
    ("state", "note", "refusal"),
    [
        (CaseState.SAFETY_PLANNED, "好", MoveNotAllowed),
        (CaseState.RISK_ASSESSED, "好", MoveNotAllowed),
        (CaseState.DECEASED_REVIEW, "好", MoveNotAllowed),
        (CaseState.OPENED, "好", MoveNotAllowed),
    ],
)
def test_a_move_outside_the_table_changes_nothing(
    stage: Stage, case: Case, written: Written, state: CaseState, note: str, refusal: type[AnxinError]
) -> None:
    before = written()
    with pytest.raises(refusal), unit_of_work(stage.counsellor):
        api.enter_state(actor=stage.counsellor, case_uid=case.uid, state=state, note=note, draw=stage.draw)
    assert written() == before


def test_a_move_needs_its_words(stage: Stage, case: Case, written: Written) -> None:
    assess(stage, case, Level.L3)
    before = written()
    with pytest.raises(CaseNoteMissing), unit_of_work(stage.counsellor):
        api.enter_state(
            actor=stage.counsellor,
            case_uid=case.uid,
            state=CaseState.SAFETY_PLANNED,
            note="",
            draw=stage.draw,
        )
    assert written() == before


def add(stage: Stage, case: Case, entry: EntryDraft) -> None:
    with unit_of_work(stage.counsellor):
        api.add_entry(actor=stage.counsellor, case_uid=case.uid, entry=entry, draw=stage.draw)


def test_only_reaching_the_person_meets_a_contact_that_is_owed(
    stage: Stage, case: Case, traveller: time_machine.Traveller
) -> None:
    assess(stage, case, Level.L3)
    enter(stage, case, CaseState.SAFETY_PLANNED, CaseState.INTERVENING)
    traveller.shift(DAY)
    for entry in (NO_ANSWER, EntryDraft(EntryKind.FAMILY, "母亲来电"), EntryDraft(EntryKind.NOTE, "已预约")):
        add(stage, case, entry)
        assert clock_of(case).due_at == START + 7 * DAY
    add(stage, case, REACHED)
    assert clock_of(case).due_at == START + 2.2 * DAY, "the first follow-up after a contact at L3 comes first"
    traveller.shift(DAY)
    add(stage, case, EntryDraft(EntryKind.SESSION, "面谈五十分钟"))
    assert clock_of(case).due_at == START + 4.6 * DAY
    traveller.shift(2 * DAY)
    add(stage, case, EntryDraft(EntryKind.SESSION, "面谈五十分钟"))
    assert clock_of(case).due_at == START + 9.4 * DAY, "the third follow-up, before the weekly contact"


def test_a_contact_does_not_stand_in_for_the_assessment_or_the_plan(stage: Stage, case: Case) -> None:
    before = clock_of(case)
    add(stage, case, UNPLANNED)
    assert (clock_of(case).stage, clock_of(case).due_at) == (before.stage, before.due_at)


@requirement("R-060")
def test_the_follow_up_ladder_is_walked_contact_by_contact(
    stage: Stage, traveller: time_machine.Traveller
) -> None:
    case = in_followup(stage)
    due = []
    for days in (1, 3, 7, 14, 30, 90, 180):
        traveller.move_to(START + days * DAY)
        add(stage, case, REACHED)
        due.append((clock_of(case).stage, round((clock_of(case).due_at - START) / DAY, 1)))
    assert due == [
        ("followup", 3.6),
        ("followup", 8.4),
        ("followup", 16.8),
        ("followup", 36.0),
        ("followup", 108.0),
        ("followup", 216.0),
        ("review", 210.0),
    ]
    with unit_of_work(stage.counsellor):
        step = api.next_step_of(actor=stage.counsellor, case=case)
    assert step is not None
    assert step.stage == "review"


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (EntryDraft(EntryKind.NOTE, " "), CaseNoteMissing),
        (EntryDraft(EntryKind.SESSION), CaseNoteMissing),
        (EntryDraft(EntryKind.CONTACT, "打过"), ContactIncomplete),
        (EntryDraft(EntryKind.CONTACT, "打过", channel=ContactChannel.PHONE), ContactIncomplete),
        (EntryDraft(EntryKind.ENDED, "结束"), ValueError),
    ],
)
def test_an_entry_that_says_too_little_is_refused(
    stage: Stage, case: Case, written: Written, entry: EntryDraft, refusal: type[Exception]
) -> None:
    before = written()
    with pytest.raises(refusal):
        add(stage, case, entry)
    assert written() == before


def test_handing_over_names_both_and_what_is_owed_stays_owed(
    stage: Stage, case: Case, traveller: time_machine.Traveller
) -> None:
    traveller.shift(HOUR)
    before = clock_of(case)
    with unit_of_work(stage.counsellor):
        api.assign(
            actor=stage.counsellor,
            case_uid=case.uid,
            manager_posting_id=stage.colleague_posting.id,
            reason="休假两周",
            draw=stage.draw,
        )
    assert stored(case).manager_id == stage.colleague_posting.id
    assert (clock_of(case).stage, clock_of(case).due_at) == (before.stage, before.due_at)
    with unit_of_work(SYSTEM):
        entry = case.entries.get(kind="assigned")
    assert (entry.params["before"], entry.params["after"]) == (stage.counsellor.label, "同事")
    assert entry.note == "休假两周"


def test_a_case_is_handed_over_for_a_reason_to_another_colleague_in_post(
    stage: Stage, case: Case, written: Written
) -> None:
    left = stage.colleague_posting
    left.ends_on = (START - DAY).date()
    left.save(update_fields=["ends_on"])
    before = written()
    for posting_id, reason, refusal in (
        (stage.city.county_clinician.id, " ", CaseReasonMissing),
        (stage.city.station_lead.id, "休假", ManagerUnfit),
        (left.id, "休假", ManagerUnfit),
        (2**40, "休假", ManagerUnfit),
    ):
        with pytest.raises(refusal), unit_of_work(stage.counsellor):
            api.assign(
                actor=stage.counsellor,
                case_uid=case.uid,
                manager_posting_id=posting_id,
                reason=reason,
                draw=stage.draw,
            )
    assert written() == before


def close(stage: Stage, case: Case, *, by: Actor | None = None, **more: Any) -> Case:
    actor = by or stage.supervisor
    arguments = {"reason": "两次复评平稳", "goals_are_reviewed": True, **more}
    with unit_of_work(actor):
        return api.close_case(actor=actor, case_uid=case.uid, **arguments)


def ready_to_close(stage: Stage, traveller: time_machine.Traveller, apart: timedelta = 14 * DAY) -> Case:
    case = in_followup(stage)
    traveller.shift(apart)
    assess(stage, case, Level.L1)
    return case


@requirement("R-060")
def test_a_case_is_closed_by_the_rule_and_a_supervisor(
    stage: Stage, traveller: time_machine.Traveller
) -> None:
    case = ready_to_close(stage, traveller)
    running = clock_of(case)
    close(stage, case)
    found = stored(case)
    assert (found.state, found.closed_at, found.deadline_id) == ("closed", START + 14 * DAY, None)
    running.refresh_from_db()
    assert not running.is_open
    assert kinds(case)[-1] == "ended"
    connection.check_constraints()


@requirement("R-060")
def test_one_minute_short_of_fourteen_days_the_case_stays_open(
    stage: Stage, traveller: time_machine.Traveller, written: Written
) -> None:
    case = ready_to_close(stage, traveller, 14 * DAY - timedelta(minutes=1))
    before = written()
    with pytest.raises(ClosingRuleUnmet):
        close(stage, case)
    assert written() == before


def test_the_manager_cannot_approve_the_end_of_their_own_case(
    stage: Stage, traveller: time_machine.Traveller, written: Written
) -> None:
    case = ready_to_close(stage, traveller)
    manager = replace(
        stage.counsellor,
        grants=tuple(
            replace(g, permissions=g.permissions | {Permission.CLOSE}) for g in stage.counsellor.grants
        ),
    )
    before = written()
    for actor, more, refusal in (
        (manager, {}, SupervisorNeeded),
        (manager, {"ending": CaseState.LOST}, SupervisorNeeded),
        (stage.colleague, {}, NotPermitted),
        (SYSTEM, {}, NotPermitted),
        (stage.supervisor, {"goals_are_reviewed": False}, GoalsNotReviewed),
        (stage.supervisor, {"reason": ""}, CaseReasonMissing),
        (stage.supervisor, {"ending": CaseState.INTERVENING}, MoveNotAllowed),
    ):
        with pytest.raises(refusal):
            close(stage, case, by=actor, **more)
    assert written() == before


def test_a_warning_since_the_last_assessment_keeps_the_case_open(
    stage: Stage, traveller: time_machine.Traveller
) -> None:
    case = ready_to_close(stage, traveller)
    with unit_of_work(SYSTEM):
        person = Case.objects.get(id=case.id).resident
    attach(stage, person, Level.L3)
    with pytest.raises(ClosingRuleUnmet):
        close(stage, case)


@pytest.mark.parametrize("ending", [CaseState.TRANSFERRED, CaseState.DECEASED_REVIEW])
def test_the_other_ends_need_no_low_level_but_the_supervisor(stage: Stage, ending: CaseState) -> None:
    case = in_followup(stage, Level.L3)
    close(stage, case, ending=ending, goals_are_reviewed=False, draw=stage.draw)
    assert stored(case).state == ending


def test_nothing_is_written_on_an_ended_case(
    stage: Stage, traveller: time_machine.Traveller, written: Written
) -> None:
    case = ready_to_close(stage, traveller)
    close(stage, case)
    before = written()
    with pytest.raises(CaseEnded):
        add(stage, case, REACHED)
    with pytest.raises(CaseEnded):
        assess(stage, case, Level.L3)
    with pytest.raises(CaseEnded):
        close(stage, case)
    assert written() == before
    with unit_of_work(stage.counsellor):
        assert api.next_step_of(actor=stage.counsellor, case=case) is None


def test_after_a_closed_case_a_new_one_can_be_opened(stage: Stage, traveller: time_machine.Traveller) -> None:
    case = ready_to_close(stage, traveller)
    close(stage, case)
    with unit_of_work(SYSTEM):
        person = Case.objects.get(id=case.id).resident
    assert an_open_case(stage, resident=person).number != case.number


def test_who_wrote_in_between_is_named_and_nothing_is_lost(
    stage: Stage, case: Case, written: Written
) -> None:
    seen = stored(case).row_version
    with unit_of_work(stage.colleague):
        api.add_entry(
            actor=stage.colleague, case_uid=case.uid, entry=NO_ANSWER, draw=stage.draw, seen_version=seen
        )
    before = written()
    with pytest.raises(CaseChanged) as refused, unit_of_work(stage.counsellor):
        api.add_entry(
            actor=stage.counsellor, case_uid=case.uid, entry=NO_ANSWER, draw=stage.draw, seen_version=seen
        )
    assert refused.value.params == {"who": "同事", "at": "11-24 09:00"}
    assert written() == before


@pytest.mark.parametrize("verb", ["assess_case", "enter_state", "add_entry", "assign", "close_case"])
def test_nobody_acts_outside_their_right_or_scope(
    stage: Stage, case: Case, written: Written, verb: str
) -> None:
    arguments: dict[str, dict[str, Any]] = {
        "assess_case": {
            "draft": a_draft(Level.L4),
            "competent_staff_ids": stage.competent,
            "draw": stage.draw,
        },
        "enter_state": {"state": CaseState.SAFETY_PLANNED, "note": "好", "draw": stage.draw},
        "add_entry": {"entry": REACHED, "draw": stage.draw},
        "assign": {
            "manager_posting_id": stage.colleague_posting.id,
            "reason": "休假",
            "draw": stage.draw,
        },
        "close_case": {"reason": "好"},
    }
    reader = without(stage.colleague, Permission.WRITE, Permission.ASSIGN)
    before = written()
    for actor, refusal in (
        (stage.stranger, CaseNotFound),
        (Actor.anonymous(), CaseNotFound),
        (reader, NotPermitted),
        (SYSTEM, NotPermitted),
    ):
        with pytest.raises(refusal), unit_of_work(actor):
            getattr(api, verb)(actor=actor, case_uid=case.uid, **arguments[verb])
    assert written() == before


@requirement("R-060")
def test_an_unattended_case_climbs_and_its_timeline_says_so(
    stage: Stage, case: Case, traveller: time_machine.Traveller
) -> None:
    for hours in (24, 28, 48, 72):
        traveller.move_to(START + hours * HOUR)
        with unit_of_work(SYSTEM):
            climbs = deadlines.climb_due(actor=SYSTEM)
            for climb in climbs:
                if climb.subject_kind == "case":
                    api.record_climb(actor=SYSTEM, climb=climb)
    assert kinds(case) == ["opened", "breached", "climbed", "climbed", "paged"]
    assert clock_of(case).owner_id == stage.city.city_clinician.id


@requirement("R-060")
def test_the_database_refuses_an_open_case_whose_clock_has_ended(stage: Stage, case: Case) -> None:
    with pytest.raises(IntegrityError, match="cases_case_running_clock"):
        end_clock_alone(case)


def end_clock_alone(case: Case) -> None:
    with transaction.atomic():
        deadlines.meet(actor=SYSTEM, deadline_id=clock_of(case).id)
        connection.check_constraints()


def test_every_name_on_the_door_carries_one_mark() -> None:
    marks = {name: getattr(api, name).anxin_mark for name in api.__all__}
    assert set(marks.values()) == {"command", "query", "pure"}
    assert marks["close_case"] == "command"
