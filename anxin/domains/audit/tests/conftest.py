"""A database with real commits, seen as the worker, and the owner who can do what no role that serves requests can."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from anxin.domains.audit import api as audit
from anxin.kernel.actor import Actor
from config.settings.base import database

WORKER = Actor.system("worker")


class Trail:
    """The trail of one test: written by the app's verbs, sealed by the worker, tampered with by the owner."""

    def __init__(self, owner_url: str, name: str, folder: Path) -> None:
        self.owner_url, self.name, self.folder = owner_url, name, folder

    def write(
        self, count: int = 1, *, event: str = "test:thing:done", reason: str = "", person: str = ""
    ) -> None:
        """So many rows, each in a transaction of its own."""
        for number in range(count):
            subject = audit.Subject(number=f"T-{number}", person_uid=person)
            audit.record(actor=WORKER, event=event, subjects=[subject], reason=reason)

    def seal(self, most: int = 1000) -> int:
        """What the worker does every other second."""
        return audit.seal(actor=WORKER, most=most)

    def faults(self) -> list[tuple[str, int]]:
        """Kinds and places of what a verification finds."""
        return [
            (fault.kind.value, fault.sequence)
            for fault in audit.verify(actor=WORKER, folder=self.folder).faults
        ]

    def as_owner(self, statement: str, *values: Any) -> list[Any]:
        """What only the owner can do: tamper, and purge."""
        with psycopg.connect(self.owner_url) as connection:
            connection.execute("SELECT walls.take_house_scope()")  # the wall holds the owner too
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def seen_as(url: str) -> Iterator[None]:
    """Let Django's connection, in every thread, be another role's."""
    target = connections.settings["default"]
    before = dict(target)
    connections.close_all()
    target.update(database(url))
    try:
        yield
    finally:
        connections.close_all()
        target.update({key: before[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")})


@pytest.fixture
def trail(fresh_db: str, databases: Any, tmp_path: Path, settings: Any) -> Iterator[Trail]:
    """A trail on a clone of its own; Django's connection is the worker's."""
    name = connections.settings["default"]["NAME"]
    settings.ANXIN_AUDIT_ROOTS = tmp_path / "roots"
    with seen_as(databases.cluster.url("anxin_worker", name)):
        yield Trail(databases.cluster.url("anxin_owner", name), name, settings.ANXIN_AUDIT_ROOTS)
