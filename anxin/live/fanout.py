"""One LISTEN connection per process, many boards."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
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


@dataclass(frozen=True, slots=True)
class BellEvent:
    """There is news for one colleague."""

    staff: int


@dataclass(eq=False)
class Subscriber:
    """One open page: the nodes or the person it may hear of, and what it has not been told yet."""

    paths: tuple[str, ...]
    staff: int | None = None
    queue: "asyncio.Queue[LiveEvent | BellEvent | None]" = field(
        default_factory=lambda: asyncio.Queue(QUEUE_LENGTH)
    )
    closed: bool = False

    def tell(self, event: LiveEvent | BellEvent) -> None:
        """Hand over an event of theirs. A page too slow to listen is closed; it reconnects and reloads."""
        if not self._hears_of(event):
            return
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.closed = True

    def _hears_of(self, event: LiveEvent | BellEvent) -> bool:
        if isinstance(event, BellEvent):
            return self.staff is not None and event.staff == self.staff
        return any(event.scope.startswith(path) for path in self.paths)


class Fanout:
    """Listens, and passes on."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self.is_listening = False

    @contextlib.contextmanager
    def subscription(self, paths: tuple[str, ...], staff: int | None = None) -> Iterator[Subscriber]:
        """A place in the audience for as long as the block lasts."""
        subscriber = Subscriber(paths, staff)
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
                event = _event(json.loads(notification.payload))
                for subscriber in list(self._subscribers):
                    subscriber.tell(event)


def _event(raw: dict[str, Any]) -> LiveEvent | BellEvent:
    if "staff" in raw:
        return BellEvent(staff=raw["staff"])
    return LiveEvent(uid=raw["uid"], scope=raw["scope"], level=raw["level"])


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
