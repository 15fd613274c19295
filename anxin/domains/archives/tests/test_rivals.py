"""Two colleagues at once, on real connections: one archive, no chain of merges, one move."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from anxin.domains.archives import api
from anxin.domains.archives.contracts import ArchiveKnown, MergeRefused, TransferState
from anxin.domains.archives.models import Archive, Merge, Transfer
from anxin.domains.archives.tests.factories import SYSTEM, a_stage, an_archive, an_id_number
from anxin.domains.residents.contracts import IdentityKnown
from anxin.domains.residents.models import Consent, Resident
from anxin.kernel.errors import NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

pytestmark = pytest.mark.usefixtures("fresh_db")
BORN = date(1990, 5, 8)


def run_together(*jobs: Callable[[], object]) -> list[str]:
    """What became of ``jobs``, begun at the same moment."""
    gate = Barrier(len(jobs), timeout=60)
    outcomes: list[str] = []

    def run(job: Callable[[], object]) -> None:
        try:
            gate.wait()
            job()
            outcomes.append("done")
        except (ArchiveKnown, IdentityKnown, MergeRefused, MoveNotAllowed, NotPermitted):
            outcomes.append("refused")
        except BaseException as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


@requirement("R-069")
def test_two_rivals_open_one_archive_for_one_person() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
    number = an_id_number()
    outcomes = run_together(
        *(
            lambda actor=actor: an_archive(actor, stage.station, id_number=number, phone="")
            for actor in (stage.counsellor, stage.colleague)
        )
    )
    assert outcomes in (["done", "refused"], ["done", "done"])
    with unit_of_work(SYSTEM):
        assert (Archive.objects.count(), Resident.objects.count()) == (1, 1)
        assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1


@requirement("R-069")
def test_of_two_merges_that_would_make_a_chain_one_is_refused() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
    one, two, three = (
        an_archive(stage.counsellor, stage.station, id_number="", born_on=BORN) for _ in range(3)
    )

    def proposed(kept: Archive, duplicate: Archive) -> Merge:
        with unit_of_work(stage.counsellor):
            return api.propose_merge(
                actor=stage.counsellor,
                archive_uid=kept.uid,
                duplicate_number=duplicate.resident.number,
                reason="同一人",
            )

    first, second = proposed(two, one), proposed(three, two)

    def confirming(merge: Merge) -> Callable[[], object]:
        def run() -> None:
            with unit_of_work(stage.counsellor):
                api.confirm_merge(actor=stage.counsellor, merge_uid=merge.uid)

        return run

    assert run_together(confirming(first), confirming(second)) == ["done", "refused"]
    with unit_of_work(SYSTEM):
        assert Resident.objects.filter(merged_into__isnull=False).count() == 1
        assert Merge.objects.filter(state="confirmed").count() == 1


@requirement("R-061")
def test_of_accepting_and_declining_a_move_at_once_one_counts() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
    archive = an_archive(stage.counsellor, stage.station)
    with unit_of_work(stage.counsellor):
        offer = api.offer_transfer(
            actor=stage.counsellor, archive_uid=archive.uid, unit_uid=stage.other.uid, reason="离家近"
        )

    def deciding(act: Callable[..., object]) -> Callable[[], object]:
        def run() -> None:
            with unit_of_work(stage.stranger):
                act(actor=stage.stranger, transfer_uid=offer.uid)

        return run

    outcomes = run_together(deciding(api.accept_transfer), deciding(api.decline_transfer))
    assert outcomes == ["done", "refused"]
    with unit_of_work(SYSTEM):
        moved = Transfer.objects.get()
        path = Archive.objects.get().scope_path
        assert path == (stage.other if moved.state == TransferState.ACCEPTED else stage.station).path
