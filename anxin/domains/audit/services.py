"""Writing the trail."""

from collections.abc import Iterable

from anxin.domains.audit.contracts import Subject
from anxin.domains.audit.models import AuditEvent
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def record(*, actor: Actor, event: str, subjects: Iterable[Subject] = (Subject(),), reason: str = "") -> None:
    """One row for each subject, in the running transaction."""
    moment = clock.now()
    AuditEvent.objects.bulk_create(
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
            reason=reason[:500],
        )
        for subject in subjects
    )
