"""Beyond one flat form: branches, two steps, batteries, doubts, the retest notice; always by plain forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from anxin.domains.assessments.models import AnonymousCount, AnswerEntry, BatteryRun, ScoreSheet, Sitting
from anxin.domains.risk.models import Warning
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.device import RUN_COOKIE
from anxin.sites.resident.tests.conftest import BACKEND
from anxin.sites.resident.tests.test_anonymous import KEPT_ON_PURPOSE, rows
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
K10 = "/self-tests/k10/"
Agree = Callable[[Client], None]


def everything(model: type) -> list:
    """All rows, as the house sees them."""
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


def answer(client: Client, slug: str, place: int, value: int, **more: str) -> str:
    """One plain post; where it leads."""
    response = client.post(f"/self-tests/{slug}/{place}/", {"value": value, "step": "next", **more})
    return str(response["Location"])


def begin_named(client: Client, slug: str, query: str = "") -> str:
    """Past the start page, with consent if it is asked for; where it leads."""
    here = client.post(f"/self-tests/{slug}/{query}", {"how": "named"})["Location"]
    if "/consent/" not in here:
        return str(here)
    page = client.get(here)
    return str(client.post(here, {"agree": "on", "version": page.context["text"].version})["Location"])


def days_later(client: Client, city: Any, at: Any, days: int) -> None:
    """Another day: the session is over, so the person signs in again."""
    at.shift(timedelta(days=days))
    client.force_login(city.accounts["li-qing"], backend=BACKEND)


# --- branches ------------------------------------------------------------------------------------


@pytest.fixture
def english(resident: Client) -> Client:
    """李晴 reading English: the forms with branches that the public may be asked have English texts only."""
    resident.cookies["ax_language"] = "en"
    return resident


@requirement("R-071")
def test_a_question_that_is_ruled_out_is_not_put_and_is_kept_as_not_asked(english: Client) -> None:
    begin_named(english, "k10")
    answer(english, "k10", 1, 3)
    assert answer(english, "k10", 2, 1) == f"{K10}4/"
    assert english.get(f"{K10}3/")["Location"] == f"{K10}4/"
    page = english.get(f"{K10}4/").context["view"]
    assert (page.question.ordinal, page.count) == (3, 9)
    assert page.back_url == f"{K10}2/"
    for place in (4, 5):
        here = answer(english, "k10", place, 1)
    assert here == f"{K10}7/"
    for place in (7, 8, 9, 10):
        here = answer(english, "k10", place, 2)
    assert "/results/" in here
    (sitting,), (sheet,) = everything(Sitting), everything(ScoreSheet)
    assert sitting.answers[2] is None
    assert sitting.answers[5] is None
    assert {"not_asked:3", "not_asked:6"} <= set(sheet.validity["notes"])
    assert sheet.scores["total"] == 3 + 1 + 1 + 1 + 1 + 1 + 2 * 4
    assert sheet.validity["complete"]


@requirement("R-071")
def test_going_back_and_changing_the_gate_keeps_the_log_and_excludes_the_answer(english: Client) -> None:
    begin_named(english, "k10")
    for place, value in enumerate([3, 4, 5, 1, 1], start=1):
        answer(english, "k10", place, value)
    answer(english, "k10", 2, 1)
    for place in (7, 8, 9, 10):
        answer(english, "k10", place, 1)
    assert (3, 5, None) in [(e.item, e.value, e.previous) for e in everything(AnswerEntry)]
    (sitting,), (sheet,) = everything(Sitting), everything(ScoreSheet)
    assert sitting.answers[2] is None
    assert sheet.scores["total"] == 3 + 1 + 1 + 1 + 1 + 1 + 4


def test_changing_the_gate_back_brings_the_earlier_answer_back(english: Client) -> None:
    begin_named(english, "k10")
    for place, value in ((1, 3), (2, 4), (3, 5), (2, 1), (2, 4)):
        answer(english, "k10", place, value)
    assert english.get(f"{K10}3/").context["view"].question.is_answered


def test_the_long_page_shows_what_a_question_depends_on_and_excludes_it_on_the_server(
    english: Client,
) -> None:
    begin_named(english, "k10")
    text = english.get(f"{K10}all/").content.decode()
    assert 'data-only-if="all q2=2,3,4,5"' in text
    assert "Only if question 2 was answered with one of these" in text
    sent = {f"q{place}": 2 for place in range(1, 11)} | {"q2": 1, "q3": 5, "step": "next"}
    assert "/results/" in english.post(f"{K10}all/", sent)["Location"]
    assert everything(ScoreSheet)[0].scores["total"] == 2 * 8 + 1 + 1


def test_somebody_unknown_goes_the_same_way(visitor: Client) -> None:
    visitor.cookies["ax_language"] = "en"
    before = rows()
    visitor.post(K10, {"age_band": "adult", "how": "anonymous"})
    answer(visitor, "k10", 1, 1)
    assert answer(visitor, "k10", 2, 1) == f"{K10}4/"
    for place in (4, 5, 7, 8, 9, 10):
        here = answer(visitor, "k10", place, 1)
    assert here == "/results/here/"
    assert visitor.get(here).context["view"].total == 10
    assert {name for name, count in rows().items() if count != before[name]} <= KEPT_ON_PURPOSE


# --- two steps -----------------------------------------------------------------------------------


@requirement("R-067", "R-071")
def test_a_positive_first_look_offers_the_closer_one_as_a_sitting_of_its_own(resident: Client) -> None:
    begin_named(resident, "phq-2")
    answer(resident, "phq-2", 1, 2)
    here = answer(resident, "phq-2", 2, 2)
    assert here.startswith("/self-tests/next/")
    page = resident.get(here)
    ((offer, errand),) = page.context["next"].errands
    assert offer.slug == "phq-9"
    assert "不会带过去" in page.content.decode()
    first = everything(Sitting)[0]
    begin_named(resident, "phq-9", f"?{errand.query}")
    sittings = everything(Sitting)
    assert len(sittings) == 2
    assert sittings[1].follows_id == first.id
    assert sittings[1].answers == [None] * 9


def test_a_negative_first_look_leads_to_its_result(resident: Client) -> None:
    begin_named(resident, "phq-2")
    answer(resident, "phq-2", 1, 1)
    here = answer(resident, "phq-2", 2, 1)
    assert here.startswith("/results/")
    assert "这两周，您过得还算平稳" in resident.get(here).content.decode()


def test_somebody_elses_sitting_is_never_the_one_that_is_followed(resident: Client, city: Any) -> None:
    other = Client()
    other.force_login(city.accounts["lin-xia"], backend=BACKEND)
    begin_named(other, "phq-2")
    strange = everything(Sitting)[0].uid
    begin_named(resident, "phq-9", f"?after={strange}")
    assert everything(Sitting)[1].follows_id is None
    assert resident.get(f"/self-tests/next/{strange}/").status_code == 404


def test_unknown_people_are_offered_the_closer_look_and_leave_nothing(visitor: Client) -> None:
    before = rows()
    visitor.post("/self-tests/gad-2/", {"age_band": "adult", "how": "anonymous"})
    answer(visitor, "gad-2", 1, 3)
    assert answer(visitor, "gad-2", 2, 3) == "/self-tests/next/here/"
    text = visitor.get("/self-tests/next/here/").content.decode()
    assert "/self-tests/gad-7/" in text
    assert {name for name, count in rows().items() if count != before[name]} <= KEPT_ON_PURPOSE


def test_a_worrying_answer_comes_before_any_next_form(resident: Client) -> None:
    begin_named(resident, "phq-9", "?battery=pregnant")
    for place in range(1, 9):
        answer(resident, "phq-9", place, 1)
    assert answer(resident, "phq-9", 9, 2) == "/self-tests/phq-9/pause/9/"
    assert resident.post("/self-tests/phq-9/check/")["Location"].startswith("/results/")


# --- batteries -----------------------------------------------------------------------------------


@requirement("R-084")
def test_choosing_who_one_is_shows_the_forms_for_that_and_says_what_is_missing(visitor: Client) -> None:
    cards = visitor.get("/self-tests/for/").context["cards"]
    assert [card.title for card in cards] == [
        "孕期和产后",
        "60 岁以上",
        "在读大学生",
        "上班的人",
        "经历了一件大事之后",
    ]
    page = visitor.get("/self-tests/for/pregnant/")
    assert [line.code for line in page.context["lines"]] == ["PHQ-9", "GAD-2", "GAD-7"]
    assert page.context["absent"] == ["EPDS", "PBQ"]
    assert "EPDS" in page.content.decode()


@requirement("R-056")
def test_older_people_get_the_form_made_for_them_and_others_what_fits_them(visitor: Client) -> None:
    page = visitor.get("/self-tests/for/elder/")
    assert page.context["lines"][0].code == "GDS-15"
    start = page.context["start_url"]
    assert visitor.post(start, {"age_band": "grown", "how": "anonymous"})["Location"].endswith(
        "/not-for-age/"
    )
    assert RUN_COOKIE not in visitor.cookies
    fitting = visitor.get("/self-tests/gds-15/not-for-age/").context["fitting"]
    assert "gds-15" not in [offer.slug for offer in fitting]
    assert fitting
    assert (
        visitor.post(start, {"age_band": "adult", "how": "anonymous"})["Location"] == "/self-tests/gds-15/1/"
    )


def test_where_no_form_is_offered_the_page_leads_to_what_there_is(resident: Client) -> None:
    page = resident.get("/self-tests/for/elder/")
    assert page.context["start_url"] == ""
    text = page.content.decode()
    assert "/self-tests/phq-9/" in text
    assert "/stations/" in text
    assert resident.get("/self-tests/for/nobody/").status_code == 404


def walk_worker(client: Client, *answers: tuple[str, list[int]]) -> str:
    """Answer the parts of the battery for people at work; where it ends."""
    here = ""
    for slug, values in answers:
        begin_named(client, slug, "?battery=worker")
        for place, value in enumerate(values, start=1):
            here = answer(client, slug, place, value)
    return here


@requirement("R-084")
def test_a_battery_asks_the_second_step_only_after_a_positive_first(resident: Client) -> None:
    here = walk_worker(resident, ("phq-2", [0, 0]))
    assert resident.get(here).context["next"].errands[0][0].slug == "gad-2"
    walk_worker(resident, ("gad-2", [3, 3]))
    run, parts = everything(BatteryRun)[0], everything(Sitting)
    assert [(one.instrument, one.battery_part) for one in parts] == [("phq-2", 1), ("gad-2", 3)]
    page = resident.get(f"/self-tests/for/run/{run.uid}/")
    assert [line.state for line in page.context["lines"]] == ["done", "done", "ahead"]
    assert (page.context["done"], page.context["total"]) == (2, 3)
    here = walk_worker(resident, ("gad-7", [1] * 7))
    assert here.startswith("/results/")
    assert everything(BatteryRun)[0].state == "finished"


def test_a_battery_is_gone_on_with_another_day_and_shows_how_far_one_is(
    resident: Client, city: Any, at: Any
) -> None:
    walk_worker(resident, ("phq-2", [2, 2]))
    begin_named(resident, "phq-9", "?battery=worker")
    answer(resident, "phq-9", 1, 1)
    days_later(resident, city, at, 2)
    card = resident.get("/self-tests/").context["runs"][0]
    assert (card.title, card.done) == ("上班的人", 1)
    page = resident.get(card.url)
    assert page.context["ahead"].state == "open"
    question = resident.get("/self-tests/phq-9/2/")
    assert question.context["view"].part == (2, 4)
    assert "第 2 份，共 4 份" in question.content.decode()


def test_a_part_can_be_left_out_and_a_battery_stopped(resident: Client) -> None:
    walk_worker(resident, ("phq-2", [0, 0]))
    run = everything(BatteryRun)[0]
    resident.post(f"/self-tests/for/run/{run.uid}/leave-out/", {"part": 3})
    assert everything(BatteryRun)[0].state == "finished"
    walk_worker(resident, ("gad-2", []))
    second = everything(BatteryRun)[1]
    resident.post(f"/self-tests/for/run/{second.uid}/stop/")
    assert everything(BatteryRun)[1].state == "stopped"


def test_nobody_sees_or_changes_the_battery_of_another(resident: Client, city: Any) -> None:
    walk_worker(resident, ("phq-2", [0, 0]))
    run = everything(BatteryRun)[0]
    other = Client()
    other.force_login(city.accounts["lin-xia"], backend=BACKEND)
    assert other.get(f"/self-tests/for/run/{run.uid}/").status_code == 404
    assert other.post(f"/self-tests/for/run/{run.uid}/stop/").status_code == 404
    assert everything(BatteryRun)[0].state == "open"


@requirement("R-084")
def test_an_unknown_person_goes_through_a_battery_and_leaves_counts_only(visitor: Client) -> None:
    before = rows()
    start = visitor.get("/self-tests/for/worker/").context["start_url"]
    visitor.post(start, {"age_band": "adult", "how": "anonymous"})
    answer(visitor, "phq-2", 1, 3)
    here = answer(visitor, "phq-2", 2, 3)
    ahead = visitor.get(here).context["next"]
    assert (ahead.errands[0][0].slug, ahead.part) == ("phq-9", 2)
    query = ahead.errands[0][1].query
    visitor.post(f"/self-tests/phq-9/?{query}", {"age_band": "adult", "how": "anonymous"})
    for place in range(1, 10):
        here = answer(visitor, "phq-9", place, 0)
    assert visitor.get(here).context["next"].errands[0][0].slug == "gad-2"
    assert {name for name, count in rows().items() if count != before[name]} <= KEPT_ON_PURPOSE
    assert sum(one.count for one in everything(AnonymousCount)) == 2


# --- doubts --------------------------------------------------------------------------------------


def shown(seconds: float) -> str:
    """What a page that was made so long ago says about itself."""
    return signing.dumps((clock.now() - timedelta(seconds=seconds)).timestamp(), salt="self-tests.shown")


@requirement("R-071")
def test_answers_faster_than_reading_are_marked_and_go_to_a_second_look(
    resident: Client, agree: Agree
) -> None:
    agree(resident)
    for place, value in enumerate([1, 0, 2, 1, 0, 2, 1, 0, 0], start=1):
        answer(resident, "phq-9", place, value, shown=shown(0.4))
    (sitting,), (sheet,) = everything(Sitting), everything(ScoreSheet)
    assert sheet.validity["credibility"] == "low"
    assert sheet.validity["doubts"] == ["too_fast"]
    assert sitting.is_doubtful
    assert sheet.scores["total"] == 7
    assert sheet.bands[0]["label"] == "mild"


@requirement("R-071")
def test_a_doubt_silences_no_alarm(resident: Client, agree: Agree) -> None:
    agree(resident)
    for place in range(1, 10):
        answer(resident, "phq-9", place, 3, shown=shown(0.2))
    assert len(everything(Warning)) == 1
    resident.post("/self-tests/phq-9/check/")
    sheet = everything(ScoreSheet)[0]
    assert sheet.validity["doubts"] == ["too_fast", "same_answer"]
    assert sheet.critical[0]["rule"] == "self_harm"
    (warning,) = everything(Warning)
    assert warning.level == 3
    assert "doubtful" in [reason["code"] for reason in warning.reasons]


def test_the_time_is_told_by_the_page_and_a_forged_one_counts_as_unknown(
    resident: Client, agree: Agree
) -> None:
    agree(resident)
    text = resident.get("/self-tests/phq-9/1/").content.decode()
    assert 'name="shown"' in text
    answer(resident, "phq-9", 1, 1, shown=shown(2.5))
    answer(resident, "phq-9", 2, 1, shown="forged")
    answer(resident, "phq-9", 3, 1)
    assert [entry.millis for entry in everything(AnswerEntry)] == [2500, None, None]


def test_on_the_long_page_the_answers_share_its_time(resident: Client, agree: Agree) -> None:
    agree(resident)
    sent = {f"q{place}": 1 for place in range(1, 10)} | {"step": "next", "shown": shown(45)}
    resident.post("/self-tests/phq-9/all/", sent)
    assert {entry.millis for entry in everything(AnswerEntry)} == {5000}


def test_of_somebody_unknown_no_time_is_taken(visitor: Client) -> None:
    visitor.post("/self-tests/phq-9/", {"age_band": "adult", "how": "anonymous"})
    assert 'name="shown"' not in visitor.get("/self-tests/phq-9/1/").content.decode()


# --- again ---------------------------------------------------------------------------------------


@requirement("R-071")
def test_again_before_its_time_names_the_day_and_leaves_the_choice(
    resident: Client, agree: Agree, city: Any, at: Any
) -> None:
    agree(resident)
    for place in range(1, 10):
        answer(resident, "phq-9", place, 1 if place < 9 else 0)
    days_later(resident, city, at, 3)
    here = begin_named(resident, "phq-9")
    assert "/again/" in here
    text = resident.get(here).content.decode()
    assert "12 月 8 日" in text
    assert "12356" in text
    assert len(everything(Sitting)) == 1
    assert resident.post(here)["Location"] == "/self-tests/phq-9/1/"
    for place in range(1, 10):
        answer(resident, "phq-9", place, 1 if place < 8 else 0)
    assert everything(ScoreSheet)[1].validity["doubts"] == ["repeated"]


def test_after_the_interval_nothing_is_asked(resident: Client, agree: Agree, city: Any, at: Any) -> None:
    agree(resident)
    for place in range(1, 10):
        answer(resident, "phq-9", place, 0)
    days_later(resident, city, at, 14)
    assert begin_named(resident, "phq-9") == "/self-tests/phq-9/1/"
    for place in range(1, 10):
        answer(resident, "phq-9", place, 0)
    assert "doubts" not in everything(ScoreSheet)[1].validity
