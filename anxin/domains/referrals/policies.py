"""Who may see and do what with a referral: the side that wrote it, the side it is with, nobody else. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.referrals.contracts import Part, Permission, Side, State
from anxin.domains.referrals.models import Referral
from anxin.domains.referrals.rules.sides import parts_for, side_of
from anxin.kernel.actor import Actor


def wrote_it(actor: Actor, referral: Referral) -> bool:
    """Whether it is in the hands of one of the actor's postings on the sending side."""
    return referral.sender_id in actor.posting_ids


def side_of_actor(actor: Actor, referral: Referral) -> Side | None:
    """On which side somebody stands; a program of the house sees what the sender does."""
    if actor.is_system:
        return Side.SENDER
    return side_of(
        wrote_it=wrote_it(actor, referral),
        reads_at_sender=actor.may(Permission.READ, at=referral.from_path),
        reads_at_receiver=bool(referral.to_path) and actor.may(Permission.READ, at=referral.to_path),
    )


def parts_of(actor: Actor, referral: Referral) -> frozenset[Part]:
    """The parts this reader may see."""
    return parts_for(side_of_actor(actor, referral), State(referral.state))


def can_view_referral(actor: Actor, referral: Referral) -> bool:
    """Somebody of one of the two sides."""
    return bool(parts_of(actor, referral))


def visible_referrals(actor: Actor, referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """The same rule, for many: ``to_path`` is empty while it is not with a receiver."""
    if actor.is_system:
        return referrals
    rule = Q(sender__in=actor.posting_ids)
    for path in actor.paths_with(Permission.READ):
        rule |= Q(from_path__startswith=path) | Q(to_path__startswith=path)
    return referrals.filter(rule)


def may_act(actor: Actor, side: Side, referral: Referral) -> bool:
    """Whether the actor may act for ``side``: who sends goes on with their own, who answers does so at the receiver."""
    if side is Side.RECEIVER:
        return bool(referral.to_path) and actor.may(Permission.ANSWER, at=referral.to_path)
    if wrote_it(actor, referral):
        return actor.may(Permission.SEND, at=referral.from_path)
    return actor.may(Permission.SEND, at=referral.from_path) and actor.may(
        Permission.READ, at=referral.from_path
    )


def countable_referrals(actor: Actor, referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """Those whose number and state the actor may know, because they manage the unit that sent them or is asked."""
    if actor.is_system:
        return referrals
    rule = Q(pk__in=[])
    for path in actor.paths_with(Permission.VIEW_STATUS):
        rule |= Q(from_path__startswith=path) | Q(to_path__startswith=path)
    return referrals.filter(rule)
