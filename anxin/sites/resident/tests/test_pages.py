"""Every page: the numbers, both languages whole, plain settings, and no more queries than a list needs."""

import re
from collections.abc import Callable

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.sites.resident.tests.conftest import answer_all
from tests.requirements_marker import requirement

PUBLIC = [
    "/",
    "/help/",
    "/help/call-me/",
    "/help/call-me/sent/",
    "/your-data/",
    "/self-tests/",
    "/self-tests/phq-9/",
    "/self-tests/gad-7/",
    "/self-tests/gds-15/",
    "/self-tests/gds-15/not-for-age/",
    "/self-tests/for/",
    *(f"/self-tests/for/{name}/" for name in ("pregnant", "elder", "student", "worker", "after-event")),
    "/self-tests/young/",
    "/self-tests/younger/",
    "/results/here/",
    "/stations/",
    "/stations/?near=116.400,39.900",
    "/relax/breathing/",
]
IN_A_RUN = [
    "/self-tests/phq-9/1/",
    "/self-tests/phq-9/all/",
    "/self-tests/phq-9/check/",
    "/self-tests/phq-9/pause/1/",
]
OWN = [
    "/me/",
    "/me/access/",
    "/me/access/?days=365",
    "/me/data/",
    "/me/consents/",
    "/me/requests/",
    "/me/confirm/",
    "/self-tests/phq-9/consent/",
]
_TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.S)
_MARKED = re.compile(
    r'<(\w+)[^>]*\blang="{tag}"[^>]*>.*?</\1>'.replace("{tag}", "(?:zh-Hans|zh-hans|en)"), re.S
)
# Words that are the same in every language here.
_KNOWN = {"PHQ", "GAD", "GDS", "Cookie", "Shift", "km", "English", "PDF"}


def words(response: HttpResponse) -> str:
    """What a reader sees, without what is marked as another language."""
    body = re.sub(r"(?s)^.*?<body", "<body", response.content.decode())
    return _TAGS.sub(" ", _MARKED.sub(" ", body))


def english_in(response: HttpResponse) -> set[str]:
    """English words on the page."""
    return set(re.findall(r"[A-Za-z]{2,}", words(response)))


def chinese_in(response: HttpResponse) -> list[str]:
    """Chinese words on the page."""
    return re.findall(r"[\u4e00-\u9fff]+", words(response))


@requirement("R-073")
def test_the_numbers_and_the_way_to_help_are_on_every_page(visitor: Client) -> None:
    for address in PUBLIC:
        response = visitor.get(address)
        text = response.content.decode()
        assert response.status_code == 200, address
        for number in ("12356", "120", "110"):
            assert f'href="tel:{number}"' in text, address
        assert 'href="/help/"' in text, address


def test_help_and_breathing_need_no_database(client: Client, settings) -> None:
    for address in ("/help/", "/relax/breathing/", "/your-data/", "/self-tests/young/"):
        response = client.get(address)  # no database fixture: a query would fail the test
        assert response.status_code == 200
        assert "sessionid" not in response.cookies


def test_public_pages_are_whole_in_both_languages(visitor: Client) -> None:
    for address in PUBLIC:
        assert english_in(visitor.get(address)) <= _KNOWN, address
        visitor.cookies["ax_language"] = "en"
        assert chinese_in(visitor.get(address)) == [], address
        del visitor.cookies["ax_language"]


def test_pages_of_a_run_are_whole_in_both_languages(visitor: Client) -> None:
    visitor.post("/self-tests/phq-9/", {"age_band": "adult", "how": "anonymous"})
    for address in IN_A_RUN:
        assert english_in(visitor.get(address)) <= _KNOWN, address
        visitor.cookies["ax_language"] = "en"
        assert chinese_in(visitor.get(address)) == [], address
        del visitor.cookies["ax_language"]


def test_own_pages_are_whole_in_both_languages(resident: Client, agree: Callable[[Client], None]) -> None:
    agree(resident)
    result = answer_all(resident, [2] * 8 + [0])
    for address in [*OWN, result]:
        response = resident.get(address)
        assert response.status_code == 200, address
        assert english_in(response) <= _KNOWN, address
        resident.cookies["ax_language"] = "en"
        assert chinese_in(resident.get(address)) == [], address
        del resident.cookies["ax_language"]


def test_own_pages_ask_to_sign_in(visitor: Client) -> None:
    for address in OWN:
        response = visitor.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/")


def test_settings_are_kept_and_lead_back(visitor: Client) -> None:
    response = visitor.get(
        "/settings/", {"language": "en", "text": "large", "contrast": "high", "next": "/help/"}
    )
    assert response.status_code == 303
    assert response["Location"] == "/help/"
    page = visitor.get("/help/").content.decode()
    assert 'lang="en"' in page
    assert 'data-text="large"' in page
    assert 'data-contrast="high"' in page


def test_settings_never_lead_to_another_site(visitor: Client) -> None:
    for target in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert visitor.get("/settings/", {"next": target})["Location"] == "/"


def test_a_display_setting_in_the_address_is_kept_without_script(visitor: Client) -> None:
    visitor.get("/help/?text=large")
    assert 'data-text="large"' in visitor.get("/relax/breathing/").content.decode()


def test_titles_give_nothing_away(visitor: Client) -> None:
    for address in PUBLIC:
        title = re.search(r"<title>(.*?)</title>", visitor.get(address).content.decode())
        assert title
        assert not re.search("危机|自杀|抑郁|心理", title[1])


def test_the_list_of_stations_asks_few_questions(visitor: Client) -> None:
    visitor.get("/stations/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert visitor.get("/stations/").status_code == 200
    assert len(queries) <= 12
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get("/").status_code == 200
    assert len(queries) <= 8


def test_my_page_asks_the_same_whatever_it_holds(resident: Client, agree: Callable[[Client], None]) -> None:
    agree(resident)
    with CaptureQueriesContext(connection) as few:
        resident.get("/me/")
    for _ in range(3):
        answer_all(resident, [0] * 9)
        resident.post("/self-tests/phq-9/again/")
    with CaptureQueriesContext(connection) as many:
        resident.get("/me/")
    assert len(many) <= len(few) + 1
