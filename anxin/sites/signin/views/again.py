"""The phone code was right, and nobody has opened the archive for long: one thing more, which only its owner knows."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import SecondThing
from anxin.flows import sign_in_resident
from anxin.kernel.errors import AnxinError
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public
from anxin.sites.signin import entering, pending
from anxin.sites.signin.devices import marks_device
from anxin.sites.signin.forms import PersonForm, RecoveryCodeForm


@public(reason="Whoever has not typed a right phone code is sent back to the first page.")
@require_http_methods(["GET", "POST"])
@marks_device(lasting=False)
def again(request: VisitRequest) -> HttpResponse:
    """Birth date and name, or a recovery code; else a station. What a wrong try says, it says of every archive."""
    half = pending.held(request)
    account = accounts.account_by_login(login=half.held) if half.held else None
    if account is None or not accounts.is_held_back(account=account):
        return redirect("/sign-in/")
    chosen = request.POST.get("thing", "")
    person = PersonForm(request.POST if chosen == SecondThing.PERSON else None)
    code = RecoveryCodeForm(request.POST if chosen == SecondThing.RECOVERY_CODE else None)
    form = {SecondThing.PERSON.value: person, SecondThing.RECOVERY_CODE.value: code}.get(chosen)
    if form is not None and form.is_valid():
        try:
            if isinstance(form, PersonForm):
                sign_in_resident.prove_person(
                    account=account, name=form.cleaned_data["name"], born_on=form.cleaned_data["born_on"]
                )
            else:
                sign_in_resident.prove_recovery_code(account=account, code=form.cleaned_data["code"])
        except AnxinError as error:
            form.add_error(None, said(error))
        else:
            return entering.enter(request, account, half.next)
    ways = sign_in_resident.ways_of(account=account)
    context = {"ways": ways, "person": person, "code": code, "tried": form}
    return render(request, "signin/again.html", context, status=200 if form is None else 422)
