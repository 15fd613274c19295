"""The custom elements in a real browser, with the committed scripts and a clock the test moves by hand."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = Path(os.environ.get("ANXIN_CHROMIUM", "/usr/bin/chromium"))
STATIC = Path(__file__).parents[1] / "static" / "ui"
HOST = "http://anxin.test"
WORDS = (
    '<div id="ax-words" hidden data-left="left" data-overdue="overdue" data-days="{d} d" data-days-hours="{d} d {h} h"'
    ' data-say-soon="{label}: soon" data-say-tenth="{label}: tenth" data-say-overdue="{label}: overdue"></div>'
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield opened
        opened.close()


class Desk:
    """One tab whose site is made of the answers the test gives."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.answers: dict[str, tuple[str, str]] = {}
        self.posted: list[str] = []
        page.route("**/*", self._answer)

    def _answer(self, route: Any) -> None:
        request = route.request
        path = request.url.removeprefix(HOST).split("?")[0]
        if request.method == "POST":
            self.posted.append(path)
        if path.startswith("/static/"):
            route.fulfill(path=str(STATIC / path.removeprefix("/static/")))
        elif path in self.answers:
            kind, body = self.answers[path]
            route.fulfill(body=body, content_type=kind)
        else:
            route.fulfill(status=404, body="")

    def open(self, body: str, script: str = "staff.js", address: str = "/") -> Any:
        html = (
            f'<!doctype html><html lang="en"><head><title>t</title><script src="/static/{script}" defer></script>'
            f"</head><body>{WORDS}{body}</body></html>"
        )
        self.answers[address] = ("text/html", html)
        self.page.goto(HOST + address)
        return self.page


@pytest.fixture
def desk(browser: Any) -> Iterator[Desk]:
    context = browser.new_context(timezone_id="Asia/Shanghai")
    page = context.new_page()
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    yield Desk(page)
    context.close()
    assert errors == []


CHIP = (
    '<ax-countdown {attributes} label="W-1"><span class="ax-clock"><small data-word></small><b data-digits>14:00</b>'
    '<svg class="ax-clock__bar"><rect width="1%" height="3"/></svg></span><span data-say></span></ax-countdown>'
)


def test_a_countdown_follows_the_server_and_not_the_clock_of_the_device(desk: Desk) -> None:
    desk.page.clock.install(time="2031-01-01T00:00:00")
    page = desk.open(
        CHIP.format(
            attributes='due="2026-11-24T12:10:00+08:00" start="2026-11-24T11:50:00+08:00"'
            ' server-now="2026-11-24T12:00:00+08:00"'
        )
    )
    assert page.locator("[data-digits]").text_content() == "10:00"
    assert page.locator("rect").get_attribute("width") == "50.0%"


def test_a_countdown_turns_to_ink_then_overdue_and_says_three_things(desk: Desk) -> None:
    desk.page.clock.install(time="2026-11-24T12:00:00+08:00")
    page = desk.open(
        CHIP.format(
            attributes='due="2026-11-24T12:10:00+08:00" start="2026-11-24T12:00:00+08:00"'
            ' server-now="2026-11-24T12:00:00+08:00"'
        )
    )
    chip, voice = page.locator(".ax-clock"), page.locator("[data-say]")
    assert (chip.get_attribute("data-state"), voice.text_content()) == ("normal", "")
    page.clock.fast_forward(7 * 60_000 + 2_000)
    assert (chip.get_attribute("data-state"), voice.text_content()) == ("soon", "W-1: soon")
    page.clock.fast_forward(2 * 60_000)
    assert (chip.get_attribute("data-state"), voice.text_content()) == ("soon", "W-1: tenth")
    page.clock.fast_forward(2 * 60_000)
    assert (chip.get_attribute("data-state"), voice.text_content()) == ("overdue", "W-1: overdue")
    assert page.locator("[data-word]").text_content() == "overdue"
    before = page.locator("[data-digits]").text_content()
    page.clock.fast_forward(60_000)
    assert page.locator("[data-digits]").text_content() > before


def test_days_are_said_in_words(desk: Desk) -> None:
    page = desk.open(
        CHIP.format(attributes='due="2026-11-28T16:30:00+08:00" server-now="2026-11-24T12:00:00+08:00"')
    )
    assert page.locator("[data-digits]").text_content() == "4 d 4 h"


