"""Messages that were promised leave through their gateways: what must not wait by a thread of the worker, the rest by a
job.
"""

from datetime import timedelta
from typing import Any

from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Lane
from anxin.flows.reach_people import reach_people
from anxin.kernel import clock, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("notices")
AT_ONCE = 50
AGAIN_SECONDS = 30
LONGEST_SECONDS = 900
LOCK = "notices.send_ordinary:all"


def send_notices(*, limit: int = AT_ONCE) -> int:
    """Send what must not wait, then go on to the next way for whom the last one did not reach; how many left.

    Each message has its own transactions, so no lock waits for a gateway.
    """
    sent = len(notices.send_due(actor=SYSTEM, lane=Lane.PROMPT, limit=limit))
    if reach_people(limit=limit):
        sent += len(notices.send_due(actor=SYSTEM, lane=Lane.PROMPT, limit=limit))
    return sent


def send_ordinary(payload: dict[str, Any]) -> None:
    """The job: send what may wait, and come back later for what a gateway did not take or the night held back."""
    while notices.send_due(actor=SYSTEM, lane=Lane.ORDINARY, limit=AT_ONCE):
        continue
    with unit_of_work(SYSTEM):
        due_at = notices.next_try_at(actor=SYSTEM, lane=Lane.ORDINARY)
        if due_at is not None:
            jobs.defer(
                job="notices.send_ordinary",
                queue=jobs.Queue.NOTICES,
                key="again",
                lock=LOCK,
                payload={},
                after_seconds=_pause(due_at - clock.now()),
            )


def _pause(left: timedelta) -> int:
    """Never so long that a clock which runs faster than ours leaves a message lying for the day."""
    return int(min(max(left.total_seconds(), AGAIN_SECONDS), LONGEST_SECONDS))
