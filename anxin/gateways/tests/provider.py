"""A provider that misbehaves on purpose: a real server on this machine, driven by a script of faults.

It keeps what real ones keep: the letters it took, by their key. A key it knows already is not sent again.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from anxin.kernel.signed_calls import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_signed

SECRET = "a secret of both sides"
OK, BROKEN, REFUSED, BUSY, LOST_REPLY, SILENT = "ok", "broken", "refused", "busy", "lost reply", "silent"
FAULTS = (OK, BROKEN, REFUSED, BUSY, LOST_REPLY, SILENT)


class Provider:
    """What it took and what it was asked."""

    def __init__(self) -> None:
        self.script: list[str] = []
        self.taken: dict[str, dict[str, Any]] = {}
        self.sent: list[str] = []
        self.calls = 0
        self.unsigned = 0
        self.closing = threading.Event()
        self.url = ""

    def forget(self, script: list[str]) -> None:
        """Begin anew."""
        self.script, self.taken, self.sent, self.calls, self.unsigned = list(script), {}, [], 0, 0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Play the next line of the script; when it is over, behave."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.calls += 1
        if not is_signed(
            secret=SECRET,
            timestamp=handler.headers.get(TIMESTAMP_HEADER, ""),
            path=handler.path,
            body=body,
            signature=handler.headers.get(SIGNATURE_HEADER, ""),
        ):
            self.unsigned += 1
            return _reply(handler, 401)
        fault = self.script.pop(0) if self.script else OK
        if fault == BROKEN:
            return _reply(handler, 500)
        if fault == REFUSED:
            return _reply(handler, 422)
        if fault == BUSY:
            return _reply(handler, 429, {"Retry-After": "120"})
        if fault == SILENT:
            self.closing.wait(5)
            return None
        key = handler.headers["Idempotency-Key"]
        if key not in self.taken:
            self.taken[key] = json.loads(body)
            self.sent.append(key)
        return None if fault == LOST_REPLY else _reply(handler, 200, body={"id": f"p-{key[-6:]}"})


def _reply(
    handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str] | None = None, body: Any = None
) -> None:
    content = json.dumps(body or {}).encode()
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider at an address of this machine."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            provider.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Not in the output of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}/v1/letters"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
