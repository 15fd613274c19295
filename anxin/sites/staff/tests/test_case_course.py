"""Beside the timeline: plan, follow-ups, tasks, conference, review, workload. One city, one story in each test."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.domains.cases.contracts import LegalBasis
from anxin.domains.cases.models import Case, CaseConference, CaseEntry, CaseFollowUp, ConferenceSeat
from anxin.domains.network import api as network
from anxin.domains.network.models import Posting
from anxin.domains.risk.models import Warning
from anxin.flows import hand_over_cases, open_case
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests.conftest import SYSTEM
from anxin.sites.staff.tests.test_cases import assessed, fresh, make_plan, url
from anxin.sites.staff.tests.test_warnings import ASSESSMENT, rows
from tests.requirements_marker import requirement
from tests.small_city import SmallCity, add_resident

Browser = Callable[[str], Client]
REACHED = {"kind": "contact", "channel": "phone", "outcome": "reached", "note": "说上话了"}


@pytest.fixture
def case(city: SmallCity, warning: Warning) -> Case:
    """A case of 赵宁 about 李晴, assessed as L3."""
    assessed(city, warning)
    return open_case.open_case(
        actor=city.actor("zhao-ning"),
        warning_uid=warning.uid,
        reason="需要连续的陪伴",
        legal_basis=LegalBasis.CONSENT,
    )


@pytest.fixture
def zhao(browser: Browser) -> Client:
    return browser("zhao-ning")


def posting(city: SmallCity, code: str) -> Posting:
    with unit_of_work(SYSTEM):
        return network.postings_of(staff_id=city.staff[code].id, on=clock.today())[0]


@requirement("R-060")
def test_a_contact_at_l3_asks_for_the_plan_and_the_plan_is_made_by_two(
    browser: Browser, zhao: Client, case: Case
) -> None:
    zhao.post(url(case, "assessment"), {**ASSESSMENT, "level": "3"})
    refused = zhao.post(url(case, "entry"), REACHED)
    assert refused.status_code == 422
    assert "说上话了" in refused.content.decode()
    assert rows(CaseEntry, kind="contact") == 0
    first = {"signs": "整夜睡不着", "who_to_ask": "姐姐", "base_version": "0", "agreed": ""}
    assert zhao.post(url(case, "plan"), first).status_code == 303
    person = browser("li-qing")
    page = person.get("/me/plan/")
    assert "整夜睡不着" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert page.content.decode().index("tel:12356") < page.content.decode().index("整夜睡不着")
    added = {"signs": "整夜睡不着", "who_to_ask": "姐姐", "own_ways": "听歌", "base_version": "1"}
    assert person.post("/me/plan/", added).status_code == 303
    assert person.post("/me/plan/", {**added, "own_ways": "旧的"}).status_code == 422, "from an older page"
    shown = zhao.get(url(case)).context["view"].side.plan
    assert (shown.version, shown.by_person, shown.is_in_force) == (2, True, False)
    assert zhao.post(url(case, "plan/agreed"), {"version": "2"}).status_code == 303
    assert zhao.post(url(case, "entry"), {**REACHED, "once_uid": "one"}).status_code == 303
    assert zhao.post(url(case, "entry"), {**REACHED, "once_uid": "one"}).status_code == 303
    assert rows(CaseEntry, kind="contact") == 1
    assert zhao.get(url(case, "kept") + "?once=one").json() == {"kept": True}
    assert browser("sun-lan").get(url(case, "kept") + "?once=one").json() == {"kept": False}
    side = zhao.get(url(case)).context["view"].side
    assert [one.number for one in side.followups] == [1, 2, 3, 4, 5, 6, 7]
    moved = {"followup": side.followups[0].uid, "to": "2026-11-25T14:00", "reason": "白天要开会"}
    assert zhao.post(url(case, "followups"), {**moved, "to": "2026-11-23T14:00"}).status_code == 422
    assert zhao.post(url(case, "followups"), moved).status_code == 303
    with unit_of_work(SYSTEM):
        row = CaseFollowUp.objects.get(uid=side.followups[0].uid)
    assert f"{clock.local(row.planned_at):%H:%M}" == "14:00"


def test_nobody_else_meets_a_plan_at_the_persons_address(browser: Browser, zhao: Client, case: Case) -> None:
    make_plan(zhao, case)
    other = browser("lin-xia")
    page = other.get("/me/plan/").content.decode()
    assert "整夜睡不着" not in page
    assert other.post("/me/plan/", {"signs": "x", "base_version": "1"}).status_code == 303
    assert other.post("/me/plan/agreed/", {"version": "1"}).status_code == 303
    assert rows(CaseEntry, kind="plan_written") == 1
    assert zhao.get("/me/plan/").status_code in (302, 403)
    offline = Client().get("/me/plan/offline/")
    assert offline.status_code == 200
    assert "整夜睡不着" not in offline.content.decode()
    worker = Client().get("/me/plan/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")


@requirement("R-061")
def test_a_conference_shows_the_chosen_fields_at_a_seat_and_nothing_else(
    browser: Browser, zhao: Client, city: SmallCity, case: Case
) -> None:
    zhao.post(url(case, "assessment"), {**ASSESSMENT, "level": "3"})
    chen = posting(city, "chen-mo")
    asked = {
        "question": "是否需要转诊",
        "members": [chen.uid],
        "shared": ["level", "state"],
        "closes_at": "2026-11-26T18:00",
    }
    assert zhao.post(url(case, "conference"), {**asked, "closes_at": "2027-11-26T18:00"}).status_code == 422
    assert rows(CaseConference) == 0
    assert zhao.post(url(case, "conference"), asked).status_code == 303
    with unit_of_work(SYSTEM):
        seat = ConferenceSeat.objects.get()
        conference = CaseConference.objects.get()
    guest = browser("chen-mo")
    assert case.number in guest.get("/staff/cases/seats/").content.decode()
    page = guest.get(f"/staff/cases/seats/{seat.uid}/").content.decode()
    assert "是否需要转诊" in page
    assert "L3" in page
    assert "李" not in page
    assert guest.get(url(case)).status_code == 404
    assert guest.post(f"/staff/cases/seats/{seat.uid}/", {"view": "建议当天就诊"}).status_code == 303
    assert browser("bai-lu").get(f"/staff/cases/seats/{seat.uid}/").status_code == 404
    assert "建议当天就诊" in zhao.get(url(case)).content.decode()
    end = url(case, f"conference/{conference.uid}")
    assert zhao.post(end, {"minutes": ""}).status_code == 422
    assert zhao.post(end, {"minutes": "今天转诊"}).status_code == 303
    assert guest.get(f"/staff/cases/seats/{seat.uid}/").status_code == 404


def test_tasks_and_goals_are_kept_and_what_is_wrong_comes_back(
    zhao: Client, city: SmallCity, case: Case
) -> None:
    owner = posting(city, "zhao-ning").uid
    task = {"text": "联系学校", "owner": owner, "due_on": "2026-11-25"}
    back = zhao.post(url(case, "tasks"), {**task, "due_on": "2026-11-20"})
    assert back.status_code == 422
    assert "联系学校" in back.content.decode()
    assert zhao.post(url(case, "tasks"), task).status_code == 303
    assert zhao.post(url(case, "goals"), {"text": "能睡整夜"}).status_code == 303
    side = zhao.get(url(case)).context["view"].side
    assert zhao.post(url(case, f"tasks/{side.tasks[0].uid}/done")).status_code == 303
    reviewed = url(case, f"goals/{side.goals[0].uid}")
    assert zhao.post(reviewed, {"state": "dropped", "note": ""}).status_code == 422
    assert zhao.post(reviewed, {"state": "reached"}).status_code == 303
    after = zhao.get(url(case)).context["view"].side
    assert (after.tasks[0].is_done, after.goals[0].is_open) == (True, False)


@requirement("R-061")
def test_what_was_told_about_a_death_is_read_by_the_supervisors_only(
    browser: Browser, zhao: Client, case: Case
) -> None:
    sun = browser("sun-lan")
    ending = {"ending": "deceased_review", "reason": "家属来电告知"}
    assert sun.post(url(case, "close"), ending).status_code == 303
    assert "家属来电告知" not in zhao.get(url(case)).content.decode()
    assert zhao.get(url(case, "review")).status_code == 404
    assert zhao.post(url(case, "review"), {"learnt": "x", "aftercare": "y"}).status_code == 404
    assert "家属来电告知" in sun.get(url(case, "review")).content.decode()
    assert sun.post(url(case, "review"), {"learnt": "", "aftercare": "", "finished": "on"}).status_code == 422
    written = {"learnt": "早一点联系学校", "aftercare": "班级支持", "finished": "on"}
    assert sun.post(url(case, "review"), written).status_code == 303


# --- workload --------------------------------------------------------------------------------------


def test_a_supervisor_sees_the_load_and_hands_over_several_at_once_or_none(
    browser: Browser, city: SmallCity, case: Case
) -> None:
    sun = browser("sun-lan")
    board = sun.get("/staff/workload/").context["view"]
    assert [(one.label, one.total) for one in board.colleagues] == [("赵宁", 1)]
    assert browser("chen-mo").get("/staff/workload/").context["view"].colleagues == []
    assert browser("zhou-xing").get("/staff/workload/").status_code == 403
    zhao, own = posting(city, "zhao-ning"), posting(city, "sun-lan")
    page = f"/staff/workload/{zhao.uid}/"
    assert browser("chen-mo").get(page).status_code == 404
    wish = {"cases": [case.uid], "manager": own.uid, "reason": "调整工作量"}
    assert browser("chen-mo").post(f"{page}reassign/", wish).status_code == 404
    tutor = posting(city, "bai-lu").uid
    refused = sun.post(f"{page}reassign/", {**wish, "manager": tutor})
    assert refused.status_code == 422, "a tutor may not work on an L3"
    assert fresh(case).manager_id == zhao.id
    assert sun.post(f"{page}reassign/", wish).status_code == 303
    assert fresh(case).manager_id == own.id


def test_a_cover_calls_who_stands_in_and_then_the_manager_again(
    browser: Browser, city: SmallCity, case: Case, at: Any
) -> None:
    manager = browser("zhao-ning")
    manager.post(url(case, "assessment"), {**ASSESSMENT, "level": "3"})
    make_plan(manager, case)
    for state in ("safety_planned", "intervening"):
        manager.post(url(case, "state"), {"state": state, "note": "按计划"})
    zhao = posting(city, "zhao-ning")
    sun = browser("sun-lan")
    wish = {
        "by": posting(city, "sun-lan").uid,
        "starts_on": "2026-11-25",
        "ends_on": "2026-11-26",
        "reason": "休假",
    }
    page = f"/staff/workload/{zhao.uid}/cover/"
    assert sun.post(page, {**wish, "starts_on": "2026-11-20"}).status_code == 422
    assert sun.post(page, {**wish, "by": posting(city, "bai-lu").uid}).status_code == 422
    assert sun.post(page, wish).status_code == 303

    def called() -> str:
        hand_over_cases.follow_cover({"posting_id": zhao.id, "occasion": f"{clock.now()}"})
        with unit_of_work(SYSTEM):
            found = Case.objects.select_related("deadline__owner__staff").get(id=case.id)
        return str(found.deadline.owner.staff.name)

    seen = []
    for _ in range(4):
        seen.append(called())
        at.shift(timedelta(days=1))
    assert seen == ["赵宁", "孙岚", "孙岚", "赵宁"]


@requirement("R-060")
def test_when_somebody_leaves_every_case_of_theirs_has_another_manager(
    city: SmallCity, case: Case, at: Any
) -> None:
    zhao = posting(city, "zhao-ning")
    with unit_of_work(SYSTEM):
        network.end_posting(actor=SYSTEM, posting=zhao, last_day=clock.today())
    at.shift(timedelta(days=1))
    assert hand_over_cases.follow_ended_posting(zhao.id) == 0
    with unit_of_work(SYSTEM):
        found = Case.objects.select_related("manager__staff", "deadline__owner__staff").get(id=case.id)
        note = CaseEntry.objects.get(case=case, kind="assigned")
    assert found.manager.staff.name == "孙岚"
    assert found.deadline.owner.staff.name == "孙岚"
    assert "离任" in note.note


def test_the_board_asks_as_often_for_many_cases_as_for_one(
    browser: Browser, city: SmallCity, case: Case, warn: Callable[..., Warning]
) -> None:
    sun = browser("sun-lan")
    sun.get("/staff/workload/")
    with CaptureQueriesContext(connection) as one:
        sun.get("/staff/workload/")
    with unit_of_work(SYSTEM):
        for number in range(3):
            code = f"more-{number}"
            add_resident(city, code, f"1390000000{number}", f"某{number}", date(1990, 1, 1), "LIUAN")
    for number in range(3):
        found = warn(f"more-{number}")
        assessed(city, found)
        open_case.open_case(
            actor=city.actor("zhao-ning"),
            warning_uid=found.uid,
            reason="陪伴",
            legal_basis=LegalBasis.CONSENT,
        )
    with CaptureQueriesContext(connection) as many:
        board = sun.get("/staff/workload/").context["view"]
    assert board.total == 4
    assert len(many) == len(one)


def test_the_second_reader_may_say_that_the_level_stays(
    browser: Browser, zhao: Client, city: SmallCity, case: Case
) -> None:
    reader = {"second_reader": city.staff["sun-lan"].uid, "seen_version": str(fresh(case).row_version)}
    assert zhao.post(url(case, "assessment"), {**ASSESSMENT, **reader}).status_code == 303
    with unit_of_work(SYSTEM):
        waiting = case.lowerings.get()
    sun = browser("sun-lan")
    decline = url(case, f"lowering/{waiting.uid}/decline")
    assert sun.post(decline, {"reason": ""}).status_code == 422
    assert sun.post(decline, {"reason": "睡眠还没有好转"}).status_code == 303
    assert fresh(case).level == 3
    with unit_of_work(SYSTEM):
        assert not case.lowerings.filter(state="waiting").exists()
