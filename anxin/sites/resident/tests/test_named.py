"""A self-test under one's own name: consent first, the warning at once, the promise as the roster stands."""

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import LazySettings
from django.test import Client

from anxin.domains.assessments.models import AnswerEntry, Sitting
from anxin.domains.residents.models import Consent, Resident
from anxin.domains.risk.models import Warning
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.tests.conftest import answer_all
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
PHQ = "/self-tests/phq-9/"
Agree = Callable[[Client], None]


def everything(model: type) -> list:
    """All rows, as the house sees them."""
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


def test_a_visitor_who_wants_a_name_is_sent_to_sign_in_and_back(visitor: Client) -> None:
    response = visitor.post(PHQ, {"age_band": "adult", "how": "named"})
    assert response["Location"] == "/sign-in/?next=%2Fself-tests%2Fphq-9%2F"


@requirement("R-071")
def test_nothing_starts_under_a_name_before_the_consent(resident: Client) -> None:
    response = resident.post(PHQ, {"how": "named"})
    assert response["Location"].startswith(f"{PHQ}consent/")
    page = resident.get(response["Location"])
    assert "交卷" in page.content.decode()
    refused = resident.post(f"{PHQ}consent/", {"version": page.context["text"].version})
    assert refused.status_code == 422
    assert everything(Sitting) == []
    assert [c for c in everything(Consent) if c.purpose == "self_test_named"] == []


def test_an_old_text_cannot_be_agreed_to(resident: Client) -> None:
    assert resident.post(f"{PHQ}consent/", {"agree": "on", "version": "1999-01"}).status_code == 422
    assert everything(Sitting) == []


@requirement("R-071")
def test_a_worrying_answer_raises_the_warning_before_handing_in_and_says_who(
    resident: Client, agree: Agree
) -> None:
    agree(resident)
    here = answer_all(resident, [0] * 8 + [1])
    assert here == f"{PHQ}pause/9/"
    (warning,) = everything(Warning)
    assert everything(Sitting)[0].state == "draft"
    text = resident.get(here).content.decode()
    assert text.index('class="ax-callpanel"') < text.index("我们已经告诉柳岸社区心灵驿站")
    assert "赵宁" in text
    assert "10:30" in text
    assert warning.state == "new"


def test_the_result_puts_help_first_and_the_score_last(resident: Client, agree: Agree) -> None:
    agree(resident)
    answer_all(resident, [0] * 8 + [1])
    response = resident.post(f"{PHQ}check/", follow=True)
    text = response.content.decode()
    order = ['class="ax-callpanel"', "赵宁", "您现在安全吗", "ax-steps", "ax-fold"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert len(everything(Warning)) == 1
    for word in ("抑郁", "焦虑", "L3", "高风险", "重度"):
        assert word not in text.split("ax-fold")[0]


def test_a_quiet_result_names_nobody(resident: Client, agree: Agree) -> None:
    agree(resident)
    response = resident.get(answer_all(resident, [1, 1, 1, 1, 1, 0, 0, 0, 0]))
    text = response.content.decode()
    assert "这两周，您可能比平时累一些" in text
    assert "12 月 8 日" in text
    assert "赵宁" not in text
    assert everything(Warning) == []


def test_each_answer_is_kept_when_going_on_and_a_change_is_kept_beside_it(
    resident: Client, agree: Agree
) -> None:
    agree(resident)
    resident.post(f"{PHQ}1/", {"value": 1, "step": "next"})
    resident.post(f"{PHQ}1/", {"value": 2, "step": "next"})
    resident.post(f"{PHQ}1/", {"step": "skip"})
    assert [(e.item, e.value, e.previous) for e in everything(AnswerEntry)] == [(1, 1, None), (1, 2, 1)]
    assert everything(Sitting)[0].answers[0] == 2


def test_left_open_questions_leave_the_result_open(resident: Client, agree: Agree) -> None:
    agree(resident)
    resident.post(f"{PHQ}all/", {f"q{n}": 3 for n in range(1, 9)} | {"step": "next"})
    view = resident.post(f"{PHQ}check/", follow=True).context["view"]
    assert view.total is None
    assert everything(Sitting)[0].state == "submitted"


def test_handing_in_twice_ends_at_the_same_result(resident: Client, agree: Agree) -> None:
    agree(resident)
    first = answer_all(resident, [0] * 9)
    again = resident.post(f"{PHQ}9/", {"value": 0, "step": "next"})
    assert again["Location"] == PHQ
    assert len(everything(Sitting)) == 1
    assert resident.get(first).status_code == 200


@requirement("R-071")
def test_the_check_in_makes_the_warning_more_urgent_and_says_so(resident: Client, agree: Agree) -> None:
    agree(resident)
    answer_all(resident, [0] * 8 + [1])
    result = resident.post(f"{PHQ}check/")["Location"]
    assert resident.post(f"{result}check-in/", {"wants_call": "yes"}).status_code == 422
    response = resident.post(f"{result}check-in/", {"is_safe_now": "no", "wants_call": "yes"}, follow=True)
    assert "我们记下了" in response.content.decode()
    (warning,) = everything(Warning)
    assert warning.level == 4
    assert "10:05" in response.content.decode()


def test_minors_never_see_the_questions(resident: Client, city) -> None:
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=city.residents["li-qing"].id).update(born_on=date(2010, 5, 1))
    assert resident.get(PHQ)["Location"] == "/self-tests/young/"
    assert resident.post(PHQ, {"how": "anonymous"})["Location"] == "/self-tests/young/"
    assert resident.get(f"{PHQ}consent/")["Location"] == "/self-tests/young/"
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=city.residents["li-qing"].id).update(born_on=date(2014, 5, 1))
    assert resident.get(PHQ)["Location"] == "/self-tests/younger/"
    assert everything(Sitting) == []


