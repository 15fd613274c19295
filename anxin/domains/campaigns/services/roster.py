"""Bringing people in, in sets: who is new goes in, who is there already stays as they are, what is doubtful waits.

A roster adds people and changes nobody. Each set and the place where the next one begins are one transaction, so an
import that was killed goes on there, and two that run at once cannot take the same place.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, connection, transaction

from anxin.domains.audit.api import command
from anxin.domains.campaigns.contracts import (
    ROSTER_TAKEN,
    BatchOutcome,
    Fault,
    FileFault,
    ImportState,
    Permission,
    RosterClosed,
    RosterColumn,
    RosterRow,
    RowFault,
)
from anxin.domains.campaigns.models import Campaign, Group, Participant, RosterFault, RosterImport
from anxin.domains.campaigns.policies import may_on_campaign, may_read_names
from anxin.domains.campaigns.rules.codes import BODY, make_code
from anxin.domains.campaigns.selectors.campaigns import find_campaign
from anxin.kernel import clock, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index, newest_index, seal
from anxin.kernel.errors import Conflict, NotFound, NotPermitted
from anxin.kernel.ids import new_uid

IMPORTING = "campaigns.import_roster"
UNFINISHED = (ImportState.WAITING, ImportState.READING)
GroupKey = tuple[str, str]


class SomebodyElseReads(Conflict):
    """Another process has gone on with this file. Nothing was taken here."""

    code = "somebody-else-reads"


@dataclass(frozen=True, slots=True)
class Known:
    """Who is on the roster already under one identity."""

    name: str
    group_id: int
    roster_id: int | None
    roster_row: int


@command("campaigns:roster:received")
def receive_roster(
    *, actor: Actor, campaign_uid: str, uid: str, file_name: str, file_sha256: str, language: str
) -> RosterImport:
    """A file was put down under ``uid``; it will be read. The same file twice at once is one import: the first."""
    campaign = find_campaign(actor=actor, uid=campaign_uid)
    if actor.staff_id is None or not may_on_campaign(actor, Permission.PLAN, campaign):
        raise NotPermitted
    if campaign.state not in ROSTER_TAKEN:
        raise RosterClosed
    try:
        with transaction.atomic():
            roster = RosterImport.objects.create(
                uid=uid,
                campaign=campaign,
                file_name=file_name[:200],
                file_sha256=file_sha256,
                started_by_id=actor.staff_id,
                started_at=clock.now(),
            )
    except IntegrityError:
        return RosterImport.objects.select_related("campaign").get(
            campaign=campaign, file_sha256=file_sha256, state__in=UNFINISHED
        )
    jobs.defer(
        job=IMPORTING,
        queue=jobs.Queue.IMPORTS,
        key=roster.uid,
        lock=f"{IMPORTING}:{campaign.uid}",
        payload={"roster": roster.uid, "language": language},
    )
    return roster


@command("campaigns:roster:begun", silent_on_none=True)
def begin_roster(*, actor: Actor, uid: str) -> RosterImport | None:
    """The house starts, or goes on, reading. ``None`` when there is nothing left to do."""
    roster = _locked(actor, uid)
    if roster is None or roster.state not in UNFINISHED:
        return None
    if roster.state == ImportState.WAITING:
        roster.state = ImportState.READING.value
        roster.save(update_fields=["state"])
    return roster


@command("campaigns:roster:surveyed")
def survey_roster(*, actor: Actor, uid: str, total_rows: int, columns: dict[str, str]) -> RosterImport:
    """How many rows there are, and which columns were recognised by which words."""
    roster = _locked(actor, uid)
    if roster is None:
        raise NotFound
    roster.total_rows, roster.columns = total_rows, columns
    roster.save(update_fields=["total_rows", "columns"])
    return roster


@command("campaigns:participants:listed")
def list_participants(
    *, actor: Actor, uid: str, first_row: int, next_row: int, rows: Sequence[RosterRow]
) -> BatchOutcome:
    """One set of rows, from ``first_row`` up to before ``next_row`` of the file. Raises when that place was taken."""
    roster = _locked(actor, uid)
    if roster is None or roster.state != ImportState.READING or roster.next_row != first_row:
        raise SomebodyElseReads
    campaign = roster.campaign
    whole = [replace(row, identity=identity_index(row.identity)) for row in rows if not row.faults]
    groups = _groups(campaign, {(row.grade, row.group) for row in whole})
    fresh, unchanged, doubtful = _sorted_out(roster, whole, groups)
    fresh, taken = _without_taken_numbers(fresh, groups)
    inserted = _insert(roster, fresh, groups)
    rivals = [row for row in fresh if row.identity not in inserted]
    if rivals:  # somebody else's file brought them in a moment ago: now they are known
        _, also_unchanged, also_doubtful = _sorted_out(roster, rivals, groups)
        unchanged, doubtful = unchanged + also_unchanged, doubtful + also_doubtful
    faulty = [row for row in rows if row.faults] + doubtful + taken
    _write_faults(roster, faulty)
    roster.next_row = next_row
    roster.accepted += len(inserted)
    roster.unchanged += unchanged
    roster.refused += len(faulty)
    roster.save(update_fields=["next_row", "accepted", "unchanged", "refused"])
    return BatchOutcome(roster.uid, len(inserted), unchanged, len(faulty))


@command("campaigns:roster:finished")
def finish_roster(*, actor: Actor, uid: str, has_marked_file: bool) -> RosterImport:
    """Every row was looked at. Classes whose list had no numbers get them, in the order of the list."""
    roster = _locked(actor, uid)
    if roster is None or roster.state != ImportState.READING:
        raise SomebodyElseReads
    _number_the_unnumbered(roster)
    roster.state = ImportState.FINISHED.value
    roster.finished_at, roster.has_marked_file = clock.now(), has_marked_file
    roster.save(update_fields=["state", "finished_at", "has_marked_file"])
    return roster


@command("campaigns:roster:failed", silent_on_none=True)
def fail_roster(*, actor: Actor, uid: str, fault: FileFault, detail: str = "") -> RosterImport | None:
    """The file, or the rest of it, is not taken. What had gone in stays."""
    roster = _locked(actor, uid)
    if roster is None or roster.state not in UNFINISHED:
        return None
    roster.state, roster.failure, roster.failure_detail = ImportState.FAILED.value, fault.value, detail[:80]
    roster.finished_at = clock.now()
    roster.save(update_fields=["state", "failure", "failure_detail", "finished_at"])
    return roster


@command("campaigns:roster:mark_dropped")
def drop_marked_file(*, actor: Actor, campaign_uid: str, uid: str) -> RosterImport:
    """The returned file is not needed any more."""
    campaign = find_campaign(actor=actor, uid=campaign_uid)
    if not may_on_campaign(actor, Permission.PLAN, campaign):
        raise NotPermitted
    roster = campaign.imports.select_for_update(of=("self",)).filter(uid=uid).first()
    if roster is None:
        raise NotFound
    roster.has_marked_file = False
    roster.save(update_fields=["has_marked_file"])
    return roster


@command("campaigns:token:replaced")
def replace_token(*, actor: Actor, participant_uid: str) -> Participant:
    """The slip was lost or seen by others: the old one opens nothing from now on."""
    found = Participant.objects.select_for_update(of=("self",)).filter(uid=participant_uid).first()
    if found is None or not may_read_names(actor, found.scope_path):
        raise NotFound
    if not actor.may(Permission.RUN, at=found.scope_path):
        raise NotPermitted
    found.token_version += 1
    found.save(update_fields=["token_version"])
    return found


def _locked(actor: Actor, uid: str) -> RosterImport | None:
    if not actor.is_system:
        raise NotPermitted
    return (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("campaign")
        .filter(uid=uid)
        .first()
    )


def identity_index(identity: str) -> str:
    """The keyed hash under which one person is found again, in every campaign."""
    return blind_index(identity, purpose="identity")


def _groups(campaign: Campaign, wanted: Iterable[GroupKey]) -> dict[GroupKey, int]:
    """The classes by grade and name; missing ones are made, with codes of their own."""
    keys = sorted(set(wanted))
    names = {name for _, name in keys}
    known = _known_groups(campaign, names)
    missing = [key for key in keys if key not in known]
    while missing:
        Group.objects.bulk_create(
            [Group(campaign=campaign, code=_new_code(), grade=grade, name=name) for grade, name in missing],
            ignore_conflicts=True,  # a rival made the class, or, once in ages, the code is another class's
        )
        known = _known_groups(campaign, names)
        missing = [key for key in keys if key not in known]
    return known


def _known_groups(campaign: Campaign, names: set[str]) -> dict[GroupKey, int]:
    found = campaign.groups.filter(name__in=names).values_list("grade", "name", "id")
    return {(grade, name): group_id for grade, name, group_id in found}


def _new_code() -> str:
    return make_code(secrets.randbits(32) for _ in range(BODY))


def _sorted_out(
    roster: RosterImport, rows: Sequence[RosterRow], groups: dict[GroupKey, int]
) -> tuple[list[RosterRow], int, list[RosterRow]]:
    """Who is new, how many are there already just so, and which rows have to wait."""
    known = {
        newest_index(one.identity_index): Known(one.name, one.group_id, one.roster_id, one.roster_row)
        for one in Participant.objects.filter(
            campaign_id=roster.campaign_id, identity_index__in=[row.identity for row in rows]
        ).only("identity_index", "name", "group_id", "roster_id", "roster_row")
    }
    fresh: list[RosterRow] = []
    doubtful: list[RosterRow] = []
    unchanged = 0
    for row in rows:
        there = known.get(newest_index(row.identity))
        if there is None:
            fresh.append(row)
            known[newest_index(row.identity)] = Known(
                row.name, groups[row.grade, row.group], roster.id, row.number
            )
            continue
        fault = _difference(roster, row, there, groups)
        if fault is None:
            unchanged += 1
        else:
            doubtful.append(replace(row, faults=(fault,)))
    return fresh, unchanged, doubtful


def _difference(
    roster: RosterImport, row: RosterRow, there: Known, groups: dict[GroupKey, int]
) -> Fault | None:
    has_same_name = row.name == there.name
    if there.roster_id == roster.id:
        rule = RowFault.TWICE if has_same_name else RowFault.TWICE_OTHER_NAME
        return Fault(RosterColumn.ID_NUMBER, rule, str(there.roster_row))
    if not has_same_name:
        return Fault(RosterColumn.NAME, RowFault.KNOWN_OTHER_NAME)
    if groups[row.grade, row.group] != there.group_id:
        return Fault(RosterColumn.GROUP, RowFault.KNOWN_OTHER_CLASS)
    return None


def _without_taken_numbers(
    rows: Sequence[RosterRow], groups: dict[GroupKey, int]
) -> tuple[list[RosterRow], list[RosterRow]]:
    """A number is typed together with the class code, so it belongs to one person of the class."""
    numbered = [row for row in rows if row.roster_number]
    holders = {
        (group_id, number): newest_index(index)
        for group_id, number, index in Participant.objects.filter(
            group_id__in={groups[row.grade, row.group] for row in numbered},
            roster_number__in={row.roster_number for row in numbered},
        ).values_list("group_id", "roster_number", "identity_index")
    }
    free: list[RosterRow] = []
    refused: list[RosterRow] = []
    for row in rows:
        # a rival may have brought in this very person since we looked: then the number is theirs
        holder = holders.setdefault(
            (groups[row.grade, row.group], row.roster_number), newest_index(row.identity)
        )
        if row.roster_number and holder != newest_index(row.identity):
            fault = Fault(RosterColumn.ROSTER_NUMBER, RowFault.NUMBER_TAKEN)
            refused.append(replace(row, faults=(fault,)))
        else:
            free.append(row)
    return free, refused


_INSERT = """
INSERT INTO campaigns_participant (uid, campaign_id, group_id, scope_path, name, identity_index, roster_number, sex,
  born_on, phone, guardian_phone, consent, assent, state, token_version, roster_id, roster_row)
