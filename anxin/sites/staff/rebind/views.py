"""One page: card and phone, then the code, then it is done."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Permission
from anxin.flows import rebind_phone
from anxin.kernel import masking
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.rebind.forms import RebindForm
from anxin.sites.staff.shell import ARCHIVES, SeeOther, attempt, page


@requires(Permission.REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def rebind(request: VisitRequest, uid: str) -> HttpResponse:
    """Another phone opens this archive, once the card fitted and the phone was proved."""
    form = RebindForm(request.POST or None)
    sent: list[Any] = []
    status = 200
    if request.method == "POST":
        typed_code = bool(form.is_valid() and form.cleaned_data["code"]) and "send" not in request.POST

        def act() -> None:
            card = rebind_phone.Card(form.cleaned_data["name"], form.cleaned_data["born_on"])
            phone = form.cleaned_data["phone"]
            if typed_code:
                rebind_phone.rebind_phone(
                    actor=request.actor,
                    resident_uid=uid,
                    phone=phone,
                    code=form.cleaned_data["code"],
                    card=card,
                )
            else:
                sent.append(
                    rebind_phone.send_rebind_code(
                        actor=request.actor,
                        resident_uid=uid,
                        phone=phone,
                        card=card,
                        language=get_language() or "zh",
                    )
                )

        status = attempt(form, act)
        if status == SeeOther.status_code and not sent:
            messages.success(request, _("Connected. The person can sign in with this phone now."))
            return SeeOther(reverse("staff:rebind", args=[uid]))
        status = 200 if sent else status
    with unit_of_work(request.actor):
        person = residents.access_resident(actor=request.actor, uid=uid)
        if not request.actor.may(Permission.REGISTER, at=person.scope_path):
            raise NotFound
        context = {
            "form": form,
            "number": person.number,
            "name": masking.mask_name(person.name),
            "phone": masking.mask_phone(person.phone),
            "can": person.account_id is not None,
            "sent": sent[0] if sent else None,
            "shown": _shown(sent),
        }
        return page(request, "staff/rebind/rebind.html", context, current=ARCHIVES, status=status)


def _shown(sent: list[Any]) -> str:
    """The code itself, in a demo whose gateway sends nothing."""
    return sent[0].code if sent and settings.ANXIN_DEMO and sent[0].gateway == "null" else ""
