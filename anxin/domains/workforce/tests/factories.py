"""Credentials that count."""

from datetime import date

from anxin.domains.network.models import Posting
from anxin.domains.network.tests.factories import LONG_AGO, SYSTEM
from anxin.domains.workforce import api
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind
from anxin.domains.workforce.models import Credential

CRISIS_COUNSELLOR = (CredentialKind.COUNSELLOR, CredentialKind.CRISIS_TRAINING)


def a_credential(
    staff_id: int,
    kind: CredentialKind = CredentialKind.COUNSELLOR,
    *,
    verified_on: date | None = LONG_AGO,
    valid_from: date = LONG_AGO,
    valid_until: date | None = None,
    subject: str = "",
) -> Credential:
    """Verified and in force unless told otherwise."""
    draft = CredentialDraft(staff_id, kind, valid_from, valid_until, verified_on, subject=subject)
    return api.record_credential(actor=SYSTEM, draft=draft)


def qualify(*postings: Posting, kinds: tuple[CredentialKind, ...] = CRISIS_COUNSELLOR) -> None:
    """Give the people of these postings what it takes to confirm a high risk."""
    for staff_id in {posting.staff_id for posting in postings}:
        for kind in kinds:
            a_credential(staff_id, kind)
