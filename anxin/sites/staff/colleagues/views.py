"""Who holds which role below one's nodes; confirmed in bulk, given, ended; and one colleague's account."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.access import api as access
from anxin.domains.access.contracts import Permission, RoleNotForNode
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.colleagues import presenters
from anxin.sites.staff.colleagues.forms import REACHABLE, GrantForm, ReasonForm
from anxin.sites.staff.shell import PEOPLE, SeeOther, attempt, page

_manages = requires(Permission.MANAGE)


@requires(Permission.MANAGE, Permission.INVITE)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """Links that wait or are open, and roles with the day they stop."""
    soon = request.GET.get("show") == "soon"
    with unit_of_work(request.actor):
        lines, shown = presenters.role_page(request.actor, request.GET.get("page", "1"), soon=soon)
        context = {
            "lines": lines,
            "shown": shown,
            "soon": soon,
            "links": presenters.link_lines(request.actor),
            "may_confirm": any(one.may_confirm for one in lines),
        }
        return page(request, "staff/people/list.html", context, current=PEOPLE)


@_manages
@require_POST
def confirm(request: VisitRequest) -> HttpResponse:
    """The chosen roles are right for another year."""
    uids = request.POST.getlist("grant")[: presenters.SHOWN]
    with unit_of_work(request.actor):
        done = len(access.confirm_grants(actor=request.actor, uids=uids))
    said = ngettext("%(n)s role confirmed.", "%(n)s roles confirmed.", done) % {"n": done}
    messages.success(request, said)
    return SeeOther(reverse("staff:people"))


@_manages
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One colleague."""
    return person(request, uid)


def person(
    request: VisitRequest,
    uid: str,
    *,
    reason: ReasonForm | None = None,
    grant: GrantForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Their page, with whatever was typed and refused."""
    with unit_of_work(request.actor):
        view, _account = presenters.person_page(request.actor, uid)
        context: dict[str, Any] = {
            "view": view,
            "reason": reason or ReasonForm(),
            "grant": grant or _grant_form(request, uid),
            "units": presenters.reachable_units(request.actor, limit=REACHABLE),
        }
        return page(request, "staff/people/person.html", context, current=PEOPLE, status=status)


@_manages
@require_POST
def unlock(request: VisitRequest, uid: str) -> HttpResponse:
    """Let them try again now."""
    with unit_of_work(request.actor):
        _view, account = presenters.person_page(request.actor, uid)
        access.unlock_account(actor=request.actor, account=account)
    messages.success(request, _("Unlocked. They can sign in again."))
    return SeeOther(reverse("staff:person", args=[uid]))


@_manages
@require_POST
def sign_out_everywhere(request: VisitRequest, uid: str) -> HttpResponse:
    """A device was lost."""
    with unit_of_work(request.actor):
        _view, account = presenters.person_page(request.actor, uid)
        access.sign_out_account(actor=request.actor, account=account)
    messages.success(request, _("Signed out on every device."))
    return SeeOther(reverse("staff:person", args=[uid]))


@_manages
@require_POST
def give_role(request: VisitRequest, uid: str) -> HttpResponse:
    """One more role, at a unit or at the nearest node above it that knows the role."""
    form = _grant_form(request, uid, bound=True)

    def act() -> None:
        with unit_of_work(request.actor):
            _view, account = presenters.person_page(request.actor, uid)
            role = form.cleaned_data["role"]
            node = access.node_for(role=role, unit=form.cleaned_data["unit"])
            if node is None:
                raise RoleNotForNode(field="role")
            access.grant(actor=request.actor, account=account, role=role, node=node)

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return person(request, uid, grant=form, status=status)
    messages.success(request, _("The role is given."))
    return SeeOther(reverse("staff:person", args=[uid]))


@_manages
@require_POST
def end_role(request: VisitRequest, uid: str, grant: str) -> HttpResponse:
    """Take a role away, from now on."""
    with unit_of_work(request.actor):
        held = access.grants_queryset(actor=request.actor).filter(uid=grant, account__uid=uid).first()
        if held is None:
            raise NotFound
        access.revoke(actor=request.actor, held=held)
    messages.success(request, _("The role has ended."))
    return SeeOther(reverse("staff:person", args=[uid]))


def _grant_form(request: VisitRequest, uid: str, *, bound: bool = False) -> GrantForm:
    held = access.grants_queryset(actor=request.actor).filter(account__uid=uid).values_list("role", flat=True)
    return GrantForm(
        request.POST if bound else None,
        roles=access.invitable_roles(actor=request.actor),
        paths=presenters.paths_of(request.actor),
        held=set(held),
    )
