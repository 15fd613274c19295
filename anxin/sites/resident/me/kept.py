"""What is kept about me, why, by whom and until when; and everything to take away."""

import json

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from anxin.domains.rights import api as rights
from anxin.exchange.pdf import setting as pdf
from anxin.exchange.person.fhir import to_bundle
from anxin.exchange.person.shape import write_json
from anxin.flows import collect_person_file
from anxin.sites.downloads import file_response, pdf_response
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.me import papers, proving
from anxin.sites.resident.pages import page


@signed_in("resident")
@require_safe
def data(request: VisitRequest) -> HttpResponse:
    """Each kind of data with its reason, and the copies."""
    context = {
        "kinds": rights.kinds_of_data(language=get_language() or "zh"),
        "is_proved": proving.is_proved(request),
        "confirm_url": proving.ask_again(reverse("resident_me:data"))["Location"],
        "can_be_pdf": pdf.is_available(),
    }
    return page(request, "resident/me/data.html", context)


@signed_in("resident")
@require_POST
def copy(request: VisitRequest, form: str) -> HttpResponse:
    """Everything, to take away. By a form, so that no link in a message or a page elsewhere can start it."""
    if not proving.is_proved(request):
        return proving.ask_again(reverse("resident_me:data"))
    file = collect_person_file.take_copy(actor=request.actor, language=get_language() or "zh")
    if form == "pdf":
        return pdf_response(papers.person_paper(file), name="my-data")
    if form == "json":
        return file_response(write_json(file), kind="application/json", name="my-data.json")
    bundle = to_bundle(file, collect_person_file.forms_of(file))
    content = json.dumps(bundle, ensure_ascii=False, indent=1)
    return file_response(content, kind="application/fhir+json", name="my-data.fhir.json")
