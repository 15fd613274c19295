"""The frame of every page of the resident site: its menu, the quick way out, and how a refusal is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.ui.context import CONTRAST_COOKIE, CONTRASTS, TEXT_COOKIE, TEXT_SIZES, help_numbers

MENU = (
    ("resident_home:home", _("Home")),
    ("resident_tests:list", _("Self-tests")),
    ("resident_stations:list", pgettext_lazy("menu", "Stations")),
    ("resident_relax:breathing", _("Relax")),
    ("resident_me:me", _("Mine")),
    ("resident_help:help", _("Help now")),
)
YEAR_SECONDS = 365 * 24 * 60 * 60


class SeeOther(HttpResponseRedirect):
    """303: after a POST the browser asks for the next page with GET, so back and reload never send twice."""

    status_code = 303


def see_other(name: str, *args: object) -> SeeOther:
    """To the page called ``name``."""
    return SeeOther(reverse(name, args=args))


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """``template`` in the frame of the site."""
    frame = {
        "menu": _menu(request),
        "exit_clear_url": reverse("resident_settings:leave"),
        "here": request.get_full_path(),
        "first_number": help_numbers()[0]["number"],
        "emergency_links": emergency_links(),
    }
    response = render(request, template, frame | (context or {}), status=status)
    keep_display(request, response)
    return response


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    menu: list[dict[str, Any]] = [{"url": reverse(name), "label": label} for name, label in MENU]
    if request.path.startswith("/results/"):
        menu[1]["current"] = True
    return menu


def emergency_links() -> SafeString:
    """The numbers for danger to life, as links inside a sentence; from the configuration, like all numbers."""
    numbers = [entry["number"] for entry in help_numbers()[1:]]
    return format_html_join(
        gettext(" or "), '<a href="tel:{}">{}</a>', ((number, number) for number in numbers)
    )


def keep_display(request: HttpRequest, response: HttpResponse) -> None:
    """Text size and contrast chosen in the address are kept on the device, so that they work without script."""
    for parameter, cookie, allowed in (
        ("text", TEXT_COOKIE, TEXT_SIZES),
        ("contrast", CONTRAST_COOKIE, CONTRASTS),
    ):
        value = request.GET.get(parameter, "")
        if value in allowed:
            response.set_cookie(cookie, value, max_age=YEAR_SECONDS, samesite="Lax")


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache: the back button asks again, and a shared computer shows nothing after leaving."""
    response["Cache-Control"] = "no-store"
    return response
