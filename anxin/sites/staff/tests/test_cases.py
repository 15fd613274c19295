"""Cases: opened from a warning by a person, worked on, handed over, ended by the rules; nothing for other stations."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.domains.access import api as access
from anxin.domains.audit.models import AuditEvent
from anxin.domains.cases.contracts import LegalBasis
from anxin.domains.cases.models import Case, CaseAssessment, CaseEntry
from anxin.domains.notices.models import Notice
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Findings, Level
from anxin.domains.risk.models import Warning
from anxin.flows import acknowledge_warning, assess_warning, contact_person, open_case
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests.conftest import SYSTEM, stored
from anxin.sites.staff.tests.test_warnings import ASSESSMENT, rows, send
from tests.requirements_marker import requirement
from tests.small_city import SmallCity

Browser = Callable[[str], Client]
WEEK = timedelta(days=7)


def url(case: Case, step: str = "") -> str:
    return f"/staff/cases/{case.uid}/" + (f"{step}/" if step else "")


def fresh(case: Case) -> Case:
    with unit_of_work(SYSTEM):
        return Case.objects.get(uid=case.uid)


def assessed(city: SmallCity, warning: Warning, by: str = "zhao-ning") -> None:
    """Taken over, reached and assessed as L3."""
    zhao = city.actor(by)
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=warning.uid)
    contact_person.log_contact(
        actor=zhao, warning_uid=warning.uid, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED
    )
    assess_warning.assess(
        actor=zhao,
        warning_uid=warning.uid,
        level=Level.L3,
        findings=Findings(ideation="yes"),
        summary="有念头",
    )


@pytest.fixture
def case(city: SmallCity, warning: Warning) -> Case:
    """A case of 赵宁 about 李晴."""
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


# --- opening -------------------------------------------------------------------------------------


@requirement("R-060")
def test_a_case_is_opened_from_the_warning_page_with_its_ground(
    zhao: Client, city: SmallCity, warning: Warning
) -> None:
    send(zhao, warning, "take-over", "contact", "assessment")
    ending = {"ending": "case_opened", "reason": "需要连续的陪伴"}
    refused = zhao.post(f"/staff/warnings/{warning.uid}/ending/", ending)
    assert refused.status_code == 422
    assert "需要连续的陪伴" in refused.content.decode()
    assert rows(Case) == 0
    done = zhao.post(f"/staff/warnings/{warning.uid}/ending/", {**ending, "legal_basis": "consent"})
    assert done.status_code == 303
    with unit_of_work(SYSTEM):
        opened = Case.objects.select_related("manager__staff", "deadline").get()
    assert opened.manager.staff.name == "赵宁"
    assert opened.deadline.stage == "assess"
    assert stored(warning).state == "case_opened"
    assert stored(warning).signed_by_id is None, "an L3 still waits for the second person"


@requirement("R-060")
def test_without_an_assessment_neither_a_case_begins_nor_the_warning_moves(
    zhao: Client, warning: Warning
) -> None:
    send(zhao, warning, "take-over", "contact")
    data = {"ending": "case_opened", "reason": "先开案", "legal_basis": "emergency"}
    assert zhao.post(f"/staff/warnings/{warning.uid}/ending/", data).status_code == 422
    assert rows(Case) == 0
    assert stored(warning).state == "contacted"


def test_a_second_warning_joins_the_open_case(
    city: SmallCity, case: Case, warn: Callable[..., Warning], at: Any
) -> None:
    at.shift(timedelta(hours=80))
    second = warn()
    assert second.number != case.number
    assessed(city, second)
    again = open_case.open_case(
        actor=city.actor("zhao-ning"),
        warning_uid=second.uid,
        reason="同一个人",
        legal_basis=LegalBasis.CONSENT,
    )
    assert again.uid == case.uid
    assert rows(Case) == 1
    assert stored(second).proposed_ending == "case_opened"


# --- who sees it ---------------------------------------------------------------------------------

POSTS: dict[str, dict[str, str]] = {
    "entry": {"kind": "note", "note": "记一笔"},
    "assessment": ASSESSMENT,
    "state": {"state": "safety_planned", "note": "已写好"},
    "assign": {"manager": "x", "reason": "换人"},
    "close": {"ending": "closed", "reason": "好转"},
    "reveal": {},
    "plan": {"base_version": "0", "signs": "x", "who_to_ask": "y"},
    "plan/agreed": {"version": "1"},
    "goals": {"text": "睡好"},
    "tasks": {"text": "打电话", "owner": "x", "due_on": "2026-12-01"},
    "followups": {"followup": "x", "to": "2026-12-01T09:00", "reason": "出差"},
    "conference": {"question": "转诊吗"},
    "review": {"learnt": "x"},
}


@requirement("R-061")
@pytest.mark.parametrize("code", ["chen-mo", "bai-lu", "gu-yan", "zhou-xing", "fang-zheng"])
def test_other_stations_counties_and_leaders_find_no_case_at_any_address(
    browser: Browser, city: SmallCity, case: Case, code: str
) -> None:
    client = browser(code)
    before = rows(CaseEntry)
    assert client.get(url(case)).status_code == 404
    for step, data in POSTS.items():
        assert client.post(url(case, step), data).status_code == 404, step
        assert client.post(url(case, step), {}).status_code == 404, f"{step}, empty"
    assert rows(CaseEntry) == before
    assert rows(CaseAssessment) == 0
    assert fresh(case).row_version == case.row_version
    assert rows(AuditEvent, event="cases:case:viewed") == 0


def test_the_list_shows_no_name_and_only_what_is_theirs(
    browser: Browser, zhao: Client, case: Case, city: SmallCity
) -> None:
    page = zhao.get("/staff/cases/").content.decode()
    assert case.number in page
    assert "李" not in page
    assert case.number not in browser("chen-mo").get("/staff/cases/?show=open").content.decode()
    assert case.number in browser("sun-lan").get("/staff/cases/?show=open").content.decode()
    assert browser("zhou-xing").get("/staff/cases/").status_code == 403


def test_the_list_takes_the_same_queries_for_one_case_or_more(
    browser: Browser, city: SmallCity, case: Case, unsafe: Warning
) -> None:
    client = browser("sun-lan")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/staff/cases/?show=open").status_code == 200
        return len(found)

    queries()
    one = queries()
    assessed(city, unsafe, by="sun-lan")
    open_case.open_case(
        actor=city.actor("sun-lan"),
        warning_uid=unsafe.uid,
        reason="需要陪伴",
        legal_basis=LegalBasis.EMERGENCY,
    )
    assert queries() == one


def test_the_look_is_recorded_and_the_name_is_masked_until_shown(
    zhao: Client, city: SmallCity, case: Case
) -> None:
    page = zhao.get(url(case)).content.decode()
    assert "李*" in page
    assert "李晴" not in page
    person = city.residents["li-qing"].uid
    assert rows(AuditEvent, event="cases:case:viewed", person_uid=person) == 1
    assert "李晴" in zhao.post(url(case, "reveal")).content.decode()
    assert rows(AuditEvent, event="residents:identity:unmasked", person_uid=person) == 1


def test_only_who_is_with_the_person_is_asked_to_ring(
    browser: Browser, city: SmallCity, zhao: Client, case: Case
) -> None:
    access.grant(actor=SYSTEM, account=city.accounts["gu-yan"], role="counsellor", node=city.units["LIUAN"])
    mine, theirs = (client.get(url(case)).context["view"].person for client in (zhao, browser("gu-yan")))
    assert (mine.rings_now, theirs.rings_now) == (True, False)
    assert (theirs.name, theirs.phone, theirs.may_reveal) == ("李*", "138****0001", True)


# --- the work ------------------------------------------------------------------------------------

PLAN = {"signs": "整夜睡不着", "who_to_ask": "姐姐 138****0000", "agreed": "face_to_face"}


def make_plan(client: Client, case: Case) -> None:
    """A safety plan written with the person, who agrees face to face."""
    assert client.post(url(case, "plan"), {**PLAN, "base_version": "0"}).status_code == 303


def confirm(client: Client, case: Case) -> int:
    """The second reader lets the waiting lower level count."""
    with unit_of_work(SYSTEM):
        waiting = case.lowerings.get(state="waiting")
    return client.post(url(case, f"lowering/{waiting.uid}/confirm")).status_code


@requirement("R-060")
def test_the_work_of_a_case_from_assessment_to_follow_up(zhao: Client, case: Case) -> None:
    high = {**ASSESSMENT, "level": "3"}
    assert zhao.post(url(case, "assessment"), high).status_code == 303
    assert fresh(case).state == "risk_assessed"
    make_plan(zhao, case)
    for state in ("safety_planned", "intervening", "followup"):
        assert zhao.post(url(case, "state"), {"state": state, "note": "按计划"}).status_code == 303
        assert fresh(case).state == state
    contact = {"kind": "contact", "channel": "phone", "outcome": "reached", "note": "睡得好些"}
    assert zhao.post(url(case, "entry"), contact).status_code == 303
    view = zhao.get(url(case)).context["view"]
    assert [step.state for step in view.path] == ["done", "done", "done", "done", "now", "ahead"]
    assert view.days[0].happenings[0].note == "睡得好些"
    assert view.days[0].happenings[0].who == "赵宁"
    assert zhao.get(url(case) + "?show=contacts").context["view"].days[0].happenings[0].note == "睡得好些"


def test_only_the_next_states_are_possible(zhao: Client, case: Case) -> None:
    response = zhao.post(url(case, "state"), {"state": "followup", "note": "直接随访"})
    assert response.status_code == 422
    assert "直接随访" in response.content.decode()
    assert fresh(case).state == "opened"


def test_a_contact_says_how_and_what_came_of_it(zhao: Client, case: Case) -> None:
    before = rows(CaseEntry)
    response = zhao.post(url(case, "entry"), {"kind": "contact", "channel": "phone", "note": "打了电话"})
    assert response.status_code == 422
    assert "打了电话" in response.content.decode()
    assert rows(CaseEntry) == before


@requirement("R-060")
def test_lowering_a_high_level_names_a_second_competent_reader(
    browser: Browser, zhao: Client, city: SmallCity, case: Case
) -> None:
    lower = {**ASSESSMENT, "seen_version": str(fresh(case).row_version)}
    alone = zhao.post(url(case, "assessment"), lower)
    assert alone.status_code == 422
    assert ASSESSMENT["summary"] in alone.content.decode()
    assert fresh(case).level == 3
    readers = dict(alone.context["view"].steps.assessment.fields["second_reader"].choices)
    reader = next(uid for uid, label in readers.items() if uid and "孙岚" in str(label))
    assert city.staff["zhao-ning"].uid not in readers
    assert zhao.post(url(case, "assessment"), {**lower, "second_reader": reader}).status_code == 303
    assert fresh(case).level == 3, "until the second reader has confirmed it"
    assert confirm(zhao, case) == 422
    assert fresh(case).level == 3
    assert confirm(browser("sun-lan"), case) == 303
    assert fresh(case).level == 1
    assert "孙岚" in zhao.get(url(case)).content.decode()


@requirement("R-060")
def test_nobody_writes_over_a_colleague(browser: Browser, zhao: Client, case: Case) -> None:
    version = zhao.get(url(case)).context["view"].steps.entry["seen_version"].value()
    sun = browser("sun-lan")
    assert sun.post(url(case, "entry"), {"kind": "note", "note": "已和医院说好"}).status_code == 303
    response = zhao.post(url(case, "entry"), {"kind": "note", "note": "我的话", "seen_version": version})
    page = response.content.decode()
    assert response.status_code == 409
    assert "孙岚" in page
    assert "我的话" in page
    assert "已和医院说好" in page
    again = response.context["view"].steps.entry["seen_version"].value()
    assert int(again) == fresh(case).row_version


def test_handing_over_tells_the_new_manager(
    browser: Browser, zhao: Client, city: SmallCity, case: Case
) -> None:
    choices = dict(zhao.get(url(case)).context["view"].steps.assign.fields["manager"].choices)
    posting = next(uid for uid, label in choices.items() if "孙岚" in str(label))
    assert zhao.post(url(case, "assign"), {"manager": posting, "reason": ""}).status_code == 422
    assert zhao.post(url(case, "assign"), {"manager": posting, "reason": "转区中心跟进"}).status_code == 303
    assert fresh(case).manager_id in city.actor("sun-lan").posting_ids
    assert case.number in browser("sun-lan").get("/staff/cases/").content.decode(), "among their own"
    with unit_of_work(SYSTEM):
        told = Notice.objects.filter(template="case_assigned", staff=city.staff["sun-lan"])
        assert {one.channel for one in told} == {"in_app", "sms"}


# --- the end -------------------------------------------------------------------------------------


@pytest.fixture
def low(browser: Browser, zhao: Client, city: SmallCity, case: Case, at: Any) -> Case:
    """In follow-up, assessed as L1 twice, 14 days apart."""
    reader = {"second_reader": city.staff["sun-lan"].uid}
    zhao.post(url(case, "assessment"), {**ASSESSMENT, **reader, "seen_version": str(case.row_version)})
    assert confirm(browser("sun-lan"), case) == 303
    make_plan(zhao, case)
    for state in ("safety_planned", "intervening", "followup"):
        zhao.post(url(case, "state"), {"state": state, "note": "按计划"})
    at.shift(2 * WEEK)
    newest = {**ASSESSMENT, "seen_version": str(fresh(case).row_version)}
    again = browser("zhao-ning").post(url(case, "assessment"), newest)
    assert again.status_code == 303
    return case


ENDING = {"ending": "closed", "goals": "on", "reason": "目标都回顾过了"}


@requirement("R-060")
def test_a_second_person_ends_the_case_by_the_rule(browser: Browser, low: Case) -> None:
    zhao = browser("zhao-ning")
    own = zhao.get(url(low)).context["view"].steps
    assert own.close is None
    assert own.ends_by_other
    assert zhao.post(url(low, "close"), ENDING).status_code == 403
    assert fresh(low).closed_at is None
    sun = browser("sun-lan")
    assert sun.post(url(low, "close"), {**ENDING, "goals": ""}).status_code == 422
    assert fresh(low).closed_at is None
    assert sun.post(url(low, "close"), ENDING).status_code == 303
    ended = fresh(low)
    assert (ended.state, ended.deadline_id) == ("closed", None)
    page = sun.get(url(low))
    assert page.context["view"].is_ended
    assert page.context["view"].steps.entry is None


@requirement("R-060")
def test_a_case_does_not_end_before_the_rule_is_met(
    browser: Browser, zhao: Client, case: Case, at: Any
) -> None:
    zhao.post(url(case, "assessment"), {**ASSESSMENT, "level": "3"})
    make_plan(zhao, case)
    for state in ("safety_planned", "intervening", "followup"):
        zhao.post(url(case, "state"), {"state": state, "note": "按计划"})
    response = browser("sun-lan").post(url(case, "close"), ENDING)
    assert response.status_code == 422
    assert ENDING["reason"] in response.content.decode()
    assert fresh(case).closed_at is None
