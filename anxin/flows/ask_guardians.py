"""Guardians are asked, or told, by message: in sets, each in its own transaction, so that it can go on anywhere."""

from typing import Any

from anxin.domains.campaigns import api as campaigns
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("consent")


def carry_on(payload: dict[str, Any]) -> None:
    """The job. Asking again on the same day queues nothing twice."""
    after = 0
    while True:
        with unit_of_work(SYSTEM):
            after = campaigns.ask_next_guardians(
                actor=SYSTEM,
                campaign_uid=payload["campaign"],
                after=after,
                day=payload["day"],
                base_url=payload["base_url"],
            )
        if not after:
            return
