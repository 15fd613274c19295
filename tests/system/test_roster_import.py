"""A real worker, a real file, kill -9 in the middle: the import goes on and nobody is there twice."""

import os
import signal
from pathlib import Path

import pytest
from django.db import connections

from anxin.domains.campaigns.models import Group, Participant, RosterImport
from anxin.exchange.tests.rosters import HEADER, csv_bytes, person
from anxin.flows import import_roster
from anxin.flows.tests.campaign_ground import open_campaign
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.stack import eventually

PEOPLE = 24_000


def jobs_process(house: House) -> int:
    """The number of the process that carries out jobs, a child of the worker; 0 when there is none."""
    parent = str(house.stack.processes["worker"].pid)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if fields[1] == parent and fields[0] not in "ZX" and command.split(b"\0")[-2:-1] == [b"jobs"]:
            return int(folder.name)
    return 0


def stored(roster: RosterImport) -> RosterImport:
    with unit_of_work(SYSTEM):
        return RosterImport.objects.get(id=roster.id)


@requirement("R-067", "R-069")
@pytest.mark.timeout(240)
def test_an_import_survives_kill_9_of_its_process_and_of_the_worker(house: House) -> None:
    campaign = open_campaign(house.city)
    table = [HEADER, *(person(serial) for serial in range(PEOPLE))]
    roster = import_roster.receive(
        actor=house.city.actor("zhao-ning"),
        campaign_uid=campaign.uid,
        file_name="名单.csv",
        chunks=[csv_bytes(table, encoding="gbk")],
    )
    eventually("it begins", lambda: stored(roster).next_row > 0)
    first = eventually("jobs are carried out", lambda: jobs_process(house))
    os.kill(first, signal.SIGKILL)
    reached = stored(roster)
    assert 0 < reached.next_row < PEOPLE, "it was over before it could be killed"
    eventually("the worker starts another", lambda: jobs_process(house) not in (0, first))
    eventually("it goes on", lambda: stored(roster).next_row > reached.next_row)
    house.stack.kill("worker")
    house.stack.start("worker")
    connections.close_all()
    eventually("it is finished", lambda: stored(roster).state == "finished", patience=120)
    done = stored(roster)
    assert (done.total_rows, done.accepted, done.unchanged, done.refused) == (PEOPLE, PEOPLE, 0, 0)
    with unit_of_work(SYSTEM):
        assert Participant.objects.filter(campaign=campaign).count() == PEOPLE
        assert Group.objects.filter(campaign=campaign).count() == (PEOPLE - 1) // 45 + 1
    assert house.stack.health().get("worker") == "ok"
