"""A result, how it has been over time, and what can be taken away: plain words, no illness, and only one's own."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.assessments import api as assessments
from anxin.domains.audit.models import AuditEvent
from anxin.exchange.pdf import setting as pdf
from anxin.flows import save_answer, submit_questionnaire
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.tests.conftest import TUESDAY_10
from tests import small_city
from tests.requirements_marker import requirement

ILLNESS = ("抑郁症", "焦虑症", "诊断为", "重度", "中度", "轻度")


def answer(city: small_city.SmallCity, values: list[int], instrument: str = "phq-9") -> str:
    """李晴 hands one in; its uid."""
    actor = city.actor("li-qing")
    with unit_of_work(actor):
        sitting = assessments.start_sitting(
            actor=actor,
            instrument=instrument,
            language="zh-Hans",
            age=30,
            scope_path=city.residents["li-qing"].scope_path,
        )
    for number, value in enumerate(values, start=1):
        save_answer.save(actor=actor, sitting_uid=sitting.uid, item=number, value=value)
    submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid)
    return sitting.uid


@pytest.fixture
def course(city: small_city.SmallCity, at: Any) -> Callable[..., str]:
    """Several sittings, a month apart, the last one now; its uid."""

    def made(*totals: int) -> str:
        uid = ""
        for place, total in enumerate(totals, start=1):
            at.move_to(TUESDAY_10 - timedelta(days=30 * (len(totals) - place)))
            uid = answer(city, [min(3, max(0, total - 3 * place)) for place in range(8)] + [0])
        return uid

    return made


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@requirement("R-071")
@pytest.mark.parametrize(
    ("totals", "words"),
    [((12, 4), "比上一次轻"), ((4, 12), "比上一次重"), ((8, 10), "和上一次差不多")],
)
def test_a_difference_is_named_only_beyond_what_the_form_wavers(
    resident: Client, course: Callable[..., str], totals: tuple[int, ...], words: str
) -> None:
    page = text_of(resident, f"/results/{course(*totals)}/")
    assert words in page
    assert "灰色区域" in page
    assert "Kocalevent" in page
    assert not [word for word in ILLNESS if word in page]


def test_a_first_result_has_no_course(resident: Client, course: Callable[..., str]) -> None:
    assert resident.get(f"/results/{course(6)}/").context["course"] is None


def test_a_result_shows_the_course_up_to_its_own_day(resident: Client, course: Callable[..., str]) -> None:
    course(4, 12)
    uids = [row.uid for row in assessments_of(resident)]
    assert resident.get(f"/results/{uids[0]}/").context["course"] is None
    assert len(resident.get(f"/results/{uids[1]}/").context["course"].rows) == 2


def assessments_of(client: Client) -> list[Any]:
    """The resident's sittings, the oldest first."""
    from anxin.domains.assessments.models import Sitting

    with unit_of_work(Actor.system("test")):
        return list(Sitting.objects.order_by("id"))


@requirement("R-071")
def test_a_form_without_a_published_figure_has_no_band_and_says_so(
    resident: Client, city: small_city.SmallCity, at: Any
) -> None:
    for code, days in ((1, 40), (3, 0)):
        at.move_to(TUESDAY_10 - timedelta(days=days))
        uid = answer(city, [code] * 10, instrument="k10")
    found = resident.get(f"/results/{uid}/")
    assert found.context["course"].chart.band is None
    assert "没有公开发表的数字" in found.content.decode()


@requirement("R-071")
def test_all_questionnaires_stand_side_by_side_and_are_not_added_up(
    resident: Client, course: Callable[..., str], city: small_city.SmallCity, at: Any
) -> None:
    course(12, 4)
    answer(city, [1] * 7, instrument="gad-7")
    found = resident.get("/me/course/")
    assert [one.offer.slug for one in found.context["courses"]] == ["gad-7", "phq-9"]
    page = found.content.decode()
    assert page.count("<svg") - page.count('class="ax-icon') >= 1
    assert "<table" in page
    assert "不能互相比较" in page


def test_the_numbers_and_the_picture_can_be_taken_away(resident: Client, course: Callable[..., str]) -> None:
    course(12, 4)
    file = resident.get("/me/course/phq-9/numbers.csv")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["总分", "4", "12"]
    picture = resident.get("/me/course/phq-9/picture.svg")
    assert picture["Content-Type"].startswith("image/svg+xml")
    assert b"style=" not in picture.content
    assert b"<script" not in picture.content
    assert file["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/me/course/", "/me/course/phq-9/numbers.csv", "/me/course/phq-9/picture.svg"]
)
def test_a_stranger_is_asked_to_sign_in(visitor: Client, course: Callable[..., str], address: str) -> None:
    course(12, 4)
    assert visitor.get(address).status_code == 302


def test_somebody_elses_result_is_not_there(
    city: small_city.SmallCity, course: Callable[..., str], resident: Client
) -> None:
    uid = course(12, 4)
    other = Client()
    codes = [code for code in city.residents if code != "li-qing"]
    if not codes:
        pytest.skip("the small city has one resident")
    other.force_login(
        city.residents[codes[0]].account, backend="anxin.domains.accounts.backends.LoginBackend"
    )
    assert other.get(f"/results/{uid}/paper.pdf").status_code == 404
    assert other.get("/me/course/phq-9/numbers.csv").status_code == 404


@requirement("R-071")
def test_the_paper_is_a_pdf_with_the_help_numbers_and_without_a_name(
    resident: Client, course: Callable[..., str]
) -> None:
    uid = course(4, 12)
    response = resident.get(f"/results/{uid}/paper.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "li" not in response["Content-Disposition"].replace("filename", "")


def test_a_look_at_oneself_leaves_no_line(resident: Client, course: Callable[..., str]) -> None:
    uid = course(12, 4)
    with unit_of_work(Actor.system("test")):
        before = AuditEvent.objects.count()
    for address in (f"/results/{uid}/", "/me/course/", f"/results/{uid}/paper.pdf"):
        assert resident.get(address).status_code == 200
    with unit_of_work(Actor.system("test")):
        assert AuditEvent.objects.count() == before


def test_without_a_font_there_is_no_pdf_and_printing_stays(
    resident: Client, course: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = course(12, 4)
    monkeypatch.setattr("anxin.platform.fonts.han_family", lambda: "")
    assert not pdf.is_available()
    page = text_of(resident, f"/results/{uid}/")
    assert "paper.pdf" not in page
    assert "ax-print" in page
    response = resident.get(f"/results/{uid}/paper.pdf")
    assert response.status_code == 422
    assert "没有中文字体" in response.content.decode()


def test_who_can_see_it_is_said_on_the_page(resident: Client, course: Callable[..., str]) -> None:
    assert "谁能看到这个结果" in text_of(resident, f"/results/{course(5)}/")


def test_answers_on_the_device_can_be_taken_away_as_a_pdf_and_stay_there(visitor: Client) -> None:
    assert visitor.get("/results/here/paper.pdf").status_code == 303