SELECT uid, %s, group_id, %s, name, identity_index, roster_number, sex, born_on, phone, guardian_phone, 'awaited',
  'awaited', 'listed', 1, %s, roster_row
FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::text[],
  %s::text[], %s::integer[]) AS row (uid, group_id, name, identity_index, roster_number, sex, born_on, phone,
  guardian_phone, roster_row)
ON CONFLICT (campaign_id, identity_index) DO NOTHING
RETURNING identity_index
"""


def _insert(roster: RosterImport, rows: Sequence[RosterRow], groups: dict[GroupKey, int]) -> set[str]:
    """One statement for the set. In the order of the hash, so that two imports never wait for each other crosswise."""
    if not rows:
        return set()
    ordered = sorted(rows, key=lambda row: row.identity)
    columns: list[list[object]] = [
        [new_uid() for _ in ordered],
        [groups[row.grade, row.group] for row in ordered],
        [_sealed("name", row.name) for row in ordered],
        [row.identity for row in ordered],
        [row.roster_number for row in ordered],
        [row.sex for row in ordered],
        [row.born_on for row in ordered],
        [_sealed("phone", row.phone) for row in ordered],
        [_sealed("guardian_phone", row.guardian_phone) for row in ordered],
        [row.number for row in ordered],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [roster.campaign_id, roster.campaign.scope_path, roster.id, *columns])
        return {row[0] for row in cursor.fetchall()}


def _sealed(column: str, plain: str) -> str:
    return seal(plain, context=f"campaigns_participant.{column}") if plain else ""


def _write_faults(roster: RosterImport, rows: Sequence[RosterRow]) -> None:
    RosterFault.objects.bulk_create(
        RosterFault(
            roster=roster,
            sheet=row.sheet[:40],
            row=row.number,
            column=fault.column.value,
            fault=fault.rule.value,
            detail=fault.detail[:40],
        )
        for row in rows
        for fault in row.faults
    )


_NUMBER = """
WITH unnumbered AS (
  SELECT p.id, p.group_id, row_number() OVER (PARTITION BY p.group_id ORDER BY p.roster_row, p.id) AS place
  FROM campaigns_participant p WHERE p.roster_id = %s AND p.campaign_id = %s AND p.roster_number = ''
), highest AS (
  SELECT p.group_id, max(p.roster_number::numeric) AS number
  FROM campaigns_participant p
  WHERE p.group_id IN (SELECT group_id FROM unnumbered) AND p.roster_number ~ '^[0-9]{1,4}$'
  GROUP BY p.group_id
)
UPDATE campaigns_participant p SET roster_number = (coalesce(h.number, 0) + u.place)::integer::text
FROM unnumbered u LEFT JOIN highest h USING (group_id) WHERE p.id = u.id
"""


def _number_the_unnumbered(roster: RosterImport) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [roster.id, roster.campaign_id])
