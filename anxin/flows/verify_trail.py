"""The whole trail is compared with its chain: once a day and when an auditor asks. A job, as it reads every row."""

import logging
from typing import Any

from anxin.domains.audit import api as audit
from anxin.kernel import clock, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
SYSTEM = Actor.system("verifier")
JOB = "audit.verify_trail"


def ask(actor: Actor) -> None:
    """Promise a verification; one that was promised and has not begun is enough."""
    audit.record(actor=actor, event="audit:verification:asked")
    jobs.defer(job=JOB, queue=jobs.Queue.REPORTS, key="all", lock=f"{JOB}:all", payload={})


def ask_if_due() -> bool:
    """Promise the daily verification when a day has passed since the last one; whether it had."""
    with unit_of_work(SYSTEM):
        if not audit.is_verification_due(now=clock.now()):
            return False
        jobs.defer(job=JOB, queue=jobs.Queue.REPORTS, key="all", lock=f"{JOB}:all", payload={})
    return True


def carry_on(payload: dict[str, Any]) -> None:
    """The job. What it finds is kept for the page, the doctor and the log."""
    verdict = audit.verify(actor=SYSTEM)
    if not verdict.is_intact:
        log.critical("the trail has %s faults; the first: %s", len(verdict.faults), verdict.faults[0])
