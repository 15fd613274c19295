"""In a real browser: a lost network in the middle of writing loses nothing, and a plan is read without a network."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anxin.domains.assessments import api as assessments
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import AgreedHow, LegalBasis, PlanPart
from anxin.domains.cases.models import Case, CaseEntry
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Findings, Level
from anxin.flows import (
    acknowledge_warning,
    assess_warning,
    contact_person,
    open_case,
    save_answer,
    submit_questionnaire,
)
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.system.conftest import House
from tests.system.windows import PHONE, accessible

SYSTEM = Actor.system("test")
WORDS = "今天说起了新的工作，愿意下周再见一次。"
PLAN = {
    PlanPart.SIGNS: "整夜睡不着，不想回消息",
    PlanPart.OWN_WAYS: "下楼走一圈",
    PlanPart.PEOPLE_PLACES: "和室友一起吃饭",
    PlanPart.WHO_TO_ASK: "姐姐",
    PlanPart.PROFESSIONALS: "柳岸驿站赵宁",
    PlanPart.SURROUNDINGS: "已和家人说好",
}


def a_case(house: House) -> Case:
    """A case of 赵宁 about 李晴, assessed, with a plan she agreed to."""
    person, zhao = house.city.actor("li-qing"), house.city.actor("zhao-ning")
    with unit_of_work(person):
        sitting = assessments.start_sitting(
            actor=person,
            instrument="phq-9",
            language="zh-Hans",
            age=30,
            scope_path=house.city.residents["li-qing"].scope_path,
        )
    for number, value in enumerate([0] * 8 + [1], start=1):
        save_answer.save(actor=person, sitting_uid=sitting.uid, item=number, value=value)
    warning = submit_questionnaire.submit(actor=person, sitting_uid=sitting.uid).warning
    assert warning is not None
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
    case = open_case.open_case(
        actor=zhao, warning_uid=warning.uid, reason="需要连续的陪伴", legal_basis=LegalBasis.CONSENT
    )
    with unit_of_work(zhao):
        cases.write_plan(
            actor=zhao, case_uid=case.uid, content=PLAN, base_version=0, person_agrees=AgreedHow.FACE_TO_FACE
        )
    return case


def notes(case: Case) -> list[str]:
    with unit_of_work(SYSTEM):
        return [one.note for one in CaseEntry.objects.filter(case=case, kind="note")]


@requirement("R-060")
def test_words_survive_a_lost_network_and_a_plan_is_read_without_one(house: House, visit: Any) -> None:
    case = a_case(house)
    writing_without_a_network(visit("zhao-ning"), case)
    reading_without_a_network(visit("li-qing", size=PHONE))


def writing_without_a_network(page: Page, case: Case) -> None:
    address = f"/staff/cases/{case.uid}/"
    page.goto(address)
    form = page.locator("#entry form")
    page.get_by_label("备注", exact=True).check()
    page.context.set_offline(True)
    form.locator("textarea[name=note]").fill(WORDS)
    expect(page.locator("#entry [data-saved]")).to_be_visible()
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("#entry [data-restored]")).to_be_visible()
    expect(form.locator("textarea[name=note]")).to_have_value(WORDS)
    page.context.set_offline(True)
    form.get_by_role("button", name="记下来").click()
    expect(page.locator("#entry [data-waiting]")).to_be_visible()
    assert notes(case) == []
    page.context.set_offline(False)
    expect(page.locator(".ax-timeline").first).to_contain_text(WORDS)
    expect(page.locator("#entry [data-restored]")).to_be_hidden()
    assert notes(case) == [WORDS]
    page.reload()
    expect(form.locator("textarea[name=note]")).to_have_value("")
    accessible(page)


def reading_without_a_network(page: Page) -> None:
    page.goto("/me/plan/")
    accessible(page)
    page.get_by_role("button", name="在这台手机上留一份").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.context.set_offline(True)
    page.goto("/me/plan/")
    expect(page.locator("[data-content]")).to_contain_text(PLAN[PlanPart.SIGNS])
    expect(page.locator("a[href='tel:12356']").first).to_be_visible()
    page.context.set_offline(False)
    page.goto("/me/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda address: not address.endswith("/me/"))
    page.context.set_offline(True)
    page.goto("/me/plan/offline/")
    expect(page.locator("[data-empty]")).to_be_visible()
