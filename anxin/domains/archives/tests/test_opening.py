"""An archive begins with the person's own agreement, once for each person, or not at all."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from anxin.domains.archives import api
from anxin.domains.archives.contracts import (
    ArchiveClosed,
    ArchiveElsewhere,
    ArchiveNotFound,
    BirthdayDiffers,
    BirthdayImpossible,
    GivenBy,
    GuardianDraft,
    GuardianMissing,
    Relation,
    Status,
)
from anxin.domains.archives.models import Archive, ArchiveEntry, Carer, Guardianship
from anxin.domains.archives.tests.factories import (
    SYSTEM,
    Stage,
    a_draft,
    an_archive,
    an_id_number,
    staff_actor,
)
from anxin.domains.audit.models import AuditEvent
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import (
    ChildAssentNeeded,
    ConsentMissing,
    ConsentTextUnknown,
    GuardianConsentNeeded,
    Purpose,
)
from anxin.domains.residents.models import Consent, Resident
from anxin.kernel.errors import NotPermitted
from anxin.kernel.identifiers_cn import IdNumberInvalid
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

CHILD = date(2016, 3, 1)
MOTHER = GuardianDraft(name="李母", relation=Relation.PARENT, evidence="户口簿", phone="13900000001")


def _nothing_was_kept() -> None:
    with unit_of_work(SYSTEM):
        for model in (Archive, Resident, Consent, Carer, Guardianship):
            assert not model.objects.exists(), model


@requirement("R-037")
def test_a_station_begins_an_archive_with_the_agreement_that_was_signed(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    assert (archive.status, archive.unit, archive.number[0]) == (Status.OPEN, stage.station, "A")
    assert archive.opened_by_id == stage.counsellor.staff_id
    with unit_of_work(SYSTEM):
        consent = Consent.objects.get(resident=archive.resident)
        assert (consent.purpose, consent.given_by, consent.recorded_by) == ("archive", "self", "赵宁")
        assert list(archive.entries.values_list("kind", flat=True)) == ["opened"]
    with unit_of_work(stage.counsellor):
        assert api.access_archive(actor=stage.counsellor, uid=archive.uid) == archive
    assert AuditEvent.objects.filter(
        event="archives:archive:opened", person_uid=archive.resident.uid
    ).exists()


@requirement("R-037")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text_version": "2020-01"}, ConsentTextUnknown),
        ({"text_version": ""}, ConsentTextUnknown),
        ({"signed_on": date(2026, 11, 25)}, ConsentTextUnknown),
        ({"born_on": CHILD, "id_number": ""}, GuardianConsentNeeded),
        ({"born_on": CHILD, "id_number": "", "given_by": GivenBy.GUARDIAN}, GuardianMissing),
        (
            {"born_on": CHILD, "id_number": "", "given_by": GivenBy.GUARDIAN, "guardian": MOTHER},
            ChildAssentNeeded,
        ),
        ({"id_number": "990101199005080011"}, IdNumberInvalid),
        ({"born_on": date(1991, 1, 1)}, BirthdayDiffers),
        ({"born_on": date(9999, 12, 31), "id_number": ""}, BirthdayImpossible),
        ({"born_on": date(1899, 12, 31), "id_number": ""}, BirthdayImpossible),
        ({"id_number": an_id_number(date(2026, 11, 25))}, BirthdayImpossible),
    ],
)
def test_without_agreement_or_with_a_wrong_number_nothing_at_all_is_kept(
    stage: Stage, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        an_archive(stage.counsellor, stage.station, **changes)
    _nothing_was_kept()


@requirement("R-037")
def test_only_staff_with_the_right_at_this_unit_begin_one(stage: Stage) -> None:
    reader = staff_actor(stage.colleague_posting, frozenset({"archives.view", "residents.register"}))
    for actor in (stage.stranger, stage.manager, stage.county, stage.office, reader):
        with pytest.raises(NotPermitted):
            an_archive(actor, stage.station)
    with pytest.raises(NotPermitted):
        an_archive(stage.counsellor, stage.city.village)
    _nothing_was_kept()


def test_a_child_has_a_guardian_who_signs_and_says_yes_itself(stage: Stage) -> None:
    archive = an_archive(
        stage.counsellor,
        stage.station,
        born_on=CHILD,
        id_number="",
        given_by=GivenBy.GUARDIAN,
        child_assents=True,
        guardian=MOTHER,
    )
    with unit_of_work(SYSTEM):
        link = Guardianship.objects.get(ward=archive.resident)
        assert (link.name, link.ends_on) == ("李母", date(2034, 3, 1))
        assert Consent.objects.get().given_by == "guardian"


@requirement("R-069")
def test_the_identity_number_is_kept_as_a_hash_and_finds_the_person_again(stage: Stage) -> None:
    number = an_id_number(date(1985, 2, 28))
    archive = an_archive(
        stage.counsellor, stage.station, id_number=number, phone="13811112222", name="王某某"
    )
    assert (archive.resident.born_on, archive.resident.sex) == (date(1985, 2, 28), "f")
    with unit_of_work(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM residents_resident r")
        stored = str(cursor.fetchall())
    assert not [one for one in (number, "13811112222", "王某某") if one in stored]
    with unit_of_work(stage.counsellor):
        for typed in (
            number,
            f" {number[:6]} {number[6:]}",
            "138-1111-2222",
            archive.number,
            archive.resident.number,
        ):
            assert api.find_archives(actor=stage.counsellor, typed=typed) == [archive], typed
        for typed in ("王某某", "王", number[:-1], "13811112223", "A%", ""):
            assert api.find_archives(actor=stage.counsellor, typed=typed) == [], typed


@requirement("R-069")
def test_one_archive_for_each_person_however_often_they_come(stage: Stage) -> None:
    number = an_id_number()
    archive = an_archive(stage.counsellor, stage.station, id_number=number)
    again = an_archive(stage.colleague, stage.station, id_number=number, phone="")
    assert again == archive
    with unit_of_work(stage.colleague):
        assert api.access_archive(actor=stage.colleague, uid=archive.uid) == archive
    with unit_of_work(SYSTEM):
        assert (Archive.objects.count(), Resident.objects.count()) == (1, 1)


@requirement("R-069")
def test_what_another_station_keeps_is_not_begun_twice_and_nothing_of_it_is_said(stage: Stage) -> None:
    number = an_id_number()
    archive = an_archive(stage.counsellor, stage.station, id_number=number)
    with pytest.raises(ArchiveElsewhere) as caught:
        an_archive(stage.stranger, stage.other, id_number=number)
    assert archive.number not in str(caught.value)
    assert archive.resident.number not in str(caught.value)
    with unit_of_work(stage.stranger):
        assert api.find_archives(actor=stage.stranger, typed=number) == []
    with unit_of_work(SYSTEM):
        assert (Archive.objects.count(), Resident.objects.count(), Consent.objects.count()) == (1, 1, 1)


def test_a_telephone_alone_identifies_nobody(stage: Stage) -> None:
    mother = an_archive(stage.counsellor, stage.station, phone="13811112222")
    child = an_archive(stage.counsellor, stage.station, phone="13811112222", name="李小晴")
    assert mother.resident_id != child.resident_id
    with unit_of_work(stage.counsellor):
        found = api.find_archives(actor=stage.counsellor, typed="13811112222")
    assert {one.id for one in found} == {mother.id, child.id}


def test_somebody_who_signed_in_by_phone_gets_their_archive_and_the_number_is_added(stage: Stage) -> None:
    with unit_of_work(SYSTEM):
        known = residents.register_resident(
            actor=SYSTEM, account=None, phone="13800009999", home_unit=stage.station, name="李晴"
        )
    number = an_id_number()
    with unit_of_work(stage.counsellor):
        archive = api.open_archive(
            actor=stage.counsellor,
            unit_uid=stage.station.uid,
            draft=a_draft(id_number=number),
            resident_uid=known.uid,
        )
    assert archive.resident_id == known.id
    with unit_of_work(SYSTEM):
        assert Resident.objects.get().identity_index == residents.identity_index(number)


def test_closed_it_is_kept_for_its_time_and_comes_back_with_a_new_signature(stage: Stage, at: Any) -> None:
    number = an_id_number()
    archive = an_archive(stage.counsellor, stage.station, id_number=number)
    with unit_of_work(stage.counsellor):
        closed = api.close_archive(actor=stage.counsellor, archive_uid=archive.uid, reason="目标达到")
    assert (closed.status, closed.retain_until) == (Status.CLOSED, date(2036, 11, 24))
    with pytest.raises(ArchiveNotFound), unit_of_work(stage.counsellor):
        api.access_archive(actor=stage.counsellor, uid=archive.uid)
    at.shift(timedelta(days=30))
    again = an_archive(stage.counsellor, stage.station, id_number=number)
    assert (again, again.status, again.retain_until) == (archive, Status.OPEN, None)
    with unit_of_work(SYSTEM):
        kinds = list(ArchiveEntry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["opened", "closed", "reopened", "carer_added"]


def test_restricted_nobody_reads_or_writes_it_and_only_the_house_restricts(stage: Stage) -> None:
    number = an_id_number()
    archive = an_archive(stage.counsellor, stage.station, id_number=number)
    with pytest.raises(NotPermitted), unit_of_work(stage.counsellor):
        api.restrict_archive(actor=stage.counsellor, resident_id=archive.resident_id, reason="因为")
    with unit_of_work(SYSTEM):
        api.restrict_archive(actor=SYSTEM, resident_id=archive.resident_id, reason="本人收回同意")
        assert api.restrict_archive(actor=SYSTEM, resident_id=archive.resident_id, reason="再来") is None
    with unit_of_work(stage.counsellor):
        with pytest.raises(ArchiveNotFound):
            api.access_archive(actor=stage.counsellor, uid=archive.uid)
        assert api.archive_brief(actor=stage.counsellor, uid=archive.uid).status == Status.RESTRICTED
        with pytest.raises(NotPermitted):
            api.close_archive(actor=stage.counsellor, archive_uid=archive.uid, reason="因为")
    with pytest.raises(ArchiveClosed):
        an_archive(stage.counsellor, stage.station, id_number=number)
    with unit_of_work(SYSTEM):
        api.release_archive(actor=SYSTEM, resident_id=archive.resident_id, reason="本人再次同意")
    with unit_of_work(stage.counsellor):
        assert api.access_archive(actor=stage.counsellor, uid=archive.uid) == archive


def test_once_the_agreement_is_taken_back_nothing_more_is_written(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(SYSTEM):
        residents.withdraw_consent(actor=SYSTEM, resident_id=archive.resident_id, purpose=Purpose.ARCHIVE)
    with pytest.raises(ConsentMissing), unit_of_work(stage.counsellor):
        api.note_household(actor=stage.counsellor, archive_uid=archive.uid)
