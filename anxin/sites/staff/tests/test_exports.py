"""Files with rows about people: asked for, marked, approved by a second person when they are many, taken once."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.access.models import Export
from anxin.domains.audit.models import AuditEvent
from anxin.domains.network.contracts import Post
from anxin.domains.risk.models import Warning
from anxin.exchange.spreadsheets import CSV_TYPE, as_csv
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.cases import files
from anxin.sites.staff.exports.kinds import ExportKind, Made, _kinds
from anxin.sites.staff.tests import officers
from anxin.sites.staff.tests.conftest import SYSTEM
from tests import small_city

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NEW = "/staff/exports/new/"
PURPOSE = "与区中心核对复评时间"


@pytest.fixture
def sitting(city: small_city.SmallCity, warning: Warning) -> str:
    """李晴's finished questionnaire."""
    with unit_of_work(SYSTEM):
        assert warning.evaluation is not None
        return str(warning.evaluation.sitting.uid)


@pytest.fixture
def officer(city: small_city.SmallCity) -> str:
    return officers.officer(city)


@pytest.fixture
def manager(city: small_city.SmallCity) -> str:
    """The head of the county centre, who approves for the county."""
    return officers.hire(
        city, "manager", name="郑远", role="county_manager", unit="QC", node="Q", post=Post.MANAGER
    )


def ask(client: Client, url: str, purpose: str = PURPOSE) -> str:
    """Ask for a file; the address of its page."""
    answer = client.post(NEW + url, {"purpose": purpose})
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def exports() -> list[Export]:
    with unit_of_work(SYSTEM):
        return list(Export.objects.order_by("id"))


def test_one_record_is_asked_for_marked_and_taken_once(browser: Browser, sitting: str) -> None:
    zhao = browser("zhao-ning")
    assert "文件上会印有您的姓名" in zhao.get(f"{NEW}result-csv/?uid={sitting}").content.decode()
    page = ask(zhao, f"result-csv/?uid={sitting}")

    file = zhao.post(f"{page}file/")

    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    (export,) = exports()
    assert rows[0] == rows[-1]
    for words in (export.number, "赵宁", "柳岸社区心灵驿站", "2026-11-24", PURPOSE):
        assert words in rows[0][0]
    assert file["Cache-Control"] == "no-store"
    assert "李晴" not in file.content.decode("utf-8-sig")
    assert (export.taken_rows, export.needs_approval) == (1, False)
    assert zhao.post(f"{page}file/").status_code == 422
    events = AuditEvent.objects.filter(subject_uid=export.uid).values_list("event", flat=True)
    assert sorted(events) == ["access:export:requested", "access:export:taken"]


def test_the_paper_carries_its_mark_across_every_page(browser: Browser, sitting: str) -> None:
    zhao = browser("zhao-ning")
    file = zhao.post(f"{ask(zhao, f'result-pdf/?uid={sitting}')}file/")
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")


def test_without_a_purpose_nothing_is_written_down(browser: Browser, sitting: str) -> None:
    answer = browser("zhao-ning").post(f"{NEW}result-csv/?uid={sitting}", {"purpose": " "})
    assert answer.status_code == 422
    assert exports() == []


@pytest.mark.parametrize("kind", ["result-csv", "result-pdf", "result-svg", "cases", "nothing"])
def test_somebody_elses_record_is_not_there_to_ask_for(browser: Browser, sitting: str, kind: str) -> None:
    chen = browser("chen-mo")
    for answer in (
        chen.get(f"{NEW}{kind}/?uid={sitting}"),
        chen.post(f"{NEW}{kind}/?uid={sitting}", {"purpose": PURPOSE}),
    ):
        assert answer.status_code == 404 or (kind == "cases" and answer.status_code in (200, 303))
    assert [one.kind for one in exports()] in ([], ["cases"])


