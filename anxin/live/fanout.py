"""One LISTEN connection per process, many boards."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import psycopg
from django.conf import settings

log = logging.getLogger(__name__)
CHANNEL = "anxin_live"
RETRY_SECONDS = 1.0
QUEUE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something changed on one warning."""

    uid: str
    scope: str
    level: int


@dataclass(eq=False)
class Subscriber:
    """One open board: the nodes it may see, and what it has not been told yet."""

    paths: tuple[str, ...]
    queue: "asyncio.Queue[LiveEvent | None]" = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    closed: bool = False

    def tell(self, event: LiveEvent) -> None:
        """Hand over an event of one of its nodes. A board too slow to listen is closed; it reconnects and reloads."""
        if not any(event.scope.startswith(path) for path in self.paths):
            return
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.closed = True


class Fanout:
    """Listens, and passes on."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self.is_listening = False

    @contextlib.contextmanager
    def subscription(self, paths: tuple[str, ...]) -> Iterator[Subscriber]:
        """A place in the audience for as long as the block lasts."""
        subscriber = Subscriber(paths)
        self._subscribers.add(subscriber)
        try:
            yield subscriber
        finally:
            self._subscribers.discard(subscriber)

    def close(self) -> None:
        """Let every board go, so that the process can end."""
        for subscriber in self._subscribers:
            subscriber.closed = True
            with contextlib.suppress(asyncio.QueueFull):
                subscriber.queue.put_nowait(None)

    async def run(self) -> None:
        """Listen for ever; after a lost database, again."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError):
                log.warning("live: the database does not answer; listening again soon")
            self.is_listening = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.is_listening = True
            async for notification in connection.notifies():
                raw = json.loads(notification.payload)
                event = LiveEvent(uid=raw["uid"], scope=raw["scope"], level=raw["level"])
                for subscriber in list(self._subscribers):
                    subscriber.tell(event)


def conninfo() -> str:
    """The database of the settings, as libpq reads it."""
    database = settings.DATABASES["default"]
    parts = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
        "application_name": "live",
    }
    pairs = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in parts.items() if value)
    return f"postgresql:///?{pairs}"
