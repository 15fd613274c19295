"""The demo's one-click door. It is routed only in a demo, and closed once more here."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from anxin.domains.accounts import api as accounts
from anxin.sites import errors
from anxin.sites.marks import VisitRequest, public
from anxin.sites.signin import entering
from anxin.sites.signin.devices import marks_device
from anxin.sites.signin.personas import opens
from anxin.sites.signin.personas import persona as persona_called
from anxin.sites.signin.places import wanted


@public(reason="The demo only: its people are invented, and the address does not exist anywhere else.")
@require_http_methods(["GET", "POST"])
@marks_device(lasting=False)
def sign_in_as(request: VisitRequest, persona: str) -> HttpResponse:
    """Become one of the invented people, without password or second factor.

    A button of the sign-in page posts. ``make demo`` prints addresses, and a printed address can only be fetched with
    GET; its key keeps a stranger's page from signing a visitor in by an embedded picture.
    """
    chosen = persona_called(persona)
    if not settings.ANXIN_DEMO or chosen is None:
        raise Http404
    if request.method == "GET" and not opens(persona, request.GET.get("key", "")):
        raise Http404
    account = accounts.account_by_login(login=chosen.login)
    if account is None:
        return errors.unavailable(request)
    return entering.enter(request, account, wanted(request))
