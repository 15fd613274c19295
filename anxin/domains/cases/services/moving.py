"""A node of the tree moved: cases move with the people they are about. Their managers and clocks stay."""

from anxin.domains.audit.api import command
from anxin.domains.cases.models import Case, ConferenceSeat
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.paths import rebase


@command("cases:cases:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """Rewrite the path every case of the node is kept by. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rebase(Case.objects.all(), "scope_path", old=old_path, new=new_path)
    for column in ("case_path", "seat_path"):
        rebase(ConferenceSeat.objects.all(), column, old=old_path, new=new_path)
