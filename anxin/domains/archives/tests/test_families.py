"""Households, guardians, and family doctors' contracts."""

from datetime import date, timedelta
from typing import Any

import pytest

from anxin.domains.archives import api
from anxin.domains.archives.contracts import (
    ArchiveNotFound,
    ContractDraft,
    ContractNotInForce,
    ContractOverlaps,
    EvidenceMissing,
    GivenBy,
    Ground,
    GuardianDraft,
    HouseholdHasHead,
    MemberElsewhere,
    Relation,
    WardOfAge,
)
from anxin.domains.archives.models import Archive, DoctorRequest, HouseholdMember
from anxin.domains.archives.tests.factories import HELPS, SYSTEM, Stage, an_archive, staff_actor
from anxin.domains.network.contracts import PeriodNotPossible, UnitKind
from anxin.domains.network.tests.factories import a_person, a_posting, a_unit
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

MOTHER = GuardianDraft(name="李母", relation=Relation.PARENT, evidence="户口簿")


def _child(stage: Stage) -> Archive:
    return an_archive(
        stage.counsellor,
        stage.station,
        born_on=date(2016, 2, 29),
        id_number="",
        given_by=GivenBy.GUARDIAN,
        child_assents=True,
        guardian=MOTHER,
    )


@requirement("R-026")
def test_a_household_has_one_head_and_a_person_one_household(stage: Stage) -> None:
    mother, son = (an_archive(stage.counsellor, stage.station) for _ in range(2))
    acting = {"actor": stage.counsellor, "archive_uid": mother.uid}
    with unit_of_work(stage.counsellor):
        api.note_household(**acting, address="柳岸路 18 号")
        api.add_member(**acting, relation=Relation.CHILD, member_number=son.resident.number)
        api.add_member(**acting, relation=Relation.PARENT, name="外婆")
        with pytest.raises(HouseholdHasHead):
            api.add_member(**acting, relation=Relation.HEAD, name="爸爸")
        with pytest.raises(MemberElsewhere):
            api.add_member(**acting, relation=Relation.CHILD, member_number=son.resident.number)
        with pytest.raises(MemberElsewhere):
            api.note_household(actor=stage.counsellor, archive_uid=son.uid)
        with pytest.raises(EvidenceMissing):
            api.add_member(**acting, relation=Relation.OTHER, name=" ")
        living = api.household_of(actor=stage.counsellor, archive=son)
        assert [(one.relation, one.name, one.is_head) for one in living] == [
            ("head", "", True),
            ("child", "", False),
            ("parent", "外婆", False),
        ]
        api.leave_household(**acting, member_uid=living[1].uid)
        assert api.household_of(actor=stage.counsellor, archive=son) == []
    with unit_of_work(SYSTEM):
        assert HouseholdMember.objects.count() == 3


@requirement("R-026")
def test_a_member_kept_elsewhere_cannot_be_drawn_in_by_number(stage: Stage) -> None:
    mine = an_archive(stage.counsellor, stage.station)
    theirs = an_archive(stage.stranger, stage.other)
    with unit_of_work(stage.counsellor):
        api.note_household(actor=stage.counsellor, archive_uid=mine.uid)
        with pytest.raises(ArchiveNotFound):
            api.add_member(
                actor=stage.counsellor,
                archive_uid=mine.uid,
                relation=Relation.CHILD,
                member_number=theirs.resident.number,
            )


@requirement("R-026")
def test_coverage_counts_households_with_an_open_archive_of_all_households(stage: Stage) -> None:
    covered, restricted = (an_archive(stage.counsellor, stage.station) for _ in range(2))
    for archive in (covered, restricted):
        with unit_of_work(stage.counsellor):
            api.note_household(actor=stage.counsellor, archive_uid=archive.uid)
    with unit_of_work(SYSTEM):
        api.restrict_archive(actor=SYSTEM, resident_id=restricted.resident_id, reason="收回")
    with unit_of_work(stage.office):
        found = api.household_coverage(actor=stage.office, node_path=stage.city.county.path)
        assert found is not None
        assert (found.part, found.whole) == (1, 2)
        assert api.household_coverage(actor=stage.office, node_path=stage.school.path) is None
    with pytest.raises(NotPermitted):
        api.household_coverage(actor=stage.counsellor, node_path=stage.station.path)


