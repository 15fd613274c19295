"""A node of the tree moved: what is kept by its path moves with it."""

from anxin.domains.archives.models import (
    Archive,
    DoctorContract,
    Guardianship,
    Household,
    Merge,
    Transfer,
)
from anxin.domains.audit.api import command
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.paths import rebase

_KEPT_BY_PATH = (
    (Archive, ("scope_path",)),
    (Household, ("scope_path",)),
    (Guardianship, ("scope_path",)),
    (DoctorContract, ("scope_path", "team_path")),
    (Merge, ("kept_path", "duplicate_path")),
    (Transfer, ("from_path", "to_path")),
)


@command("archives:archives:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """For the house only."""
    if not actor.is_system:
        raise NotPermitted
    for model, fields in _KEPT_BY_PATH:
        for field in fields:
            rebase(model.objects.all(), field, old=old_path, new=new_path)
