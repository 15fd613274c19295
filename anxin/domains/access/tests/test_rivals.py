"""Two people at the same moment, on real connections: one comes through."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from anxin.domains.access import api
from anxin.domains.access.models import BreakGlass
from anxin.domains.access.tests import factories
from anxin.domains.access.tests.test_openings import a_wish, account_of, opened
from anxin.domains.network.tests import factories as network
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

HOUSE = Actor.system("test")


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
def test_of_rivals_one_download_one_decision_and_one_opening_come_through() -> None:
    small = network.a_small_city()
    chief = factories.a_member_of_staff(role="county_manager", node=small.county, unit=small.county_centre)
    officer = factories.a_member_of_staff(role="security_officer", node=small.city, unit=small.station)
    counsellor = factories.a_member_of_staff(role="counsellor", node=small.station)
    with unit_of_work(HOUSE):
        export = api.request_export(
            actor=counsellor, account=account_of(counsellor), wish=a_wish(small.station.path), purpose="x"
        )
    gate = Barrier(2, timeout=60)

    def rival(act: Callable[[], object], outcomes: list[str]) -> Callable[[], None]:
        def job() -> None:
            gate.wait()
            try:
                with unit_of_work(HOUSE):
                    act()
                outcomes.append("done")
            except Exception as error:
                outcomes.append(type(error).__name__)

        return job

    decided: list[str] = []
    run_together(
        *(
            rival(
                lambda one=one: api.approve_export(actor=one, account=account_of(one), uid=export.uid),
                decided,
            )
            for one in (chief, officer)
        )
    )
    assert sorted(decided) == ["AlreadyDecided", "done"]
    taken: list[str] = []
    take = rival(lambda: api.take_export(actor=counsellor, uid=export.uid, rows=21), taken)
    run_together(take, take)
    assert sorted(taken) == ["ExportNotReady", "done"]
    openings: list[str] = []
    again_open = rival(lambda: opened(counsellor, "/elsewhere/"), openings)
    run_together(again_open, again_open)
    assert sorted(openings) == ["AlreadyOpen", "done"]
    with unit_of_work(HOUSE):
        assert BreakGlass.objects.count() == 1
