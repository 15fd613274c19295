"""Which rung of the four-tier ladder somebody stands on, by their credentials (R-083)."""

from collections.abc import Iterable

from anxin.domains.workforce.contracts import CredentialKind, Tier

_TIER_OF = {
    CredentialKind.PSYCHIATRIST: Tier.PSYCHIATRIST,
    CredentialKind.THERAPIST: Tier.THERAPIST,
    CredentialKind.COUNSELLOR: Tier.COUNSELLOR,
    CredentialKind.TUTOR: Tier.TUTOR,
    CredentialKind.PSYCHOLOGY_TEACHER: Tier.TUTOR,
    CredentialKind.SOCIAL_WORKER: Tier.TUTOR,
    CredentialKind.HOTLINE_TRAINING: Tier.TUTOR,
}


def tier_of(kinds: Iterable[str]) -> Tier:
    """The highest rung these credentials reach."""
    known = {kind.value: tier for kind, tier in _TIER_OF.items()}
    return max((known[kind] for kind in kinds if kind in known), default=Tier.NONE)
