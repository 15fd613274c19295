"""Messages that were promised leave through their gateways: what must not wait by a thread of the worker, the rest by a
job.
"""

from typing import Any

from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Lane
from anxin.kernel import jobs
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("notices")
AT_ONCE = 50
AGAIN_SECONDS = 30
LOCK = "notices.send_ordinary:all"


def send_notices(*, limit: int = AT_ONCE) -> int:
    """Send what must not wait; how many left. Each message has its own transactions, so no lock waits for a gateway."""
    return len(notices.send_due(actor=SYSTEM, lane=Lane.PROMPT, limit=limit))


def send_ordinary(payload: dict[str, Any]) -> None:
    """The job: send what may wait, and come back later for what a gateway did not take."""
    while notices.send_due(actor=SYSTEM, lane=Lane.ORDINARY, limit=AT_ONCE):
        continue
    with unit_of_work(SYSTEM):
        if notices.is_waiting(actor=SYSTEM, lane=Lane.ORDINARY):
            jobs.defer(
                job="notices.send_ordinary",
                queue=jobs.Queue.NOTICES,
                key="again",
                lock=LOCK,
                payload={},
                after_seconds=AGAIN_SECONDS,
            )
