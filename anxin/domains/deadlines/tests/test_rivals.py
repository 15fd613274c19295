"""Two workers at once, on real connections: each clock is reported by one of them."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection, transaction

from anxin.domains.deadlines import api
from anxin.domains.deadlines.contracts import Climb, ClockAlreadyRuns, DeadlineEnded
from anxin.domains.deadlines.models import Deadline
from anxin.domains.deadlines.tests.factories import MINUTE, START, ladder_over, make_order, make_postings
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

WORKER = Actor.system("worker")


def run_together(*jobs: Callable[[], None]) -> None:
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failures, failures


@pytest.mark.usefixtures("fresh_db")
def test_two_workers_never_report_the_same_climb_and_leave_none_out() -> None:
    postings = make_postings()
    with time_machine.travel(START, tick=False):
        for number in range(40):
            api.start(actor=WORKER, order=make_order(ladder_over(postings), subject_uid=f"w{number}"))
    reports: list[Climb] = []
    gate = Barrier(2, timeout=60)

    def work() -> None:
        gate.wait()
        while True:
            with unit_of_work(WORKER):
                found = api.climb_due(actor=WORKER, limit=3)
            reports.extend(found)
            if not found and not Deadline.objects.filter(next_change_at__lte=START + 5 * MINUTE).exists():
                return

    with time_machine.travel(START + 5 * MINUTE, tick=False):
        run_together(work, work)
    assert sorted(climb.subject_uid for climb in reports) == sorted(f"w{number}" for number in range(40))


@pytest.mark.usefixtures("fresh_db")
def test_a_worker_passes_over_a_clock_another_one_is_holding() -> None:
    postings = make_postings()
    with time_machine.travel(START, tick=False):
        held = api.start(actor=WORKER, order=make_order(ladder_over(postings), subject_uid="held"))
        api.start(actor=WORKER, order=make_order(ladder_over(postings), subject_uid="free"))
    found: list[Climb] = []
    with time_machine.travel(START + 5 * MINUTE, tick=False), transaction.atomic():
        Deadline.objects.select_for_update().get(id=held.id)
        run_together(lambda: found.extend(api.climb_due(actor=WORKER, limit=10)))
    assert [climb.subject_uid for climb in found] == ["free"]


@pytest.mark.usefixtures("fresh_db")
def test_two_people_cannot_both_do_the_same_step() -> None:
    running = api.start(actor=WORKER, order=make_order(ladder_over(make_postings())))
    gate = Barrier(2, timeout=60)
    outcomes: list[str] = []

    def meet() -> None:
        gate.wait()
        try:
            api.meet(actor=WORKER, deadline_id=running.id)
            outcomes.append("met")
        except DeadlineEnded:
            outcomes.append("too late")

    run_together(meet, meet)
    assert sorted(outcomes) == ["met", "too late"]


@pytest.mark.usefixtures("fresh_db")
def test_two_rivals_start_one_clock() -> None:
    order = make_order(ladder_over(make_postings()))
    gate = Barrier(2, timeout=60)
    outcomes: list[str] = []

    def start() -> None:
        gate.wait()
        try:
            api.start(actor=WORKER, order=order)
            outcomes.append("started")
        except ClockAlreadyRuns:
            outcomes.append("runs already")

    run_together(start, start)
    assert sorted(outcomes) == ["runs already", "started"]
    assert Deadline.objects.filter(is_open=True).count() == 1
