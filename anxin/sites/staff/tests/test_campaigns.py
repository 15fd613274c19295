"""Campaign pages: planned and reviewed by two people, run, triaged, talked about; sums for those who need no names."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns.contracts import CampaignState, Segment, TriageLevel
from anxin.domains.campaigns.models import (
    Campaign,
    CampaignEntry,
    CriticalSignal,
    Interview,
    Step,
    WorksheetDraft,
)
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.flows import triage_campaign
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.campaigns.urls import urlpatterns
from anxin.sites.staff.tests.conftest import SYSTEM
from tests import small_city
from tests.campaign_course import CALM, GRAVE, HEAVY, LOW, PLAN, Course, draft
from tests.requirements_marker import requirement
from tests.small_city import SmallCity

Browser = Callable[[str], Client]
S = CampaignState


@pytest.fixture
def course(city: SmallCity) -> Course:
    return draft(city)


@pytest.fixture
def running(course: Course, at: Any) -> Course:
    return course.go_to(S.RUNNING, at)


@pytest.fixture
def found(running: Course, at: Any) -> Course:
    """Three people: calm, heavy, critical; triage is finished and talks have begun."""
    for place, answers in enumerate([(CALM,), (LOW, HEAVY), (LOW, GRAVE)]):
        running.hand_in(place, *answers)
    return running.go_to(S.INTERVIEWING, at)


def employ(city: SmallCity, code: str, role: str, node: str) -> None:
    """Somebody with one role at one node."""
    with unit_of_work(SYSTEM):
        account = accounts.create_account(actor=SYSTEM, kind="staff", login=code)
        person = network.add_staff_member(actor=SYSTEM, name=f"某{code[:4]}", account_id=account.id)
        network.appoint(
            actor=SYSTEM,
            staff=person,
            unit=city.units[node],
            post=Post.OFFICER,
            starts_on=small_city.SINCE,
        )
        access.grant(actor=SYSTEM, account=account, role=role, node=city.units[node])
        city.accounts[code], city.staff[code] = account, person


def addresses(course: Course, row_uid: str, group_uid: str) -> list[str]:
    """Every address under /staff/campaigns/ that names this campaign or one of its people."""
    values = {
        "uid": course.uid,
        "part": "basics",
        "group_uid": group_uid,
        "participant_uid": course.people[2].uid,
    }
    found = []
    for pattern in urlpatterns:
        name = str(pattern.name)
        wanted = pattern.pattern.converters
        if not wanted:
            continue
        kwargs = {key: values[key] for key in wanted}
        if name.startswith("campaign-person"):
            kwargs["uid"] = row_uid
        found.append(reverse(f"staff:{name}", kwargs=kwargs))
    return found


def names_of(course: Course) -> list[str]:
    return [one.name for one in course.people]


# --- who sees what -------------------------------------------------------------------------------


@requirement("R-067", "R-048")
def test_another_station_finds_nothing_at_any_address(found: Course, browser: Browser) -> None:
    with unit_of_work(SYSTEM):
        group = found.campaign.groups.get()
        before = list(Campaign.objects.values())
    chen = browser("chen-mo")
    here = addresses(found, found.row(2).uid, group.uid)
    assert len(here) == len(urlpatterns) - 2
    for address in here:
        for answer in (chen.get(address), chen.post(address, {"target": "cancelled", "reason": "x"})):
            assert answer.status_code in (404, 405), address
        assert 404 in (chen.get(address).status_code, chen.post(address, {"target": "reported"}).status_code)
    assert found.campaign.title not in chen.get("/staff/campaigns/?show=all").content.decode()
    with unit_of_work(SYSTEM):
        assert list(Campaign.objects.values()) == before


@requirement("R-048")
def test_an_employers_contact_reads_whole_sums_and_nothing_else(
    city: SmallCity, browser: Browser, at: Any
) -> None:
    course = draft(city, replace(PLAN, segment=Segment.WORKER, expected_participants=40))
    course.go_to(S.CONSENT_OPEN, at)
    course.list_people(40, classes=2)
    course.go_to(S.RUNNING, at)
    for place in range(35):
        course.hand_in(place, CALM)
    course.hand_in(35, LOW, GRAVE)
    course.go_to(S.INTERVIEWING, at)
    employ(city, "contact", "employer_contact", "LIUAN")
    contact = browser("contact")
    row = course.row(35)
    page = contact.get(f"/staff/campaigns/{course.uid}/")
    assert page.status_code == 200
    assert contact.get(f"/staff/campaigns/{course.uid}/report/").status_code == 403, "not released yet"
    course.go_to(S.REPORTED, at)
    with unit_of_work(SYSTEM):
        group = course.campaign.groups.first()
    answers = {address: contact.get(address) for address in addresses(course, row.uid, group.uid)}
    report = answers[f"/staff/campaigns/{course.uid}/report/"]
    assert report.status_code == 200
    text = report.content.decode()
    assert "1 班" not in text, "never split by group"
    assert ">40<" in text.replace("<b>", "").replace("</b>", "").replace("\n", "")
    for address, answer in answers.items():
        said = answer.content.decode()
        assert not any(name in said for name in names_of(course)), address
        if answer.status_code == 200:
            assert address.rstrip("/").rsplit("/", 1)[-1] in (course.uid, "report", "table"), address
        else:
            assert answer.status_code in (403, 404, 405), address
    for address in addresses(course, row.uid, group.uid):
        assert contact.post(address, {}).status_code in (403, 404, 405, 422), address


@pytest.mark.parametrize("role", ["homeroom_teacher", "task_force_office"])
@requirement("R-048")
def test_a_class_teacher_and_the_task_force_meet_nobody_here(
    city: SmallCity, found: Course, browser: Browser, role: str
) -> None:
    if role == "homeroom_teacher":
        employ(city, "class-teacher", role, "LIUAN")
    client = browser("class-teacher" if role == "homeroom_teacher" else "zhou-xing")
    with unit_of_work(SYSTEM):
        group = found.campaign.groups.get()
    for address in ["/staff/campaigns/", *addresses(found, found.row(2).uid, group.uid)]:
        answer = client.get(address)
        assert answer.status_code in (403, 404, 405), address
        assert not any(name in answer.content.decode() for name in names_of(found))


@requirement("R-048")
def test_those_who_run_the_day_meet_no_name_and_no_level(found: Course, browser: Browser) -> None:
    employ(found.city, "manager", "station_manager", "LIUAN")
    manager = browser("manager")
    assert manager.get(f"/staff/campaigns/{found.uid}/progress/").status_code == 200
    assert manager.get(f"/staff/campaigns/{found.uid}/triage/").status_code == 403
    assert manager.get(f"/staff/campaigns/people/{found.row(2).uid}/").status_code == 404
    for page in ("", "progress/", "quality/", "report/"):
        said = manager.get(f"/staff/campaigns/{found.uid}/{page}").content.decode()
        assert not any(name in said for name in names_of(found))


def test_the_list_asks_as_many_questions_for_many_campaigns_as_for_one(
    city: SmallCity, browser: Browser
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert zhao.get("/staff/campaigns/?show=all").status_code == 200
        return len(caught)

    zhao = browser("zhao-ning")
    assert "staff/campaigns/new" in zhao.get("/staff/campaigns/").content.decode()
    draft(city)
    few = questions()
    for _ in range(5):
        draft(city)
    assert questions() == few


def test_the_list_is_searched_and_says_when_nothing_matches(course: Course, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    assert course.campaign.title in zhao.get("/staff/campaigns/?q=新生").content.decode()
    nothing = zhao.get("/staff/campaigns/?q=没有这个").content.decode()
    assert course.campaign.title not in nothing
    assert "show=broken" not in nothing


# --- planning and review -------------------------------------------------------------------------


@requirement("R-067", "R-084")
def test_a_campaign_is_planned_part_by_part_and_reviewed_by_another(
    city: SmallCity, browser: Browser
) -> None:
    zhao, sun = browser("zhao-ning"), browser("sun-lan")
    basics = {
        "title": "秋季普测",
        "segment": "student",
        "age_min": 18,
        "age_max": 22,
        "purpose": "早一点帮上忙",
    }
    assert zhao.post("/staff/campaigns/new/", {**basics, "title": ""}).status_code == 422
    made = zhao.post("/staff/campaigns/new/", basics)
    assert made.status_code == 303
    with unit_of_work(SYSTEM):
        campaign = Campaign.objects.get()
    here = f"/staff/campaigns/{campaign.uid}/"
    assert made["Location"] == f"{here}plan/instruments/"
    shown = zhao.get(f"{here}plan/instruments/").content.decode()
    assert "phq-9" in shown
    assert "gds-15" not in shown, "only what fits the age range"
    send = zhao.post(f"{here}step/", {"target": "ethics_check"})
    assert send.status_code == 422
    assert (
        zhao.post(
            f"{here}plan/instruments/", {"step1": "phq-2", "step2": "phq-9", "follows2": "1"}
        ).status_code
        == 303
    )
    figures = {
        "expected_participants": 300,
        "positive_percent": "8",
        "interviewer_hours": "12",
        "target_percent": 95,
    }
    assert zhao.post(f"{here}plan/capacity/", figures).status_code == 303
    privacy = {
        "data_kinds": ["roster", "answers"],
        "recipients": "学校心理辅导室\n区心理健康中心",
        "retention_months": 36,
        "impact_assessment": "只收需要的",
    }
    assert zhao.post(f"{here}plan/privacy/", privacy).status_code == 303
    assert zhao.post(f"{here}step/", {"target": "ethics_check"}).status_code == 303
    with unit_of_work(SYSTEM):
        campaign = Campaign.objects.get()
        assert list(Step.objects.values_list("position", "instrument", "follows").order_by("position")) == [
            (1, "phq-2", 0),
            (2, "phq-9", 1),
        ]
    assert (campaign.state, campaign.expected_positive_permille, campaign.interviewer_minutes) == (
        "ethics_check",
        80,
        720,
    )
    assert zhao.post(f"{here}step/", {"target": "approved"}).status_code == 403
    assert sun.post(f"{here}step/", {"target": "approved"}).status_code == 303
    history = zhao.get(here).content.decode()
    assert "孙岚" in history


def test_a_part_that_is_refused_keeps_what_was_typed(course: Course, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    data = {
        "data_kinds": ["roster"],
        "recipients": "好" * 81,
        "retention_months": 12,
        "impact_assessment": "写了很多",
    }
    refused = zhao.post(f"/staff/campaigns/{course.uid}/plan/privacy/", data)
    assert refused.status_code == 422
    assert "写了很多" in refused.content.decode()
    assert course.campaign.retention_months == 36


def test_a_plan_somebody_else_changed_is_not_written_over(course: Course, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    seen = course.campaign.row_version
    basics = {"segment": "student", "age_min": 18, "age_max": 22, "purpose": "p", "seen_version": seen}
    address = f"/staff/campaigns/{course.uid}/plan/basics/"
    assert zhao.post(address, {**basics, "title": "先"}).status_code == 303
    late = zhao.post(address, {**basics, "title": "后"})
    assert late.status_code == 409
    assert "后" in late.content.decode()
    assert course.campaign.title == "先"


@requirement("R-084")
def test_the_capacity_sum_is_shown_as_it_is_typed_and_nothing_is_kept(
    course: Course, browser: Browser
) -> None:
    zhao = browser("zhao-ning")
    typed = {
        "expected_participants": 1000,
        "positive_percent": 10,
        "interviewer_hours": 40,
        "target_percent": 95,
    }
    address = f"/staff/campaigns/{course.uid}/capacity/"
    part = zhao.get(address, typed, headers={"HX-Request": "true"}).content.decode()
    assert "100 × 30 = 3000" in part
    assert "2400" in part
    assert "600" in part, "what is lacking"
    assert "800" in part, "how many could be asked"
    whole = zhao.get(address, typed).content.decode()
    assert "100 × 30 = 3000" in whole
    assert "<h1" in whole
    assert course.campaign.expected_participants == 100


@pytest.mark.parametrize("part", ["basics", "instruments", "capacity", "privacy", "check"])
def test_every_part_of_the_plan_opens(course: Course, browser: Browser, part: str, at: Any) -> None:
    zhao, sun = browser("zhao-ning"), browser("sun-lan")
    assert zhao.get(f"/staff/campaigns/{course.uid}/plan/{part}/").status_code == 200
    course.go_to(S.ETHICS_CHECK, at)
    assert sun.get(f"/staff/campaigns/{course.uid}/plan/{part}/").status_code == 200


# --- the day -------------------------------------------------------------------------------------


def test_the_window_is_set_with_the_notice_and_too_short_a_one_comes_back(
    course: Course, browser: Browser, at: Any
) -> None:
    course.go_to(S.APPROVED, at)
    zhao = browser("zhao-ning")
    here = f"/staff/campaigns/{course.uid}/step/"
    short = {"target": "consent_open", "runs_from": "2026-11-29T08:00", "runs_until": "2026-12-05T18:00"}
    refused = zhao.post(here, short)
    assert refused.status_code == 422
    assert "2026-11-29T08:00" in refused.content.decode()
    assert course.state is S.APPROVED
    assert zhao.post(here, {**short, "runs_from": "2026-12-01T10:00"}).status_code == 303
    assert course.state is S.CONSENT_OPEN


def test_a_class_gets_room_time_and_somebody_who_stands_by(course: Course, browser: Browser, at: Any) -> None:
    course.go_to(S.CONSENT_OPEN, at)
    course.list_people()
    zhao = browser("zhao-ning")
    with unit_of_work(SYSTEM):
        group = course.campaign.groups.get()
    address = f"/staff/campaigns/{course.uid}/groups/{group.uid}/"
    assert "教学楼" in zhao.get(address).content.decode()
    stranger = course.city.staff["chen-mo"].uid
    data = {"room": "多功能厅", "planned_at": "2026-12-02T09:00", "standby": stranger}
    assert zhao.post(address, data).status_code == 422
    assert zhao.post(address, {**data, "standby": course.city.staff["sun-lan"].uid}).status_code == 303
    with unit_of_work(SYSTEM):
        group = course.campaign.groups.get()
    assert (group.room, group.standby_id) == ("多功能厅", course.city.staff["sun-lan"].id)


@requirement("R-067")
def test_progress_counts_and_names_nobody(running: Course, browser: Browser) -> None:
    running.hand_in(0, CALM)
    zhao = browser("zhao-ning")
    address = f"/staff/campaigns/{running.uid}/progress/"
    whole, part = zhao.get(address).content.decode(), zhao.get(f"{address}?fragment=1").content.decode()
    assert "<h1" not in part
    for said in (whole, part):
        assert not any(name in said for name in names_of(running))
        assert ">12<" in said
        assert ">1<" in said


def test_only_who_stands_by_hears_of_a_person_and_the_look_is_recorded(
    running: Course, browser: Browser
) -> None:
    running.signal(2)
    name, here = running.people[2].name, f"/staff/campaigns/{running.uid}/standby/"
    zhao = browser("zhao-ning")
    board = zhao.get(f"{here}?fragment=1").content.decode()
    assert running.campaign.groups.get().room in board
    assert name not in board
    employ(running.city, "manager", "station_manager", "LIUAN")
    manager = browser("manager")
    assert running.people[2].uid not in manager.get(here).content.decode()
    assert manager.post(f"{here}{running.people[2].uid}/").status_code == 403
    going = zhao.post(f"{here}{running.people[2].uid}/")
    assert name in going.content.decode()
    with unit_of_work(SYSTEM):
        signal = CriticalSignal.objects.get()
    assert signal.attended_by_id == running.city.staff["zhao-ning"].id
    assert AuditEvent.objects.filter(event="campaigns:signal:attended").exists()
    assert zhao.post(f"{here}{running.people[3].uid}/").status_code == 404, "nobody who is calm is shown"


def test_somebody_without_a_role_for_names_may_stand_by_and_sees_only_their_room(
    running: Course, browser: Browser
) -> None:
    running.signal(2)
    with unit_of_work(SYSTEM):
        access.grant(
            actor=SYSTEM,
            account=running.city.accounts["bai-lu"],
            role="counselling_tutor",
            node=running.city.units["LIUAN"],
        )
    here = f"/staff/campaigns/{running.uid}/standby/"
    bai = browser("bai-lu")
    assert running.people[2].uid not in bai.get(here).content.decode()
    with unit_of_work(SYSTEM):
        running.campaign.groups.update(standby=running.city.staff["bai-lu"])
    assert running.people[2].uid in bai.get(here).content.decode()
    assert running.people[2].name in bai.post(f"{here}{running.people[2].uid}/").content.decode()


def test_quality_shows_sums_only(running: Course, browser: Browser, at: Any) -> None:
    running.hand_in(0, (3, 3), HEAVY, deciseconds=2)
    running.go_to(S.QUALITY_CHECK, at)
    said = browser("zhao-ning").get(f"/staff/campaigns/{running.uid}/quality/").content.decode()
    assert running.people[0].name not in said


# --- triage and talks ----------------------------------------------------------------------------


def test_the_board_puts_urgency_first_and_names_nobody(running: Course, browser: Browser, at: Any) -> None:
    running.hand_in(1, LOW, HEAVY)
    running.hand_in(2, LOW, GRAVE)
    running.go_to(S.QUALITY_CHECK, at)
    zhao = browser("zhao-ning")
    address = f"/staff/campaigns/{running.uid}/triage/"
    said = zhao.get(address).content.decode()
    assert said.index(running.row(2).uid) < said.index(running.row(1).uid)
    assert not any(name in said for name in names_of(running))
    assert running.row(2).uid in zhao.get(f"{address}?show=confirm").content.decode()
    assert running.row(2).uid not in zhao.get(f"{address}?show=talk").content.decode()


def test_a_name_is_opened_by_an_act_that_is_recorded(found: Course, browser: Browser) -> None:
    zhao, row = browser("zhao-ning"), found.row(2)
    record = zhao.get(f"/staff/campaigns/people/{row.uid}/").content.decode()
    assert found.people[2].name not in record
    assert found.people[2].name in zhao.post(f"/staff/campaigns/people/{row.uid}/name/").content.decode()
    assert AuditEvent.objects.filter(event="campaigns:participant:named").count() == 1


WORKSHEET = {
    "outcome": "held",
    "level": "2",
    "summary": "谈了四十分钟",
    "guardian_told": "yes",
    "feedback": "约好下周",
}


@requirement("R-067")
def test_a_worksheet_loses_nothing_that_was_typed(found: Course, browser: Browser) -> None:
    zhao, row = browser("zhao-ning"), found.row(1)
    address = f"/staff/campaigns/people/{row.uid}/worksheet/"
    half = {"summary": "刚写了一半", "finding_sleep": "yes"}
    assert zhao.post(address, {**half, "keep": "1"}).status_code == 303
    page = zhao.get(f"/staff/campaigns/people/{row.uid}/").content.decode()
    assert "刚写了一半" in page
    assert "刚写了一半" not in browser("sun-lan").get(f"/staff/campaigns/people/{row.uid}/").content.decode()
    refused = zhao.post(address, {"outcome": "held", "summary": "没有选级别"})
    assert refused.status_code == 422
    assert "没有选级别" in refused.content.decode()
    with unit_of_work(SYSTEM):
        assert not Interview.objects.exists()
    assert zhao.post(address, WORKSHEET).status_code == 303
    with unit_of_work(SYSTEM):
        assert Interview.objects.get().level == "2"
        assert not WorksheetDraft.objects.exists(), "signed, so no draft is left"


def test_a_worksheet_signed_after_somebody_else_comes_back_whole(found: Course, browser: Browser) -> None:
    row = found.row(1)
    seen = row.row_version
    found.talk(row, TriageLevel.ATTENTION, by="sun-lan")
    late = browser("zhao-ning").post(
        f"/staff/campaigns/people/{row.uid}/worksheet/", {**WORKSHEET, "seen_version": seen}
    )
    assert late.status_code == 409
    assert "谈了四十分钟" in late.content.decode()


@requirement("R-067")
def test_level_three_is_lowered_by_two_people_each_with_their_own_account(
    found: Course, browser: Browser
) -> None:
    row = found.row(2)
    zhao, sun = browser("zhao-ning"), browser("sun-lan")
    here = f"/staff/campaigns/people/{row.uid}/"
    assert zhao.post(f"{here}worksheet/", WORKSHEET).status_code == 303
    assert found.row(2).confirmed == "3"
    assert 'id="reading"' not in zhao.get(here).content.decode()
    own = zhao.post(f"{here}reading/", {"agrees": "yes"})
    assert own.status_code == 422
    assert found.row(2).confirmed == "3"
    assert 'id="reading"' in sun.get(here).content.decode()
    assert sun.post(f"{here}reading/", {"agrees": "no", "note": ""}).status_code == 422
    assert sun.post(f"{here}reading/", {"agrees": "yes"}).status_code == 303
    done = found.row(2)
    assert (done.confirmed, done.interviewer_id, done.second_reader_id) == (
        "2",
        found.city.staff["zhao-ning"].id,
        found.city.staff["sun-lan"].id,
    )
    assert "孙岚" in zhao.get(here).content.decode()


def test_a_plan_is_written_in_versions(found: Course, browser: Browser) -> None:
    row = found.row(1)
    found.talk(row, TriageLevel.FOCUS)
    zhao = browser("zhao-ning")
    here = f"/staff/campaigns/people/{row.uid}/"
    plan = {
        "goals": "睡好",
        "measures": "每周一次",
        "responsible": found.city.staff["zhao-ning"].uid,
        "review_on": "2026-12-30",
    }
    late = zhao.post(f"{here}plan/", {**plan, "review_on": "2026-11-01"})
    assert late.status_code == 422
    assert "每周一次" in late.content.decode()
    assert zhao.post(f"{here}plan/", plan).status_code == 303
    assert zhao.post(f"{here}plan/", {**plan, "goals": "交一个朋友"}).status_code == 303
    page = zhao.get(here).content.decode()
    assert "睡好" in page
    assert "交一个朋友" in page


def test_a_level_is_confirmed_or_raised_and_taken_over(running: Course, browser: Browser, at: Any) -> None:
    running.hand_in(1, LOW, HEAVY)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    row = running.row(1)
    sun, here = browser("sun-lan"), f"/staff/campaigns/people/{row.uid}/"
    assert sun.post(f"{here}level/", {"level": "1"}).status_code == 422
    assert sun.post(f"{here}take-over/").status_code == 303
    assert running.row(1).interviewer_id == running.city.staff["sun-lan"].id
    assert sun.post(f"{here}level/", {"level": "2"}).status_code == 303
    assert running.row(1).confirmed == "2"


# --- report --------------------------------------------------------------------------------------


@requirement("R-067", "R-048")
def test_the_report_leaves_small_numbers_out_on_the_page_and_in_the_file(
    running: Course, browser: Browser, at: Any
) -> None:
    running.list_people(28, classes=2)
    for place in range(36):
        running.hand_in(place, CALM)
    running.hand_in(36, LOW, GRAVE)
    running.hand_in(37, LOW, HEAVY)
    running.go_to(S.REPORTED, at)
    zhao = browser("zhao-ning")
    page = zhao.get(f"/staff/campaigns/{running.uid}/report/")
    file = zhao.get(f"/staff/campaigns/{running.uid}/report/table/")
    assert page.status_code == file.status_code == 200
    lines = [line.split(",") for line in file.content.decode("utf-8-sig").strip().splitlines()]
    names = [line[0] for line in lines[1:-1]]
    assert names == sorted(names), "in the order of their names, never by size"
    shown = [int(cell) for line in lines[1:] for cell in line[1:] if cell]
    assert all(number == 0 or number >= 10 for number in shown)
    assert lines[-1][1] == "40"
    assert AuditEvent.objects.filter(event="campaigns:report:exported").exists()


def test_nothing_is_reported_before_triage_is_finished(running: Course, browser: Browser) -> None:
    assert browser("zhao-ning").get(f"/staff/campaigns/{running.uid}/report/").status_code == 403


@pytest.mark.parametrize("state", list(S)[:10])
def test_the_page_of_a_campaign_opens_in_every_state(
    course: Course, browser: Browser, at: Any, state: CampaignState
) -> None:
    course.go_to(state, at)
    for code in ("zhao-ning", "sun-lan"):
        page = browser(code).get(f"/staff/campaigns/{course.uid}/")
        assert page.status_code == 200
        for address in page.context["view"].links:
            assert browser(code).get(address[1]).status_code == 200, address


def test_a_campaign_is_cancelled_from_its_page_with_a_reason(course: Course, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = f"/staff/campaigns/{course.uid}/step/"
    assert zhao.post(here, {"target": "cancelled", "reason": ""}).status_code == 422
    assert zhao.post(here, {"target": "nonsense"}).status_code == 422
    assert zhao.post(here, {"target": "cancelled", "reason": "学校放假"}).status_code == 303
    assert course.state is S.CANCELLED
    with unit_of_work(SYSTEM):
        assert CampaignEntry.objects.get().reason == "学校放假"
    assert zhao.get(f"/staff/campaigns/{course.uid}/").status_code == 200
