"""Addresses for the tests of the entrance: one view for each thing that can happen."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from anxin.domains.risk.contracts import Permission
from anxin.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from anxin.sites.health import healthz
from anxin.sites.marks import VisitRequest, public, requires, signed_in

handler404 = "anxin.sites.errors.not_found"
handler403 = "anxin.sites.errors.forbidden"
handler500 = "anxin.sites.errors.server_error"
ERRORS = {
    "missing": NotFound(),
    "not-permitted": NotPermitted(),
    "conflict": Conflict("%(name)s was faster.", name="赵宁"),
    "refused": Refused("The station is closed."),
    "fault": ZeroDivisionError(),
    "database": OperationalError("gone"),
}


@public(reason="test")
def who(request: VisitRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.kind} {request.actor.label} {request.actor.request_uid}")


@public(reason="test", reads_session=False)
def blind(request: VisitRequest) -> HttpResponse:
    return HttpResponse(request.actor.kind)


@public(reason="test")
def cached(request: VisitRequest) -> HttpResponse:
    return HttpResponse(headers={"Cache-Control": "max-age=60"})


@public(reason="test")
def broken(request: VisitRequest, error: str) -> HttpResponse:
    raise ERRORS[error]


@requires(Permission.VIEW)
def board(request: VisitRequest) -> HttpResponse:
    return HttpResponse("board")


@signed_in("resident")
def mine(request: VisitRequest) -> HttpResponse:
    return HttpResponse("mine")


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [
    path("who/", who),
    path("blind/", blind),
    path("cached/", cached),
    path("broken/<slug:error>/", broken),
    path("staff/board/", board),
    path("mine/", mine),
    path("undeclared/", undeclared),
    path("healthz", healthz),
    path("sign-in/", include("anxin.sites.signin.urls")),
]
