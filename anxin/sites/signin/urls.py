"""Addresses of sign-in, below ``/sign-in/``."""

from django.conf import settings
from django.urls import URLPattern, path

from anxin.sites.signin.views import again, demo, leaving, links, resident, staff

app_name = "signin"


def addresses(*, is_demo: bool) -> list[URLPattern]:
    """What is routed. The one-click door exists in the demo only: elsewhere its address is a plain 404."""
    found = [
        path("", resident.sign_in, name="resident"),
        path("first/", resident.first_visit, name="first_visit"),
        path("again/", again.again, name="again"),
        path("staff/", staff.sign_in, name="staff"),
        path("staff/code/", staff.second_step, name="second_step"),
        path("staff/passkey/", staff.passkey, name="passkey"),
        path("staff/enrol/", staff.enrol, name="enrol"),
        path("staff/recovery/", staff.recovery_codes, name="recovery_codes"),
        path("invited/<slug:token>/", links.invited, name="invited"),
        path("back-in/<slug:token>/", links.back_in, name="back_in"),
        path("out/", leaving.sign_out, name="sign_out"),
    ]
    if is_demo:
        found.append(path("as/<slug:persona>/", demo.sign_in_as, name="as"))
    return found


urlpatterns = addresses(is_demo=settings.ANXIN_DEMO)
