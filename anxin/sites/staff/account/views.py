"""One's own account: a new password, the devices one is signed in on, recovery codes, and how long one's roles last."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import PasskeyRefused, PasswordWrong, VisitEnding
from anxin.kernel.sessions import stored_name
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites import passkeys
from anxin.sites.devices import device_lines
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.signin.devices import device_of
from anxin.sites.staff.account.forms import PasskeyForm, PasswordForm, ProofForm
from anxin.sites.staff.colleagues.presenters import own_grants
from anxin.sites.staff.shell import SeeOther, attempt, page

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account


@signed_in("staff")
@require_GET
def show(request: VisitRequest) -> HttpResponse:
    """The page."""
    return _page(request)


@signed_in("staff")
@sensitive_post_parameters("old", "password", "again")
@require_POST
def change_password(request: VisitRequest) -> HttpResponse:
    """A new password; every other device is signed out. A wrong old one counts like one at the door."""
    form = PasswordForm(request.POST)
    account = _account(request)

    def act() -> None:
        with unit_of_work(request.actor):
            tried = accounts.begin_try(actor=request.actor, login=account.login, device=device_of(request))
        with unit_of_work(request.actor):
            changed = accounts.change_password(
                actor=request.actor,
                account=account,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["password"],
                here=_here(request),
            )
            accounts.take_back_try(actor=request.actor, tried=tried)
        # cycles the key, so the session goes on under another name
        before = _here(request)
        update_session_auth_hash(request, changed)
        with unit_of_work(request.actor):
            accounts.follow_visit(actor=request.actor, old_name=before, new_name=_here(request))

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return _page(request, form=form, status=status)
    messages.success(request, _("Your new password is kept. You are signed out on every other device."))
    return SeeOther(reverse("staff:account"))


@signed_in("staff")
@require_POST
def renew_codes(request: VisitRequest) -> HttpResponse:
    """New recovery codes, shown in the answer and never again."""
    proof = ProofForm(request.POST, prefix="codes")
    codes: list[str] = []

    def act() -> None:
        _prove(request, proof)
        with unit_of_work(request.actor):
            codes.extend(accounts.renew_recovery_codes(actor=request.actor, account=_account(request)))

    status = attempt(proof, act)
    if not codes:
        return _page(request, proof=proof, status=status)
    return _page(request, codes=codes)


@signed_in("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: VisitRequest) -> HttpResponse:
    """GET asks the device for one, POST keeps it under a name."""
    account = _account(request)
    form = PasskeyForm(request.POST or None)
    status = 200
    if request.method == "POST":
        taken = passkeys.take(request)

        def act() -> None:
            _prove(request, form)
            if taken is None:
                raise PasskeyRefused
            with unit_of_work(request.actor):
                accounts.add_passkey(
                    actor=request.actor,
                    account=account,
                    host=request.get_host(),
                    name=form.cleaned_data["name"],
                    state=taken[0],
                    answer=taken[1],
                )

        status = attempt(form, act)
        if status == SeeOther.status_code:
            messages.success(
                request, _("The passkey is kept. At the next sign-in it can take the place of the code.")
            )
            return SeeOther(reverse("staff:account"))
    wanted = passkeys.keep(request, accounts.offer_passkey(account=account, host=request.get_host()))
    with unit_of_work(request.actor):
        context = {"form": form, "wanted": wanted}
        return page(request, "staff/account/passkey.html", context, current="", status=status)


@signed_in("staff")
@require_POST
def remove_passkey(request: VisitRequest, number: str) -> HttpResponse:
    """Forget it; the device may keep its half, which opens nothing any more."""
    with unit_of_work(request.actor):
        accounts.remove_passkey(actor=request.actor, account=_account(request), number=number)
    return SeeOther(reverse("staff:account"))


@signed_in("staff")
@require_POST
def end_device(request: VisitRequest, uid: str) -> HttpResponse:
    """Sign out there."""
    with unit_of_work(request.actor):
        accounts.end_visit(actor=request.actor, account=_account(request), uid=uid)
    return SeeOther(reverse("staff:account"))


@signed_in("staff")
@require_POST
def end_others(request: VisitRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    with unit_of_work(request.actor):
        accounts.end_other_visits(
            actor=request.actor,
            account=_account(request),
            but=_here(request),
            ending=VisitEnding.ENDED_ELSEWHERE,
        )
    return SeeOther(reverse("staff:account"))


def _page(
    request: VisitRequest,
    *,
    form: PasswordForm | None = None,
    proof: ProofForm | None = None,
    codes: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    with unit_of_work(request.actor):
        context: dict[str, Any] = {
            "form": form or PasswordForm(),
            "proof": proof or ProofForm(prefix="codes"),
            "codes": codes or [],
            "login": _account(request).login,
            "devices": device_lines(request.actor, _account(request), _here(request)),
            "passkeys": accounts.passkeys_of(account=_account(request)),
            "roles": own_grants(request.actor),
        }
        return page(request, "staff/account/account.html", context, current="", status=status)


def _prove(request: VisitRequest, form: ProofForm) -> None:
    """The password once more, counted like one at the door. Raises ``PasswordWrong``, ``LockedOut``."""
    account = _account(request)
    with unit_of_work(request.actor):
        tried = accounts.begin_try(actor=request.actor, login=account.login, device=device_of(request))
    if not account.check_password(form.cleaned_data["today"]):
        raise PasswordWrong(field="today")
    accounts.take_back_try(actor=request.actor, tried=tried)


def _account(request: VisitRequest) -> "Account":
    return cast("Account", request.user)


def _here(request: VisitRequest) -> str:
    return stored_name(request.session.session_key)
