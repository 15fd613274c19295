"""The tables of this room, by topic."""

from anxin.domains.archives.models.archives import Archive, ArchiveEntry, Carer, Transfer
from anxin.domains.archives.models.doctors import DoctorContract, DoctorRequest
from anxin.domains.archives.models.families import Guardianship, Household, HouseholdMember
from anxin.domains.archives.models.merges import Merge

__all__ = [
    "Archive",
    "ArchiveEntry",
    "Carer",
    "DoctorContract",
    "DoctorRequest",
    "Guardianship",
    "Household",
    "HouseholdMember",
    "Merge",
    "Transfer",
]
