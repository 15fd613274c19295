"""Family doctors' teams: an assessment begun from a contract, and what came back (R-042)."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import Permission
from anxin.domains.assessments.contracts import Permission as AssessmentsPermission
from anxin.domains.instruments import api as instruments
from anxin.domains.residents import api as residents
from anxin.flows import assess_for_doctor
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.interviews import presenters
from anxin.sites.staff.interviews.forms import NewInterviewForm
from anxin.sites.staff.shell import ARCHIVES, SeeOther, attempt, page

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting


@requires(Permission.VIEW)
@require_GET
def guidance(request: VisitRequest) -> HttpResponse:
    """What came back to the teams of this unit."""
    with unit_of_work(request.actor):
        context = {"lines": archives.guidance_for_team(actor=request.actor)}
        return page(request, "staff/archives/guidance.html", context, current=ARCHIVES)


@requires(AssessmentsPermission.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: VisitRequest, uid: str, contract_uid: str) -> HttpResponse:
    """Which form, how and with what agreement; the interview itself runs as every other."""
    actor = request.actor
    with unit_of_work(actor):
        person = archives.access_archive(actor=actor, uid=uid).resident
        age = residents.age_on(person.born_on, clock.today()) if person.born_on else None
        choices, untrained = presenters.form_choices(actor, age=age)
    form = NewInterviewForm(request.POST or None, choices=choices)
    status = 200
    if request.method == "POST":
        begun: list[Sitting] = []

        def act() -> None:
            instrument = instruments.published_version(form.cleaned_data["form"].partition("|")[0])
            draft = form.draft(instrument)
            begun.append(
                assess_for_doctor.begin(actor=actor, archive_uid=uid, contract_uid=contract_uid, draft=draft)
            )

        status = attempt(form, act)
        if status == SeeOther.status_code:
            with unit_of_work(actor):
                return SeeOther(presenters.lines_of(begun)[0].url)
    with unit_of_work(actor):
        context = {
            "form": form,
            "person": residents.mask_name(person.name) or _("no name"),
            "number": person.number,
            "age": age,
            "untrained": untrained,
            "needs_guardian": residents.needs_guardian(person.born_on, clock.today()),
        }
        return page(request, "staff/interviews/new.html", context, current=ARCHIVES, status=status)
