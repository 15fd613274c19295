"""Once more, who is it: a fresh code before a copy, a request or leaving. It holds for ten minutes, in this session."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from anxin.domains.accounts.contracts import CodeCheck, CodeRequestedTooSoon, TooManyCodes
from anxin.flows import prove_again
from anxin.flows.sign_in_resident import SentCode
from anxin.kernel import clock, masking
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.pages import SeeOther, page

LIFE = timedelta(minutes=10)
_KEY = "ax_proved_again"
_WRONG = {
    CodeCheck.WRONG: _("This code does not fit. Please look again."),
    CodeCheck.EXPIRED: _("This code is not valid any more. Please ask for a new one."),
    CodeCheck.EXHAUSTED: _("This code was tried too often. Please ask for a new one."),
}


class CodeForm(forms.Form):
    """The code from the phone."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        error_messages={"required": _("Please type the code from your phone.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """Digits only, however they were typed."""
        return "".join(str(int(sign)) for sign in self.cleaned_data["code"] if sign.isdecimal())


def is_proved(request: VisitRequest) -> bool:
    """Whether the person typed a fresh code within the last ten minutes, in this session."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict) or kept.get("who") != request.actor.uid:
        return False
    return clock.now().timestamp() < float(kept.get("until", 0))


def ask_again(back: str) -> HttpResponse:
    """To the code, and from there back to ``back``."""
    return SeeOther(f"{reverse('resident_me:confirm')}?{urlencode({'next': back})}")


@signed_in("resident")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: VisitRequest) -> HttpResponse:
    """Send a code to the person's own phone, and compare what they type."""
    back = _back(request)
    if request.method != "POST":
        return _page(request, CodeForm(), back)
    if request.POST.get("step") == "send":
        return _send(request, back)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, back, status=422)
    found = prove_again.check(actor=request.actor, code=form.cleaned_data["code"])
    if found is not CodeCheck.RIGHT:
        form.add_error("code", _WRONG[found])
        return _page(request, form, back, status=422)
    request.session[_KEY] = {
        "who": request.actor.uid,
        "until": (clock.now() + LIFE).timestamp(),
    }
    return SeeOther(back)


def _send(request: VisitRequest, back: str) -> HttpResponse:
    form = CodeForm()
    try:
        sent = prove_again.send_code(actor=request.actor, language=get_language() or "zh")
    except (CodeRequestedTooSoon, TooManyCodes) as error:
        return _page(request, form, back, status=422, refused=said(error))
    return _page(request, form, back, sent=_note(sent))


def _note(sent: SentCode) -> dict[str, Any]:
    """Only a demo may show a code on screen: anywhere else that would be a door without a lock."""
    pretends = sent.gateway == "null"
    return {
        "until": f"{clock.local(sent.expires_at):%H:%M}",
        "shown": sent.code if pretends and settings.ANXIN_DEMO else "",
        "is_accepted": sent.is_accepted and (settings.ANXIN_DEMO or not pretends),
    }


def _back(request: VisitRequest) -> str:
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    mine = reverse("resident_me:me")
    is_here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_here and wanted.startswith(mine) else reverse("resident_me:data")


def _page(
    request: VisitRequest, form: CodeForm, back: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    phone = masking.mask_phone(prove_again.own_phone(request.actor))
    context = {"form": form, "next": back, "phone": phone, **more}
    return page(request, "resident/me/confirm.html", context, status=status)