def test_a_met_countdown_is_left_as_the_server_drew_it(desk: Desk) -> None:
    page = desk.open(CHIP.format(attributes='due="2020-01-01T00:00:00+08:00" met'))
    assert page.locator("[data-digits]").text_content() == "14:00"


EXIT = (
    '<p id="secret">secret</p><ax-exit url="/neutral" data-clear-url="/clear" data-csrf="t">'
    '<a href="/neutral">leave</a></ax-exit>'
)


def leaving(desk: Desk) -> Any:
    desk.answers["/neutral"] = ("text/html", "<title>weather</title>")
    desk.answers["/clear"] = ("text/plain", "")
    desk.answers["/before"] = ("text/html", "<title>before</title>")
    desk.page.goto(HOST + "/before")
    return desk.open(EXIT, "anxin.js", "/self-test")


def test_quick_exit_ends_the_sitting_and_leaves_no_way_back(desk: Desk) -> None:
    page = leaving(desk)
    page.evaluate("sessionStorage.setItem('ax-draft:x', '1')")
    page.click("text=leave")
    page.wait_for_url("**/neutral")
    assert desk.posted == ["/clear"]
    assert page.evaluate("sessionStorage.length") == 0
    page.go_back()
    assert page.url == HOST + "/before"


def test_three_presses_of_shift_leave_too(desk: Desk) -> None:
    page = leaving(desk)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    assert page.url.endswith("/self-test")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_url("**/neutral")


SETTINGS = (
    '<ax-settings><a href="?text=large" data-setting="text" data-on="large" data-label-on="standard"'
    ' data-label-off="large"><span data-label>large</span></a></ax-settings>'
)


def test_large_text_is_kept_in_a_cookie_for_the_server(desk: Desk) -> None:
    page = desk.open(SETTINGS, "anxin.js")
    page.click("a")
    assert page.evaluate("document.documentElement.dataset.text") == "large"
    assert page.evaluate("document.cookie") == "ax_text=large"
    assert page.locator("a").text_content() == "standard"
    page.click("a")
    assert page.evaluate("document.cookie") == "ax_text=normal"


DRAFT = (
    '<ax-draft key="q4"><form method="post" action="/next"><input type="hidden" name="csrf" value="1">'
    '<input type="radio" name="answer" value="0"><input type="radio" name="answer" value="1"><textarea name="note">'
    '</textarea><button type="submit">go</button></form><p data-offline hidden>no network</p></ax-draft>'
)


def test_a_chosen_answer_survives_a_reload(desk: Desk) -> None:
    page = desk.open(DRAFT, "anxin.js")
    page.check("[value='1'][type=radio]")
    page.fill("textarea", "slept badly")
    page.reload()
    assert page.is_checked("[value='1'][type=radio]")
    assert page.input_value("textarea") == "slept badly"
    assert "csrf" not in page.evaluate("sessionStorage.getItem('ax-draft:q4')")


def test_without_network_the_form_waits_and_is_sent_when_it_is_back(desk: Desk) -> None:
    desk.answers["/next"] = ("text/html", "<title>next</title>")
    page = desk.open(DRAFT, "anxin.js")
    page.check("[value='1'][type=radio]")
    page.context.set_offline(True)
    page.click("button")
    assert page.is_visible("[data-offline]")
    assert desk.posted == []
    page.context.set_offline(False)
    page.wait_for_url("**/next")
    assert desk.posted == ["/next"]


TABLE = (
    "<ax-keys><table><tbody><tr data-row><td><a data-row-link href='#1'>one</a><button data-row-ack id='a1'></button>"
    "</td></tr><tr data-row><td><a data-row-link href='#2'>two</a><button data-row-ack id='a2'></button></td></tr>"
    "</tbody></table></ax-keys><input id='search'>"
)


def test_j_and_k_walk_the_rows_and_a_acknowledges(desk: Desk) -> None:
    page = desk.open(TABLE)
    page.evaluate("document.addEventListener('click', (e) => { window.pressed = e.target.id; })")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "two"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "one"
    page.keyboard.press("a")
    assert page.evaluate("window.pressed") == "a1"


def test_letters_typed_into_a_field_are_letters(desk: Desk) -> None:
    page = desk.open(TABLE)
    page.focus("#search")
    page.keyboard.type("jka")
    assert page.input_value("#search") == "jka"


