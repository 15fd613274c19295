"""Error pages come out in any state."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from anxin.sites import errors

HELP = ("12356", "120", "110")

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")


def test_an_error_page_needs_no_session_and_no_database() -> None:
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert all(number in answer.content.decode() for number in HELP)


def test_when_the_page_cannot_be_drawn_the_numbers_still_come(
    monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", broken)
    answer = errors.not_found(RequestFactory().get("/"))
    assert answer.status_code == 404
    body = answer.content.decode()
    assert all(f'href="tel:{number}"' in body for number in HELP)


def test_the_words_of_an_error_are_escaped() -> None:
    answer = errors.refused(RequestFactory().get("/"), "<script>")
    assert "<script>" not in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_gets_a_page_with_the_numbers() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"phone": "13800012345"})
    assert answer.status_code == 403
    assert all(number in answer.content.decode() for number in HELP)
    assert "cookie" in answer.content.decode().lower()
