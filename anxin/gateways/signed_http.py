"""Handing a letter to a provider over HTTP: signed, bounded in time, under the same key at every try.

The address and the secret come from the settings. What the answer means is decided here once for every channel: taken,
taken before, try later, or never. Nothing of the letter is logged.
"""

import json
import logging
from datetime import timedelta
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from anxin.domains.notices.contracts import Delivery
from anxin.kernel.signed_calls import signed_headers

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER = 64_000
LONGEST_WAIT = timedelta(hours=1)
_TAKEN_BEFORE, _TOO_MANY = 409, 429
# The letter itself is not wanted, and will not be at the next try either.
_NEVER = frozenset({400, 404, 410, 413, 422})


def hand_over(name: str, *, url: str, secret: str, key: str, payload: dict[str, Any]) -> Delivery:
    """POST ``payload``. Raises what the network raises, which counts as not taken."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    parts = urlsplit(url)
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        **signed_headers(secret, path, body),
    }
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read(LONGEST_ANSWER)
        return _meaning(name, answer.status, content, answer.headers.get("Retry-After", ""))
    finally:
        connection.close()


def _meaning(name: str, status: int, content: bytes, retry_after: str) -> Delivery:
    if 200 <= status < 300 or status == _TAKEN_BEFORE:
        return Delivery(gateway=name, is_accepted=True, receipt=_number(content))
    log.warning("the %s provider answered %s", name, status)
    return Delivery(
        gateway=name,
        is_accepted=False,
        is_final=status in _NEVER,
        retry_after=_wait(retry_after) if status == _TOO_MANY else None,
    )


def _number(content: bytes) -> str:
    """The provider's own number for the letter, where it gives one."""
    try:
        found = json.loads(content)
    except ValueError:
        return ""
    return str(found.get("id", ""))[:80] if isinstance(found, dict) else ""


def _wait(header: str) -> timedelta | None:
    if not header.isascii() or not header.isdecimal() or len(header) > 6:
        return None
    return min(timedelta(seconds=int(header)), LONGEST_WAIT)
