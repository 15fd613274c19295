"""Rivals at the same moment, on real connections: one winner, no twins."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.models import ScoreSheet
from anxin.domains.risk.contracts import AlreadyTaken
from anxin.domains.risk.models import Evaluation, Warning, WarningEntry
from anxin.flows import acknowledge_warning, save_answer, submit_questionnaire
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.flows.evaluate_sitting import evaluate_sitting
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

SYSTEM = Actor.system("test")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run every act in a thread of its own, all released together; results or errors, in order."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            outcomes[index] = act()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@pytest.fixture
def city(fresh_db: str, tmp_path, monkeypatch) -> small_city.SmallCity:
    from datetime import datetime

    file = tmp_path / "clock.json"
    clock.write_simulation(file, simulated=datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL))
    monkeypatch.setenv("ANXIN_CLOCK_FILE", str(file))
    built = small_city.build()
    built.clock_file = file  # type: ignore[attr-defined]
    return built


def _draft(city: small_city.SmallCity, values: list[int]) -> str:
    actor = city.actor("li-qing")
    with unit_of_work(actor):
        uid = assessments.start_sitting(
            actor=actor,
            instrument="phq-9",
            language="zh-Hans",
            age=30,
            scope_path=city.residents["li-qing"].scope_path,
        ).uid
    for item, value in enumerate(values, start=1):
        save_answer.save(actor=actor, sitting_uid=uid, item=item, value=value)
    return uid


def _count(model: Any, **where: Any) -> int:
    with unit_of_work(SYSTEM):
        return model.objects.filter(**where).count()


def test_two_colleagues_take_over_and_one_wins(city) -> None:
    _draft(city, [0] * 8 + [1])
    with unit_of_work(SYSTEM):
        uid = Warning.objects.get().uid
    zhao = city.actor("zhao-ning")
    outcomes = at_once(
        *(lambda: acknowledge_warning.acknowledge(actor=zhao, warning_uid=uid) for _ in range(4))
    )
    assert sum(isinstance(one, Warning) for one in outcomes) == 1
    assert sum(isinstance(one, AlreadyTaken) for one in outcomes) == 3
    assert _count(WarningEntry, kind="acknowledged") == 1


def test_a_double_press_on_submit_gives_one_result_and_one_warning(city) -> None:
    uid = _draft(city, [0] * 8 + [1])
    actor = city.actor("li-qing")
    outcomes = at_once(*(lambda: submit_questionnaire.submit(actor=actor, sitting_uid=uid) for _ in range(4)))
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert _count(ScoreSheet) == _count(Warning) == 1


def test_worker_page_and_sweep_evaluate_at_once_and_raise_one_warning(city) -> None:
    uid = _draft(city, [2] * 8 + [0])
    with unit_of_work(city.actor("li-qing")):
        assessments.submit_sitting(actor=city.actor("li-qing"), sitting_uid=uid)
    outcomes = at_once(*(lambda: evaluate_sitting(sitting_uid=uid) for _ in range(4)))
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert _count(Warning) == _count(Evaluation) == 1


def test_two_sweeps_climb_once(city) -> None:
    from datetime import datetime

    _draft(city, [0] * 8 + [1])
    clock.write_simulation(city.clock_file, simulated=datetime(2026, 11, 24, 10, 31, tzinfo=clock.LOCAL))
    outcomes = at_once(escalate_overdue, escalate_overdue, escalate_overdue)
    assert sorted(outcomes) == [0, 0, 1]
    assert _count(WarningEntry, kind="climbed") == 1


def test_taking_over_while_the_sweep_climbs_never_deadlocks(city) -> None:
    from datetime import datetime, timedelta

    start = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
    for day in range(3):
        clock.write_simulation(city.clock_file, simulated=start + timedelta(days=4 * day))
        _draft(city, [0] * 8 + [1])
        with unit_of_work(SYSTEM):
            uid = Warning.objects.order_by("-id")[0].uid
        clock.write_simulation(city.clock_file, simulated=start + timedelta(days=4 * day, minutes=31))
        zhao = city.actor("zhao-ning")
        outcomes = at_once(
            escalate_overdue,
            lambda uid=uid, zhao=zhao: acknowledge_warning.acknowledge(actor=zhao, warning_uid=uid),
        )
        assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
        with unit_of_work(SYSTEM):
            assert Warning.objects.get(uid=uid).state == "acknowledged"
            submitted = Warning.objects.get(uid=uid).evaluation.sitting
        with unit_of_work(city.actor("li-qing")):
            assessments.discard_sitting(actor=city.actor("li-qing"), sitting_uid=submitted.uid)
