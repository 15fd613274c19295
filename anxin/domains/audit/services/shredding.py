"""Destroying what the trail says in free words about one person. The trail itself stays, and stays verifiable."""

from anxin.domains.audit.contracts import Subject
from anxin.domains.audit.models import AuditShare
from anxin.domains.audit.services.recording import record
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work


def shred(*, actor: Actor, person_uid: str) -> int:
    """Make every reason given about this person unreadable for ever; how many. Who did what and when remains."""
    if not person_uid:
        return 0
    if not actor.is_system:
        raise NotPermitted
    with unit_of_work(actor):
        shredded, _ = AuditShare.objects.filter(person_uid=person_uid).delete()
    record(actor=actor, event="audit:reasons:shredded", subjects=[Subject(person_uid=person_uid)])
    return shredded
