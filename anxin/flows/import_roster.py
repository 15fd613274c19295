"""A roster file becomes participants: put down sealed, read by a job in sets, given back marked where rows must wait.

Killed at any point it goes on at the next set: each set and its place are one transaction. The file is removed when
everything was looked at; the marked copy stays until it is dropped, or a week.
"""

import logging
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import FileFault, FileRefused, RosterRow
from anxin.exchange.roster import files
from anxin.exchange.roster.marking import Mark, marked_copy
from anxin.exchange.roster.reading import RosterFile, open_roster
from anxin.exchange.roster.shapes import Limits
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.campaigns.models import RosterImport

log = logging.getLogger(__name__)
SYSTEM = Actor.system("roster import")
SET_SIZE = 2000
MAX_FAULTY_ROWS = 50_000


def receive(*, actor: Actor, campaign_uid: str, file_name: str, chunks: Iterable[bytes]) -> "RosterImport":
    """Put a file down and promise to read it. Raises ``FileRefused`` when it is too large."""
    uid = new_uid()
    sealed = files.keep_upload(uid, chunks)
    try:
        with unit_of_work(actor):
            roster = campaigns.receive_roster(
                actor=actor,
                campaign_uid=campaign_uid,
                uid=uid,
                file_name=file_name,
                file_sha256=sealed.sha256,
                language=translation.get_language() or "zh-hans",
            )
    except BaseException:
        files.drop_upload(uid)
        raise
    if roster.uid != uid:
        files.drop_upload(uid)  # the same file is being read already
    return roster


def carry_on(payload: dict[str, Any]) -> None:
    """The job: read what was not read yet."""
    uid = payload["roster"]
    _clear_old_files()
    with unit_of_work(SYSTEM):
        roster = campaigns.begin_roster(actor=SYSTEM, uid=uid)
    if roster is None:
        files.drop_upload(uid)
        return
    try:
        file = open_roster(partial(files.read_upload, uid), limits())
        _bring_in(roster, file)
    except FileRefused as refused:
        _fail(uid, refused.fault, refused.detail)
    else:
        with translation.override(payload.get("language", "zh-hans")):
            _give_back(uid, file)
        files.drop_upload(uid)


def give_up(payload: dict[str, Any]) -> None:
    """The job was tried too often."""
    _fail(payload["roster"], FileFault.GIVEN_UP)


def limits() -> Limits:
    """How much of a file is looked at, from the settings."""
    return Limits(
        rows=settings.ANXIN_ROSTER_MAX_ROWS,
        workbook_rows=settings.ANXIN_ROSTER_MAX_WORKBOOK_ROWS,
        workbook_bytes=settings.ANXIN_ROSTER_MAX_WORKBOOK_BYTES,
        unpacked_bytes=settings.ANXIN_ROSTER_MAX_UNPACKED_BYTES,
    )


def _bring_in(roster: "RosterImport", file: RosterFile) -> None:
    with unit_of_work(SYSTEM):
        campaigns.survey_roster(
            actor=SYSTEM, uid=roster.uid, total_rows=file.total_rows, columns=file.columns
        )
    first, refused, waiting = roster.next_row, roster.refused, []
    place = first
    for read in file.rows(start=first, today=clock.today()):
        place = read.place + 1
        if read.row is not None:
            waiting.append(read.row)
        if place - first >= SET_SIZE:
            refused += _take(roster.uid, first, place, waiting)
            first, waiting = place, []
            if refused > MAX_FAULTY_ROWS:
                raise FileRefused(FileFault.TOO_MANY_FAULTS, str(MAX_FAULTY_ROWS))
    if place > first:
        _take(roster.uid, first, place, waiting)


def _take(uid: str, first: int, following: int, rows: list[RosterRow]) -> int:
    with unit_of_work(SYSTEM):
        outcome = campaigns.list_participants(
            actor=SYSTEM, uid=uid, first_row=first, next_row=following, rows=rows
        )
    return outcome.refused


def _give_back(uid: str, file: RosterFile) -> None:
    with unit_of_work(SYSTEM):
        marks = [
            Mark(one.sheet, one.row, one.column, one.fault, one.detail)
            for one in campaigns.faults_by_row(actor=SYSTEM, roster_uid=uid)
        ]
    if marks:
        files.keep_marked(uid, marked_copy(file, marks))
    with unit_of_work(SYSTEM):
        campaigns.finish_roster(actor=SYSTEM, uid=uid, has_marked_file=bool(marks))


def _fail(uid: str, fault: FileFault, detail: str = "") -> None:
    with unit_of_work(SYSTEM):
        campaigns.fail_roster(actor=SYSTEM, uid=uid, fault=fault, detail=detail)
    files.drop_upload(uid)


def _clear_old_files() -> None:
    """What an upload that never became an import left, and marked copies nobody fetched."""
    for uid in files.left_behind():
        files.drop_marked(uid)
        with unit_of_work(SYSTEM):
            is_owed = campaigns.is_unfinished(actor=SYSTEM, roster_uid=uid)
        if not is_owed:
            files.drop_upload(uid)
