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
import time
from typing import Any

from django.db import InterfaceError, OperationalError

from anxin.live.fanout import BellEvent, Fanout, Subscriber
from anxin.live.rights import paths_for_session, staff_for_session
from anxin.live.watchdog import watch_worker

log = logging.getLogger(__name__)
BEAT_SECONDS = float(os.environ.get("ANXIN_LIVE_BEAT_SECONDS", "10"))
ASK_AGAIN_SECONDS = 60.0
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
    """Answer ``/live/duty`` and ``/live/bell``; 404 for the rest and for everybody without a board or a bell."""
    paths, staff = await _heard_by(scope)
    if scope["method"] != "GET" or not (paths or staff):
        headers = [(b"content-length", b"0"), *_SAFE]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    with fanout.subscription(paths, staff) as subscriber:
        streaming = asyncio.create_task(_stream(subscriber, send, scope))
        leaving = asyncio.create_task(_until_gone(receive))
        await asyncio.wait({streaming, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (streaming, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await task


async def _heard_by(scope: dict[str, Any]) -> tuple[tuple[str, ...], int | None]:
    if scope["path"] == "/live/duty":
        return await paths_for_session(scope), None
    return (), await staff_for_session(scope) if scope["path"] == "/live/bell" else None


async def _still_hears(subscriber: Subscriber, scope: dict[str, Any]) -> bool:
    try:
        return await _heard_by(scope) == (subscriber.paths, subscriber.staff)
    except (OperationalError, InterfaceError):
        log.warning("the database did not answer; the page connects again", exc_info=True)
        return False


async def _stream(subscriber: Subscriber, send: Any, scope: dict[str, Any]) -> None:
    await _say(send, "beat", {"listening": fanout.is_listening})
    asked = time.monotonic()
    while not subscriber.closed:
        # Who was signed out meanwhile, or lost a right, hears no more; the page says so, because nothing comes then.
        if time.monotonic() - asked >= ASK_AGAIN_SECONDS:
            if not await _still_hears(subscriber, scope):
                break
            asked = time.monotonic()
        try:
            event = await asyncio.wait_for(subscriber.queue.get(), timeout=BEAT_SECONDS)
        except TimeoutError:
            await _say(send, "beat", {"listening": fanout.is_listening})
            continue
        if event is None:
            break
        if isinstance(event, BellEvent):
            await _say(send, "notice", {})
        else:
            await _say(send, "warning", {"uid": event.uid, "level": event.level})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _say(send: Any, event: str, data: dict[str, object]) -> None:
    line = f"event: {event}\ndata: {json.dumps(data)}\n\n"
    await send({"type": "http.response.body", "body": line.encode(), "more_body": True})


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
