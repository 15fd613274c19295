"""What is said when something is refused, missing or broken. Every page carries the help numbers, whatever fails."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def page(request: HttpRequest | None, template: str, status: int, **context: Any) -> HttpResponse:
    """``template`` for ``request``; without its context when that cannot be had; in bare words when nothing can."""
    for attempt in (request, None):
        try:
            return HttpResponse(render_to_string(template, context, attempt), status=status)
        except Exception:
            log.exception("the page for status %s could not be drawn", status)
    return HttpResponse(_bare(), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None, *, said: str = "") -> HttpResponse:
    """400: what came is no request a browser of ours sends, or holds what nothing can keep."""
    said = said or _("This request cannot be read. Please go back to the page and try again.")
    return page(request, "entrance/unreadable.html", 400, said=said)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. Also the answer for things that are there but not theirs."""
    return page(request, "ui/errors/404.html", 404)


def forbidden(request: HttpRequest, exception: Exception | None = None, *, reason: str = "") -> HttpResponse:
    """403."""
    return page(request, "ui/errors/403.html", 403, reason=reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, "ui/errors/500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer."""
    return page(request, "ui/errors/503.html", 503)


def conflict(request: HttpRequest, said: str) -> HttpResponse:
    """409: somebody was faster, and the page they came from did not catch it."""
    return page(request, "entrance/conflict.html", 409, said=said)


def refused(request: HttpRequest, said: str) -> HttpResponse:
    """422: a rule said no, and the page they came from did not catch it."""
    return page(request, "entrance/refused.html", 422, said=said)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long, or sent from elsewhere."""
    said = _(
        "This page had been open for too long, or cookies are switched off. Open it again and send it once more."
    )
    return forbidden(request, reason=said)


def _bare() -> str:
    """No template, no catalogue, no database: the numbers and one line."""
    numbers = format_html_join(
        "",
        '<p><a href="tel:{}"><b>{}</b></a> {}</p>',
        ((entry["number"], entry["number"], entry["label"]) for entry in settings.ANXIN_HELP_NUMBERS),
    )
    return format_html(
        '<!doctype html><html lang="zh-hans"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>12356</title><h1>{}</h1>{}</html>',
        _("This page cannot be shown right now. These numbers always answer:"),
        numbers,
    )
