"""Inviting somebody new, and letting a colleague back in, which takes two."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anxin.domains.access import api as access
from anxin.domains.access.contracts import Invitee, Permission, RoleNotForNode
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.colleagues import presenters
from anxin.sites.staff.colleagues.forms import REACHABLE, InviteForm, ReasonForm
from anxin.sites.staff.colleagues.views import person
from anxin.sites.staff.shell import PEOPLE, SeeOther, attempt, page


@requires(Permission.MANAGE, Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: VisitRequest) -> HttpResponse:
    """Who, where, as what. The link is shown once, in the answer; it is passed on in person."""
    with unit_of_work(request.actor):
        form = InviteForm(
            request.POST or None,
            roles=access.invitable_roles(actor=request.actor),
            paths=presenters.paths_of(request.actor),
        )
        status, made = 200, []
        if request.method == "POST":

            def act() -> None:
                typed = form.cleaned_data
                node = access.node_for(role=typed["role"], unit=typed["unit"])
                if node is None:
                    raise RoleNotForNode(field="role")
                invitee = Invitee(typed["name"], typed["title"], typed["post"], typed["role"])
                made.append(
                    access.invite(
                        actor=request.actor,
                        account=request.user,
                        invitee=invitee,
                        unit=typed["unit"],
                        node=node,
                    )
                )

            status = attempt(form, act)
        if made:
            link, token = made[0]
            return _link_page(request, link.name, reverse("signin:invited", args=[token]), link.expires_at)
        context = {
            "form": form,
            "units": presenters.reachable_units(request.actor, limit=REACHABLE),
        }
        return page(request, "staff/people/invite.html", context, current=PEOPLE, status=status)


@requires(Permission.MANAGE, Permission.INVITE)
@require_POST
def withdraw(request: VisitRequest, uid: str) -> HttpResponse:
    """Take a link back before it is used."""
    with unit_of_work(request.actor):
        access.withdraw_link(actor=request.actor, uid=uid)
    messages.success(request, _("Withdrawn. The link opens nothing any more."))
    return SeeOther(reverse("staff:people"))


@requires(Permission.MANAGE)
@require_POST
def ask_recovery(request: VisitRequest, uid: str) -> HttpResponse:
    """The first of two: say what happened."""
    form = ReasonForm(request.POST)

    def act() -> None:
        with unit_of_work(request.actor):
            _view, account = presenters.person_page(request.actor, uid)
            staff = network.staff_by_account(account_id=account.id)
            postings = network.postings_of(staff_id=staff.id, on=clock.today()) if staff else []
            held = access.grants_queryset(actor=request.actor).filter(account__uid=uid).first()
            unit = postings[0].unit if postings else held.node if held else None
            if unit is None:
                raise NotFound
            access.ask_recovery(
                actor=request.actor,
                account=request.user,
                person=account,
                unit=unit,
                reason=form.cleaned_data["reason"],
            )

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return person(request, uid, reason=form, status=status)
    messages.success(request, _("Asked. Another manager approves it and passes the link on."))
    return SeeOther(reverse("staff:person", args=[uid]))


@requires(Permission.MANAGE)
@require_POST
def approve(request: VisitRequest, uid: str) -> HttpResponse:
    """The second of two: the link is shown once, here."""
    with unit_of_work(request.actor):
        link, token = access.approve_recovery(actor=request.actor, account=request.user, uid=uid)
        people = network.staff_of_accounts(account_ids=[link.account_id])
        name = people[link.account_id].name if link.account_id in people else "–"
        return _link_page(request, name, reverse("signin:back_in", args=[token]), link.expires_at)


def _link_page(request: VisitRequest, name: str, path: str, until: object) -> HttpResponse:
    context = {"name": name, "address": request.build_absolute_uri(path), "until": until}
    return page(request, "staff/people/link.html", context, current=PEOPLE)
