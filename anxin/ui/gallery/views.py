"""The living style guide: every component in each of its states, drawn from invented data."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.kernel.clock import now
from anxin.ui.gallery import samples
from anxin.ui.gallery.forms import SampleForm

ERROR_PAGES = frozenset({403, 404, 500, 503})


def resident_gallery(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "ui/gallery/resident.html",
        {
            "form": SampleForm(),
            "page": Paginator(range(60), 20).page(2),
            "modules": samples.MODULES,
            "swatches": samples.SWATCHES,
        },
    )


def staff_gallery(request: HttpRequest) -> HttpResponse:
    moment = now()
    return render(
        request,
        "ui/gallery/staff.html",
        {
            **samples.staff_shell(),
            "moment": moment,
            "rows": samples.board_rows(moment),
            "alert_due": moment + timedelta(minutes=2, seconds=38),
            "alert_start": moment - timedelta(minutes=2, seconds=22),
            "rungs": samples.RUNGS,
            "levels": ("L4", "L3", "L2", "L1", "L0"),
            "form": SampleForm(),
            "page": Paginator(range(60), 20).page(2),
        },
    )


def oversight_gallery(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "ui/gallery/oversight.html",
        {
            **samples.oversight_shell(),
            "figures": samples.FIGURES,
            "shares": samples.SHARES,
            "weeks": samples.WEEKS,
        },
    )


def form_gallery(request: HttpRequest) -> HttpResponse:
    """A form that came back: status 422, the summary takes the focus, everything typed is kept."""
    return render(request, "ui/gallery/form.html", {"form": SampleForm({"phone": "1380000"})}, status=422)


def sign_in_gallery(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "ui/gallery/sign_in.html",
        {"form": SampleForm(), "personas": samples.PERSONAS, "is_demo": True},
    )


def error_gallery(request: HttpRequest, code: int) -> HttpResponse:
    if code not in ERROR_PAGES:
        raise Http404
    return render(request, f"ui/errors/{code}.html")
