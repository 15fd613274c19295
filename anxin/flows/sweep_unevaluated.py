"""Sittings that were kept a minute ago and no rule has looked at.

Evaluate them again. The last net under the outbox.
"""

import logging
from datetime import timedelta

from anxin.domains.assessments import api as assessments
from anxin.flows.evaluate_sitting import SYSTEM, evaluate_sitting
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
AFTER = timedelta(minutes=1)


def sweep_unevaluated(*, limit: int = 200) -> int:
    """Evaluate what waits; how many succeeded. One that fails does not hold up the others."""
    with unit_of_work(SYSTEM):
        waiting = assessments.unevaluated_uids(actor=SYSTEM, before=clock.now() - AFTER, limit=limit)
    done = 0
    for uid in waiting:
        try:
            evaluate_sitting(sitting_uid=uid)
            done += 1
        except Exception:
            log.exception("sweep: sitting %s could not be evaluated", uid)
    return done
