"""Live boards. ``GET /live/duty`` streams one line for each change the person may see, and a beat every ten seconds.

Events carry a warning's uid and level, nothing else; the browser fetches what it shows through the ordinary page, under
the ordinary rights. One LISTEN connection per process fans out. While the worker is silent the lifespan task runs the
escalation sweep under an advisory lock.
"""

import asyncio
import contextlib
import json
import logging
import os
from typing import Any

from anxin.live.fanout import Fanout, Subscriber
from anxin.live.rights import paths_for_session
from anxin.live.watchdog import watch_worker

log = logging.getLogger(__name__)
BEAT_SECONDS = float(os.environ.get("ANXIN_LIVE_BEAT_SECONDS", "10"))
_SAFE = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no"), *_SAFE]
fanout = Fanout()


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Start and stop the listener and the watchdog with the process."""
    tasks: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            tasks = [asyncio.create_task(fanout.run()), asyncio.create_task(watch_worker())]
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            for task in tasks:
                task.cancel()
            fanout.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer ``/live/duty``; 404 for the rest and for everybody without a board."""
    paths = await paths_for_session(scope) if scope["path"] == "/live/duty" else ()
    if scope["method"] != "GET" or not paths:
        headers = [(b"content-length", b"0"), *_SAFE]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    with fanout.subscription(paths) as subscriber:
        streaming = asyncio.create_task(_stream(subscriber, send))
        leaving = asyncio.create_task(_until_gone(receive))
        await asyncio.wait({streaming, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (streaming, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await task


async def _stream(subscriber: Subscriber, send: Any) -> None:
    await _say(send, "beat", {"listening": fanout.is_listening})
    while not subscriber.closed:
        try:
            event = await asyncio.wait_for(subscriber.queue.get(), timeout=BEAT_SECONDS)
        except TimeoutError:
            await _say(send, "beat", {"listening": fanout.is_listening})
            continue
        if event is None:
            break
        await _say(send, "warning", {"uid": event.uid, "level": event.level})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _say(send: Any, event: str, data: dict[str, object]) -> None:
    line = f"event: {event}\ndata: {json.dumps(data)}\n\n"
    await send({"type": "http.response.body", "body": line.encode(), "more_body": True})


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
