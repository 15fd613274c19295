"""A node of the management tree moved: what is kept by its path moves with it."""

from anxin.domains.audit.api import command
from anxin.domains.campaigns.models import Campaign, CriticalSignal, Participant, Triage
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.paths import rebase


@command("campaigns:campaigns:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """For the house only. Submissions only grow and keep the path they came in under; people read the sitting."""
    if not actor.is_system:
        raise NotPermitted
    for model in (Campaign, Participant, CriticalSignal, Triage):
        rebase(model.objects.all(), "scope_path", old=old_path, new=new_path)
