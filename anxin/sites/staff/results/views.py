"""Reports of single sittings, and the list of one person's."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from anxin.domains.assessments.contracts import Permission
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.results import files, presenters
from anxin.sites.staff.shell import page

RESULTS = "results"


@requires(Permission.READ_RESULT)
@require_GET
def report(request: VisitRequest, uid: str) -> HttpResponse:
    """One sitting: items, findings, norms, row; and the files that can be asked for."""
    with unit_of_work(request.actor):
        view = presenters.report_page(request.actor, uid)
        context = {"view": view, "paper": files.PAPER, "row_file": files.ROW, "picture": files.PICTURE}
        return page(request, "staff/results/report.html", context, current=RESULTS)


@requires(Permission.READ_RESULT)
@require_GET
def person(request: VisitRequest, uid: str) -> HttpResponse:
    """Everything one person has handed in."""
    with unit_of_work(request.actor):
        name, number, lines = presenters.person_lines(request.actor, uid)
        context = {"name": name, "number": number, "lines": lines}
        return page(request, "staff/results/person.html", context, current=RESULTS)
