"""What others may see of the audit room."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Rights of this room."""

    READ = "audit.read"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event was about, by value."""

    uid: str = ""
    number: str = ""
    node_path: str = ""
    person_uid: str = ""
