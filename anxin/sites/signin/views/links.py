"""Links that let one person in once: the invited choose login and password, whoever lost theirs a new password.

Neither signs anybody in: that follows at the staff door, with a second factor that is linked there.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from anxin.flows import let_in_by_link
from anxin.kernel.errors import AnxinError
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public
from anxin.sites.signin.forms import InvitedForm, NewPasswordForm
from anxin.sites.signin.places import SeeOther

_HAS_LINK = "Whoever holds the link; it works once, and a wrong one says nothing."


@public(reason=_HAS_LINK)
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def invited(request: VisitRequest, token: str) -> HttpResponse:
    """Choose a login and a password."""
    form = InvitedForm(request.POST or None)

    def act() -> str:
        return let_in_by_link.accept_invitation(
            token=token, login=form.cleaned_data["login"], password=form.cleaned_data["password"]
        )

    return _let_in(request, form, act, "signin/invited.html")


@public(reason=_HAS_LINK)
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def back_in(request: VisitRequest, token: str) -> HttpResponse:
    """Choose a new password."""
    form = NewPasswordForm(request.POST or None)

    def act() -> str:
        return let_in_by_link.come_back_in(token=token, password=form.cleaned_data["password"])

    return _let_in(request, form, act, "signin/back_in.html")


def _let_in(
    request: VisitRequest, form: NewPasswordForm, act: Callable[[], str], template: str
) -> HttpResponse:
    if form.is_valid():
        try:
            login = act()
        except AnxinError as error:
            form.add_error(error.field if error.field in form.fields else None, said(error))
        else:
            messages.success(request, _("Done. Sign in as %(login)s now.") % {"login": login})
            return SeeOther("/sign-in/staff/")
    return render(request, template, {"form": form}, status=422 if form.is_bound else 200)
