"""A load generator that costs little: one process, one epoll, keep-alive connections, requests made beforehand.

    python -m benchmarks.load --port 8000 --path /intake/submissions --bodies FILE --first 0 --count 1000
                              --connections 64 [--seconds 8] [--rate 2000]

``--bodies`` has one JSON body a line. Without ``--rate`` each connection sends as soon as it was answered (closed
loop); with it requests leave by the clock whatever the server does (open loop), and latency counts from the moment a
request was due. Prints one JSON object. ``--acknowledged FILE`` receives the line numbers that were answered 201/200.
"""

import argparse
import json
import resource
import select
import socket
import time
from collections import Counter, deque
from itertools import islice
from pathlib import Path

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


class Client:
    """The connections, and what came back."""

    def __init__(self, port: int, path: str, bodies: list[bytes], first: int) -> None:
        self.port, self.first = port, first
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        head += "Content-Type: application/json\r\nContent-Length: "
        self.requests = [head.encode() + b"%d\r\n\r\n%s" % (len(body), body) for body in bodies]
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.parts: dict[int, bytes] = {}
        self.flying: dict[int, tuple[int, float]] = {}
        self.next = 0
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.acknowledged: list[int] = []
        self.broken = 0

    def connect(self) -> int:
        """One more connection; its number."""
        one = socket.create_connection(("127.0.0.1", self.port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.setblocking(False)
        number = one.fileno()
        self.sockets[number] = one
        self.poll.register(number, select.EPOLLIN)
        return number

    def send(self, number: int, due: float) -> bool:
        """The next request on this connection; ``False`` when there is none left."""
        if self.next >= len(self.requests):
            return False
        self.flying[number] = (self.next, due)
        self.sockets[number].send(self.requests[self.next])
        self.next += 1
        return True

    def receive(self, seconds: float) -> list[int]:
        """Connections that were answered within ``seconds``."""
        ready = []
        for number, _ in self.poll.poll(seconds):
            try:
                piece = self.sockets[number].recv(65536)
            except BlockingIOError:
                continue
            except OSError:
                piece = b""
            if not piece:
                self._lose(number)
                continue
            text = self.parts.pop(number, b"") + piece
            end = text.find(_END)
            start = text.find(_LENGTH)
            if end < 0 or len(text) < end + 4 + int(text[start + 16 : text.index(b"\r", start)]):
                self.parts[number] = text
                continue
            line, due = self.flying.pop(number)
            status = int(text[9:12])
            self.statuses[status] += 1
            self.latencies.append(time.monotonic() - due)
            if status in (200, 201):
                self.acknowledged.append(self.first + line)
            ready.append(number)
        return ready

    def _lose(self, number: int) -> None:
        self.poll.unregister(number)
        self.sockets.pop(number).close()
        if self.flying.pop(number, None) is not None:
            self.broken += 1


def closed_loop(client: Client, connections: int, seconds: float) -> float:
    """Each connection sends as soon as it was answered; how long it took."""
    numbers = [client.connect() for _ in range(connections)]
    began = time.monotonic()
    stop = began + seconds
    for number in numbers:
        client.send(number, time.monotonic())
    while client.flying:
        moment = time.monotonic()
        for number in client.receive(1.0):
            if moment < stop:
                client.send(number, time.monotonic())
        if moment > stop + 30:
            break
    return time.monotonic() - began


def open_loop(client: Client, connections: int, rate: float, seconds: float) -> float:
    """Requests leave by the clock; one that finds no free connection waits, and its wait counts."""
    idle = deque(client.connect() for _ in range(connections))
    began = time.monotonic()
    due: deque[float] = deque()
    planned = min(len(client.requests), int(rate * seconds))
    made = 0
    while made < planned or due or client.flying:
        moment = time.monotonic()
        while made < planned and began + made / rate <= moment:
            due.append(began + made / rate)
            made += 1
        while due and idle:
            client.send(idle.popleft(), due.popleft())
        wait = began + made / rate - time.monotonic() if made < planned else 1.0
        idle.extend(client.receive(max(0.0, min(wait, 1.0))))
        if moment > began + seconds + 60:
            break
    return time.monotonic() - began


def main() -> None:
    """Send, and print what came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", required=True)
    parser.add_argument("--bodies", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1_000_000_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--acknowledged", type=Path)
    wanted = parser.parse_args()
    with wanted.bodies.open("rb") as file:
        chosen = islice(file, wanted.first, wanted.first + wanted.count)
        lines = [line.rstrip(b"\n") for line in chosen]
    client = Client(wanted.port, wanted.path, lines, wanted.first)
    before = resource.getrusage(resource.RUSAGE_SELF)
    if wanted.rate:
        took = open_loop(client, wanted.connections, wanted.rate, wanted.seconds)
    else:
        took = closed_loop(client, wanted.connections, wanted.seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    if wanted.acknowledged:
        wanted.acknowledged.write_text("\n".join(map(str, client.acknowledged)), encoding="utf-8")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    ordered = sorted(client.latencies) or [0.0]
    print(
        json.dumps(
            {
                "sent": client.next,
                "statuses": dict(client.statuses),
                "broken": client.broken,
                "seconds": took,
                "per_second": len(client.latencies) / took,
                "cpu_ms_each": 1000 * spent / max(1, len(client.latencies)),
                **{
                    f"p{part}_ms": 1000 * ordered[min(len(ordered) - 1, len(ordered) * part // 100)]
                    for part in (50, 95, 99)
                },
            }
        )
    )


if __name__ == "__main__":
    main()
