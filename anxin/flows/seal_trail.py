"""The trail is sealed a moment after it was written, never by whoever writes. Runs every other second in the worker."""

from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import SEALED_AT_ONCE
from anxin.kernel.actor import Actor

SYSTEM = Actor.system("sealer")


def seal_trail() -> int:
    """Seal what waits, batch by batch; how many rows."""
    total = 0
    while True:
        sealed = audit.seal(actor=SYSTEM, most=SEALED_AT_ONCE)
        total += sealed
        if sealed < SEALED_AT_ONCE:
            return total
