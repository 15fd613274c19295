"""Whoever has the person's warning or case in hand is helping, and reads the archive; until it ends."""

from dataclasses import replace
from typing import Any

from anxin.domains.archives.contracts import Permission
from anxin.domains.archives.models import Archive
from anxin.domains.archives.policies import can_read_archive, readable_archives
from anxin.domains.cases.tests.factories import Stage, a_stage, an_open_case
from anxin.domains.residents.models import Resident
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")


def _who_may_also_read_archives(actor: Actor) -> Actor:
    (grant,) = actor.grants
    return replace(actor, grants=(replace(grant, permissions=grant.permissions | {Permission.VIEW}),))


@requirement("R-061")
def test_the_manager_of_an_open_case_reads_the_archive_and_a_colleague_does_not(db: None, at: Any) -> None:
    with unit_of_work(SYSTEM):
        stage: Stage = a_stage()
        case = an_open_case(stage)
        person = Resident.objects.get(id=case.resident_id)
        archive = Archive.objects.create(
            number="A1",
            resident=person,
            unit_id=case.unit_id,
            scope_path=person.scope_path,
            retention_class="service_record",
            opened_unit_id=case.unit_id,
        )
        manager = _who_may_also_read_archives(stage.counsellor)
        colleague = _who_may_also_read_archives(stage.colleague)
        assert case.manager_id in manager.posting_ids
        for actor, expected in ((manager, [archive]), (colleague, []), (stage.counsellor, [])):
            assert list(readable_archives(actor, Archive.objects.all())) == expected
            assert can_read_archive(actor, archive) == bool(expected)
