"""The lines of a run: one JSON object for everything that happened, and the service's own timeline beside them.

``docs/reference/simulation.md`` says what each line means.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.simulation.county import HOUSE, Person
from anxin.simulation.streams import in_order

_ENTRIES = (
    "SELECT e.happened_at, e.kind, w.uid, e.author_kind, e.author_uid, e.params::text"
    " FROM risk_warningentry e JOIN risk_warning w ON w.id = e.warning_id ORDER BY e.id"
)
_ALARMS = (
    "SELECT a.raised_at, w.uid, a.level, a.source, a.source_key, r.uid, c.phone_index"
    " FROM risk_alarmrecord a JOIN risk_warning w ON w.id = a.warning_id"
    " LEFT JOIN residents_resident r ON r.id = w.resident_id"
    " LEFT JOIN risk_contactrequest c ON c.id = w.contact_request_id ORDER BY a.id"
)


class Lines:
    """What one run has written so far."""

    def __init__(self) -> None:
        self._lines: list[dict[str, Any]] = []

    def write(
        self,
        at: datetime,
        kind: str,
        warning: str = "",
        *,
        level: int | None = None,
        actor: str = "",
        owner: str = "",
        node: str = "",
        person: str = "",
        params: dict[str, Any] | None = None,
    ) -> None:
        """One line. ``actor`` did it, ``owner`` answers from now on, ``person`` is whom it is about."""
        self._lines.append(
            {
                "time": _plain(at),
                "kind": kind,
                "warning": warning,
                "level": level,
                "actor": actor,
                "owner": owner,
                "node": node,
                "person": person,
                "params": _plain(params or {}),
            }
        )

    def people(self, people: Iterable[Person], *, since: datetime | None = None) -> None:
        """Who is posted where from when on."""
        for one in people:
            moment = since or clock.now()
            self.write(
                moment, "posted", actor=one.uid, node=one.unit, params={"rung": one.rung, "from": moment}
            )

    def all(self) -> list[dict[str, Any]]:
        """Everything in order: what was seen, and what the service wrote into its own timelines and alarms."""
        with unit_of_work(HOUSE, lasting_seconds=3600), connection.cursor() as cursor:
            cursor.execute(_ENTRIES)
            for at, kind, uid, author_kind, author_uid, params in cursor.fetchall():
                actor = author_uid if author_kind == "staff" else author_kind
                self.write(at, kind, uid, actor=actor, params=json.loads(params))
            cursor.execute(_ALARMS)
            for at, uid, level, source, key, resident, phone in cursor.fetchall():
                person = resident or f"phone:{phone[:16]}"
                self.write(
                    at, "alarm", uid, level=level, person=person, params={"source": source, "key": key}
                )
        lines = in_order(self._lines)
        _fill_in_levels(lines)
        return lines


def _fill_in_levels(lines: Iterable[dict[str, Any]]) -> None:
    """A line of a timeline carries the level at which the warning stood when it was written."""
    known: dict[str, int] = {}
    for line in lines:
        told = line["level"] or line["params"].get("after")
        if line["kind"] == "raised":
            told = line["params"]["level"]
        if told and line["kind"] != "alarm":
            known[line["warning"]] = told
        if line["level"] is None and line["warning"]:
            line["level"] = known.get(line["warning"])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.local(value).isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
