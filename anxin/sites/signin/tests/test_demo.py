"""One press in the demo; nothing at all anywhere else."""

from typing import Any

import pytest
from django.test import Client

from anxin.sites.signin.personas import sign_in_path
from anxin.sites.signin.urls import addresses

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")


@pytest.mark.parametrize(
    ("who", "place"), [("li-qing", "/"), ("zhao-ning", "/staff/duty/"), ("zhou-xing", "/oversight/")]
)
def test_one_press_becomes_the_person_without_password_or_code(browser: Client, who: str, place: str) -> None:
    answer = browser.post(f"/sign-in/as/{who}/")
    assert (answer.status_code, answer["Location"]) == (303, place)


def test_a_printed_address_works_with_its_key_only(browser: Client) -> None:
    assert browser.get("/sign-in/as/zhao-ning/").status_code == 404
    assert browser.get("/sign-in/as/zhao-ning/?key=0123456789abcdef0123").status_code == 404
    assert browser.get(sign_in_path("li-qing").replace("li-qing", "zhao-ning")).status_code == 404
    assert browser.get(sign_in_path("zhao-ning")).status_code == 303
    assert browser.get("/staff/board/").status_code == 200


def test_one_can_change_and_nothing_of_the_former_person_stays(browser: Client) -> None:
    browser.post("/sign-in/as/zhao-ning/")
    session = browser.session
    session["left"] = "behind"
    session.save()
    browser.post("/sign-in/as/li-qing/")
    assert "left" not in browser.session
    assert browser.get("/mine/").status_code == 200
    assert browser.get("/staff/board/").status_code == 403


def test_the_page_offers_everybody_in_one_form(browser: Client) -> None:
    page = browser.get("/sign-in/").content.decode()
    assert page.count('class="ax-persona"') == 4
    assert 'formaction="/sign-in/as/zhao-ning/"' in page


def test_an_unknown_person_is_404_and_one_not_generated_yet_is_503(browser: Client) -> None:
    assert browser.post("/sign-in/as/no-such-person/").status_code == 404
    assert browser.post("/sign-in/as/nobody/").status_code == 503


def test_outside_the_demo_the_address_is_not_even_routed() -> None:
    assert "as" in {address.name for address in addresses(is_demo=True)}
    assert "as" not in {address.name for address in addresses(is_demo=False)}


def test_outside_the_demo_the_door_is_closed_and_nobody_is_offered(browser: Client, settings: Any) -> None:
    settings.ANXIN_DEMO = False
    assert browser.post("/sign-in/as/zhao-ning/").status_code == 404
    assert browser.get(sign_in_path("zhao-ning")).status_code == 404
    page = browser.get("/sign-in/").content.decode()
    assert "ax-persona" not in page
    assert browser.get("/staff/board/").status_code == 302
