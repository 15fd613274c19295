"""Group reports: counts of groups of ten and more, never a person, never a rank, and nothing to be worked out."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.api import FinishedForm
from anxin.domains.residents.models import Resident
from anxin.kernel import clock, heartbeat
from anxin.kernel.actor import Actor
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
JULY = datetime(2026, 7, 14, 10, 0, tzinfo=clock.LOCAL)
BACKEND = "anxin.domains.accounts.backends.LoginBackend"
SYSTEM = Actor.system("test")
# Each light to heavy: how many people of the station fall into the five bands of the form.
ANSWERS = {
    "minimal": [0] * 9,
    "mild": [1] * 5 + [0] * 4,
    "moderate": [2] * 5 + [0] * 4,
    "moderately_severe": [2] * 8 + [0],
    "severe": [3] * 8 + [0],
}


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(TUESDAY_10, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> small_city.SmallCity:
    heartbeat.beat(heartbeat.WORKER)
    return small_city.build()


@pytest.fixture
def browser(city: small_city.SmallCity) -> Callable[[str], Client]:
    def sign_in(code: str) -> Client:
        client = Client()
        client.force_login(city.accounts[code], backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def zhou(browser: Callable[[str], Client]) -> Client:
    """The task-force office."""
    return browser("zhou-xing")


@pytest.fixture
def handed_in(city: small_city.SmallCity) -> Callable[..., None]:
    """People of a station, with the bands they fall into, in the quarter before."""

    def add(
        station: str, *counts: int, on: datetime = JULY, born_on: date = date(1990, 1, 1), again: bool = False
    ) -> None:
        unit = city.units[station]
        with unit_of_work(SYSTEM):
            forms = []
            for (_band, answers), count in zip(ANSWERS.items(), counts, strict=False):
                for _number in range(count):
                    resident = Resident.objects.create(
                        number=new_uid()[-12:], home_unit=unit, scope_path=unit.path, born_on=born_on
                    )
                    moments = [on, on + timedelta(days=20)] if again else [on]
                    forms += [
                        FinishedForm(
                            uid=new_uid(),
                            resident_id=resident.id,
                            scope_path=unit.path,
                            instrument="phq-9",
                            instrument_version="1.0.0",
                            language="zh-Hans",
                            answers=tuple(answers),
                            answered_at=moment,
                            submitted_at=moment,
                            age=36,
                            sex="",
                        )
                        for moment in moments
                    ]
            assessments.keep_sittings(actor=SYSTEM, forms=forms)

    return add


def view_of(client: Client, query: str = "") -> Any:
    response = client.get(f"/oversight/results/?{query}")
    assert response.status_code == 200
    return response.context["view"]


def numbers_on(row: Any) -> list[str]:
    return [row.n, *(cell.count for cell in row.cells)]


@requirement("R-067")
def test_large_groups_are_shown_with_shares_and_intervals(
    zhou: Client, handed_in: Callable[..., None]
) -> None:
    handed_in("LIUAN", 30, 12, 11, 0, 0)
    handed_in("WANGQIAO", 20, 15, 14, 0, 0)
    view = view_of(zhou)
    rows = {row.name: numbers_on(row) for row in view.rows}
    assert rows["清禾区"] == ["53", "30", "12", "11", "0", "0", "0"]
    assert rows["石桥县"] == ["49", "20", "15", "14", "0", "0", "0"]
    assert numbers_on(view.total) == ["102", "50", "27", "25", "0", "0", "0"]
    light = next(row for row in view.rows if row.name == "清禾区").cells[0]
    # 30 of 53 by hand after Wilson (1927)
    assert (light.share, light.interval) == ("56.6%", "(43.3–69.0)")


@requirement("R-067")
def test_no_number_below_ten_stands_anywhere(zhou: Client, handed_in: Callable[..., None]) -> None:
    handed_in("LIUAN", 30, 12, 11, 3, 2)
    handed_in("WANGQIAO", 20, 15, 4, 0, 1)
    for query in ("", "by=age"):
        view = view_of(zhou, query)
        for row in (*view.rows, view.total):
            for words in numbers_on(row):
                assert not words.isdigit() or int(words) == 0 or int(words) >= 10, (query, row.name)
        assert view.has_hidden
    page = zhou.get("/oversight/results/").content.decode()
    assert "推算" in page


@requirement("R-067")
def test_what_the_city_page_hides_the_county_page_does_not_tell(
    zhou: Client, handed_in: Callable[..., None]
) -> None:
    handed_in("LIUAN", 30, 12, 11, 0, 0)
    handed_in("BEIMEN", 30, 12, 11, 0, 0)
    handed_in("WANGQIAO", 20, 15, 4, 0, 0)
    city = view_of(zhou)
    row = next(row for row in city.rows if row.name == "清禾区")
    hidden = [place for place, cell in enumerate(row.cells) if cell.is_hidden]
    assert hidden
    county = view_of(zhou, row.url.partition("?")[2])
    assert county.node_name == "清禾区"
    for place in hidden:
        assert county.total.cells[place].is_hidden
        assert any(one.cells[place].is_hidden for one in county.rows)


@requirement("R-067")
def test_a_small_area_is_neither_shown_nor_opened(
    zhou: Client, handed_in: Callable[..., None], city: small_city.SmallCity
) -> None:
    handed_in("LIUAN", 30, 12, 11, 0, 0)
    handed_in("WANGQIAO", 4)
    view = view_of(zhou)
    small = next(row for row in view.rows if row.name == "石桥县")
    assert set(numbers_on(small)) == {"—"}
    assert small.url == ""
    opened = view_of(zhou, f"node={city.units['S'].uid}")
    assert set(numbers_on(opened.total)) == {"—"}


@requirement("R-067")
def test_rows_stand_in_the_order_of_their_numbers_whatever_the_results(
    zhou: Client, handed_in: Callable[..., None]
) -> None:
    handed_in("WANGQIAO", 60, 0, 0, 0, 0)
    handed_in("LIUAN", 0, 0, 0, 0, 30)
    first = [row.name for row in view_of(zhou).rows]
    handed_in("LIUAN", 90, 0, 0, 0, 0)
    assert [row.name for row in view_of(zhou).rows] == first
    page = zhou.get("/oversight/results/").content.decode()
    assert "sort" not in page
    assert "不是排名" in page


@requirement("R-067")
def test_a_person_counts_once_and_the_running_quarter_not_at_all(
    zhou: Client, handed_in: Callable[..., None]
) -> None:
    handed_in("LIUAN", 30, again=True)
    handed_in("LIUAN", 25, on=TUESDAY_10)
    view = view_of(zhou)
    assert view.total.n == "30"
    assert view.quarters[0].value == "2026-3"
    assert "2026-4" not in [one.value for one in view.quarters]


@requirement("R-067")
def test_ages_are_never_crossed_with_areas(
    zhou: Client, handed_in: Callable[..., None], city: small_city.SmallCity
) -> None:
    handed_in("LIUAN", 30, born_on=date(2000, 1, 1))
    handed_in("LIUAN", 30, born_on=date(1950, 1, 1))
    ages = view_of(zhou, "by=age")
    assert [row.name for row in ages.rows] == ["18-29", "30-44", "45-59", "60+", "更年轻，或年龄不详"]
    assert numbers_on(ages.total) == numbers_on(view_of(zhou).total)
    below = view_of(zhou, f"by=age&node={city.units['Q'].uid}")
    assert [one.value for one in below.splits] == ["place"]
    assert below.rows[0].name != "18-29"


@requirement("R-067")
def test_files_hold_what_the_page_shows_and_no_formula(zhou: Client, handed_in: Callable[..., None]) -> None:
    handed_in("LIUAN", 30, 12, 11, 3, 2)
    handed_in("WANGQIAO", 20, 15, 14, 0, 0)
    file = zhou.get("/oversight/results/table.csv")
    mark, *rows, again = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    assert mark == again
    view = view_of(zhou)
    assert [row[0] for row in rows[1 : 1 + len(view.rows)]] == [row.name for row in view.rows]
    shown = {words for row in (*view.rows, view.total) for words in numbers_on(row)}
    assert {cell for row in rows[1 : 2 + len(view.rows)] for cell in (row[1], *row[2::2])} <= shown
    book = zhou.get("/oversight/results/table.xlsx")
    assert book.content[:2] == b"PK"
    picture = zhou.get("/oversight/results/picture.svg").content.decode()
    assert "清禾区" in picture
    assert "style=" not in picture


@pytest.mark.parametrize("code", ["zhao-ning", "sun-lan", "he-jia", "fang-zheng", "li-qing"])
@pytest.mark.parametrize("name", ["", "table.csv", "table.xlsx", "picture.svg"])
def test_the_pages_are_for_those_who_may_read_figures(
    browser: Callable[[str], Client], handed_in: Callable[..., None], code: str, name: str
) -> None:
    handed_in("LIUAN", 30)
    assert browser(code).get(f"/oversight/results/{name}").status_code == 403


def test_nothing_handed_in_is_said(zhou: Client) -> None:
    assert view_of(zhou).rows == ()
    assert zhou.get("/oversight/results/table.csv").status_code == 404


def test_a_node_that_is_not_theirs_is_not_there(zhou: Client) -> None:
    assert zhou.get("/oversight/results/?node=nothing-like-this").status_code == 404


def test_a_broken_choice_shows_the_usual_page(zhou: Client, handed_in: Callable[..., None]) -> None:
    handed_in("LIUAN", 30)
    for query in ("quarter=2026-4", "quarter=x", "instrument=mmpi", "by=name"):
        assert view_of(zhou, query).total.n == "30"
