"""What is mine: results, drafts, the course over time, and who has looked."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anxin.domains.assessments import api as assessments
from anxin.exchange.spreadsheets import CSV_TYPE, as_csv
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.downloads import file_response
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.me import presenters, trail
from anxin.sites.resident.pages import page, see_other
from anxin.sites.resident.results.course import Course, course_of, courses
from anxin.ui.templatetags.anxin_charts import as_file


@signed_in("resident")
@require_safe
def me(request: VisitRequest) -> HttpResponse:
    """The archive as its owner sees it."""
    with unit_of_work(request.actor):
        view = presenters.me(request.actor, account=request.user, page=request.GET.get("page", "1"))
    return page(request, "resident/me/me.html", {"view": view})


@signed_in("resident")
@require_safe
def course(request: VisitRequest) -> HttpResponse:
    """How it has been over time, over all questionnaires."""
    with unit_of_work(request.actor):
        found = courses(request.actor)
    return page(request, "resident/me/course.html", {"courses": found})


@signed_in("resident")
@require_safe
def course_numbers(request: VisitRequest, slug: str) -> HttpResponse:
    """The numbers of one questionnaire as a file."""
    found = _course(request, slug)
    rows = [(_("Answered on"), _("Total score")), *((f"{row.on:%Y-%m-%d}", row.total) for row in found.rows)]
    return file_response(as_csv(rows), kind=CSV_TYPE, name=f"{slug}.csv")


@signed_in("resident")
@require_safe
def course_picture(request: VisitRequest, slug: str) -> HttpResponse:
    """The picture of one questionnaire as a file."""
    found = _course(request, slug)
    if found.chart is None:
        raise NotFound
    return as_file(found.chart, name=slug)


def _course(request: VisitRequest, slug: str) -> Course:
    with unit_of_work(request.actor):
        found = course_of(request.actor, slug)
    if found is None:
        raise NotFound
    return found


@signed_in("resident")
@require_safe
def access(request: VisitRequest) -> HttpResponse:
    """谁看过我的记录."""
    period = trail.period_of(request.GET.get("days", ""))
    with unit_of_work(request.actor):
        view = trail.who_looked(request.actor, days=period)
    return page(request, "resident/me/access.html", {"view": view})


@signed_in("resident")
@require_POST
def discard(request: VisitRequest, token: UUID) -> HttpResponse:
    """Put a draft away. What a critical answer has set going goes on; the page says so."""
    with unit_of_work(request.actor):
        assessments.discard_sitting(actor=request.actor, sitting_uid=str(token))
    return see_other("resident_me:me")
