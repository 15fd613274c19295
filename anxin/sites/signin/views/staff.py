"""Staff: password, then the code of an authenticator app. Only both together make a session."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import LockedOut, SecondFactorCodeWrong
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites import passkeys, second_factor
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public, signed_in
from anxin.sites.signin import entering, lockout, pending, presenters
from anxin.sites.signin.devices import device_of, marks_device
from anxin.sites.signin.forms import PasswordForm, SecondStepForm
from anxin.sites.signin.personas import personas
from anxin.sites.signin.places import SeeOther, wanted

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account

T = TypeVar("T")
HALF_WAY = "Whoever has not typed a right password is sent back to the first page."


@public(reason="The door itself.")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@marks_device(lasting=True)
def sign_in(request: VisitRequest) -> HttpResponse:
    """The first step. The answer to a wrong login and to a wrong password is the same."""
    if request.method == "GET":
        form = PasswordForm(initial={"next": wanted(request)})
        return _page(request, form)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    login = form.cleaned_data["username"].strip()
    try:
        account = tried(
            request,
            login,
            lambda: authenticate(request, username=login, password=form.cleaned_data["password"]),
        )
    except LockedOut as error:
        return lockout.locked_out(request, login, error.until)
    if account is None:
        form.add_error(None, _("Login and password do not fit together. Please look again."))
        return _page(request, form, status=422)
    pending.keep(request, pending.Pending(login=login, next=wanted(request)))
    with unit_of_work(request.actor):
        is_enrolled = accounts.has_second_factor(account=account)
    return SeeOther("/sign-in/staff/code/" if is_enrolled else "/sign-in/staff/enrol/")


@public(reason=HALF_WAY)
@require_http_methods(["GET", "POST"])
@marks_device(lasting=True)
def second_step(request: VisitRequest) -> HttpResponse:
    """The code of the app, or a recovery code."""
    half, account = _half_way(request)
    if account is None:
        return redirect("/sign-in/staff/")
    if not accounts.has_second_factor(account=account):
        return redirect("/sign-in/staff/enrol/")
    form = SecondStepForm(request.POST or None)
    if form.is_valid():
        try:
            fits = tried(
                request, account.login, lambda: _fits(request, account, form.cleaned_data["code"]) or None
            )
        except LockedOut as error:
            return lockout.locked_out(request, account.login, error.until)
        if fits:
            response = entering.enter(request, account, half.next)
            second_factor.note(request)
            return response
        form.add_error("code", _(SecondFactorCodeWrong.message))
    context = {"form": form, "passkey": _passkey_wanted(request, account)}
    return render(request, "signin/second_step.html", context, status=422 if form.is_bound else 200)


@public(reason=HALF_WAY)
@require_POST
@marks_device(lasting=True)
def passkey(request: VisitRequest) -> HttpResponse:
    """A passkey instead of the code. One that does not fit counts like a wrong code."""
    half, account = _half_way(request)
    if account is None:
        return redirect("/sign-in/staff/")
    try:
        fits = tried(request, account.login, lambda: _passkey_fits(request, account) or None)
    except LockedOut as error:
        return lockout.locked_out(request, account.login, error.until)
    if fits:
        response = entering.enter(request, account, half.next)
        second_factor.note(request)
        return response
    form = SecondStepForm({})
    form.errors.clear()
    form.add_error(None, _("This passkey did not fit. Try again, or use the code of your app."))
    context = {"form": form, "passkey": _passkey_wanted(request, account)}
    return render(request, "signin/second_step.html", context, status=422)


def _passkey_wanted(request: VisitRequest, account: "Account") -> str:
    challenge = accounts.ask_passkey(account=account, host=request.get_host())
    return passkeys.keep(request, challenge) if challenge else ""


def _passkey_fits(request: VisitRequest, account: "Account") -> bool:
    taken = passkeys.take(request)
    if taken is None:
        return False
    actor = access.actor_for(account=account, request_uid=request.request_uid)
    with unit_of_work(actor):
        return accounts.check_passkey(
            actor=actor, account=account, host=request.get_host(), state=taken[0], answer=taken[1]
        )


@public(reason=HALF_WAY)
@require_http_methods(["GET", "POST"])
@marks_device(lasting=True)
def enrol(request: VisitRequest) -> HttpResponse:
    """The first sign-in: link an authenticator app and prove it with its first code."""
    half, account = _half_way(request)
    if account is None:
        return redirect("/sign-in/staff/")
    if accounts.has_second_factor(account=account):
        return redirect("/sign-in/staff/code/")
    offer = accounts.offer_second_factor(account=account, secret=half.secret)
    if not half.secret:
        pending.keep(request, pending.Pending(login=half.login, next=half.next, secret=offer.secret))
    form = SecondStepForm(request.POST or None)
    if half.secret and form.is_valid():
        actor = access.actor_for(account=account, request_uid=request.request_uid)
        try:
            with unit_of_work(actor):
                accounts.enrol_second_factor(
                    actor=actor, account=account, secret=offer.secret, code=form.cleaned_data["code"]
                )
        except SecondFactorCodeWrong as error:
            form.add_error("code", said(error))
        else:
            response = entering.enter_enrolled(request, account, half.next)
            second_factor.note(request)
            return response
    context = {
        "form": form,
        "qr": presenters.qr_code(offer.address),
        "secret": presenters.in_fours(offer.secret),
    }
    return render(request, "signin/enrol.html", context, status=422 if form.is_bound else 200)


@signed_in("staff")
@require_safe
def recovery_codes(request: VisitRequest) -> HttpResponse:
    """Ten codes for the day the phone is lost, shown once."""
    with unit_of_work(request.actor):
        codes = accounts.fresh_recovery_codes(actor=request.actor, account=cast("Account", request.user))
    onward = entering.address_after_codes(request)
    if not codes:
        return redirect(onward)
    return render(request, "signin/recovery_codes.html", {"codes": codes, "onward": onward})


def tried(request: VisitRequest, login: str, check: Callable[[], T | None]) -> T | None:
    """What ``check`` finds, counted: a wrong second factor weighs as much as a wrong password, else six digits could be
    tried at leisure. Raises ``LockedOut``, before it is asked and when this was one try too many.
    """
    device = device_of(request)
    with unit_of_work(request.actor):
        kept = accounts.begin_try(actor=request.actor, login=login, device=device)
    found = check()
    if found is not None:
        accounts.take_back_try(actor=request.actor, tried=kept)
        return found
    until = accounts.locked_out_until(login=login, device=device)
    if until is not None:
        raise LockedOut(until, time="")
    return None


def _fits(request: VisitRequest, account: "Account", code: str) -> bool:
    actor = access.actor_for(account=account, request_uid=request.request_uid)
    with unit_of_work(actor):
        return accounts.check_second_factor(actor=actor, account=account, code=code)


def _half_way(request: VisitRequest) -> "tuple[pending.Pending, Account | None]":
    half = pending.held(request)
    return half, accounts.account_by_login(login=half.login) if half.login else None


def _page(request: VisitRequest, form: PasswordForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "personas": personas(), "next": wanted(request)}
    return render(request, "signin/staff.html", context, status=status)
