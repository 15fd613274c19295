"""An archive moves between stations when both agree; both keep the history."""

from typing import Any

import pytest

from anxin.domains.archives import api
from anxin.domains.archives.contracts import (
    ArchiveElsewhere,
    ArchiveNotFound,
    EvidenceMissing,
    HelperUnknown,
    TransferState,
    TransferWaits,
)
from anxin.domains.archives.models import Archive, Transfer
from anxin.domains.archives.tests.factories import SYSTEM, Stage, an_archive, an_id_number
from anxin.domains.network.tests.factories import a_posting
from anxin.kernel.errors import NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement


def _ask(stage: Stage, number: str, **changes: Any) -> Transfer:
    options = {"unit_uid": stage.other.uid, "id_number": number, "reason": "本人搬家，来这里"} | changes
    with unit_of_work(stage.stranger):
        return api.ask_for_transfer(actor=stage.stranger, **options)


@requirement("R-037", "R-061")
def test_asked_for_and_given_it_moves_with_the_person_and_the_old_helpers_read_no_more(stage: Stage) -> None:
    number = an_id_number()
    archive = an_archive(stage.counsellor, stage.station, id_number=number)
    transfer = _ask(stage, number)
    with pytest.raises(NotPermitted), unit_of_work(stage.stranger):
        api.accept_transfer(actor=stage.stranger, transfer_uid=transfer.uid)
    for nobody in (stage.teacher, stage.warden):
        with pytest.raises(ArchiveNotFound), unit_of_work(nobody):
            api.accept_transfer(actor=nobody, transfer_uid=transfer.uid)
    with unit_of_work(stage.counsellor):
        moved = api.accept_transfer(actor=stage.counsellor, transfer_uid=transfer.uid)
    assert moved.state == TransferState.ACCEPTED
    with unit_of_work(stage.stranger):
        seen = api.access_archive(actor=stage.stranger, uid=archive.uid)
        assert (seen.unit, seen.resident.home_unit) == (stage.other, stage.other)
        kinds = [one.kind for one in api.history_of(actor=stage.stranger, archive=seen)]
        assert kinds == ["carer_added", "transferred", "transfer_proposed", "opened"]
    with unit_of_work(stage.counsellor):
        with pytest.raises(ArchiveNotFound):
            api.access_archive(actor=stage.counsellor, uid=archive.uid)
        (row,) = api.transfers_queryset(actor=stage.counsellor)
        assert (row.archive_number, row.to_unit) == (archive.number, stage.other)


def test_offered_and_accepted_and_a_second_offer_waits(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(stage.counsellor):
        offer = api.offer_transfer(
            actor=stage.counsellor, archive_uid=archive.uid, unit_uid=stage.other.uid, reason="离家近"
        )
        with pytest.raises(TransferWaits):
            api.offer_transfer(
                actor=stage.counsellor, archive_uid=archive.uid, unit_uid=stage.school.uid, reason="也行"
            )
    with unit_of_work(stage.stranger):
        api.accept_transfer(actor=stage.stranger, transfer_uid=offer.uid)
        assert api.access_archive(actor=stage.stranger, uid=archive.uid) == archive
        with pytest.raises(MoveNotAllowed):
            api.accept_transfer(actor=stage.stranger, transfer_uid=offer.uid)


def test_declined_nothing_moves(stage: Stage) -> None:
    number = an_id_number()
    archive = an_archive(stage.counsellor, stage.station, id_number=number)
    transfer = _ask(stage, number)
    with unit_of_work(stage.manager):
        api.decline_transfer(actor=stage.manager, transfer_uid=transfer.uid)
    with unit_of_work(SYSTEM):
        assert Archive.objects.get(id=archive.id).scope_path == stage.station.path
    assert _ask(stage, number).state == TransferState.PROPOSED


def test_asking_says_nothing_about_who_is_not_there_and_needs_a_reason(stage: Stage) -> None:
    number = an_id_number()
    an_archive(stage.counsellor, stage.station, id_number=number)
    with pytest.raises(ArchiveElsewhere):
        _ask(stage, an_id_number())
    with pytest.raises(EvidenceMissing):
        _ask(stage, number, reason=" ")
    with pytest.raises(NotPermitted):
        _ask(stage, number, unit_uid=stage.school.uid)
    with pytest.raises(MoveNotAllowed), unit_of_work(stage.counsellor):
        api.ask_for_transfer(
            actor=stage.counsellor, unit_uid=stage.station.uid, id_number=number, reason="已经在这里"
        )
    with unit_of_work(SYSTEM):
        assert not Transfer.objects.exists()


@requirement("R-055")
def test_an_archive_that_comes_to_a_custody_station_leaves_the_lists_above(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(stage.counsellor):
        offer = api.offer_transfer(
            actor=stage.counsellor, archive_uid=archive.uid, unit_uid=stage.custody.uid, reason="转入"
        )
    with unit_of_work(stage.warden):
        api.accept_transfer(actor=stage.warden, transfer_uid=offer.uid)
    with unit_of_work(stage.office):
        assert not api.archives_queryset(actor=stage.office).exists()
    with unit_of_work(stage.warden):
        assert api.archives_queryset(actor=stage.warden).get() == archive


def test_only_somebody_in_post_at_the_unit_can_be_named(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(SYSTEM):
        elsewhere = a_posting(stage.other)
    with pytest.raises(HelperUnknown), unit_of_work(stage.counsellor):
        api.add_helper(actor=stage.counsellor, archive_uid=archive.uid, posting_uid=elsewhere.uid)


def test_a_moved_node_takes_its_archives_along(stage: Stage) -> None:
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(SYSTEM):
        api.follow_moved_node(actor=SYSTEM, old_path=stage.station.path, new_path="/9/9/")
        assert Archive.objects.get(id=archive.id).scope_path == "/9/9/"
    with pytest.raises(NotPermitted):
        api.follow_moved_node(actor=stage.counsellor, old_path="/9/9/", new_path="/1/")
