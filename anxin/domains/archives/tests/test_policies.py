"""Who meets an archive: existence, content, custody. One rule for one, the same for many, and the inner wall."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from anxin.domains.archives import api
from anxin.domains.archives.contracts import ArchiveNotFound, Permission
from anxin.domains.archives.models import Archive, Merge, Transfer
from anxin.domains.archives.policies import (
    can_read_archive,
    can_see_archive,
    can_see_merge,
    can_see_transfer,
    readable_archives,
    visible_archives,
    visible_merges,
    visible_transfers,
)
from anxin.domains.archives.tests.factories import SYSTEM, Stage, an_archive
from anxin.domains.audit.models import AuditEvent
from anxin.domains.residents import api as residents
from anxin.kernel.actor import Actor, ActorKind, OpenedRecord
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

TABLES = (
    "archives_archive",
    "archives_archiveentry",
    "archives_carer",
    "archives_household",
    "archives_householdmember",
    "archives_guardianship",
)


def _as(archive: Archive) -> Actor:
    person = archive.resident
    return Actor(ActorKind.RESIDENT, "r", person.number, resident_id=person.id, resident_uid=person.uid)


def _personas(stage: Stage, own: Archive) -> dict[str, Actor]:
    opened = OpenedRecord("o", own.resident_id, own.resident.uid, frozenset({Permission.VIEW}))
    return {
        "system": SYSTEM,
        "anonymous": Actor.anonymous(),
        "person": _as(own),
        "counsellor": stage.counsellor,
        "colleague": stage.colleague,
        "stranger": stage.stranger,
        "warden": stage.warden,
        "teacher": stage.teacher,
        "manager": stage.manager,
        "county": stage.county,
        "office": stage.office,
        "broke_glass": replace(stage.stranger, opened=(opened,)),
        "without_post": replace(stage.counsellor, posting_ids=()),
    }


@requirement("R-055", "R-061")
def test_content_for_those_who_help_existence_for_those_who_manage(stage: Stage) -> None:
    own = an_archive(stage.counsellor, stage.station)
    pupil = an_archive(stage.teacher, stage.school)
    inmate = an_archive(stage.warden, stage.custody)
    shut = an_archive(stage.counsellor, stage.station)
    names = {own.id: "own", pupil.id: "pupil", inmate.id: "inmate", shut.id: "shut"}
    with unit_of_work(SYSTEM):
        api.restrict_archive(actor=SYSTEM, resident_id=shut.resident_id, reason="本人收回同意")
    reads, sees = {}, {}
    with unit_of_work(SYSTEM):
        for name, actor in _personas(stage, own).items():
            everything = list(Archive.objects.select_related("resident"))
            many = set(readable_archives(actor, Archive.objects.all()))
            assert many == {one for one in everything if can_read_archive(actor, one)}, name
            reads[name] = sorted(names[one.id] for one in many)
            some = set(visible_archives(actor, Archive.objects.all()))
            assert some == {one for one in everything if can_see_archive(actor, one)}, name
            sees[name] = sorted(names[one.id] for one in some)
    everyone = ["inmate", "own", "pupil", "shut"]
    assert reads == {
        "system": everyone,
        "anonymous": [],
        "person": ["own"],
        "counsellor": ["own"],
        "colleague": [],
        "stranger": [],
        "warden": ["inmate"],
        "teacher": ["pupil"],
        "manager": [],
        "county": [],
        "office": [],
        "broke_glass": ["own"],
        "without_post": [],
    }
    assert sees == {
        **reads,
        "counsellor": ["own", "shut"],
        "manager": ["own", "shut"],
        "office": ["own", "pupil", "shut"],
    }


@requirement("R-055")
def test_what_a_custody_station_keeps_is_in_nobody_elses_list_search_or_count_of_names(stage: Stage) -> None:
    inmate = an_archive(stage.warden, stage.custody, phone="13811112222")
    for actor in (stage.county, stage.office, stage.manager, stage.counsellor):
        with unit_of_work(actor):
            assert not api.archives_queryset(actor=actor).exists()
            for typed in ("13811112222", inmate.number, inmate.resident.number):
                assert api.find_archives(actor=actor, typed=typed) == []
            assert not residents.residents_queryset(actor=actor).filter(id=inmate.resident_id).exists()
            with pytest.raises(ArchiveNotFound):
                api.archive_brief(actor=actor, uid=inmate.uid)
    with unit_of_work(stage.warden):
        assert api.find_archives(actor=stage.warden, typed="13811112222") == [inmate]
        assert residents.residents_queryset(actor=stage.warden).filter(id=inmate.resident_id).exists()


@requirement("R-061")
@pytest.mark.parametrize("table", TABLES)
def test_staff_of_another_unit_see_no_row_even_by_raw_sql(stage: Stage, table: str) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(stage.counsellor):
        api.note_household(actor=stage.counsellor, archive_uid=archive.uid)
    counts = {}
    everybody = {"own": stage.counsellor, "other": stage.stranger, "nobody": Actor.anonymous()}
    for name, actor in everybody.items():
        with unit_of_work(actor), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[name] = cursor.fetchone()[0]
    assert counts["other"] == counts["nobody"] == 0
    assert (counts["own"] > 0) == ("guardian" not in table)


@requirement("R-061")
def test_a_foreign_archive_looks_like_none_and_leaves_no_line(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    for actor in (stage.stranger, stage.colleague, stage.manager, stage.county):
        with pytest.raises(ArchiveNotFound), unit_of_work(actor):
            api.access_archive(actor=actor, uid=archive.uid)
        with unit_of_work(actor):
            for read in (api.history_of, api.household_of, api.guardians_of, api.contracts_of):
                assert read(actor=actor, archive=archive) == []
            assert api.rows_of(actor=actor, archive=archive) == ()
        with pytest.raises((ArchiveNotFound, NotPermitted)), unit_of_work(actor):
            api.close_archive(actor=actor, archive_uid=archive.uid, reason="因为")
    assert not AuditEvent.objects.filter(event="archives:archive:viewed").exists()
    with unit_of_work(SYSTEM):
        assert Archive.objects.get(id=archive.id).status == "open"


@requirement("R-061")
def test_helping_begins_when_named_and_ends_at_once(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(stage.manager):
        carer = api.add_helper(
            actor=stage.manager, archive_uid=archive.uid, posting_uid=stage.colleague_posting.uid
        )
    with unit_of_work(stage.colleague):
        assert api.access_archive(actor=stage.colleague, uid=archive.uid) == archive
    with unit_of_work(stage.manager):
        api.end_helper(actor=stage.manager, archive_uid=archive.uid, carer_uid=carer.uid)
    with pytest.raises(ArchiveNotFound), unit_of_work(stage.colleague):
        api.access_archive(actor=stage.colleague, uid=archive.uid)


def test_pairs_of_moves_and_merges_agree(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    other = an_archive(stage.stranger, stage.other, id_number="", born_on=date(1990, 5, 8))
    with unit_of_work(stage.counsellor):
        api.offer_transfer(
            actor=stage.counsellor, archive_uid=archive.uid, unit_uid=stage.other.uid, reason="搬家"
        )
        api.propose_merge(
            actor=stage.counsellor,
            archive_uid=archive.uid,
            duplicate_number=other.resident.number,
            reason="同一人",
        )
    with unit_of_work(SYSTEM):
        for name, actor in _personas(stage, archive).items():
            moves = set(visible_transfers(actor, Transfer.objects.all()))
            assert moves == {one for one in Transfer.objects.all() if can_see_transfer(actor, one)}, name
            merges = set(visible_merges(actor, Merge.objects.all()))
            assert merges == {one for one in Merge.objects.all() if can_see_merge(actor, one)}, name
            assert bool(moves) == (
                name
                in {
                    "system",
                    "counsellor",
                    "colleague",
                    "stranger",
                    "broke_glass",
                    "manager",
                    "county",
                    "without_post",
                }
            ), name
