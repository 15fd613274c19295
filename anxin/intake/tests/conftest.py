"""A lane at work on a database of its own, as the intake role; called as any ASGI server calls it."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from anxin.intake import application
from anxin.intake.lane import Lane
from tests import small_campaign, small_city
from tests.small_campaign import SmallCampaign


@dataclass(frozen=True)
class Said:
    """A response."""

    number: int
    body: dict[str, Any]
    headers: dict[bytes, bytes]


@dataclass
class Works:
    """The city, its campaign, and the way to the lane."""

    city: Any
    campaign: SmallCampaign
    intake_url: str
    app_url: str

    def post(self, *bodies: Any, path: str = "/intake/submissions", **options: Any) -> list[Said]:
        """All at once, to a lane that has just come up; in order of sending."""
        return asyncio.run(_post(self.intake_url, path, bodies, **options))


async def _post(
    url: str,
    path: str,
    bodies: Sequence[Any],
    *,
    method: str = "POST",
    headers: Sequence[tuple[bytes, bytes]] = (),
    lane: Lane | None = None,
    meanwhile: Callable[[Lane], Any] | None = None,
) -> list[Said]:
    application.lane = lane or Lane()
    serving = asyncio.create_task(application.lane.serve({"conninfo": url}))
    try:
        while not application.lane.is_ready:
            await asyncio.sleep(0.005)
        sent = [
            asyncio.create_task(_one(path, raw, method, headers))
            for raw in (one if isinstance(one, bytes) else json.dumps(one).encode() for one in bodies)
        ]
        if meanwhile is not None:
            await meanwhile(application.lane)
        return list(await asyncio.wait_for(asyncio.gather(*sent), 30))
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _one(path: str, body: bytes, method: str, headers: Sequence[tuple[bytes, bytes]]) -> Said:
    said: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "headers": [(b"host", b"localhost"), (b"content-length", b"%d" % len(body)), *headers],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await application.application(scope, receive, send)
    return Said(said[0]["status"], json.loads(said[1]["body"]), dict(said[0]["headers"]))


@pytest.fixture
def works(fresh_db: str, databases: Any) -> Iterator[Works]:
    """A running campaign in a small city."""
    city = small_city.build()
    name = urlsplit(fresh_db).path.lstrip("/")
    before = application.lane
    yield Works(city, small_campaign.build(city), databases.cluster.url("anxin_intake", name), fresh_db)
    application.lane = before
