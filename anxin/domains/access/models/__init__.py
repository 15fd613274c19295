"""The tables of the access room."""

from anxin.domains.access.models.exports import Export
from anxin.domains.access.models.grants import RoleGrant
from anxin.domains.access.models.links import EntryLink
from anxin.domains.access.models.openings import BreakGlass, Confirmation

__all__ = ["BreakGlass", "Confirmation", "EntryLink", "Export", "RoleGrant"]