def test_nobody_but_who_asked_takes_it_and_strangers_do_not_find_it(
    browser: Browser, sitting: str, officer: str
) -> None:
    page = ask(browser("zhao-ning"), f"result-csv/?uid={sitting}")
    assert browser("chen-mo").get(page).status_code == 404
    assert browser("chen-mo").post(f"{page}file/").status_code == 404
    assert browser(officer).get(page).status_code == 200
    assert browser(officer).post(f"{page}file/").status_code == 404
    assert exports()[0].taken_at is None


def test_after_a_day_it_is_gone(browser: Browser, sitting: str, at: Any) -> None:
    zhao = browser("zhao-ning")
    page = ask(zhao, f"result-csv/?uid={sitting}")
    at.shift(timedelta(hours=24))
    assert browser("zhao-ning").post(f"{page}file/").status_code == 422
    assert exports()[0].taken_at is None


def test_more_than_twenty_records_wait_for_a_second_person(
    browser: Browser, city: small_city.SmallCity, manager: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    twenty_one(monkeypatch)
    zhao, chief = browser("zhao-ning"), browser(manager)
    page = ask(zhao, "cases/?show=open")
    assert exports()[0].needs_approval
    assert zhao.post(f"{page}file/").status_code == 422
    assert zhao.post(f"{page}decide/", {"decision": "approve"}).status_code == 404
    assert "等您决定" in chief.get("/staff/exports/").content.decode()
    assert browser("chen-mo").post(f"{page}decide/", {"decision": "approve"}).status_code == 404

    assert chief.post(f"{page}decide/", {"decision": "approve"}).status_code == 303

    assert chief.post(f"{page}file/").status_code == 404
    file = zhao.post(f"{page}file/")
    assert file.status_code == 200
    assert len(list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))) == 21 + 3
    assert zhao.post(f"{page}file/").status_code == 422
    assert chief.post(f"{page}decide/", {"decision": "refuse", "text": "x"}).status_code == 409


def test_a_refusal_says_why_and_nothing_leaves(
    browser: Browser, city: small_city.SmallCity, manager: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    twenty_one(monkeypatch)
    zhao, chief = browser("zhao-ning"), browser(manager)
    page = ask(zhao, "cases/?show=open")
    assert chief.post(f"{page}decide/", {"decision": "refuse", "text": ""}).status_code == 422
    assert chief.post(f"{page}decide/", {"decision": "refuse", "text": "请只要本周的"}).status_code == 303
    assert zhao.post(f"{page}file/").status_code == 422
    assert "请只要本周的" in zhao.get(page).content.decode()


def test_a_file_that_grew_past_what_was_asked_for_does_not_leave(
    browser: Browser, city: small_city.SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    zhao = browser("zhao-ning")
    page = ask(zhao, "cases/?show=open")
    twenty_one(monkeypatch)
    assert zhao.post(f"{page}file/").status_code == 422
    assert exports()[0].taken_at is None


def test_the_ledger_is_read_by_the_officer_and_the_auditor_and_each_sees_their_own(
    browser: Browser, sitting: str, officer: str
) -> None:
    ask(browser("zhao-ning"), f"result-csv/?uid={sitting}")
    for code, seen in (("zhao-ning", 1), (officer, 1), ("fang-zheng", 1), ("chen-mo", 0)):
        assert len(browser(code).get("/staff/exports/").context["lines"]) == seen, code


def twenty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of cases holds twenty-one rows."""
    kind: ExportKind = _kinds[files.CASES_FILE]

    def make(actor: Any, params: Any, mark: str) -> Made:
        rows = [(f"C-{serial}",) for serial in range(21)]
        return Made(as_csv([("number",), *rows], watermark=mark), CSV_TYPE, "cases.csv", 21)

    monkeypatch.setitem(
        _kinds,
        files.CASES_FILE,
        replace(kind, wish=lambda actor, params: replace(kind.wish(actor, params), rows=21), make=make),
    )
