"""Writing the trail."""

from collections.abc import Iterable

from django.db import connection

from anxin.domains.audit import shares
from anxin.domains.audit.contracts import Subject
from anxin.domains.audit.models import AuditEvent, AuditShare
from anxin.domains.audit.rules.chain import FIELDS
from anxin.kernel import clock
from anxin.kernel.actor import Actor

MOST_REASON = 500
# Nothing is asked back: who writes about a node that is not theirs is not shown the row, and RETURNING is refused.
_WRITE = (
    f"INSERT INTO audit_auditevent ({', '.join(FIELDS)}) SELECT * FROM unnest("
    + ", ".join("%s::timestamptz[]" if name == "occurred_at" else "%s::text[]" for name in FIELDS)
    + ")"
)


def record(*, actor: Actor, event: str, subjects: Iterable[Subject] = (Subject(),), reason: str = "") -> None:
    """One row for each subject, in the running transaction."""
    moment = clock.now()
    rows = [
        AuditEvent(
            occurred_at=moment,
            request_uid=actor.request_uid,
            actor_kind=actor.kind.value,
            actor_uid=actor.uid,
            actor_label=actor.label,
            event=event,
            subject_uid=subject.uid,
            subject_number=subject.number,
            node_path=subject.node_path,
            person_uid=subject.person_uid,
            opening_uid=actor.opening_for(subject.person_uid),
        )
        for subject in subjects
    ]
    if reason:
        AuditShare.objects.bulk_create(_sealed(row, reason[:MOST_REASON]) for row in rows)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [[getattr(row, name) for row in rows] for name in FIELDS])


def _sealed(row: AuditEvent, reason: str) -> AuditShare:
    row.reason, sealed = shares.split(reason, event_uid=row.uid)
    return AuditShare(event_uid=row.uid, person_uid=row.person_uid, sealed=sealed)
