"""Watching the clocks: what the service says, after each step, about who answers for what until when.

Read from the table of clocks itself and written down as lines; nothing here asks the simulation what it meant to do.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

Write = Callable[..., None]
_OPEN = (
    "SELECT id, subject_uid, stage, due_at, rung_index, pages, owner_id, next_change_at"
    " FROM deadlines_deadline WHERE is_open AND subject_kind = 'warning' ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Who has the turn on one clock: the ``called`` of it is this very combination."""

    clock: int
    warning: str
    stage: str
    due_at: datetime
    rung_index: int
    pages: int
    posting: int
    until: datetime


class Watch:
    """The open clocks as they were last seen."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self.turns: dict[int, Turn] = {}
        self.clock_of: dict[str, int] = {}

    @property
    def next_change_at(self) -> datetime | None:
        """When the first of them has to climb, breach or page."""
        return min((one.until for one in self.turns.values()), default=None)

    def look(self, at: datetime) -> list[Turn]:
        """Write down what has changed; the turns that began."""
        with connection.cursor() as cursor:
            cursor.execute(_OPEN)
            seen = {row[0]: Turn(*row) for row in cursor.fetchall()}
        for key in [one for one in self.turns if one not in seen]:
            gone = self.turns.pop(key)
            self._write(at, "clock_ended", gone.warning, params={"clock": key, "stage": gone.stage})
            if self.clock_of.get(gone.warning) == key:
                del self.clock_of[gone.warning]
        begun = []
        fresh = [key for key in seen if key not in self.turns]
        ladders = self._ladders(fresh)
        for key, turn in seen.items():
            before = self.turns.get(key)
            if before == turn:
                continue
            self.turns[key] = turn
            if before is None:
                self.clock_of[turn.warning] = key
                self._write(
                    at, "clock_started", turn.warning, owner=turn.posting, params=_clock(turn, ladders[key])
                )
            else:
                self._write(
                    at, _what_happened(before, turn), turn.warning, owner=turn.posting, params=_turn(turn)
                )
            if before is None or (before.rung_index, before.pages, before.posting) != (
                turn.rung_index,
                turn.pages,
                turn.posting,
            ):
                begun.append(turn)
        return begun

    @staticmethod
    def _ladders(ids: list[int]) -> dict[int, dict[str, Any]]:
        if not ids:
            return {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, ladder::text FROM deadlines_deadline WHERE id = ANY(%s)", [ids])
            return {key: json.loads(text) for key, text in cursor.fetchall()}


def _what_happened(before: Turn, turn: Turn) -> str:
    if turn.rung_index > before.rung_index:
        return "clock_climbed"
    if turn.pages > before.pages:
        return "clock_paged"
    return "clock_breached"


def _turn(turn: Turn) -> dict[str, Any]:
    return {"clock": turn.clock, "turn": turn.rung_index, "page": turn.pages, "until": turn.until}


def _clock(turn: Turn, ladder: dict[str, Any]) -> dict[str, Any]:
    return _turn(turn) | {
        "stage": turn.stage,
        "due_at": turn.due_at,
        "page_every_s": ladder["page_every_us"] / 1_000_000,
        "turns": [
            {"rung": one["rung"], "at": datetime.fromisoformat(one["starts_at"])} for one in ladder["rungs"]
        ],
    }
