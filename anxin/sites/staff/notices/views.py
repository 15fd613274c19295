"""A colleague's own notices: the list, its live part, opening one, marking all as read."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.notices import api as notices
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.shell import NOTICES, SeeOther, page, silence_of_worker

_PAGES = {"warning": "staff:warning", "case": "staff:case", "message": "staff:unreached-one"}


@signed_in("staff")
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """The list; news come by themselves."""
    with unit_of_work(request.actor):
        return page(request, "staff/notices/list.html", _listed(request), current=NOTICES)


@signed_in("staff")
@require_GET
def fragment(request: VisitRequest) -> HttpResponse:
    """The lines alone."""
    with unit_of_work(request.actor):
        return render(request, "staff/notices/list.html#lines", {**_listed(request), **silence_of_worker()})


@signed_in("staff")
@require_POST
def open_one(request: VisitRequest, uid: str) -> HttpResponse:
    """Seen: go where it is about."""
    with unit_of_work(request.actor):
        notice = notices.mark_read(actor=request.actor, uid=uid)
        kind, subject = (
            (notice.message.subject_kind, notice.message.subject_uid) if notice.message else ("", "")
        )
    target = _PAGES.get(kind)
    return SeeOther(reverse(target, args=[subject]) if target else reverse("staff:home"))


@signed_in("staff")
@require_POST
def read_all(request: VisitRequest) -> HttpResponse:
    """Seen, all of them."""
    with unit_of_work(request.actor):
        notices.mark_all_read(actor=request.actor)
    return SeeOther(reverse("staff:notices"))


def _listed(request: VisitRequest) -> dict[str, Any]:
    lines = notices.notices_for(actor=request.actor)
    return {
        "lines": lines,
        "unread": sum(not one.is_read for one in lines),
        "at": clock.now(),
        "fragment_url": reverse("staff:notices-fragment"),
    }
