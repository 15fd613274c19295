"""One warning: who sees what of it, every step with its refusals, and that nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.access import api as access
from anxin.domains.audit.models import AuditEvent
from anxin.domains.risk.models import ContactAttempt, RiskAssessment, Warning
from anxin.flows import acknowledge_warning, escalate_overdue, request_contact
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests.conftest import SYSTEM, entries, stored
from tests.requirements_marker import requirement
from tests.small_city import SmallCity

Browser = Callable[[str], Client]
CONTACT = {"channel": "phone", "outcome": "reached", "note": "本人接听，约在下午"}
CALM = dict.fromkeys(
    ("ideation", "plan", "means", "intent", "past_attempt", "substance", "psychosis", "abuse"), "no"
)
ASSESSMENT = {**CALM, "protective": "yes", "level": "1", "summary": "当面评估，目前没有打算"}
ENDING = {"ending": "watch", "reason": "家人在身边，愿意回访"}
POSTS = {
    "take-over": {},
    "join": {},
    "contact": CONTACT,
    "assessment": ASSESSMENT,
    "ending": ENDING,
    "sign": {"reason": "同意"},
    "decline": {"reason": "再看看"},
    "merge": {"into": "x", "reason": "同一个人"},
    "reveal": {},
}


def url(warning: Warning, step: str = "") -> str:
    return f"/staff/warnings/{warning.uid}/" + (f"{step}/" if step else "")


def rows(model: Any, **wanted: Any) -> int:
    with unit_of_work(SYSTEM):
        return model.objects.filter(**wanted).count()


def send(client: Client, warning: Warning, *steps: str) -> None:
    """Carry out steps that must succeed."""
    for step in steps:
        response = client.post(url(warning, step), POSTS[step])
        assert response.status_code == 303, (step, response.status_code)


@pytest.fixture
def zhao(browser: Browser) -> Client:
    return browser("zhao-ning")


@pytest.fixture
def proposed(zhao: Client, warning: Warning) -> Warning:
    """Taken over, reached, assessed, and an ending proposed by 赵宁."""
    send(zhao, warning, "take-over", "contact", "assessment", "ending")
    return warning


# --- who sees it ---------------------------------------------------------------------------------


@requirement("R-061")
@pytest.mark.parametrize(
    "code", ["chen-mo", "bai-lu", "gu-yan", "sun-lan", "he-jia", "zhou-xing", "fang-zheng"]
)
def test_nobody_out_of_reach_finds_anything_at_any_address(
    browser: Browser, city: SmallCity, warning: Warning, code: str
) -> None:
    client, before = browser(code), entries(warning)
    assert client.get(url(warning)).status_code == 404
    for step, data in POSTS.items():
        assert client.post(url(warning, step), data).status_code == 404, step
        assert client.post(url(warning, step), {}).status_code == 404, f"{step}, empty"
    assert stored(warning).state == "new"
    assert entries(warning) == before
    assert rows(ContactAttempt) == rows(RiskAssessment) == 0
    assert rows(AuditEvent, event="risk:warning:viewed") == 0


def test_a_resident_and_a_stranger_get_no_further_than_the_door(browser: Browser, warning: Warning) -> None:
    assert browser("li-qing").get(url(warning)).status_code == 403
    assert Client().get(url(warning)).status_code == 302
    assert Client().post(url(warning, "take-over")).status_code == 302
    assert stored(warning).state == "new"


def test_steps_are_posts(zhao: Client, warning: Warning) -> None:
    for step in POSTS:
        assert zhao.get(url(warning, step)).status_code == 405


def test_a_look_is_recorded_and_the_name_stays_masked(
    zhao: Client, city: SmallCity, warning: Warning
) -> None:
    page = zhao.get(url(warning)).content.decode()
    assert "李*" in page
    assert "138****0001" in page
    assert "李晴" not in page
    assert "13800000001" not in page
    person = city.residents["li-qing"].uid
    assert rows(AuditEvent, event="risk:warning:viewed", actor_label="赵宁", person_uid=person) == 1
    assert rows(AuditEvent, event="residents:identity:unmasked") == 0


def test_showing_the_name_is_a_recorded_act_of_its_own(
    zhao: Client, city: SmallCity, warning: Warning
) -> None:
    page = zhao.post(url(warning, "reveal"))
    assert page.status_code == 200
    assert "李晴" in page.content.decode()
    assert "tel:13800000001" in page.content.decode()
    person = city.residents["li-qing"].uid
    assert rows(AuditEvent, event="residents:identity:unmasked", actor_label="赵宁", person_uid=person) == 1
    assert "李晴" not in zhao.get(url(warning)).content.decode(), "the next page is masked again"


def test_who_has_to_ring_reaches_the_number_in_one_tap(zhao: Client, warning: Warning) -> None:
    page = zhao.get(url(warning))
    ready = page.context["view"].content.person
    assert (ready.rings_now, ready.phone) == (True, "138****0001")
    assert "显示号码并拨打" in page.content.decode()
    shown = zhao.post(url(warning, "reveal"))
    assert 'href="tel:13800000001"' in shown.content.decode()
    again = zhao.get(url(warning)).context["view"].content.person
    assert (again.name, again.phone) == ("李*", "138****0001"), "shown once, not from now on"


def test_a_number_left_by_somebody_unknown_is_shown_the_same_way(browser: Browser, unsafe: Warning) -> None:
    client = browser("sun-lan")
    assert "13800000003" not in client.get(url(unsafe)).content.decode()
    assert "tel:13800000003" in client.post(url(unsafe, "reveal")).content.decode()
    assert rows(AuditEvent, event="risk:contact_request:viewed", actor_label="孙岚") == 1


@requirement("R-061")
def test_a_manager_sees_level_owner_and_clock_but_no_content(
    browser: Browser, city: SmallCity, warning: Warning
) -> None:
    access.grant(
        actor=Actor.system("test"),
        account=city.accounts["bai-lu"],
        role="station_manager",
        node=city.units["LIUAN"],
    )
    client = browser("bai-lu")
    response = client.get(url(warning))
    page = response.content.decode()
    assert response.status_code == 200
    assert warning.number in page
    assert "赵宁" in page
    assert response.context["view"].content is None
    assert "138****" not in page
    assert "李*" not in page
    assert rows(AuditEvent, event="risk:warning:viewed") == 0
    assert client.post(url(warning, "take-over")).status_code == 403
    assert client.post(url(warning, "reveal")).status_code == 200
    assert "李晴" not in client.post(url(warning, "reveal")).content.decode()
    assert stored(warning).state == "new"


# --- the steps -----------------------------------------------------------------------------------


@requirement("R-059")
def test_from_the_call_to_the_signature_of_a_second_person(
    browser: Browser, zhao: Client, proposed: Warning
) -> None:
    sun = browser("sun-lan")
    page = sun.get(url(proposed))
    assert page.context["view"].steps.signature is not None
    version = page.context["view"].steps.signature["seen_version"].value()
    response = sun.post(url(proposed, "sign"), {"reason": "同意", "seen_version": version})
    assert response.status_code == 303
    kept = stored(proposed)
    assert kept.state == "watch"
    assert kept.signed_by_id not in (None, kept.proposed_by_id)
    (day,) = zhao.get(url(proposed)).context["view"].content.days
    notes = [one.note for one in day.happenings if one.note]
    assert notes == ["同意", ENDING["reason"], ASSESSMENT["summary"], CONTACT["note"]], "newest first"
    assert [one.who for one in day.happenings][:2] == ["孙岚", "赵宁"]


def test_only_the_steps_possible_now_are_offered(zhao: Client, warning: Warning) -> None:
    steps = zhao.get(url(warning)).context["view"].steps
    assert steps.may_take_over
    assert (steps.contact, steps.assessment, steps.ending, steps.signature) == (None, None, None, None)
    send(zhao, warning, "take-over")
    steps = zhao.get(url(warning)).context["view"].steps
    assert not steps.may_take_over
    assert steps.open == "contact"
    assert [value for value, _ in steps.ending.fields["ending"].choices] == [
        "false_positive",
        "not_reachable",
    ]


@requirement("R-059")
def test_the_slower_of_two_is_told_who_took_over_and_may_help(
    browser: Browser, city: SmallCity, unsafe: Warning, at: Any
) -> None:
    at.shift(timedelta(minutes=11))
    escalate_overdue.escalate_overdue()
    acknowledge_warning.acknowledge(actor=city.actor("shao-ming"), warning_uid=unsafe.uid)
    client = browser("he-jia")
    response = client.post(url(unsafe, "take-over"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "邵明" in page
    assert "10:11" in page
    assert url(unsafe, "join") in page
    holder = stored(unsafe).holder_id
    assert client.post(url(unsafe, "join")).status_code == 303
    assert stored(unsafe).holder_id == holder


def test_a_contact_needs_its_way_and_its_outcome_and_keeps_the_note(zhao: Client, warning: Warning) -> None:
    send(zhao, warning, "take-over")
    response = zhao.post(url(warning, "contact"), {"channel": "phone", "note": "约在下午三点"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "约在下午三点" in page
    assert "id_outcome-error" in page
    assert rows(ContactAttempt) == 0
    assert stored(warning).state == "acknowledged"


def test_a_call_to_the_police_is_written_into_the_note(zhao: Client, warning: Warning) -> None:
    send(zhao, warning, "take-over")
    data = {**CONTACT, "called": ["110", "120"]}
    assert zhao.post(url(warning, "contact"), data).status_code == 303
    with unit_of_work(SYSTEM):
        note = ContactAttempt.objects.get().note
    assert "110" in note
    assert "120" in note
    assert "本人接听" in note
    assert zhao.post(url(warning, "contact"), {**CONTACT, "called": ["114"]}).status_code == 422


def test_nothing_is_logged_before_somebody_took_over_and_the_words_are_shown_again(
    zhao: Client, warning: Warning
) -> None:
    before = entries(warning)
    response = zhao.post(url(warning, "contact"), CONTACT)
    assert response.status_code == 422
    assert CONTACT["note"] in response.content.decode()
    assert entries(warning) == before
    assert rows(ContactAttempt) == 0


@pytest.mark.parametrize("missing", ["summary", "level", "ideation"])
def test_an_assessment_is_whole_or_is_not_kept(zhao: Client, warning: Warning, missing: str) -> None:
    send(zhao, warning, "take-over", "contact")
    data = {key: value for key, value in ASSESSMENT.items() if key != missing}
    response = zhao.post(url(warning, "assessment"), {**data, "plan": "unknown"})
    assert response.status_code == 422
    kept = response.context["view"].steps.assessment
    assert kept["plan"].value() == "unknown"
    assert rows(RiskAssessment) == 0
    assert stored(warning).state == "contacted"


def test_high_risk_is_assessed_by_a_competent_person_only(
    browser: Browser, city: SmallCity, warning: Warning
) -> None:
    access.grant(
        actor=Actor.system("test"),
        account=city.accounts["bai-lu"],
        role="counsellor",
        node=city.units["LIUAN"],
    )
    client = browser("bai-lu")
    send(client, warning, "take-over", "contact")
    page = client.get(url(warning))
    assert page.context["view"].steps.not_competent
    assert page.context["view"].steps.assessment is None
    response = client.post(url(warning, "assessment"), ASSESSMENT)
    assert response.status_code == 422
    assert ASSESSMENT["summary"] in response.content.decode(), "what was typed is not lost"
    assert rows(RiskAssessment) == 0


def test_not_reachable_says_what_is_still_missing(zhao: Client, warning: Warning) -> None:
    send(zhao, warning, "take-over")
    zhao.post(url(warning, "contact"), {"channel": "phone", "outcome": "no_answer"})
    response = zhao.post(url(warning, "ending"), {"ending": "not_reachable", "reason": "打不通"})
    assert response.status_code == 422
    assert "打不通" in response.content.decode()
    left = response.context["view"].content.attempts_left
    assert (left.attempts, left.ways, left.check) == (2, 1, True)
    assert stored(warning).state == "acknowledged"


def test_a_high_warning_does_not_end_without_an_assessment_or_a_reason(
    zhao: Client, warning: Warning
) -> None:
    send(zhao, warning, "take-over", "contact")
    for data in ({"ending": "false_positive", "reason": "误选"}, {"ending": "false_positive", "reason": " "}):
        assert zhao.post(url(warning, "ending"), data).status_code == 422
        assert stored(warning).state == "contacted"


# --- the second signature ------------------------------------------------------------------------


@requirement("R-059")
def test_the_proposer_cannot_sign(zhao: Client, proposed: Warning) -> None:
    page = zhao.get(url(proposed))
    assert page.context["view"].steps.signature is None
    assert page.context["view"].steps.waits_for_other
    response = zhao.post(url(proposed, "sign"), {"reason": "我自己签"})
    assert response.status_code == 422
    assert "我自己签" in response.content.decode()
    assert stored(proposed).signed_by_id is None


@requirement("R-059")
def test_a_signature_is_for_what_was_read(browser: Browser, zhao: Client, proposed: Warning) -> None:
    sun = browser("sun-lan")
    version = sun.get(url(proposed)).context["view"].steps.signature["seen_version"].value()
    zhao.post(url(proposed, "contact"), {"channel": "phone", "outcome": "no_answer", "note": "又打了一次"})
    response = sun.post(url(proposed, "sign"), {"reason": "看过记录", "seen_version": version})
    assert response.status_code == 409
    page = response.content.decode()
    assert "看过记录" in page
    assert "又打了一次" in page
    assert stored(proposed).signed_by_id is None
    fresh = response.context["view"].steps.signature
    assert int(fresh["seen_version"].value()) == stored(proposed).row_version, (
        "the next signature is for what is shown now"
    )


def test_not_signing_needs_a_reason_and_gives_it_back(browser: Browser, proposed: Warning) -> None:
    sun = browser("sun-lan")
    assert sun.post(url(proposed, "decline"), {"reason": ""}).status_code == 422
    assert stored(proposed).state == "watch"
    assert sun.post(url(proposed, "decline"), {"reason": "先见一面"}).status_code == 303
    kept = stored(proposed)
    assert kept.state == "assessed"
    assert kept.signed_by_id is None


# --- twins ---------------------------------------------------------------------------------------


@pytest.fixture
def twin(city: SmallCity, warning: Warning) -> Warning:
    """李晴, who is known, also left her number without a name, and says she is not safe."""
    return request_contact.request_contact(
        actor=Actor.anonymous(), area_uid=city.units["LIUAN"].uid, phone="13800000001", is_safe_now="no"
    )


def test_twins_become_one_and_the_higher_level_stays(zhao: Client, warning: Warning, twin: Warning) -> None:
    for one, other in ((warning, twin), (twin, warning)):
        choices = zhao.get(url(one)).context["view"].steps.merge.fields["into"].choices
        assert [uid for uid, _label in choices] == [other.uid]
    assert zhao.post(url(twin, "merge"), {"into": warning.uid, "reason": ""}).status_code == 422
    assert stored(twin).state == "new"
    response = zhao.post(url(twin, "merge"), {"into": warning.uid, "reason": "同一个号码"})
    assert response.status_code == 303
    assert stored(twin).state == "closed"
    assert stored(warning).level == 4


def test_only_a_twin_can_be_merged_into(
    zhao: Client, city: SmallCity, warning: Warning, twin: Warning
) -> None:
    stranger = request_contact.request_contact(
        actor=Actor.anonymous(), area_uid=city.units["LIUAN"].uid, phone="13800000009", is_safe_now="yes"
    )
    response = zhao.post(url(twin, "merge"), {"into": stranger.uid, "reason": "试试"})
    assert response.status_code == 422
    assert "试试" in response.content.decode()
    assert stored(twin).state == "new"
