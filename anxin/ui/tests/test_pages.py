"""Every page carries the help numbers, works under the strict policy, and needs nothing to say that it failed."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from anxin.ui import context
from anxin.ui.gallery import views
from tests.requirements_marker import requirement

UI = Path(__file__).parents[1]
BASES = ["ui/base_resident.html", "ui/base_staff.html", "ui/base_oversight.html", "ui/base_auth.html"]
ERRORS = [
    "ui/errors/403.html",
    "ui/errors/404.html",
    "ui/errors/500.html",
    "ui/errors/503.html",
    "404.html",
    "500.html",
]
GALLERY = [
    views.resident_gallery,
    views.staff_gallery,
    views.oversight_gallery,
    views.sign_in_gallery,
    views.form_gallery,
]


def asked(address: str = "/ui/gallery/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.COOKIES.update(cookies)
    request.user = AnonymousUser()
    return request


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


@requirement("R-073")
@pytest.mark.parametrize("template", [*BASES, *ERRORS])
def test_every_page_carries_the_help_numbers_even_without_request_and_database(template: str) -> None:
    html = render_to_string(template)
    for entry in context.help_numbers():
        assert f'href="tel:{entry["number"]}"' in html


@override_settings(ANXIN_HELP_NUMBERS=[])
def test_an_empty_setting_does_not_take_the_numbers_away() -> None:
    assert 'href="tel:12356"' in render_to_string("ui/errors/404.html")


@override_settings(ANXIN_HELP_NUMBERS=[{"number": "96100", "label": "our line"}])
def test_the_numbers_come_from_the_settings() -> None:
    html = render_to_string("ui/base_resident.html")
    assert 'href="tel:96100"' in html
    assert "tel:12356" not in html


@override_settings(
    STORAGES={
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    },
    DEBUG=False,
)
def test_an_error_page_comes_out_even_when_the_built_files_are_not_collected() -> None:
    assert "resident.css" in render_to_string("ui/errors/500.html")


@pytest.mark.parametrize("view", GALLERY)
def test_no_page_has_an_inline_style_or_script(view: object) -> None:
    html = page_of(view(asked()))  # type: ignore[operator]
    assert not re.search(r"<[^>]*\sstyle=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"<[^>]*\son[a-z]+=", html)
    assert "<style" not in html


@pytest.mark.parametrize("view", GALLERY)
def test_every_icon_drawn_is_in_the_sprite(view: object) -> None:
    known = set(json.loads((UI / "icons.json").read_text(encoding="utf-8")))
    html = page_of(view(asked()))  # type: ignore[operator]
    assert set(re.findall(r"icons\.svg#([\w-]+)", html)) <= known


def test_the_sprite_holds_exactly_the_listed_icons() -> None:
    listed = set(json.loads((UI / "icons.json").read_text(encoding="utf-8")))
    sprite = (UI / "static/ui/icons.svg").read_text(encoding="utf-8")
    assert set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == listed


def test_the_address_overrides_the_cookie_for_large_text() -> None:
    assert 'data-text="large"' in page_of(views.resident_gallery(asked(ax_text="large")))
    assert 'data-text="normal"' in page_of(views.resident_gallery(asked("/?text=normal", ax_text="large")))
    assert 'data-contrast="high"' in page_of(views.resident_gallery(asked("/?contrast=high")))


def test_a_nonsense_setting_is_ignored() -> None:
    html = page_of(views.resident_gallery(asked('/?text="><b>', ax_contrast="purple")))
    assert 'data-text="normal"' in html
    assert 'data-contrast="normal"' in html


def test_quick_exit_is_a_plain_link_without_script() -> None:
    html = page_of(views.resident_gallery(asked()))
    assert re.search(r'<ax-exit url="[^"]+"><a class="ax-exit" href="[^"]+"', html)


def test_staff_pages_have_no_quick_exit() -> None:
    assert "<ax-exit" not in page_of(views.staff_gallery(asked()))


def test_resident_pages_show_no_risk_capsule() -> None:
    assert "ax-risk" not in page_of(views.resident_gallery(asked()))
    assert "ax-risk" not in (UI / "static/ui/resident.css").read_text(encoding="utf-8")


def test_a_form_that_came_back_keeps_what_was_typed_and_says_422() -> None:
    response = views.form_gallery(asked())
    assert response.status_code == 422
    assert 'value="1380000"' in page_of(response)


def test_pages_speak_both_languages() -> None:
    with translation.override("zh-hans"):
        assert "快速离开" in page_of(views.resident_gallery(asked()))
    with translation.override("en"):
        assert "Leave quickly" in page_of(views.resident_gallery(asked()))


def test_the_demo_box_is_absent_outside_the_demo() -> None:
    with override_settings(ANXIN_DEMO=False):
        assert "ax-demo-tag" not in page_of(views.resident_gallery(asked()))
        assert "ax-banner--demo" not in page_of(views.resident_gallery(asked()))
