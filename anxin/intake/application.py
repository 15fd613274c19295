"""``POST /intake/submissions`` and ``POST /intake/critical``: bare ASGI, for any server.

Nobody is signed in here. The signed token in the body says who sends; no cookie is ever read, so a foreign page can do
nothing with somebody else's browser, and a foreign origin is turned away all the same. Under uvicorn the protocol of
:mod:`anxin.intake.protocol` hands most requests over without the detour through here; both end in the same lane.
"""

import asyncio
import gc
import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from anxin.domains.campaigns.contracts import Verdict
from anxin.intake.answers import NOT_HERE, NOT_SO, Answer, answer_for
from anxin.intake.lane import KINDS, Lane

__all__ = ["BODY_LIMIT", "KINDS", "application", "is_own", "is_own_origin", "lane", "start", "stop"]
BODY_LIMIT = 16 * 1024
CONNECTIONS = int(os.environ.get("ANXIN_INTAKE_CONNECTIONS", "1"))
lane = Lane()


def conninfo() -> dict[str, Any]:
    """How to reach the database as the intake role; empty where nobody may take on that role."""
    url = settings.ANXIN_INTAKE_DATABASE_URL
    if not url:
        return {}
    options = "-c statement_timeout=8000 -c lock_timeout=4000"
    if settings.INTAKE_ROLE:
        options += f" -c role={settings.INTAKE_ROLE}"
    return {"conninfo": url, "options": options, "application_name": "intake"}


def start() -> list["asyncio.Task[None]"]:
    """The tasks that keep what arrives. What was loaded until now stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    reach = conninfo()
    return [asyncio.create_task(lane.serve(reach)) for _ in range(CONNECTIONS)] if reach else []


async def stop(tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Let go of the database."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def is_own_origin(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the page that sends is ours. A sender that is no browser names none."""
    origin = host = b""
    for name, value in headers:
        if name == b"origin":
            origin = value
        elif name == b"host":
            host = value
    return is_own(origin, host)


def is_own(origin: bytes, host: bytes) -> bool:
    """The same for the two headers."""
    if not origin or origin.partition(b"://")[2] == host:
        return True
    return origin.decode("latin-1") in settings.CSRF_TRUSTED_ORIGINS


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """One request."""
    kind = KINDS.get(scope["path"].encode("latin-1", "replace"))
    if kind is None:
        answer = NOT_HERE
    elif scope["method"] != "POST":
        answer = NOT_SO
    elif not is_own_origin(scope["headers"]):
        answer = answer_for(Verdict.ORIGIN)
    else:
        body = await _body(scope, receive)
        if body is None:
            answer = answer_for(Verdict.TOO_LARGE)
        else:
            arrived: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            lane.receive(kind, body, lambda said: None if arrived.done() else arrived.set_result(said))
            answer = await arrived
    await send({"type": "http.response.start", "status": answer.number, "headers": answer.headers()})
    await send({"type": "http.response.body", "body": answer.body})


async def _body(scope: dict[str, Any], receive: Any) -> bytes | None:
    """The whole body; ``None`` when it is larger than any form."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    if not said.isdigit() or int(said) > BODY_LIMIT:
        return None
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > BODY_LIMIT:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)