@requirement("R-026")
def test_a_guardian_of_a_minor_answers_until_the_eighteenth_birthday(stage: Stage) -> None:
    child = _child(stage)
    with unit_of_work(stage.counsellor):
        (link,) = api.guardians_of(actor=stage.counsellor, archive=child)
    assert link.ends_on == date(2034, 3, 1)
    in_force = {
        day: api.is_guardian_on(day, starts_on=link.starts_on, ends_on=link.ends_on, ended_on=link.ended_on)
        for day in (date(2026, 11, 23), date(2026, 11, 24), date(2034, 2, 28), date(2034, 3, 1))
    }
    assert list(in_force.values()) == [False, True, True, False]
    with unit_of_work(stage.counsellor):
        ended = api.end_guardian(actor=stage.counsellor, archive_uid=child.uid, guardianship_uid=link.uid)
        with pytest.raises(ArchiveNotFound):
            api.end_guardian(actor=stage.counsellor, archive_uid=child.uid, guardianship_uid=link.uid)
    assert ended.ended_on == date(2026, 11, 24)


def test_a_grown_up_has_a_guardian_only_by_a_decision_of_a_court(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    acting = {"actor": stage.counsellor, "archive_uid": archive.uid}
    with unit_of_work(stage.counsellor):
        with pytest.raises(WardOfAge):
            api.add_guardian(**acting, draft=MOTHER)
        with pytest.raises(EvidenceMissing):
            api.add_guardian(
                **acting, draft=GuardianDraft("李母", Relation.PARENT, " ", ground=Ground.ADJUDGED)
            )
        link = api.add_guardian(
            **acting, draft=GuardianDraft("李母", Relation.PARENT, "判决书", ground=Ground.ADJUDGED)
        )
    assert link.ends_on is None


def _contract(stage: Stage, archive: Archive, unit: Any, **changes: Any) -> Any:
    options = {
        "number": "JY-1",
        "team": "王医生团队",
        "unit_uid": unit.uid,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
    } | changes
    with unit_of_work(stage.counsellor):
        return api.note_contract(
            actor=stage.counsellor, archive_uid=archive.uid, draft=ContractDraft(**options)
        )


@requirement("R-042")
def test_from_a_contract_an_assessment_is_asked_for_and_guidance_goes_back_to_the_team_only(
    stage: Stage,
) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(SYSTEM):
        clinic = a_unit(UnitKind.MEDICAL_INSTITUTION, stage.city.county)
        doctor = staff_actor(a_posting(clinic, a_person("王医生")), HELPS)
    contract = _contract(stage, archive, clinic)
    acting = {"actor": stage.counsellor, "archive_uid": archive.uid}
    with unit_of_work(stage.counsellor):
        request = api.ask_under_contract(
            **acting, contract_uid=contract.uid, instrument="phq-9", sitting_id=None
        )
        assert api.guidance_for_team(actor=doctor) == []
        with pytest.raises(EvidenceMissing):
            api.return_guidance(**acting, request_uid=request.uid, guidance="  ")
        api.return_guidance(**acting, request_uid=request.uid, guidance="睡前少看手机，两周后再看")
        with pytest.raises(ArchiveNotFound):
            api.return_guidance(**acting, request_uid=request.uid, guidance="改口")
    with unit_of_work(doctor):
        (back,) = api.guidance_for_team(actor=doctor)
        assert (back.guidance, back.contract.number) == ("睡前少看手机，两周后再看", "JY-1")
        with pytest.raises(ArchiveNotFound):
            api.access_archive(actor=doctor, uid=archive.uid)
    for other in (stage.stranger, stage.county, stage.manager):
        with unit_of_work(other):
            assert api.guidance_for_team(actor=other) == []
    with unit_of_work(stage.stranger):
        assert not DoctorRequest.objects.exists()


@requirement("R-042")
def test_a_contract_has_a_term_and_a_person_one_team_at_a_time(stage: Stage, at: Any) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    other = an_archive(stage.counsellor, stage.station)
    clinic = stage.city.county_centre
    contract = _contract(stage, archive, clinic)
    for changes, refusal in (
        ({"number": "JY-2", "starts_on": date(2026, 12, 31), "ends_on": date(2027, 1, 1)}, ContractOverlaps),
        ({"number": "JY-3", "starts_on": date(2028, 1, 2), "ends_on": date(2028, 1, 1)}, PeriodNotPossible),
    ):
        with pytest.raises(refusal):
            _contract(stage, archive, clinic, **changes)
    with pytest.raises(ContractOverlaps):
        _contract(stage, other, clinic)
    at.shift(timedelta(days=38))
    with pytest.raises(ContractNotInForce), unit_of_work(stage.counsellor):
        api.ask_under_contract(
            actor=stage.counsellor,
            archive_uid=archive.uid,
            contract_uid=contract.uid,
            instrument="phq-9",
            sitting_id=None,
        )
