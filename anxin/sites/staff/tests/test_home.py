"""``/staff/`` leads everybody to the page they work with, and the menu shows only what they may use."""

from collections.abc import Callable

import pytest
from django.test import Client

from anxin.sites.staff.tests import officers
from tests.small_city import SmallCity

Browser = Callable[[str], Client]


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("zhao-ning", "/staff/duty/"),
        ("shao-ming", "/staff/duty/"),
        ("zhou-xing", "/oversight/"),
        ("fang-zheng", "/staff/audit/"),
    ],
)
def test_the_way_leads_to_the_first_page_of_the_post(browser: Browser, code: str, address: str) -> None:
    assert browser(code).get("/staff/")["Location"] == address


def test_the_officer_comes_to_what_waits_for_a_review(browser: Browser, city: SmallCity) -> None:
    assert browser(officers.officer(city)).get("/staff/")["Location"] == "/staff/break-glass/"


def test_a_post_without_a_page_is_told_whom_to_ask(browser: Browser, city: SmallCity) -> None:
    officers.hire(city, "class-head", name="钱老师", role="homeroom_teacher", unit="LIUAN", node="LIUAN")
    assert browser("class-head").get("/staff/").status_code == 403


def test_the_menu_shows_only_what_the_person_may_use(browser: Browser, city: SmallCity) -> None:
    def menu(code: str, address: str) -> list[str]:
        return [entry["url"] for entry in browser(code).get(address).context["menu"]]

    assert menu("zhao-ning", "/staff/duty/") == [
        "/staff/duty/",
        "/staff/unreached/",
        "/staff/cases/",
        "/staff/referrals/",
        "/staff/linkages/",
        "/staff/workload/",
        "/staff/archives/",
        "/staff/interviews/",
        "/staff/campaigns/",
        "/staff/instruments/",
        "/staff/break-glass/",
    ]
    assert menu("bai-lu", "/staff/duty/") == [
        "/staff/duty/",
        "/staff/unreached/",
        "/staff/referrals/",
        "/staff/linkages/",
        "/staff/archives/",
        "/staff/campaigns/",
    ]
    assert menu("zhou-xing", "/oversight/") == [
        "/oversight/",
        "/oversight/warnings/",
        "/oversight/results/",
        "/oversight/stations/",
    ]


def test_figures_of_areas_are_offered_to_nobody_who_has_a_station_only(
    browser: Browser, city: SmallCity
) -> None:
    officers.hire(city, "keeper", name="宋站长", role="station_manager", unit="LIUAN", node="LIUAN")
    entries = browser("keeper").get("/staff/duty/").context["menu"]
    assert entries
    assert "/oversight/" not in [entry["url"] for entry in entries]


def test_the_frame_says_where_one_is_and_on_duty_until_when(browser: Browser) -> None:
    response = browser("zhao-ning").get("/staff/duty/")
    assert response.context["unit_name"] == "柳岸社区心灵驿站"
    assert "17:30" in response.context["duty_label"]
