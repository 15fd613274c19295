"""Prepared calls over one connection, as bare as libpq allows: one round trip, nothing parsed that is not needed.

The socket is watched all the time, so a database that goes away is noticed while nothing is asked of it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Row = tuple[bytes | None, ...]


class Calls:
    """The statements of one connection, which nobody else may use once this is open."""

    def __init__(self, connection: Connection, on_lost: Callable[[], object]) -> None:
        self._pg = connection.pgconn
        self._socket = self._pg.socket  # libpq forgets it when the connection is lost
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Future[None] | None = None
        self.is_lost = False

    @classmethod
    async def open(
        cls, connection: Connection, statements: Mapping[str, str], *, on_lost: Callable[[], object]
    ) -> "Calls":
        """Prepare ``statements`` by name and start watching."""
        for name, statement in statements.items():
            await connection.execute(f"PREPARE {name} AS {statement}")
        calls = cls(connection, on_lost)
        calls._loop.add_reader(calls._socket, calls._look)
        return calls

    def close(self) -> None:
        """Stop watching."""
        if not self.is_lost:  # else the number may be another socket's by now
            self._loop.remove_reader(self._socket)

    async def call(self, name: str, parameters: Sequence[bytes], *, seconds: float) -> list[Row]:
        """The rows of the prepared statement ``name``. Committed when this returns."""
        async with asyncio.timeout(seconds):
            self._pg.send_query_prepared(name.encode(), parameters)
            while self._pg.flush():
                await self._writable()
            rows: list[Row] = []
            failure: psycopg.Error | None = None
            while True:
                while self._pg.is_busy():
                    await self._readable()
                result = self._pg.get_result()
                if result is None:
                    break
                if result.status == pq.ExecStatus.TUPLES_OK:
                    rows += [
                        tuple(result.get_value(row, column) for column in range(result.nfields))
                        for row in range(result.ntuples)
                    ]
                else:
                    failure = error_from_result(result)
        if failure is not None:
            raise failure
        return rows

    async def _readable(self) -> None:
        if self.is_lost:
            raise psycopg.OperationalError("the connection is lost")
        self._waiting = self._loop.create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    async def _writable(self) -> None:
        free: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_writer(self._socket, _settle, free)
        try:
            await free
        finally:
            if not self.is_lost:
                self._loop.remove_writer(self._socket)

    def _look(self) -> None:
        try:
            self._pg.consume_input()
        except psycopg.OperationalError as error:
            self._loop.remove_reader(self._socket)
            self.is_lost = True
            self._on_lost()
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_exception(error)
            return
        if self._waiting is not None and not self._waiting.done() and not self._pg.is_busy():
            self._waiting.set_result(None)


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
