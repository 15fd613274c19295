"""How the chain stands."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from anxin.domains.audit.contracts import SEALER, Sealing
from anxin.domains.audit.models import AuditChain, AuditCheck, AuditRoot, AuditSeal, AuditWaiting
from anxin.domains.audit.rules.chain import FIELDS
from anxin.kernel import heartbeat

_VERIFIED_EVERY = timedelta(days=1)


def sealing() -> Sealing:
    """What waits, for how long at most, and how far the chain reaches."""
    waiting = AuditWaiting.objects.count()
    age = heartbeat.age(SEALER)
    last = AuditSeal.objects.order_by("-sequence").first()
    return Sealing(
        waiting=waiting,
        lag_seconds=0.0 if not waiting else None if age is None else age.total_seconds(),
        last_sequence=last.sequence if last else 0,
        last_sealed_at=last.sealed_at if last else None,
    )


def last_root() -> AuditRoot | None:
    """The newest end of a segment."""
    return AuditRoot.objects.order_by("-sequence").first()


def roots_queryset() -> QuerySet[AuditRoot]:
    """Every root, the oldest first."""
    return AuditRoot.objects.order_by("sequence")


def sealed_rows(*, after: int) -> Iterator[dict[str, Any]]:
    """Every sealed row after a place, as it is stored, with place and digest: enough to verify it anywhere."""
    names = ", ".join(f"e.{name}" for name in FIELDS)
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT s.sequence, s.digest, s.sealed_at, {names} FROM audit_auditseal s"
            " JOIN audit_auditevent e ON e.id = s.event_id WHERE s.sequence > %s ORDER BY s.sequence",
            [after],
        )
        for sequence, digest, sealed_at, *values in cursor:
            row = dict(zip(FIELDS, values, strict=True))
            row["occurred_at"] = row["occurred_at"].isoformat()
            yield {
                "sequence": sequence,
                "digest": bytes(digest).hex(),
                "sealed_at": sealed_at.isoformat(),
                **row,
            }


def is_verification_due(*, now: datetime) -> bool:
    """Whether a day has passed since the last verification, or since the chain was begun."""
    check, chain = last_check(), AuditChain.objects.order_by("begun_at").first()
    since = check.checked_at if check else chain.begun_at if chain else now
    return now - since >= _VERIFIED_EVERY


def last_check() -> AuditCheck | None:
    """The newest verification."""
    return AuditCheck.objects.order_by("-checked_at", "-id").first()
