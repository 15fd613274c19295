"""Messages that were promised leave through their gateways."""

from anxin.domains.notices import api as notices
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("notices")


def send_notices(*, limit: int = 50) -> int:
    """Send what waits; how many left."""
    with unit_of_work(SYSTEM):
        return notices.send_due(actor=SYSTEM, limit=limit)
