"""Sealing: committed rows get their place in the chain, and its end is written down outside the database."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from anxin.domains.audit import outside
from anxin.domains.audit.contracts import SEALED_AT_ONCE, SEALER, Root
from anxin.domains.audit.models import AuditChain, AuditRoot, AuditSeal
from anxin.kernel import clock, heartbeat
from anxin.kernel.actor import Actor

log = logging.getLogger(__name__)
_LOCK = "anxin.audit.seal"  # the same as in the database function
SEGMENT_ROWS, SEGMENT_LASTS = 1000, timedelta(hours=1)


def seal(*, actor: Actor, most: int = SEALED_AT_ONCE) -> int:
    """Seal up to ``most`` waiting rows; how many. With another sealer at work: none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_seal(%s, %s)", [most, clock.now()])
        (sealed,) = cursor.fetchone()
    # Only what is committed may be said outside, so this is a transaction of its own.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        if cursor.fetchone() == (True,):
            _say_outside()
    if 0 <= sealed < most:  # everything that was there when this began is sealed
        heartbeat.beat(SEALER)
    return max(sealed, 0)


def _say_outside() -> None:
    """The end of the chain, when it moved; a root when the segment is long or old enough.

    First outside, then in the database: a root that only the database knows would prove nothing. When the chain no
    longer comes by the end written before, nothing outside is touched: that line is the evidence.
    """
    last = AuditSeal.objects.order_by("-sequence").first()
    chain = AuditChain.objects.order_by("begun_at").first()
    if last is None or chain is None:
        return
    folder, moment = settings.ANXIN_AUDIT_ROOTS, clock.now()
    before, end = outside.end_of(folder, chain.uid), Root(last.sequence, bytes(last.digest).hex())
    if before is not None and not _comes_by(before):
        log.critical("the trail is not the one written down outside; run anxin audit verify")
        return
    root = AuditRoot.objects.order_by("-sequence").first()
    rows = last.sequence - (root.sequence if root else 0)
    if root is None or rows >= SEGMENT_ROWS or (rows and moment - root.made_at >= SEGMENT_LASTS):
        outside.add_root(folder, chain.uid, end, at=moment)
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_root(%s, %s)", [last.sequence, moment])
    if before != end:
        outside.set_end(folder, chain.uid, end, at=moment)


def _comes_by(root: Root) -> bool:
    found = AuditSeal.objects.filter(sequence=root.sequence).values_list("digest", flat=True).first()
    return found is not None and bytes(found).hex() == root.digest
