"""Beginning the file outside anew, after a restore to a place where there is none."""

from django.conf import settings

from anxin.domains.audit import outside
from anxin.domains.audit.contracts import AlreadyAnchored, Root
from anxin.domains.audit.models import AuditChain, AuditRoot
from anxin.domains.audit.services.recording import record
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def anchor(*, actor: Actor, reason: str) -> int:
    """Write the roots that the database remembers into a new file; how many. Raises :class:`AlreadyAnchored`.

    From here on the trail is vouched for, as it is now: whoever calls this has compared it with something else.
    """
    chain = AuditChain.objects.order_by("begun_at").first()
    if chain is None:
        return 0
    kept = list(AuditRoot.objects.order_by("sequence"))
    purged = max((root.sequence for root in kept if root.purged_at), default=0)
    roots = [Root(root.sequence, bytes(root.digest).hex()) for root in kept]
    try:
        outside.begin(settings.ANXIN_AUDIT_ROOTS, chain.uid, roots, purged=purged, at=clock.now())
    except FileExistsError:
        raise AlreadyAnchored from None
    record(actor=actor, event="audit:roots:anchored", reason=reason)
    return len(roots)