def test_answers_on_the_device_can_be_taken_into_the_archive(resident: Client) -> None:
    resident.post(PHQ, {"how": "anonymous"})
    answer_all(resident, [0] * 8 + [1])
    resident.post(f"{PHQ}check/")
    assert everything(Sitting) == []
    page = resident.get("/results/here/keep/")
    assert resident.post("/results/here/keep/", {"version": page.context["text"].version}).status_code == 422
    response = resident.post(
        "/results/here/keep/", {"agree": "on", "version": page.context["text"].version}, follow=True
    )
    assert "赵宁" in response.content.decode()
    assert everything(Sitting)[0].state == "submitted"
    assert len(everything(Warning)) == 1
    assert resident.get("/results/here/").templates[0].name == "resident/results/gone.html"


def test_another_persons_result_is_not_there(resident: Client, agree: Agree, city) -> None:
    agree(resident)
    result = answer_all(resident, [0] * 9)
    other = Client()
    assert other.get(result).status_code == 302
    assert resident.get("/results/019f0000-0000-7000-8000-000000000000/").status_code == 404


def test_after_taking_the_agreement_back_no_answer_is_kept(resident: Client, agree: Agree) -> None:
    agree(resident)
    resident.post(f"{PHQ}1/", {"value": 1, "step": "next"})
    resident.post("/me/consents/withdraw/", {"purpose": "self_test_named"})
    assert resident.post(f"{PHQ}2/", {"value": 1, "step": "next"})["Location"] == PHQ
    assert resident.post(f"{PHQ}check/")["Location"] == PHQ
    assert len(everything(AnswerEntry)) == 1
    assert everything(Sitting)[0].state == "draft"


@pytest.mark.parametrize("form", ["json", "fhir"])
def test_everything_can_be_taken_away_as_a_file_that_names_nobody(
    resident: Client, form: str, settings: LazySettings
) -> None:
    settings.ANXIN_DEMO = True
    code = resident.post("/me/confirm/", {"step": "send"}).context["sent"]["shown"]
    resident.post("/me/confirm/", {"code": code})
    answer = resident.post(f"/me/copy/{form}/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "my-data" in answer["Content-Disposition"]
    assert "13800000001" in answer.content.decode()
    assert resident.get(f"/me/copy/{form}/").status_code == 405


def test_nobody_takes_a_file_without_signing_in(visitor: Client) -> None:
    assert visitor.post("/me/copy/json/").status_code == 302
