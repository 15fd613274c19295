"""Which flow carries out which job, and on which queue. The only place where a job meets its flow."""

from importlib import import_module
from typing import Any

from anxin.kernel.jobs import Kind, Queue

# job: queue, flow that carries it out, flow that says so when it was given up
JOBS: dict[str, tuple[Queue, str, str]] = {
    "campaigns.import_roster": (
        Queue.IMPORTS,
        "anxin.flows.import_roster.carry_on",
        "anxin.flows.import_roster.give_up",
    ),
    "campaigns.ask_guardians": (Queue.NOTICES, "anxin.flows.ask_guardians.carry_on", ""),
    "audit.verify_trail": (Queue.REPORTS, "anxin.flows.verify_trail.carry_on", ""),
    "notices.send_ordinary": (Queue.NOTICES, "anxin.flows.send_notices.send_ordinary", ""),
}


def kinds() -> dict[str, Kind]:
    """Every job with its functions."""
    return {
        name: Kind(queue, _function(work), _function(give_up) if give_up else None)
        for name, (queue, work, give_up) in JOBS.items()
    }


def _function(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)
