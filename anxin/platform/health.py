"""Asking a running web process how it is."""

import http.client
import json
from typing import Any


def ask(host: str, port: int, *, timeout_seconds: float = 5.0) -> dict[str, Any] | None:
    """What ``/healthz`` says, or ``None`` when nobody answers. Never goes through a proxy."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=timeout_seconds)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        found = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return found if isinstance(found, dict) else None


def reachable(host: str) -> str:
    """The address under which this machine reaches a server that listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