DIALOG = (
    "<ax-dialog><a href='/whole-page' data-open id='opener'>close</a><dialog><input id='why'>"
    "<button data-close>not yet</button></dialog></ax-dialog>"
)


def test_a_dialog_keeps_what_was_typed_and_gives_the_focus_back(desk: Desk) -> None:
    page = desk.open(DIALOG)
    page.click("#opener")
    page.fill("#why", "because")
    page.click("[data-close]")
    assert page.evaluate("document.activeElement.id") == "opener"
    page.click("#opener")
    assert page.input_value("#why") == "because"


LIVE = (
    '<ax-live src="/live" data-fragment="/rows" data-target="#board" data-events="warning" data-text-live="live"'
    ' data-text-poll="poll" data-text-stale="stale" data-text-stale-banner="silent since {time}">'
    "<span data-live-status></span><p data-stale hidden><b data-stale-text></b></p></ax-live>"
    '<div id="board"><input id="field"></div>'
)


def test_without_a_stream_the_board_polls(desk: Desk) -> None:
    desk.page.clock.install()
    desk.answers["/rows"] = ("text/html", "<b>fresh</b>")
    page = desk.open(LIVE)
    page.clock.run_for(6_000)
    page.wait_for_selector("#board >> text=fresh")
    page.clock.run_for(1_000)
    assert page.locator("[data-live-status]").text_content() == "poll"


def test_an_event_brings_the_new_rows(desk: Desk) -> None:
    desk.answers["/live"] = ("text/event-stream", 'event: warning\ndata: {"level": 4}\n\n')
    desk.answers["/rows"] = ("text/html", "<b>fresh</b>")
    page = desk.open(LIVE)
    page.wait_for_selector("#board >> text=fresh")


def test_after_half_a_minute_of_silence_the_board_says_so_and_stops_looking_live(desk: Desk) -> None:
    desk.page.clock.install(time="2026-11-24T14:14:00+08:00")
    page = desk.open(LIVE)
    page.clock.run_for(31_000)
    assert page.is_visible("[data-stale]")
    assert page.locator("[data-stale-text]").text_content() == "silent since 14:14"
    assert page.locator("[data-live-status]").get_attribute("data-state") == "stale"
    assert page.locator("#board").get_attribute("class") == "is-stale"


def test_a_list_is_not_swapped_under_the_hands_of_somebody_typing(desk: Desk) -> None:
    desk.page.clock.install()
    desk.answers["/rows"] = ("text/html", "<b>fresh</b>")
    page = desk.open(LIVE)
    page.focus("#field")
    with page.expect_response("**/rows"):
        page.clock.run_for(6_000)
    page.keyboard.type("half a word")
    assert page.input_value("#field") == "half a word"
    page.locator("#field").blur()
    page.clock.run_for(1_000)
    page.wait_for_selector("#board >> text=fresh")


def test_a_beat_of_a_deaf_server_is_not_news(desk: Desk) -> None:
    desk.page.clock.install()
    desk.answers["/live"] = ("text/event-stream", 'event: beat\ndata: {"listening": false}\n\n')
    with desk.page.expect_response("**/live"):
        page = desk.open(LIVE)
    page.wait_for_function("document.querySelector('ax-live').streaming === false")
    page.clock.run_for(31_000)
    assert page.locator("[data-live-status]").get_attribute("data-state") == "stale"


SOUND = (
    '<ax-sound listen="L4" data-text-on="on" data-text-off="off" data-text-blocked="test"><button data-toggle hidden>'
    '<span data-label></span></button><p data-blocked hidden>silent</p></ax-sound><i id="page">page</i>'
)


def test_sound_warns_while_it_is_blocked_and_one_press_tests_it(desk: Desk) -> None:
    page = desk.open(SOUND)
    page.wait_for_selector("ax-sound[data-state=blocked]")
    assert page.is_visible("[data-blocked]")
    page.click("button")
    page.wait_for_selector("ax-sound[data-state=on]")
    assert page.is_hidden("[data-blocked]")
    page.click("button")
    page.wait_for_selector("ax-sound[data-state=off]")


def test_a_press_anywhere_wakes_the_sound_after_a_reload(desk: Desk) -> None:
    page = desk.open(SOUND)
    page.wait_for_selector("ax-sound[data-state=blocked]")
    page.click("#page")
    page.wait_for_selector("ax-sound[data-state=on]")
