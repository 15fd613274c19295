"""The board as a page, as a piece of it for the live link, and as a sheet for the next shift."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from anxin.domains.risk import api as risk
from anxin.domains.risk.api import BoardCounts
from anxin.domains.risk.contracts import Permission
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.duty import presenters
from anxin.sites.staff.duty.forms import BoardFilter
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import DUTY, end_of_today, page, silence_of_worker


def _board(request: VisitRequest, counts: BoardCounts) -> dict[str, Any]:
    form = BoardFilter(request.GET)
    view = presenters.board(request.actor, form, request.GET.get("page", "1"), counts)
    return {"board": view, "filter": form}


@requires(Permission.VIEW)
def board(request: VisitRequest) -> HttpResponse:
    """What is open, by urgency and due time."""
    with unit_of_work(request.actor):
        counts = risk.board_counts(actor=request.actor, end_of_today=end_of_today())
        context = _board(request, counts)
        asked, seen = context["filter"].chosen(), context["board"]
        shown = len(seen.alerts) + len(seen.more_alerts) + len(seen.rows)
        note_listing(request.actor, "risk:warnings:listed", asked=asked, shown=shown)
        return page(request, "staff/duty/board.html", context, current=DUTY, open_warnings=counts.total)


@requires(Permission.VIEW)
def fragment(request: VisitRequest) -> HttpResponse:
    """The list alone, fetched again whenever the live link says that something changed; noted when the page opens."""
    with unit_of_work(request.actor):
        counts = risk.board_counts(actor=request.actor, end_of_today=end_of_today())
        context = {**_board(request, counts), **silence_of_worker()}
        return render(request, "staff/duty/board.html#board", context)


@requires(Permission.VIEW)
def handover(request: VisitRequest) -> HttpResponse:
    """交班单: open warnings with owner and next due time, and a blank column to write in."""
    with unit_of_work(request.actor):
        rows, is_cut = presenters.handover(request.actor)
        note_listing(request.actor, "risk:warnings:handed_over", asked={}, shown=len(rows))
        context = {
            "rows": rows,
            "is_cut": is_cut,
            "limit": presenters.HANDOVER_LIMIT,
        }
        return page(request, "staff/duty/handover.html", context, current=DUTY)
