"""Links that let one person in once: invitations by managers, and the way back in, which takes two of them."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from anxin.domains.access.contracts import (
    Invitee,
    LinkKind,
    LinkNotOpen,
    LinkWaits,
    NotWaiting,
    OwnRights,
    ReasonMissing,
    RoleNotForNode,
    RoleUnknown,
    SecondPersonNeeded,
    SignedIn,
)
from anxin.domains.access.library import load_grant_limits, load_roles
from anxin.domains.access.models import EntryLink
from anxin.domains.access.policies import can_invite, visible_links
from anxin.domains.access.rules.roles import can_be_held_at
from anxin.domains.access.selectors.links import may_help
from anxin.domains.access.services.openings import demand_self
from anxin.domains.audit.api import command
from anxin.domains.network.contracts import UnitKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.errors import NotFound, NotPermitted

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

_PURPOSE = "entry-link"


def token_index(token: str) -> str:
    """How the secret of a link is known here."""
    return blind_index(token, purpose=_PURPOSE)


def _keep_invitation(
    *, actor: Actor, account: SignedIn, invitee: Invitee, unit: "Unit", node: "Unit", token: str
) -> EntryLink:
    role = load_roles().get(invitee.role)
    if role is None:
        raise RoleUnknown(field="role")
    if not can_be_held_at(role, UnitKind(node.kind)):
        raise RoleNotForNode(field="role")
    if not can_invite(actor, role, node.path) or not unit.path.startswith(node.path):
        raise NotPermitted
    moment = clock.now()
    return EntryLink.objects.create(
        kind=LinkKind.INVITATION.value,
        token_index=token_index(token),
        name=invitee.name.strip(),
        title=invitee.title.strip(),
        post=invitee.post,
        role=role.id,
        node=node,
        unit=unit,
        asked_by_id=account.id,
        asker=actor.label[:80],
        asked_at=moment,
        expires_at=moment + load_grant_limits().invitation,
    )


@transaction.atomic
@command("access:invitation:made")
def invite(
    *, actor: Actor, account: SignedIn, invitee: Invitee, unit: "Unit", node: "Unit"
) -> tuple[EntryLink, str]:
    """Invite somebody to work at ``unit`` with a role at ``node``, which is that unit or above it.

    The secret is in the answer and nowhere else. Raises ``NotPermitted``, ``RoleUnknown``, ``RoleNotForNode``.
    """
    demand_self(actor, account)
    token = secrets.token_urlsafe(24)
    link = _keep_invitation(actor=actor, account=account, invitee=invitee, unit=unit, node=node, token=token)
    return link, token


@transaction.atomic
@command("access:link:withdrawn")
def withdraw_link(*, actor: Actor, uid: str) -> EntryLink:
    """Take it back before it is used. Raises ``NotFound``, ``NotWaiting``."""
    link = _locked(actor, uid)
    if link.used_at is not None or link.withdrawn_at is not None:
        raise NotWaiting
    link.withdrawn_at = clock.now()
    link.save(update_fields=["withdrawn_at"])
    return link


@transaction.atomic
@command("access:link:used")
def use_link(*, actor: Actor, token: str, kind: LinkKind) -> EntryLink:
    """Let its one person in, for the house. The second of two who come at once is refused: ``LinkNotOpen``."""
    if not actor.is_system:
        raise NotPermitted
    link = (
        EntryLink.objects.select_for_update(of=("self",))
        .select_related("node", "unit", "account", "asked_by")
        .filter(token_index=token_index(token), kind=kind.value)
        .first()
    )
    moment = clock.now()
    if link is None or link.used_at or link.withdrawn_at or link.expires_at <= moment:
        raise LinkNotOpen
    link.used_at = moment
    link.save(update_fields=["used_at"])
    return link


@transaction.atomic
@command("access:recovery:asked")
def ask_recovery(
    *, actor: Actor, account: SignedIn, person: SignedIn, unit: "Unit", reason: str
) -> EntryLink:
    """The first of two: a colleague has lost password or phone. Raises ``OwnRights``, ``LinkWaits``."""
    demand_self(actor, account)
    if person.uid == actor.uid:
        raise OwnRights
    if not may_help(actor=actor, account=person):
        raise NotPermitted
    if not reason.strip():
        raise ReasonMissing(field="reason")
    moment = clock.now()
    EntryLink.objects.filter(
        Q(expires_at__lte=moment),
        kind=LinkKind.RECOVERY.value,
        account_id=person.id,
        used_at__isnull=True,
        withdrawn_at__isnull=True,
    ).update(withdrawn_at=moment)
    try:
        with transaction.atomic():
            return EntryLink.objects.create(
                kind=LinkKind.RECOVERY.value,
                node=unit,
                unit=unit,
                account_id=person.id,
                reason=reason.strip(),
                asked_by_id=account.id,
                asker=actor.label[:80],
                asked_at=moment,
                expires_at=moment + timedelta(days=1),
            )
    except IntegrityError:
        raise LinkWaits from None


def _keep_approval(*, actor: Actor, account: SignedIn, uid: str, token: str) -> EntryLink:
    link = _locked(actor, uid)
    moment = clock.now()
    if link.kind != LinkKind.RECOVERY or link.account is None:
        raise NotFound
    if link.used_at or link.withdrawn_at or link.token_index or link.expires_at <= moment:
        raise NotWaiting
    if account.uid == link.account.uid:
        raise OwnRights
    if not may_help(actor=actor, account=link.account):
        raise NotPermitted
    if account.id == link.asked_by_id:
        raise SecondPersonNeeded
    link.approved_by_id, link.approver, link.approved_at = account.id, actor.label[:80], moment
    link.token_index, link.expires_at = token_index(token), moment + load_grant_limits().recovery
    link.save(update_fields=["approved_by", "approver", "approved_at", "token_index", "expires_at"])
    return link


@transaction.atomic
@command("access:recovery:approved")
def approve_recovery(*, actor: Actor, account: SignedIn, uid: str) -> tuple[EntryLink, str]:
    """The second of two, who sees the link and passes it on in person.

    Raises ``NotFound``, ``NotWaiting``, ``SecondPersonNeeded``, ``OwnRights``.
    """
    demand_self(actor, account)
    token = secrets.token_urlsafe(24)
    return _keep_approval(actor=actor, account=account, uid=uid, token=token), token


def _locked(actor: Actor, uid: str) -> EntryLink:
    found = (
        visible_links(actor, EntryLink.objects.select_related("node", "account"))
        .select_for_update(of=("self",))
        .filter(uid=uid)
        .first()
    )
    if found is None:
        raise NotFound
    return found
