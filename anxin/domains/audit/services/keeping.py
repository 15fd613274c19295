"""Taking out what has been kept long enough, whole segments at a time. Only the owner of the tables can."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import connection

from anxin.domains.audit import outside
from anxin.domains.audit.contracts import KeptTooShort, Root, Subject
from anxin.domains.audit.models import AuditChain, AuditRoot
from anxin.domains.audit.rules.keeping import LEGAL_MONTHS, months_before
from anxin.domains.audit.services.recording import record
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

_LASTS_SECONDS = 6 * 60 * 60
_HELD = (
    "SELECT min(s.sequence) FROM audit_auditseal s JOIN audit_auditevent e ON e.id = s.event_id"
    " JOIN audit_legalhold h ON h.person_uid = e.person_uid AND h.lifted_at IS NULL"
)
# Shares first: they are found through the rows they belong to.
_TAKE_OUT = (
    "DELETE FROM audit_auditshare WHERE event_uid IN (SELECT e.uid FROM audit_auditevent e"
    " JOIN audit_auditseal s ON s.event_id = e.id WHERE s.sequence <= %s)",
    "DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditseal WHERE sequence <= %s)",
    "DELETE FROM audit_auditseal WHERE sequence <= %s",
)


def purge(*, actor: Actor, before: date) -> int:
    """Take out every segment that ended before ``before``; the sequence up to which, 0 when there was none.

    Its root remains, inside and outside, and the chain goes on from there. The newest segment always stays.
    """
    if not actor.is_system:
        raise NotPermitted
    if before > months_before(clock.today(), LEGAL_MONTHS):
        raise KeptTooShort(field="before")
    chain = AuditChain.objects.order_by("begun_at").first()
    root = last_root_to_purge(actor=actor, before=before)
    if chain is None or root is None:
        return 0
    moment = clock.now()
    end = Root(root.sequence, bytes(root.digest).hex())
    # Behind the wall the rows would not be seen, and their seals taken out without them.
    with unit_of_work(actor, lasting_seconds=_LASTS_SECONDS):
        with connection.cursor() as cursor:
            for statement in _TAKE_OUT:
                cursor.execute(statement, [root.sequence])
        AuditRoot.objects.filter(sequence__lte=root.sequence, purged_at=None).update(purged_at=moment)
        record(actor=actor, event="audit:trail:purged", subjects=[Subject(number=str(root.sequence))])
        outside.add_purge(settings.ANXIN_AUDIT_ROOTS, chain.uid, end, at=moment)
    return root.sequence


def last_root_to_purge(*, actor: Actor, before: date) -> AuditRoot | None:
    """Up to where a purge would take rows out; for the house."""
    with unit_of_work(actor):
        return _last_root_before(datetime.combine(before, time(), clock.LOCAL))


def _first_held() -> int | None:
    """The place of the oldest row about somebody whom the law holds; its segment stays, and all after it."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        return cursor.fetchone()[0]


def _last_root_before(moment: datetime) -> AuditRoot | None:
    """The last root of the old segments in a row: one with a younger row keeps itself and all after it."""
    newest = AuditRoot.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    held, found = _first_held(), None
    for root in AuditRoot.objects.order_by("sequence").exclude(sequence=newest):
        if root.last_occurred_at >= moment or (held is not None and root.sequence >= held):
            break
        found = root
    return found if found is not None and found.purged_at is None else None
