"""Messages that were promised leave through their gateways."""

from anxin.domains.notices import api as notices
from anxin.kernel.actor import Actor

SYSTEM = Actor.system("notices")


def send_notices(*, limit: int = 50) -> int:
    """Send what waits; how many left. Each message has its own transactions, so no lock waits for a gateway."""
    return len(notices.send_due(actor=SYSTEM, limit=limit))
