"""Signs of life of the long-running processes, in real time even when the clock is simulated."""

from datetime import UTC, datetime, timedelta

from anxin.kernel import clock
from anxin.kernel.models import Heartbeat

WORKER = "worker"
STALE_AFTER = timedelta(seconds=30)


def beat(name: str) -> None:
    """Record that ``name`` is alive."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"beat_at": clock.now(), "real_beat_at": datetime.now(UTC)}
    )


def age(name: str) -> timedelta | None:
    """Real time since ``name`` last gave a sign of life; ``None`` when it never did."""
    row = Heartbeat.objects.filter(name=name).first()
    return None if row is None else datetime.now(UTC) - row.real_beat_at


def is_stale(name: str) -> bool:
    """Whether ``name`` has been silent for longer than :data:`STALE_AFTER`, or was never heard."""
    since = age(name)
    return since is None or since > STALE_AFTER
