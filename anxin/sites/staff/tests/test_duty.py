"""The board: what it shows to whom, in which order, and that neither a filter nor a dead worker can hide anything."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.domains.risk.models import Warning
from anxin.flows import acknowledge_warning, request_contact
from anxin.kernel import heartbeat
from anxin.kernel.actor import Actor
from anxin.sites.staff.tests.conftest import stored
from tests.requirements_marker import requirement
from tests.small_city import SmallCity

Browser = Callable[[str], Client]
BOARD = "/staff/duty/"


def page_of(client: Client, address: str = BOARD) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def numbers_in(page: str) -> list[str]:
    """Warning numbers in the order they stand on the page."""
    return re.findall(r'data-row-link href="[^"]*">(W-\d+)', page)


def table_of(page: str) -> str:
    """Only the table below the filters."""
    return page[page.index("ax-filter") :]


def ask_for_contact(city: SmallCity, safe: str, phone: str = "13800000003", area: str = "Q") -> Warning:
    return request_contact.request_contact(
        actor=Actor.anonymous(),
        area_uid=city.units[area].uid,
        phone=phone,
        call_name="小周",
        is_safe_now=safe,
    )


@requirement("R-059")
def test_the_station_sees_why_but_no_name_and_no_phone(browser: Browser, warning: Warning) -> None:
    page = page_of(browser("zhao-ning"))
    assert warning.number in page
    assert "赵宁" in page
    assert "30" in page or "·" in page
    assert "李晴" not in page
    assert "13800000001" not in page


def test_another_station_and_the_county_see_nothing_of_it_yet(browser: Browser, warning: Warning) -> None:
    for code in ("chen-mo", "bai-lu", "gu-yan", "sun-lan"):
        assert warning.number not in page_of(browser(code)), code


@pytest.mark.parametrize("code", ["zhou-xing", "fang-zheng", "li-qing"])
@pytest.mark.parametrize("address", [BOARD, "/staff/duty/fragment/", "/staff/duty/handover/"])
def test_the_board_is_for_those_who_answer_warnings(
    browser: Browser, warning: Warning, code: str, address: str
) -> None:
    response = browser(code).get(address)
    assert response.status_code == 403
    assert warning.number not in response.content.decode()


def test_a_stranger_is_asked_to_sign_in(city: SmallCity) -> None:
    response = Client().get(BOARD)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_urgency_comes_before_due_time(browser: Browser, city: SmallCity, at: Any) -> None:
    calm = ask_for_contact(city, "yes", "13800000011")
    at.shift(timedelta(minutes=1))
    later = ask_for_contact(city, "unsure", "13800000012")
    at.shift(timedelta(minutes=1))
    latest = ask_for_contact(city, "unsure", "13800000013")
    danger = ask_for_contact(city, "no", "13800000014")
    page = page_of(browser("sun-lan"))
    assert numbers_in(page) == [danger.number, later.number, latest.number, calm.number]


@pytest.mark.parametrize(
    "query", ["?show=mine", "?show=waiting&level=1", "?q=nothing-like-this", "?source=staff", "?page=99"]
)
def test_no_filter_hides_an_l4(browser: Browser, unsafe: Warning, query: str) -> None:
    page = page_of(browser("sun-lan"), BOARD + query)
    assert unsafe.number in page
    assert unsafe.number not in table_of(page), "it stands outside the table"


def test_a_broken_filter_shows_everything(browser: Browser, warning: Warning) -> None:
    assert warning.number in page_of(browser("zhao-ning"), BOARD + "?show=bogus&level=x&page=y")


def test_the_search_finds_by_number(browser: Browser, city: SmallCity) -> None:
    one = ask_for_contact(city, "yes", "13800000011")
    other = ask_for_contact(city, "yes", "13800000012")
    page = page_of(browser("sun-lan"), f"{BOARD}?q={one.number}")
    assert numbers_in(page) == [one.number]
    assert other.number not in page


def test_the_segments_count_the_whole_board(browser: Browser, city: SmallCity, unsafe: Warning) -> None:
    taken = ask_for_contact(city, "unsure", "13800000012")
    acknowledge_warning.acknowledge(actor=city.actor("sun-lan"), warning_uid=taken.uid)
    response = browser("sun-lan").get(BOARD)
    assert [one.count for one in response.context["board"].segments] == [2, 1, 2, 2]
    assert numbers_in(page_of(browser("sun-lan"), BOARD + "?show=waiting")) == [unsafe.number]


@requirement("R-059")
def test_a_dead_worker_cannot_hide_that_the_next_rung_is_called(
    browser: Browser, warning: Warning, at: Any
) -> None:
    at.shift(timedelta(minutes=31))
    row = browser("zhao-ning").get(BOARD).context["board"].rows[0]
    assert (row.owner, row.clock.rung, row.clock.missed, row.clock.is_overdue) == ("孙岚", 2, 1, True)
    assert warning.number in page_of(browser("sun-lan")), "those above see it although nobody wrote it down"
    assert not stored(warning).climbed, "no sweep has run"
    at.shift(timedelta(minutes=30))
    assert warning.number in page_of(browser("shao-ming"))
    row = browser("zhao-ning").get(BOARD).context["board"].rows[0]
    assert (row.clock.rung, row.clock.missed) == (3, 2)


@requirement("R-059")
def test_a_silent_worker_turns_every_staff_page_red(browser: Browser, warning: Warning, at: Any) -> None:
    client = browser("zhao-ning")
    addresses = (BOARD, "/staff/duty/fragment/", f"/staff/warnings/{warning.uid}/")
    for address in addresses:
        assert "ax-banner--down" not in page_of(client, address)
    at.shift(heartbeat.STALE_AFTER + timedelta(seconds=1))
    for address in addresses:
        assert "ax-banner--down" in page_of(client, address)


def test_the_fragment_is_the_list_alone(browser: Browser, warning: Warning) -> None:
    page = page_of(browser("zhao-ning"), "/staff/duty/fragment/?show=waiting")
    assert warning.number in page
    assert "<html" not in page
    assert "ax-topbar" not in page


def test_the_live_link_asks_for_the_view_that_was_chosen(browser: Browser, warning: Warning) -> None:
    page = page_of(browser("zhao-ning"), BOARD + "?show=waiting&level=3")
    assert 'data-fragment="/staff/duty/fragment/?show=waiting&amp;level=3&amp;page=1"' in page
    assert 'src="/live/duty"' in page


def test_the_row_button_takes_over_without_a_script(browser: Browser, warning: Warning) -> None:
    client = browser("zhao-ning")
    step = client.get(BOARD).context["board"].rows[0].step
    assert step.is_post
    response = client.post(step.url)
    assert response.status_code == 303
    assert stored(warning).state == "acknowledged"
    after = client.get(BOARD).context["board"].rows[0].step
    assert after.url.endswith("#contact")


def test_who_may_only_look_gets_no_button_to_act(browser: Browser, city: SmallCity, warning: Warning) -> None:
    from anxin.domains.access import api as access

    system = Actor.system("test")
    access.grant(
        actor=system, account=city.accounts["bai-lu"], role="station_manager", node=city.units["LIUAN"]
    )
    response = browser("bai-lu").get(BOARD)
    row = response.context["board"].rows[0]
    assert not row.step.is_post
    assert row.step.url == f"/staff/warnings/{warning.uid}/"
    assert "自测中有一题触发安全提醒" not in response.content.decode(), "a manager sees that, not why"


def test_an_empty_board_says_when_it_looked(browser: Browser, city: SmallCity) -> None:
    page = page_of(browser("zhao-ning"))
    assert "ax-empty" in page
    assert "10:00:00" in page


def test_the_handover_sheet_lists_owner_and_due_time_and_leaves_room_to_write(
    browser: Browser, warning: Warning
) -> None:
    page = page_of(browser("zhao-ning"), "/staff/duty/handover/")
    assert warning.number in page
    assert "11-24 10:30" in page
    assert '<td class="ax-blank"></td>' in page
    assert "李晴" not in page


def test_the_number_of_queries_does_not_grow_with_the_number_of_warnings(
    browser: Browser, city: SmallCity
) -> None:
    client = browser("sun-lan")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page_of(client)
        return len(found)

    ask_for_contact(city, "no", "13800000020")
    ask_for_contact(city, "yes", "13800000021")
    queries()
    few = queries()
    for number in range(30, 42):
        ask_for_contact(city, "no" if number % 4 == 0 else "unsure", f"138000000{number}")
    assert queries() == few


def test_every_l4_stands_outside_however_many_there_are(browser: Browser, city: SmallCity) -> None:
    raised = [ask_for_contact(city, "no", f"138000000{number}") for number in range(10, 19)]
    page = page_of(browser("sun-lan"), BOARD + "?q=none")
    assert set(numbers_in(page)) == {one.number for one in raised}
