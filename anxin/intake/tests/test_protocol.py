"""uvicorn's protocol with the lane's door: what goes through it, what goes the ordinary way, and how it ends."""

import asyncio
import gc
import json
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from anxin.intake import application
from anxin.intake.answers import answer_for
from anxin.intake.protocol import IntakeProtocol, LaneCycle

BODY = json.dumps({"x": 1}).encode()


class Wire:
    """A transport that remembers."""

    def __init__(self) -> None:
        self.written, self.closed, self.paused = b"", False, False

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Lane:
    """Takes everything and answers when told to."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def receive(self, kind: Any, body: bytes, reply: Any) -> None:
        self.waiting.append((kind, body, reply))

    def answer(self) -> None:
        """The first one that waits."""
        self.waiting.pop(0)[2](answer_for("stored", uid=b"u"))


class Phone:
    """A connection, and what it meets."""

    def __init__(self, asked: list[str]) -> None:
        async def ordinary(scope: dict[str, Any], receive: Any, send: Any) -> None:
            asked.append(scope["path"])
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        config = Config(app=ordinary, log_level="warning", interface="asgi3", ws="none", timeout_keep_alive=1)
        self.wire, self.asked = Wire(), asked
        self.protocol = IntakeProtocol(config, ServerState(), {})
        self.protocol.connection_made(self.wire)  # type: ignore[arg-type]

    def send(
        self, *extra: str, path: str = "/intake/submissions", body: bytes = BODY, method: str = "POST"
    ) -> None:
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            f"Content-Length: {len(body)}",
            *extra,
            "",
            "",
        ]
        self.protocol.data_received("\r\n".join(lines).encode() + body)


@pytest.fixture
def lane(monkeypatch: pytest.MonkeyPatch) -> Lane:
    one = Lane()
    monkeypatch.setattr(application, "lane", one)
    return one


async def _turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_plain_request_goes_to_the_lane_and_the_connection_lives_on(lane: Lane) -> None:
    async def story() -> None:
        phone = Phone([])
        for _ in range(3):
            phone.send("Origin: http://localhost", "Cookie: a=b")
            assert lane.waiting[0][1] == BODY
            lane.answer()
        assert phone.wire.written.count(b"HTTP/1.1 201 Created\r\n") == 3
        assert phone.wire.written.endswith(b'{"status":"stored","uid":"u","help_first":false}')
        assert (phone.asked, phone.wire.closed) == ([], False)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("extra", "changes"),
    [
        (["Origin: https://elsewhere.example"], {}),
        (["Expect: 100-continue"], {}),
        (["Connection: close"], {}),
        ([], {"path": "/intake/submissions?x=1"}),
        ([], {"path": "/elsewhere"}),
        ([], {"method": "PUT"}),
        ([], {"body": b"x" * 20_000}),
    ],
)
def test_everything_unusual_goes_the_ordinary_way(
    lane: Lane, extra: list[str], changes: dict[str, Any]
) -> None:
    async def story() -> None:
        phone = Phone([])
        phone.send(*extra, **changes)
        await _turns()
        assert lane.waiting == []
        assert phone.asked == [changes.get("path", "/intake/submissions").partition("?")[0]]

    asyncio.run(story())


def test_a_body_in_pieces_is_put_together(lane: Lane) -> None:
    async def story() -> None:
        phone = Phone([])
        whole = b"POST /intake/critical HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nabcdef"
        for place in range(0, len(whole), 7):
            phone.protocol.data_received(whole[place : place + 7])
        assert [body for _, body, _ in lane.waiting] == [b"abcdef"]

    asyncio.run(story())


def test_requests_on_top_of_each_other_are_answered_in_order(lane: Lane) -> None:
    async def story() -> None:
        phone = Phone([])
        phone.send()
        phone.send(path="/elsewhere")
        phone.send()
        await _turns()
        assert phone.asked == []
        lane.answer()
        await _turns()
        assert phone.asked == ["/elsewhere", "/intake/submissions"]
        first, second = phone.wire.written.index(b" 201 "), phone.wire.written.index(b" 204 ")
        assert first < second

    asyncio.run(story())


def test_an_answer_to_somebody_who_has_gone_is_dropped(lane: Lane) -> None:
    async def story() -> None:
        phone = Phone([])
        phone.send()
        phone.protocol.connection_lost(None)
        lane.answer()
        assert phone.wire.written == b""

    asyncio.run(story())


def test_the_server_may_end_while_an_answer_is_under_way(lane: Lane) -> None:
    async def story() -> None:
        phone = Phone([])
        phone.send()
        phone.protocol.shutdown()
        assert not phone.wire.closed
        lane.answer()
        assert phone.wire.written.startswith(b"HTTP/1.1 201 ")
        assert phone.wire.closed

    asyncio.run(story())


def test_a_silent_connection_is_closed_and_a_busy_one_is_not(lane: Lane) -> None:
    async def story() -> None:
        phone = Phone([])
        loop = phone.protocol.loop
        phone.send()
        lane.answer()
        assert phone.protocol.timeout_keep_alive_task is not None
        phone.send()
        phone.protocol.timeout_keep_alive_handler()
        assert not phone.wire.closed
        lane.answer()
        phone.protocol._silent_since = loop.time() - 0.5
        phone.protocol.timeout_keep_alive_handler()
        assert not phone.wire.closed
        phone.protocol._silent_since = loop.time() - 2
        phone.protocol.timeout_keep_alive_handler()
        assert phone.wire.closed

    asyncio.run(story())


def test_a_request_leaves_nothing_for_the_collector(lane: Lane) -> None:
    async def story() -> None:
        phone = Phone([])
        phone.send()
        lane.answer()
        gc.collect()
        gc.disable()
        try:
            for _ in range(50):
                phone.send()
                lane.answer()
            assert sum(type(one) is LaneCycle for one in gc.get_objects()) <= 2
        finally:
            gc.enable()

    asyncio.run(story())
