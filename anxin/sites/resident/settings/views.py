"""Language, text size, contrast; and leaving in a hurry."""

from django.conf import settings as site_settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from anxin.sites.marks import public
from anxin.sites.resident import device
from anxin.sites.resident.pages import YEAR_SECONDS, SeeOther, keep_display, private
from anxin.ui.context import neutral_exit_url


@public(reason="How a page looks is nobody's business but the reader's.")
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Keep the settings named in the address on this device and go back to the page."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = SeeOther(back)
    language = request.GET.get("language", "")
    if language in dict(site_settings.LANGUAGES):
        response.set_cookie(
            site_settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax"
        )
    keep_display(request, response)
    return response


@public(reason="Leaving quickly must work for everybody, at any moment.")
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Take everything off this device that this site has put there about the person, and show a neutral page.

    Works as a plain link too, for browsers without script. A browser follows no redirect to ``about:blank``, so without
    a configured neutral page an empty one is served. A signed-in draft stays in the archive.
    """
    logout(request)
    target = neutral_exit_url()
    response = (
        HttpResponseRedirect(target)
        if target.startswith("http")
        else HttpResponse("<!doctype html><title> </title>")
    )
    device.forget_run(response)
    return private(response)
