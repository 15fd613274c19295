"""A self-test without a name: help first, nothing kept but a count, everything by plain forms."""

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from anxin.domains.assessments.models import AnonymousCount
from anxin.domains.audit.models import AuditEvent
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.device import RUN_COOKIE
from anxin.sites.resident.tests.conftest import answer_all
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
PHQ = "/self-tests/phq-9/"
KEPT_ON_PURPOSE = {"assessments_anonymouscount", "audit_auditevent"}


def begin(client: Client) -> None:
    """Past the start page."""
    response = client.post(PHQ, {"age_band": "adult", "how": "anonymous"})
    assert response.status_code == 303
    assert response["Location"] == f"{PHQ}1/"


def rows() -> dict[str, int]:
    """How many rows each table has, as the house sees them."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    counted = {}
    with unit_of_work(SYSTEM), connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                counted[table] = cursor.fetchone()[0]
    return counted


@requirement("R-071")
def test_an_anonymous_run_leaves_a_count_and_no_row_about_a_person(visitor: Client) -> None:
    before, trail = rows(), set(AuditEvent.objects.values_list("id", flat=True))
    begin(visitor)
    here = answer_all(visitor, [1] * 8 + [2])
    visitor.post(f"{PHQ}check/")
    assert visitor.get("/results/here/").status_code == 200
    after = rows()
    assert {name for name in after if after[name] != before[name]} <= KEPT_ON_PURPOSE
    assert AnonymousCount.objects.get().count == 1
    assert here.endswith("/pause/9/")
    new = AuditEvent.objects.exclude(id__in=trail)
    assert {(e.actor_kind, e.actor_uid, e.person_uid, e.subject_uid, e.request_uid) for e in new} <= {
        ("anonymous", "", "", "", "")
    }
    assert "sessionid" not in visitor.cookies


def test_a_signed_in_person_can_stay_unknown(resident: Client) -> None:
    resident.get("/me/")  # a session is written down when it is first used
    trail = set(AuditEvent.objects.values_list("id", flat=True))
    before = rows()
    assert resident.post(PHQ, {"how": "anonymous"})["Location"] == f"{PHQ}1/"
    answer_all(resident, [0] * 9)
    changed = {name for name, count in rows().items() if count != before[name]}
    assert changed <= KEPT_ON_PURPOSE
    assert set(AuditEvent.objects.exclude(id__in=trail).values_list("actor_uid", flat=True)) <= {""}


def test_the_cookie_cannot_be_read_by_scripts_or_by_eye(visitor: Client) -> None:
    begin(visitor)
    visitor.post(f"{PHQ}1/", {"value": 3, "step": "next"})
    morsel = visitor.cookies[RUN_COOKIE]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert int(morsel["max-age"]) <= 2 * 60 * 60
    assert "phq" not in morsel.value


@requirement("R-071")
def test_a_worrying_answer_shows_help_at_once_and_first(visitor: Client) -> None:
    begin(visitor)
    for number in range(1, 9):
        visitor.post(f"{PHQ}{number}/", {"value": 0, "step": "next"})
    response = visitor.post(f"{PHQ}9/", {"value": 1, "step": "next"}, follow=True)
    text = response.content.decode()
    assert response.redirect_chain[-1][0] == f"{PHQ}pause/9/"
    assert text.index('class="ax-callpanel"') < text.index("还想接着答吗")
    assert "我们联系不到您" in text
    result = visitor.post(f"{PHQ}check/", follow=True).content.decode()
    assert result.index('class="ax-callpanel"') < result.index("ax-steps") < result.index("ax-fold")
    assert "我们已经告诉" not in result


def test_answers_survive_going_back_reloading_and_the_long_page(visitor: Client) -> None:
    begin(visitor)
    visitor.post(f"{PHQ}1/", {"value": 2, "step": "next"})
    for _ in range(2):
        page = visitor.get(f"{PHQ}1/")
        assert [c.is_chosen for c in page.context["view"].question.choices] == [False, False, True, False]
    long_page = visitor.get(f"{PHQ}all/")
    assert long_page.context["view"].questions[0].is_answered
    assert not long_page.context["view"].questions[1].is_answered


def test_the_long_page_goes_straight_to_the_result(visitor: Client) -> None:
    begin(visitor)
    response = visitor.post(f"{PHQ}all/", {f"q{n}": 1 for n in range(1, 10)} | {"step": "next"})
    assert response["Location"] == "/results/here/"
    assert visitor.get("/results/here/").context["view"].total == 9


def test_a_skipped_question_leaves_the_total_open_and_never_counts_as_nought(visitor: Client) -> None:
    begin(visitor)
    for number in range(1, 9):
        visitor.post(f"{PHQ}{number}/", {"value": 3, "step": "next"})
    assert visitor.post(f"{PHQ}9/", {"step": "skip"})["Location"] == f"{PHQ}check/"
    assert [q.number for q in visitor.get(f"{PHQ}check/").context["missing"]] == [9]
    view = visitor.post(f"{PHQ}check/", follow=True).context["view"]
    assert view.total is None
    assert view.is_open


def test_going_on_without_an_answer_is_told_at_the_question(visitor: Client) -> None:
    begin(visitor)
    response = visitor.post(f"{PHQ}1/", {"step": "next"})
    assert response.status_code == 422
    assert "这题不答" in response.content.decode()
    assert visitor.post(f"{PHQ}1/", {"value": 7, "step": "next"}).status_code == 422


def test_stopping_keeps_the_run_on_the_device_and_the_list_offers_it(visitor: Client) -> None:
    begin(visitor)
    assert visitor.post(f"{PHQ}1/", {"value": 1, "step": "stop"})["Location"] == "/self-tests/"
    card = visitor.get("/self-tests/").context["cards"][0]
    assert card.resume_url == f"{PHQ}2/"
    assert not card.is_named


def test_clearing_takes_the_answers_off_the_device(visitor: Client) -> None:
    begin(visitor)
    answer_all(visitor, [0] * 9)
    assert visitor.get("/results/here/").context["view"].total == 0
    visitor.post("/results/here/clear/")
    assert not visitor.cookies[RUN_COOKIE].value
    assert "已经没有作答" in visitor.get("/results/here/").content.decode()


@requirement("R-071")
@pytest.mark.parametrize(("band", "place"), [("teen", "young"), ("child", "younger")])
def test_young_people_are_led_to_help_and_never_see_a_question(
    visitor: Client, band: str, place: str
) -> None:
    response = visitor.post(PHQ, {"age_band": band, "how": "anonymous"})
    assert response["Location"] == f"/self-tests/{place}/"
    assert RUN_COOKIE not in visitor.cookies
    text = visitor.get(response["Location"]).content.decode()
    assert "ax-choice__input" not in text
    assert "12356" in text
    assert "学校" in text
    assert visitor.get(f"{PHQ}1/")["Location"] == PHQ
    assert visitor.get(f"{PHQ}all/")["Location"] == PHQ


def test_without_an_age_or_a_way_nobody_gets_in(visitor: Client) -> None:
    response = visitor.post(PHQ, {"how": "anonymous"})
    assert response.status_code == 422
    assert "checked" in response.content.decode()
    assert visitor.post(PHQ, {"age_band": "adult"}).status_code == 422
    assert RUN_COOKIE not in visitor.cookies


def test_a_foreign_or_broken_cookie_is_simply_no_run(visitor: Client) -> None:
    visitor.cookies[RUN_COOKIE] = "v1.bm90aGluZw=="
    assert visitor.get(f"{PHQ}1/")["Location"] == PHQ
    assert visitor.get("/results/here/").status_code == 200


@pytest.mark.parametrize("how", ["get", "post"])
def test_leaving_quickly_clears_the_device(visitor: Client, how: str) -> None:
    begin(visitor)
    response = getattr(visitor, how)("/leave/")
    assert response.status_code in (200, 302)
    assert not visitor.cookies[RUN_COOKIE].value
    assert response["Cache-Control"] == "no-store"
