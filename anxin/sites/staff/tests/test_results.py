"""The report for professionals: all of it for who reads answers, the band for who reads results, nothing for others."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.assessments import api as assessments
from anxin.domains.audit.models import AuditEvent
from anxin.flows import save_answer, submit_questionnaire
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests.conftest import SYSTEM, TUESDAY_10
from tests import small_city
from tests.requirements_marker import requirement

CALM, HEAVY = [1, 1, 1, 0, 0, 0, 0, 0, 0], [2, 2, 2, 2, 2, 2, 0, 0, 1]
Browser = Callable[[str], Client]


@pytest.fixture
def row(city: small_city.SmallCity, at: Any) -> list[str]:
    """李晴 of 柳岸 answers twice, a month apart: calm, then heavy with a critical answer. The uids."""
    uids = []
    for days, values in ((30, CALM), (0, HEAVY)):
        at.move_to(TUESDAY_10 - timedelta(days=days))
        actor = city.actor("li-qing")
        with unit_of_work(actor):
            sitting = assessments.start_sitting(
                actor=actor,
                instrument="phq-9",
                language="zh-Hans",
                age=30,
                scope_path=city.residents["li-qing"].scope_path,
            )
        for number, value in enumerate(values, start=1):
            save_answer.save(actor=actor, sitting_uid=sitting.uid, item=number, value=value)
        submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid)
        uids.append(sitting.uid)
    return uids


def looks(uid: str) -> int:
    with unit_of_work(SYSTEM):
        return AuditEvent.objects.filter(event="assessments:sitting:viewed", subject_uid=uid).count()


def taken(client: Client, kind: str, uid: str) -> Any:
    """The file, asked for with a purpose and downloaded."""
    asked = client.post(f"/staff/exports/new/{kind}/?uid={uid}", {"purpose": "面谈前准备"})
    return client.post(f"{asked['Location']}file/") if asked.status_code == 303 else asked


@requirement("R-071")
def test_a_clinician_reads_answers_findings_norms_and_the_row(browser: Browser, row: list[str]) -> None:
    response = browser("zhao-ning").get(f"/staff/results/{row[1]}/")
    assert response.status_code == 200
    view, page = response.context["view"], response.content.decode()
    assert [line.name for line in view.detail.answers if line.is_critical] == ["9"]
    assert view.scores[0].score == "13"
    assert "Kroenke" in view.scores[0].reference
    met = [str(words) for words, is_met in view.detail.flags if is_met]
    assert any("计数规则" in words for words in met)
    assert [str(line.change) for line in view.rows] == ["可靠上升", ""]
    assert view.detail.needed == "3.6"
    assert "Kocalevent" in page
    assert "不是诊断" in page
    assert "李晴" not in page


@requirement("R-071")
def test_who_reads_results_only_sees_the_band_and_nothing_else(browser: Browser, row: list[str]) -> None:
    response = browser("he-jia").get(f"/staff/results/{row[1]}/")
    assert response.status_code == 200
    view, page = response.context["view"], response.content.decode()
    assert view.detail is None
    assert [line.score for line in view.scores] == [""]
    assert str(view.scores[0].band) in page
    assert {line.score for line in view.rows} == {""}
    assert {str(line.change) for line in view.rows} <= {"", "无法判断"}
    for words in ("做事时提不起劲", "危急", "计数规则", "<svg xmlns"):
        assert words not in page
    file = taken(browser("he-jia"), "result-csv", row[1]).content.decode("utf-8-sig")
    assert {line[1] for line in list(csv.reader(io.StringIO(file)))[2:-1]} == {""}
    assert taken(browser("he-jia"), "result-svg", row[1]).status_code == 404


@requirement("R-071")
@pytest.mark.parametrize("kind", ["", "result-pdf", "result-csv", "result-svg"])
def test_another_station_finds_nothing_and_leaves_no_look(
    browser: Browser, row: list[str], kind: str
) -> None:
    before = looks(row[1])
    url = f"/staff/exports/new/{kind}/?uid={row[1]}" if kind else f"/staff/results/{row[1]}/"
    assert browser("chen-mo").get(url).status_code == 404
    assert looks(row[1]) == before


@pytest.mark.parametrize("code", ["zhou-xing", "fang-zheng"])
def test_offices_are_not_let_in(browser: Browser, row: list[str], code: str) -> None:
    assert browser(code).get(f"/staff/results/{row[1]}/").status_code == 403


def test_the_person_behind_another_station_is_not_there(
    browser: Browser, row: list[str], city: small_city.SmallCity
) -> None:
    uid = city.residents["li-qing"].uid
    assert browser("chen-mo").get(f"/staff/results/person/{uid}/").status_code == 404
    lines = browser("zhao-ning").get(f"/staff/results/person/{uid}/").context["lines"]
    assert [line.uid for line in lines] == [row[1], row[0]]


@requirement("R-071")
def test_every_look_is_recorded_and_shown_to_the_person(
    browser: Browser, row: list[str], city: small_city.SmallCity
) -> None:
    zhao = browser("zhao-ning")
    before = looks(row[1])
    assert zhao.get(f"/staff/results/{row[1]}/").status_code == 200
    assert looks(row[1]) == before + 1
    for kind in ("result-pdf", "result-csv"):
        before = looks(row[1])
        assert taken(zhao, kind, row[1]).status_code == 200
        assert looks(row[1]) > before
    assert zhao.get(f"/staff/results/person/{city.residents['li-qing'].uid}/").status_code == 200
    client = Client()
    client.force_login(city.accounts["li-qing"], backend="anxin.domains.accounts.backends.LoginBackend")
    page = client.get("/me/access/").content.decode()
    assert "看了您的自测列表" in page


@requirement("R-071")
def test_the_paper_is_a_pdf(browser: Browser, row: list[str]) -> None:
    response = taken(browser("zhao-ning"), "result-pdf", row[1])
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert response["Cache-Control"] == "no-store"


def test_a_draft_has_no_report(browser: Browser, city: small_city.SmallCity) -> None:
    actor = city.actor("li-qing")
    with unit_of_work(actor):
        draft = assessments.start_sitting(
            actor=actor,
            instrument="phq-9",
            language="zh-Hans",
            age=30,
            scope_path=city.residents["li-qing"].scope_path,
        )
    assert browser("zhao-ning").get(f"/staff/results/{draft.uid}/").status_code == 404


def test_the_warning_leads_to_the_report(browser: Browser, warning: Any) -> None:
    page = browser("zhao-ning").get(f"/staff/warnings/{warning.uid}/").content.decode()
    assert "/staff/results/" in page
