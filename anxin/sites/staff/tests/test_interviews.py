"""Interviews by staff: who may, what is recorded, the alarm at the answer, paper twice, others' words, second looks."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.models import Administration, AnswerEntry, ScoreSheet, SecondLook, Sitting
from anxin.domains.residents.models import Resident
from anxin.domains.risk.models import Warning
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
Browser = Callable[[str], Client]
AGREED = {"conduct": "interview", "consent": "agreed", "respondent": "self"}
PAPER = AGREED | {"conduct": "paper", "paper_on": "2026-11-23"}


def everything(model: type) -> list:
    """All rows, as the house sees them."""
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


@pytest.fixture
def trained(city: small_city.SmallCity) -> small_city.SmallCity:
    """赵宁 is trained in the two forms that ask about suicide, and in one that others answer."""
    since = date(2026, 1, 1)
    with unit_of_work(SYSTEM):
        for subject in ("asq", "c-ssrs-screener", "ad8", "scared"):
            workforce.record_credential(
                actor=SYSTEM,
                draft=CredentialDraft(
                    staff_id=city.staff["zhao-ning"].id,
                    kind=CredentialKind.INSTRUMENT_TRAINING,
                    valid_from=since,
                    verified_on=since,
                    subject=subject,
                ),
            )
    return city


def new_url(city: small_city.SmallCity, code: str = "li-qing") -> str:
    """Where an interview with a person begins."""
    return f"/staff/interviews/new/{city.residents[code].uid}/"


def begin(client: Client, city: small_city.SmallCity, form: str, **more: str) -> str:
    """Begin; where it leads."""
    return str(client.post(new_url(city), AGREED | {"form": form} | more)["Location"])


def say(client: Client, here: str, value: object) -> str:
    """One answer; where it leads."""
    return str(client.post(here, {"value": value})["Location"])


# --- who may -------------------------------------------------------------------------------------


def test_a_person_is_found_by_number_or_phone_within_reach_only(city: Any, browser: Browser) -> None:
    number = city.residents["li-qing"].number
    zhao, chen = browser("zhao-ning"), browser("chen-mo")
    assert [one.number for one in zhao.get("/staff/interviews/", {"q": number}).context["found"]] == [number]
    (found,) = zhao.get("/staff/interviews/", {"q": "13800000001"}).context["found"]
    assert "李晴" not in found.name
    assert chen.get("/staff/interviews/", {"q": number}).context["found"] == []
    assert chen.get(new_url(city)).status_code == 404
    assert chen.post(new_url(city), AGREED | {"form": "phq-9|zh-Hans"}).status_code == 404
    assert everything(Sitting) == []


@pytest.mark.parametrize("code", ["zhou-xing", "he-jia", "bai-lu", "fang-zheng"])
def test_who_may_not_ask_does_not_get_in(browser: Browser, code: str) -> None:
    assert browser(code).get("/staff/interviews/").status_code == 403


@requirement("R-071")
def test_a_form_for_professionals_asks_for_training_in_it(city: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    page = zhao.get(new_url(city))
    assert any("ASQ" in title for title in page.context["untrained"])
    assert zhao.post(new_url(city), AGREED | {"form": "asq|en"}).status_code == 422
    assert everything(Sitting) == []


@requirement("R-071")
def test_the_room_refuses_an_untrained_person_whatever_the_page_says(city: Any) -> None:
    from anxin.domains.assessments.contracts import Conduct, ConsentBasis, InterviewDraft, NotTrained
    from anxin.domains.instruments.contracts import Respondent

    actor = city.actor("zhao-ning")
    draft = InterviewDraft("asq", "en", Conduct.INTERVIEW, ConsentBasis.AGREED, Respondent.CLINICIAN)
    with pytest.raises(NotTrained), unit_of_work(actor):
        assessments.start_interview(actor=actor, resident_uid=city.residents["li-qing"].uid, draft=draft)
    assert everything(Sitting) == []


# --- asking --------------------------------------------------------------------------------------


@requirement("R-071")
def test_consent_and_who_asked_are_recorded_and_the_result_is_for_who_asked(
    city: Any, browser: Browser
) -> None:
    zhao = browser("zhao-ning")
    assert zhao.post(new_url(city), {"form": "phq-9|zh-Hans", "conduct": "interview"}).status_code == 422
    here = begin(zhao, city, "phq-9|zh-Hans")
    assert here.endswith("/1/")
    for _ in range(9):
        here = say(zhao, here, 1 if not here.endswith("/9/") else 0)
    assert here.endswith("/check/")
    page = zhao.get(zhao.post(here)["Location"])
    (sitting,), (taken,), (sheet,) = everything(Sitting), everything(Administration), everything(ScoreSheet)
    assert (sitting.conduct, sitting.respondent) == ("interview", "self")
    assert (taken.consent, taken.staff_name) == ("agreed", "赵宁")
    assert sheet.scores["total"] == 8
    assert "some burden" in page.content.decode() or "8" in page.content.decode()
    assert len(page.context["view"].answers) == 9
    assert browser("chen-mo").get(f"/staff/interviews/{sitting.uid}/").status_code == 404
    person = city.actor("li-qing")
    with unit_of_work(person):
        assert list(assessments.own_sittings(actor=person)) == []


@requirement("R-071")
def test_a_refusal_in_asq_is_positive_and_asks_about_now(trained: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = begin(zhao, trained, "asq|en")
    for value in (0, 0, "declined", 0):
        here = say(zhao, here, value)
    assert here.endswith("/5/")
    here = say(zhao, here, 0)
    zhao.post(here)
    (sheet,), (warning,) = everything(ScoreSheet), everything(Warning)
    assert sheet.validity["classes"] == {"screen": "positive", "acuity": "not_acute"}
    assert "refused:3" in sheet.validity["notes"]
    assert warning.level == 3
    assert everything(AnswerEntry)[2].value == 9


@requirement("R-071")
def test_a_yes_right_now_calls_the_duty_lead_at_that_answer_at_the_highest_level(
    trained: Any, browser: Browser
) -> None:
    zhao = browser("zhao-ning")
    here = begin(zhao, trained, "asq|en")
    for value in (0, 0, 0, 1):
        here = say(zhao, here, value)
    (warning,) = everything(Warning)
    assert (warning.level, warning.source) == (3, "staff")
    page = zhao.post(here, {"value": 1}, follow=True)
    (warning,) = everything(Warning)
    assert warning.level == 4
    assert everything(Sitting)[0].state == "draft"
    assert "已呼叫值班负责人" in page.content.decode()


@requirement("R-071")
def test_the_screener_skips_what_two_rules_out_and_grades(trained: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = begin(zhao, trained, "c-ssrs-screener|en")
    here = say(zhao, say(zhao, here, 0), 0)
    assert here.endswith("/6/")
    here = say(zhao, here, 0)
    assert here.endswith("/check/")
    zhao.post(here)
    (sheet,) = everything(ScoreSheet)
    assert sheet.validity["classes"] == {"risk": "none"}
    assert {"not_asked:3", "not_asked:4", "not_asked:5"} <= set(sheet.validity["notes"])
    assert everything(Warning) == []


def test_an_attempt_within_three_months_is_high_without_any_thought(trained: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = begin(zhao, trained, "c-ssrs-screener|en")
    for value in (0, 0, 1, 1):
        here = say(zhao, here, value)
    zhao.post(here)
    assert everything(ScoreSheet)[0].validity["classes"] == {"risk": "high"}
    assert everything(Warning)[0].level == 3


def test_the_opening_question_of_the_trauma_screen_ends_it(city: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = begin(zhao, city, "pc-ptsd-5|en")
    here = say(zhao, here, 0)
    assert here.endswith("/check/")
    zhao.post(here)
    (sitting,), (sheet,) = everything(Sitting), everything(ScoreSheet)
    assert sitting.answers == [0, None, None, None, None, None]
    assert sheet.scores["total"] == 0
    assert sheet.validity["complete"]


def test_a_worrying_item_offers_the_form_that_is_asked_next(trained: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = begin(zhao, trained, "phq-9|zh-Hans")
    for value in (0,) * 8 + (2,):
        here = say(zhao, here, value)
    view = zhao.get(zhao.post(here)["Location"]).context["view"]
    assert view.is_critical
    assert view.is_called
    ((_, url),) = view.follow_ups
    assert "form=c-ssrs-screener" in url
    assert zhao.get(url).context["form"].initial["form"] == "c-ssrs-screener|en"
    zhao.post(url, AGREED | {"form": "c-ssrs-screener|en"})
    first, second = everything(Sitting)
    assert second.follows_id == first.id


def test_below_fourteen_a_guardian_agrees_first(trained: Any, browser: Browser) -> None:
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=trained.residents["li-qing"].id).update(born_on=date(2014, 5, 1))
    zhao = browser("zhao-ning")
    assert zhao.post(new_url(trained), AGREED | {"form": "asq|en"}).status_code == 422
    assert everything(Sitting) == []
    assert begin(zhao, trained, "asq|en", consent="guardian_agreed").endswith("/1/")
    assert everything(Administration)[0].consent == "guardian_agreed"


def test_again_before_its_time_needs_a_written_reason(city: Any, browser: Browser, at: Any) -> None:
    zhao = browser("zhao-ning")

    def through(here: str) -> None:
        for value in (0, 1, 2, 1, 0, 1, 2, 1, 0):
            here = say(zhao, here, value)
        zhao.post(here)

    through(begin(zhao, city, "phq-9|zh-Hans"))
    at.shift(timedelta(hours=5))
    zhao = browser("zhao-ning")  # nobody stays signed in for five idle hours
    assert zhao.post(new_url(city), AGREED | {"form": "phq-9|zh-Hans"}).status_code == 422
    assert len(everything(Sitting)) == 1
    through(begin(zhao, city, "phq-9|zh-Hans", order_reason="换药后随访"))
    assert "doubts" not in everything(ScoreSheet)[1].validity


def test_a_colleague_does_not_write_into_the_interview_of_another(trained: Any, browser: Browser) -> None:
    zhao, sun = browser("zhao-ning"), browser("sun-lan")
    here = begin(zhao, trained, "phq-9|zh-Hans")
    assert sun.post(here, {"value": 1}).status_code == 404
    assert sun.post(new_url(trained), AGREED | {"form": "phq-9|zh-Hans"}).status_code == 409
    assert everything(AnswerEntry) == []
    assert begin(zhao, trained, "phq-9|zh-Hans") == here


def test_what_was_begun_by_mistake_is_put_away(city: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    begin(zhao, city, "phq-9|zh-Hans")
    uid = everything(Sitting)[0].uid
    zhao.post(f"/staff/interviews/{uid}/discard/")
    assert everything(Sitting)[0].state == "discarded"
    assert zhao.get("/staff/interviews/").context["mine"] == []


# --- paper ---------------------------------------------------------------------------------------


def on_paper(client: Client, city: Any, form: str, **more: str) -> str:
    """Begin to copy a paper; where it leads."""
    return str(client.post(new_url(city), PAPER | {"form": form} | more)["Location"])


@requirement("R-071")
def test_a_paper_counts_only_after_two_entries_agree(city: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = on_paper(zhao, city, "phq-9|zh-Hans")
    first = {f"q{place}": 1 for place in range(1, 9)} | {"q9": 0}
    zhao.post(here, first)
    second_page = zhao.get(here).content.decode()
    assert "selected" not in second_page
    differing = zhao.post(here, first | {"q4": 2})
    assert differing.status_code == 422
    assert [row["place"] for row in differing.context["rows"] if row["differs"]] == [4]
    assert everything(ScoreSheet) == []
    settled = zhao.post(here, first | {"q4": 2, "settled": 1})
    assert settled.status_code == 303
    (sheet,), (taken,) = everything(ScoreSheet), everything(Administration)
    assert sheet.scores["total"] == 9
    assert taken.differences == 1
    assert taken.paper_on == date(2026, 11, 23)
    assert (4, 2, 1) in [(e.item, e.value, e.previous) for e in everything(AnswerEntry)]


def test_a_paper_without_a_day_or_from_tomorrow_is_refused(city: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    for day in ("", "2026-11-25"):
        response = zhao.post(new_url(city), PAPER | {"form": "phq-9|zh-Hans", "paper_on": day})
        assert response.status_code == 422
    assert everything(Sitting) == []


def test_a_worrying_answer_on_paper_calls_somebody_at_the_first_entry(city: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    here = on_paper(zhao, city, "phq-9|zh-Hans")
    zhao.post(here, {f"q{place}": 0 for place in range(1, 9)} | {"q9": 3})
    (warning,) = everything(Warning)
    assert {"paper"} <= {reason["code"] for reason in warning.reasons}
    assert everything(Sitting)[0].state == "draft"


# --- others about the person ---------------------------------------------------------------------


@requirement("R-056", "R-071")
def test_who_answers_about_whom_is_recorded_and_never_shown_as_the_persons_own(
    trained: Any, browser: Browser
) -> None:
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=trained.residents["li-qing"].id).update(born_on=date(1950, 5, 1))
    zhao = browser("zhao-ning")
    missing = zhao.post(new_url(trained), PAPER | {"form": "ad8|", "respondent": "informant"})
    assert missing.status_code == 422
    here = on_paper(
        zhao,
        trained,
        "ad8|",
        respondent="informant",
        informant_name="李明",
        informant_relation="son_or_daughter",
    )
    entry = {f"q{place}": 1 for place in range(1, 9)}
    zhao.post(here, entry)
    page = zhao.get(zhao.post(here, entry)["Location"])
    (sitting,), (taken,) = everything(Sitting), everything(Administration)
    assert sitting.respondent == "informant"
    assert (taken.informant_name, taken.informant_relation) == ("李明", "son_or_daughter")
    assert "不会当作本人的回答显示" in page.content.decode()
    assert "李明" in page.content.decode()
    person = trained.actor("li-qing")
    with unit_of_work(person):
        assert list(assessments.own_sittings(actor=person)) == []


def test_a_form_that_only_the_person_answers_takes_nobody_elses_word(city: Any, browser: Browser) -> None:
    zhao = browser("zhao-ning")
    asked = AGREED | {"form": "phq-9|zh-Hans", "respondent": "teacher", "informant_name": "王老师"}
    assert zhao.post(new_url(city), asked | {"informant_relation": "teacher"}).status_code == 422
    assert everything(Sitting) == []


# --- second look ---------------------------------------------------------------------------------


@requirement("R-071")
def test_doubtful_answers_wait_for_a_second_look_of_who_may_ask(city: Any, browser: Browser) -> None:
    zhao, chen = browser("zhao-ning"), browser("chen-mo")
    here = begin(zhao, city, "phq-9|zh-Hans")
    for _ in range(9):
        here = say(zhao, here, 2)
    zhao.post(here)
    (row,) = zhao.get("/staff/interviews/").context["doubtful"]
    assert chen.get("/staff/interviews/").context["doubtful"] == []
    assert chen.get(row.url).status_code == 404
    assert len(everything(Warning)) == 1
    assert zhao.post(row.url, {"outcome": "talked"}).status_code == 422
    assert chen.post(row.url, {"outcome": "talked", "note": "谈过"}).status_code == 404
    assert everything(SecondLook) == []
    zhao.post(row.url, {"outcome": "talked", "note": "当面谈过，情况属实。"})
    assert everything(SecondLook)[0].outcome == "talked"
    assert zhao.get("/staff/interviews/").context["doubtful"] == []
    assert len(everything(Warning)) == 1
    assert everything(Warning)[0].state == "new"
