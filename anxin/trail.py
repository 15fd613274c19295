"""What ``anxin audit`` does: verify the trail, copy it for the archive, show its roots, take out what is old enough."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings

from anxin.domains.audit import api as audit
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.errors import PlatformError

Tell = Callable[[str], None]
_LASTS_SECONDS = 6 * 60 * 60
OPERATOR = Actor.system("anxin audit")


def verify(*, folder: Path | None, as_json: bool, tell: Tell) -> bool:
    """Compare every row with the chain, and the chain with what is written outside; whether nothing was found."""
    verdict = audit.verify(actor=OPERATOR, folder=folder)
    if as_json:
        tell(json.dumps({**asdict(verdict), "intact": verdict.is_intact}, ensure_ascii=False))
        return verdict.is_intact
    for fault in verdict.faults:
        tell(str(fault))
    span = (
        f"{verdict.rows} rows, {verdict.first_sequence} to {verdict.last_sequence}"
        if verdict.rows
        else "no row yet"
    )
    tell(f"{span}; {verdict.roots} roots outside; {verdict.waiting} not sealed yet")
    tell("The trail is as it was written." if verdict.is_intact else f"{len(verdict.faults)} faults.")
    return verdict.is_intact


def export(*, after: int, reason: str, into: Path, tell: Tell) -> None:
    """Write every sealed row after a place into a file for the owner's eyes, one JSON object a line."""
    try:
        descriptor = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise PlatformError(f"Cannot write {into}: {error.strerror}") from None
    with (
        open(descriptor, "w", encoding="utf-8") as file,
        unit_of_work(OPERATOR, lasting_seconds=_LASTS_SECONDS),
    ):
        count = _write(file, audit.sealed_rows(after=after))
    audit.record(actor=OPERATOR, event="audit:trail:exported", reason=reason)
    tell(f"{count} rows in {into}. The file names people of the staff: keep it as you keep the trail.")


def _write(file: TextIO, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def roots(*, tell: Tell) -> None:
    """Every root the database remembers, as it stands in the file outside."""
    tell(f"# {settings.ANXIN_AUDIT_ROOTS}")
    for root in audit.roots_queryset():
        taken_out = "  rows taken out" if root.purged_at else ""
        tell(
            f"{root.sequence:>12}  {bytes(root.digest).hex()}  {clock.local(root.made_at):%Y-%m-%d %H:%M}{taken_out}"
        )


def anchor(*, reason: str, tell: Tell) -> None:
    """Begin the file outside, where there is none: after a restore, when the trail was compared with something else."""
    try:
        count = audit.anchor(actor=OPERATOR, reason=reason)
    except AnxinError as error:
        raise PlatformError(str(error)) from None
    tell(f"{count} roots written to {settings.ANXIN_AUDIT_ROOTS}.")


def purge(*, before: date | None, tell: Tell) -> None:
    """Take out the segments that ended before a day; without one, what is older than the city keeps the trail."""
    day = before or audit.kept_since(today=clock.today(), months=settings.ANXIN_AUDIT_KEEP_MONTHS)
    try:
        reached = audit.purge(actor=OPERATOR, before=day)
    except AnxinError as error:
        raise PlatformError(str(error)) from None
    tell(f"Taken out up to {reached}; their root remains." if reached else f"No segment ended before {day}.")
