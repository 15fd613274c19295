"""Two rows that are one person: two people decide, the database refuses chains, and undoing is exact."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anxin.domains.archives import api
from anxin.domains.archives.contracts import ArchiveNotFound, MergeRefused, MergeState, SecondPersonNeeded
from anxin.domains.archives.models import Archive, ArchiveEntry, Merge
from anxin.domains.archives.tests.factories import HELPS, SYSTEM, Stage, an_archive, staff_actor
from anxin.domains.network.tests.factories import a_posting
from anxin.domains.residents import api as residents
from anxin.domains.residents.models import Consent, Resident
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

BORN = date(1990, 5, 8)


def _twins(stage: Stage) -> tuple[Archive, Archive]:
    """The same woman, at two stations: with her identity number, and without."""
    kept = an_archive(stage.counsellor, stage.station, phone="13811112222")
    twin = an_archive(stage.stranger, stage.other, phone="13811112222", id_number="", born_on=BORN, sex="f")
    return kept, twin


def _propose(stage: Stage, kept: Archive, twin: Archive) -> Merge:
    with unit_of_work(stage.counsellor):
        return api.propose_merge(
            actor=stage.counsellor,
            archive_uid=kept.uid,
            duplicate_number=twin.resident.number,
            reason="同一手机号和生日",
        )


def _rows() -> dict[str, list[Any]]:
    with unit_of_work(SYSTEM):
        return {
            "people": list(
                Resident.objects.order_by("id").values("id", "name", "phone", "scope_path", "merged_into")
            ),
            "consents": list(Consent.objects.order_by("id").values("id", "resident_id", "withdrawn_at")),
            "archives": list(Archive.objects.order_by("id").values()),
        }


@requirement("R-069")
def test_likely_twins_of_the_whole_city_are_shown_masked_and_a_sharer_of_the_telephone_is_not(
    stage: Stage,
) -> None:
    kept, _ = _twins(stage)
    an_archive(stage.counsellor, stage.station, phone="13811112222", id_number="", born_on=date(2004, 1, 1))
    with unit_of_work(stage.counsellor):
        (side,) = api.suspected_of(actor=stage.counsellor, archive=kept)
    assert (side.name, side.born_year, side.unit) == ("李*", 1990, stage.other.name)
    with unit_of_work(stage.manager):
        assert api.suspected_of(actor=stage.manager, archive=kept) == []


@requirement("R-069")
def test_between_two_units_a_second_person_confirms_and_undoing_puts_back_exactly(stage: Stage) -> None:
    kept, twin = _twins(stage)
    before = _rows()
    merge = _propose(stage, kept, twin)
    assert merge.evidence == ["same_contact", "same_birthday", "same_sex"]
    with pytest.raises(SecondPersonNeeded), unit_of_work(stage.counsellor):
        api.confirm_merge(actor=stage.counsellor, merge_uid=merge.uid)
    for nobody in (stage.manager, stage.office, stage.teacher):
        with pytest.raises(ArchiveNotFound), unit_of_work(nobody):
            api.confirm_merge(actor=nobody, merge_uid=merge.uid)
    assert _rows() == before
    with unit_of_work(stage.stranger):
        duplicate, other = api.access_sides(actor=stage.stranger, merge_uid=merge.uid)
        assert (duplicate.name, other.name) == ("李*", "李*")
        api.confirm_merge(actor=stage.stranger, merge_uid=merge.uid)
    with unit_of_work(SYSTEM):
        assert residents.rows_of_person(actor=SYSTEM, resident_id=kept.resident_id) == (
            kept.resident_id,
            twin.resident_id,
        )
    with unit_of_work(stage.counsellor):
        assert (
            api.undo_merge(actor=stage.counsellor, merge_uid=merge.uid, reason="认错了人").state
            == MergeState.UNDONE
        )
    assert _rows() == before
    with unit_of_work(SYSTEM):
        kinds = ArchiveEntry.objects.filter(archive=twin).order_by("id").values_list("kind", flat=True)
        assert list(kinds) == ["opened", "merged", "unmerged"]
    with pytest.raises(MoveNotAllowed), unit_of_work(stage.counsellor):
        api.undo_merge(actor=stage.counsellor, merge_uid=merge.uid, reason="再来")


@requirement("R-061", "R-069")
def test_merged_the_two_are_one_person_in_lists_history_and_count(stage: Stage) -> None:
    kept, twin = _twins(stage)
    with unit_of_work(stage.office):
        assert api.count_people(actor=stage.office, node_path=stage.city.county.path) == 2
    merge = _propose(stage, kept, twin)
    with unit_of_work(stage.stranger):
        api.confirm_merge(actor=stage.stranger, merge_uid=merge.uid)
    with unit_of_work(stage.office):
        assert api.count_people(actor=stage.office, node_path=stage.city.county.path) == 1
        assert [one.id for one in api.archives_queryset(actor=stage.office)] == [kept.id]
    with unit_of_work(stage.counsellor):
        (found,) = api.find_archives(actor=stage.counsellor, typed="13811112222")
        assert found == kept


@requirement("R-069")
def test_people_are_counted_and_not_visits_and_only_by_those_who_may(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station, id_number="", born_on=BORN)
    an_archive(stage.teacher, stage.school)
    with unit_of_work(SYSTEM):
        api.restrict_archive(actor=SYSTEM, resident_id=archive.resident_id, reason="收回")
    with unit_of_work(stage.office):
        assert api.count_people(actor=stage.office, node_path=stage.city.county.path) == 1
    for actor in (stage.counsellor, stage.manager):
        with pytest.raises(NotPermitted):
            api.count_people(actor=actor, node_path=stage.city.county.path)


@requirement("R-069")
def test_two_identity_numbers_are_two_people_and_unknown_numbers_nobody(stage: Stage) -> None:
    first, second = (an_archive(stage.counsellor, stage.station) for _ in range(2))
    for number in (second.resident.number, first.resident.number):
        with pytest.raises(MergeRefused), unit_of_work(stage.counsellor):
            api.propose_merge(
                actor=stage.counsellor, archive_uid=first.uid, duplicate_number=number, reason="同一人"
            )
    with pytest.raises(NotFound), unit_of_work(stage.counsellor):
        api.propose_merge(
            actor=stage.counsellor, archive_uid=first.uid, duplicate_number="R9999999", reason="同一人"
        )
    with unit_of_work(SYSTEM):
        assert not Merge.objects.exists()


@requirement("R-069")
def test_the_database_refuses_a_chain_a_circle_and_oneself(stage: Stage) -> None:
    one, two, three = (
        an_archive(stage.counsellor, stage.station, id_number="", born_on=BORN).resident_id for _ in range(3)
    )
    with unit_of_work(SYSTEM):
        residents.point_at_kept(actor=SYSTEM, duplicate_id=one, kept_id=two)
        for duplicate, kept in ((two, three), (three, one), (two, one), (three, three)):
            with pytest.raises(IntegrityError), transaction.atomic():
                residents.point_at_kept(actor=SYSTEM, duplicate_id=duplicate, kept_id=kept)
        with pytest.raises(IntegrityError), transaction.atomic():
            Merge.objects.create(
                duplicate_id=one,
                kept_id=two,
                crosses_units=True,
                state="confirmed",
                proposed_by_id=stage.counsellor.staff_id,
                decided_by_id=stage.counsellor.staff_id,
                reason="自己批自己",
            )
    with pytest.raises(NotPermitted), unit_of_work(stage.counsellor):
        residents.point_at_kept(actor=stage.counsellor, duplicate_id=three, kept_id=two)


def test_a_declined_proposal_stays_and_a_new_one_is_possible(stage: Stage) -> None:
    kept, twin = _twins(stage)
    merge = _propose(stage, kept, twin)
    with pytest.raises(MergeRefused):
        _propose(stage, kept, twin)
    with unit_of_work(stage.stranger):
        api.decline_merge(actor=stage.stranger, merge_uid=merge.uid)
    assert _propose(stage, kept, twin).state == MergeState.PROPOSED
    with unit_of_work(SYSTEM):
        assert Merge.objects.count() == 2


def test_within_one_unit_whoever_knows_both_may_decide_alone(stage: Stage) -> None:
    kept = an_archive(stage.counsellor, stage.station)
    twin = an_archive(stage.counsellor, stage.station, id_number="", born_on=BORN)
    merge = _propose(stage, kept, twin)
    outsider = staff_actor(a_posting(stage.other), HELPS)
    with pytest.raises(ArchiveNotFound), unit_of_work(outsider):
        api.confirm_merge(actor=outsider, merge_uid=merge.uid)
    with unit_of_work(stage.counsellor):
        assert api.confirm_merge(actor=stage.counsellor, merge_uid=merge.uid).state == MergeState.CONFIRMED
