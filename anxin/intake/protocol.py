"""uvicorn's HTTP protocol with a door of its own for the lane.

A request for the lane is read by the same parser, but no task, no scope and no pair of messages is made for it: that is
three quarters of what a small request costs. Everything unusual (another method, no length, too long, an expectation, a
second request while the first is answered) goes the ordinary way through :mod:`anxin.intake.application`, and so does
everything under any other server.
"""

from functools import lru_cache
from types import ModuleType
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from anxin.intake.answers import Answer


@lru_cache(maxsize=1)
def _application() -> ModuleType:
    """Imported late: uvicorn loads this module before Django is ready."""
    from anxin.intake import application

    return application


_UNUSUAL = frozenset((b"expect", b"transfer-encoding", b"upgrade"))


class LaneCycle:
    """What uvicorn's protocol expects of a request that is being answered; ``set`` is its way to say "look"."""

    __slots__ = (
        "body",
        "disconnected",
        "keep_alive",
        "kind",
        "protocol",
        "response_complete",
    )

    def __init__(self, protocol: "IntakeProtocol", kind: Any) -> None:
        self.protocol, self.kind, self.keep_alive = protocol, kind, True
        self.body = b""
        self.response_complete = self.disconnected = False

    @property
    def message_event(self) -> "LaneCycle":
        """What uvicorn rings."""
        return self

    def set(self) -> None:
        """The connection went."""

    def hand_over(self) -> None:
        """All of the body is there."""
        _application().lane.receive(self.kind, self.body, self.answer)

    def answer(self, said: Answer) -> None:
        """Write the response, and go on with the connection as uvicorn does."""
        self.response_complete = True
        if self.disconnected:
            return
        transport = self.protocol.transport
        transport.write(said.raw())
        if not self.keep_alive:
            transport.close()
        self.protocol.on_response_complete()


class IntakeProtocol(HttpToolsProtocol):
    """``uvicorn --http anxin.intake.protocol:IntakeProtocol``.

    Connections that fall silent are closed as uvicorn does it, but by one timer that looks when it is due, instead of
    one that is set and taken back for every request.
    """

    _silent_since = 0.0

    def on_response_complete(self) -> None:
        """Go on: the next request that already came, or wait for one."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._silent_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_later(self.timeout_keep_alive)

    def _unset_keepalive_if_required(self) -> None:
        """Something came; the timer will see that when it looks."""
        self._silent_since = self.loop.time()

    def _look_later(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close what has been silent for too long."""
        self.timeout_keep_alive_task = None
        if self.transport.is_closing() or (self.cycle is not None and not self.cycle.response_complete):
            return
        left = self._silent_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_later(left)
        else:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins. The scope is made when it is known to be needed."""
        self.url = b""
        self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; what it means is seen when all are there."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Let the lane have what is plainly for it."""
        kind = _application().KINDS.get(self.url)
        if kind is not None and (self.cycle is None or self.cycle.response_complete) and self._is_plain():
            self.cycle = LaneCycle(self, kind)  # type: ignore[assignment]
            return
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url = url
        for name, value in headers:
            super().on_header(name, value)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body, most often all of it."""
        if type(self.cycle) is LaneCycle:
            self.cycle.body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        if type(self.cycle) is LaneCycle:
            self.cycle.hand_over()
        else:
            super().on_message_complete()

    def _is_plain(self) -> bool:
        """Whether nothing about a request asks for more than its body being read."""
        if self.parser.get_method() != b"POST":
            return False
        length = origin = host = b""
        for name, value in self.headers:
            if name == b"content-length":
                length = value
            elif name == b"origin":
                origin = value
            elif name == b"host":
                host = value
            elif name in _UNUSUAL:
                return False
        application = _application()
        return (
            length.isdigit()
            and int(length) <= application.BODY_LIMIT
            and application.is_own(origin, host)
            and self.parser.should_keep_alive()
        )
