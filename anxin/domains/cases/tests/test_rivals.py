"""Two colleagues at once, on real connections."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from anxin.domains.cases import api
from anxin.domains.cases.contracts import (
    CaseAlreadyOpen,
    CaseChanged,
    EntryDraft,
    EntryKind,
    LegalBasis,
    LevelChanged,
)
from anxin.domains.cases.models import Case
from anxin.domains.cases.tests.factories import SYSTEM, a_draft, a_resident, a_stage, a_warning, an_open_case
from anxin.domains.deadlines.models import Deadline
from anxin.domains.risk.contracts import Level
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

pytestmark = pytest.mark.usefixtures("fresh_db")


def run_together(*jobs: Callable[[], str]) -> list[str]:
    """The outcomes of ``jobs``, begun at the same moment."""
    gate = Barrier(len(jobs), timeout=60)
    outcomes: list[str] = []

    def run(job: Callable[[], str]) -> None:
        try:
            gate.wait()
            outcomes.append(job())
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


@requirement("R-060")
def test_two_rivals_open_one_case() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
        person = a_resident(stage.city.station)
        warnings = [a_warning(stage, person), a_warning(stage, person, level=Level.L4)]

    def opening(index: int) -> Callable[[], str]:
        actor = (stage.counsellor, stage.colleague)[index]

        def run() -> str:
            try:
                with unit_of_work(actor):
                    api.open_case(
                        actor=actor,
                        warning=warnings[index],
                        manager_posting_id=actor.posting_ids[0],
                        legal_basis=LegalBasis.EMERGENCY,
                        reason="需要马上陪伴",
                        draw=stage.draw,
                    )
            except CaseAlreadyOpen:
                return "refused"
            return "opened"

        return run

    assert run_together(opening(0), opening(1)) == ["opened", "refused"]
    with unit_of_work(SYSTEM):
        case = Case.objects.get()
        assert case.entries.count() == 1
        assert Deadline.objects.filter(subject_kind="case").count() == 1


def test_of_two_who_saw_the_same_version_one_writes_and_one_is_told() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
    case = an_open_case(stage)

    def write() -> str:
        try:
            with unit_of_work(stage.counsellor):
                api.add_entry(
                    actor=stage.counsellor,
                    case_uid=case.uid,
                    entry=EntryDraft(EntryKind.NOTE, "记一笔"),
                    draw=stage.draw,
                    seen_version=0,
                )
        except CaseChanged:
            return "told"
        return "written"

    assert run_together(write, write) == ["told", "written"]


@requirement("R-060")
def test_two_warnings_at_once_join_one_case_at_the_higher_level() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
        person = a_resident(stage.city.station)
    case = an_open_case(stage, level=Level.L2, resident=person)
    with unit_of_work(SYSTEM):
        warnings = [a_warning(stage, person, level=level) for level in (Level.L3, Level.L4)]

    def attaching(index: int) -> Callable[[], str]:
        def run() -> str:
            with unit_of_work(SYSTEM):
                joined = api.attach_if_open(
                    actor=SYSTEM,
                    resident_id=person.id,
                    warning_id=warnings[index].id,
                    level=warnings[index].level,
                )
            return "joined" if joined else "missed"

        return run

    assert run_together(attaching(0), attaching(1)) == ["joined", "joined"]
    with unit_of_work(SYSTEM):
        found = Case.objects.get(id=case.id)
        assert (found.level, found.warnings.count()) == (4, 3)


@requirement("R-060")
def test_of_a_rise_and_a_lowering_at_once_the_rise_always_stands() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
    case = an_open_case(stage, level=Level.L2)

    def assessing(actor: Actor, level: Level) -> Callable[[], str]:
        def run() -> str:
            try:
                with unit_of_work(actor):
                    api.assess_case(
                        actor=actor,
                        case_uid=case.uid,
                        draft=a_draft(level),
                        competent_staff_ids=stage.competent,
                        draw=stage.draw,
                        seen_version=0,
                    )
            except LevelChanged:
                return "told"
            return "kept"

        return run

    outcomes = run_together(assessing(stage.counsellor, Level.L1), assessing(stage.colleague, Level.L3))
    assert outcomes in (["kept", "kept"], ["kept", "told"])
    with unit_of_work(SYSTEM):
        assert Case.objects.get(id=case.id).level == 3


@requirement("R-060")
def test_words_that_arrive_twice_at_the_same_moment_are_kept_once() -> None:
    with unit_of_work(SYSTEM):
        stage = a_stage()
    case = an_open_case(stage)

    def send() -> str:
        with unit_of_work(stage.counsellor):
            draft = EntryDraft(EntryKind.NOTE, "记一笔", once_uid="0192-twice")
            kept = api.add_entry(
                actor=stage.counsellor, case_uid=case.uid, entry=draft, draw=stage.draw, seen_version=0
            )
        return kept.uid

    first, second = run_together(send, send)
    assert first == second
    with unit_of_work(SYSTEM):
        assert case.entries.filter(kind="note").count() == 1
