"""The leaders' pages: figures that open to events, never a name, and only for those who may read them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.flows import acknowledge_warning, request_contact
from anxin.kernel import clock, heartbeat
from anxin.kernel.actor import Actor
from tests import small_city
from tests.requirements_marker import requirement

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
BACKEND = "anxin.domains.accounts.backends.LoginBackend"
ADDRESSES = (
    "/oversight/",
    "/oversight/overview.csv",
    "/oversight/warnings/",
    "/oversight/stations/",
)
NAMES = ("小周", "13800000", "W-1", "李晴", "孙岚")


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
def warned(city: small_city.SmallCity) -> None:
    """Seven warnings in 清禾区, six in 石桥县; one taken over."""
    raised = [
        request_contact.request_contact(
            actor=Actor.anonymous(),
            area_uid=city.units[area].uid,
            phone=f"138000000{number}",
            call_name="小周",
            is_safe_now="unsure",
        )
        for area, numbers in (("Q", range(10, 17)), ("S", range(20, 26)))
        for number in numbers
    ]
    acknowledge_warning.acknowledge(actor=city.actor("sun-lan"), warning_uid=raised[0].uid)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_leaders_see_counts_and_no_name_no_number_no_phone(zhou: Client, warned: None, address: str) -> None:
    page = text_of(zhou, address)
    for word in NAMES:
        assert word not in page, word


@pytest.mark.parametrize("code", ["zhao-ning", "sun-lan", "he-jia", "fang-zheng", "li-qing"])
def test_the_pages_are_for_those_who_may_read_figures(
    browser: Callable[[str], Client], warned: None, code: str
) -> None:
    client = browser(code)
    assert {client.get(address).status_code for address in ADDRESSES} == {403}


def test_a_stranger_is_asked_to_sign_in(city: small_city.SmallCity) -> None:
    assert {Client().get(address).status_code for address in ADDRESSES} == {302}


def test_every_number_opens_to_as_many_events(zhou: Client, warned: None) -> None:
    view = zhou.get("/oversight/").context["view"]
    assert [figure.value for figure in view.figures][:3] == ["13", "100", "0"]
    rows = [*view.rows, view.total]
    assert [row.raised for row in rows] == [7, 6, 13]
    for row in rows:
        assert zhou.get(row.raised_url).context["view"].total == row.raised
    assert zhou.get(view.weeks[-1].url).context["view"].total == view.weeks[-1].total == 13


def test_both_splits_add_up_to_the_same_total(zhou: Client, warned: None) -> None:
    totals = set()
    for split in ("area", "line"):
        view = zhou.get(f"/oversight/?by={split}").context["view"]
        totals |= {sum(row.raised for row in view.rows), view.total.raised}
    assert totals == {13}


def test_a_county_opens_from_its_name_and_leads_back(zhou: Client, warned: None) -> None:
    row = zhou.get("/oversight/").context["view"].rows[0]
    below = zhou.get(row.name_url).context["view"]
    assert below.node_name == row.name
    assert below.total.raised == row.raised
    assert zhou.get(below.up_url).context["view"].node_name == "云澄市"


def test_small_numbers_are_not_opened(zhou: Client, city: small_city.SmallCity) -> None:
    request_contact.request_contact(
        actor=Actor.anonymous(), area_uid=city.units["S"].uid, phone="13800000020", is_safe_now="yes"
    )
    view = zhou.get("/oversight/").context["view"]
    assert [row.name_url for row in view.rows if row.raised] == [""]
    response = zhou.get(f"/oversight/warnings/?node={city.units['S'].uid}")
    assert response.status_code == 422
    assert "view" not in response.context


def test_a_node_that_is_not_theirs_is_not_there(zhou: Client, city: small_city.SmallCity) -> None:
    for address in ("/oversight/", "/oversight/warnings/", "/oversight/stations/"):
        assert zhou.get(f"{address}?node=nothing-like-this").status_code == 404
        assert zhou.get(f"{address}?node={city.units['LIUAN'].uid}").status_code == 404


def test_a_broken_choice_shows_the_usual_page(zhou: Client, warned: None) -> None:
    for query in ("period=decade&by=moon", "week=someday&level=9&group=x&page=z"):
        for address in ("/oversight/", "/oversight/warnings/", "/oversight/stations/"):
            assert zhou.get(f"{address}?{query}").status_code == 200


def test_nothing_to_count_is_a_dash_and_not_a_zero(zhou: Client) -> None:
    figures = zhou.get("/oversight/").context["view"].figures
    assert [figure.value for figure in figures] == ["0", "—", "0", "—", "3"]


def test_each_figure_says_what_it_counts(zhou: Client) -> None:
    view = zhou.get("/oversight/").context["view"]
    page = text_of(zhou, "/oversight/")
    for explained in view.explained.values():
        assert explained.counts in page


def test_the_file_holds_the_table_and_reads_as_chinese(zhou: Client, warned: None) -> None:
    response = zhou.get("/oversight/overview.csv?period=year")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith("\ufeff".encode())
    lines = response.content.decode().splitlines()
    assert any(line.startswith("清禾区,7,") for line in lines)
    assert lines[-2].split(",")[1] == "13"
    assert lines[0] == "\ufeff" + lines[-1]
    assert "周行" in lines[-1]


@requirement("R-024")
def test_the_stations_of_a_county_by_line(zhou: Client, city: small_city.SmallCity) -> None:
    view = zhou.get("/oversight/stations/").context["view"]
    assert (view.total, view.found) == (3, 3)
    assert view.cross_totals[-1] == sum(row.total for row in view.cross_rows) == 3
    narrowed = zhou.get(f"/oversight/stations/?node={city.units['S'].uid}&line=community").context["view"]
    assert [row.name for row in narrowed.rows] == ["望桥社区心灵驿站"]
    assert zhou.get("/oversight/stations/?host_type=school").context["view"].found == 0


def test_the_queries_do_not_grow_with_the_warnings(
    zhou: Client, city: small_city.SmallCity, warned: None
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            text_of(zhou, "/oversight/")
        return len(found)

    queries()
    few = queries()
    for number in range(30, 36):
        request_contact.request_contact(
            actor=Actor.anonymous(),
            area_uid=city.units["Q"].uid,
            phone=f"138000000{number}",
            is_safe_now="yes",
        )
    assert queries() == few


def test_a_silent_worker_shows_here_too(zhou: Client, at: Any) -> None:
    assert "ax-banner--down" not in text_of(zhou, "/oversight/")
    at.shift(heartbeat.STALE_AFTER.total_seconds() + 1)
    assert "ax-banner--down" in text_of(zhou, "/oversight/")
