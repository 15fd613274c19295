"""A node of the tree moved: warnings move with the people they are about."""

from anxin.domains.audit.api import command
from anxin.domains.deadlines.contracts import ClockOrder, EndedHow
from anxin.domains.risk.contracts import WarningState
from anxin.domains.risk.models import ContactRequest, Evaluation, Warning
from anxin.domains.risk.services.writing import lock_clock, save, switch_clock, widen_reach
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.paths import rebase, same_depth


@command("risk:warnings:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> list[str]:
    """Rewrite what is kept by path; the uids of the open warnings, whose ladders have to be drawn anew."""
    if not actor.is_system:
        raise NotPermitted
    concerned = Warning.objects.filter(scope_path__startswith=old_path).exclude(state=WarningState.CLOSED)
    lock_clock(actor, *concerned.values_list("uid", flat=True))
    for rows in (ContactRequest.objects.all(), Evaluation.objects.all(), Warning.objects.all()):
        rebase(rows, "scope_path", old=old_path, new=new_path)
    moved = Warning.objects.filter(scope_path__startswith=new_path)
    for warning in moved.only("id", "scope_path", "reach_path"):
        if not warning.scope_path.startswith(warning.reach_path):
            reach = same_depth(warning.scope_path, warning.reach_path)
            Warning.objects.filter(id=warning.id).update(reach_path=reach)
    return list(moved.exclude(state=WarningState.CLOSED).order_by("id").values_list("uid", flat=True))


@command("risk:warning:redrawn")
def redraw_clock(*, actor: Actor, warning_uid: str, order: ClockOrder, reach: str) -> Warning | None:
    """The same step, other people: the clock is replaced. ``None`` when the warning ended meanwhile."""
    if not actor.is_system:
        raise NotPermitted
    lock_clock(actor, warning_uid)
    warning = (
        Warning.objects.select_for_update().exclude(state=WarningState.CLOSED).filter(uid=warning_uid).first()
    )
    if warning is None:
        return None
    switch_clock(warning, order, actor=actor, how=EndedHow.REPLACED)
    widen_reach(warning, reach)
    return save(warning, "deadline", "reach_path")
