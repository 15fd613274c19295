"""Why two rows may be one person, and who has to agree."""

from enum import StrEnum


class Evidence(StrEnum):
    """What speaks for one person."""

    SAME_IDENTITY = "same_identity"
    SAME_CONTACT = "same_contact"
    SAME_BIRTHDAY = "same_birthday"
    SAME_SEX = "same_sex"
    SEEN = "seen"


def are_different(first_identity: str | None, second_identity: str | None) -> bool:
    """Two identity numbers are two people, whatever else agrees."""
    return bool(first_identity and second_identity and first_identity != second_identity)


def needs_second_person(*, first_path: str, second_path: str) -> bool:
    """Whether the two belong to different units."""
    return first_path != second_path
