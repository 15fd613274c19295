"""Bringing in a roster of a million invented people, beside one INSERT a row.

    .venv/bin/python -m benchmarks.roster_import [--rows 1000000] [--sample 20000]

Both write the same sealed columns and hashes to the same table, on the same durable database, as the worker's role
would. The road is the whole road: a sealed file in GBK, read in a stream, checked row by row, in sets.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from benchmarks.ground import Ground, cpu_of, heading, on_durable_database

HEADER = "年级,班级,姓名,身份证号,学号,性别,监护人电话\r\n"
CHUNK_ROWS = 2000


def lines(count: int) -> Iterator[bytes]:
    """The file, in pieces."""
    from anxin.kernel.identifiers_cn import check_character

    yield HEADER.encode("gbk")
    first = date(2009, 1, 1)
    piece: list[str] = []
    for serial in range(count):
        born = first + timedelta(days=serial % 3650)
        area, order = divmod(serial // 3650, 500)
        body = f"99{area:04d}{born:%Y%m%d}{order * 2 + serial % 2:03d}"
        sex = "男" if int(body[-1]) % 2 else "女"
        number = f"{body}{check_character(body)}"
        school = f"{serial // 900 % 1500}校 {serial // 45 % 20 + 1} 班"
        piece.append(f"{serial // 900 % 9 + 1}年级,{school},赵安{'宁晨晓欣远'[serial % 5]},{number},")
        piece.append(f"{serial % 45 + 1},{sex},138{serial % 10**8:08d}\r\n")
        if len(piece) >= 2 * CHUNK_ROWS:
            yield "".join(piece).encode("gbk")
            piece = []
    yield "".join(piece).encode("gbk")


def measured(ground: Ground, work: Any) -> tuple[float, float, float]:
    """Seconds, CPU seconds here, CPU seconds of the database."""
    start, own, database = time.perf_counter(), time.process_time(), cpu_of(ground.server_pid)
    work()
    return (
        time.perf_counter() - start,
        time.process_time() - own,
        cpu_of(ground.server_pid) - database,
    )


def one_by_one(campaign: Any, rows: list[Any]) -> None:
    """The plain way: a transaction with one INSERT for each row that was read."""
    from anxin.domains.campaigns.models import Group, Participant
    from anxin.domains.campaigns.services.roster import identity_index
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    with unit_of_work(SYSTEM):
        group = Group.objects.create(campaign=campaign, code="BENCH", name="bench")
    for row in rows:
        with unit_of_work(SYSTEM):
            Participant.objects.create(
                campaign=campaign,
                group=group,
                scope_path=campaign.scope_path,
                name=row.name,
                identity_index=identity_index(row.identity),
                roster_number=row.roster_number,
                sex=row.sex,
                born_on=row.born_on,
                guardian_phone=row.guardian_phone,
            )


def run(ground: Ground, rows: int, sample: int) -> None:
    """Both roads, and what they cost."""
    from functools import partial

    from anxin.domains.campaigns.models import Participant, RosterImport
    from anxin.exchange.roster import files
    from anxin.exchange.roster.reading import open_roster
    from anxin.flows import import_roster
    from anxin.flows.tests.campaign_ground import open_campaign
    from anxin.kernel import clock
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    campaign = open_campaign(ground.city)
    roster: list[Any] = []

    def put_down() -> None:
        roster.append(
            import_roster.receive(
                actor=ground.city.actor("zhao-ning"),
                campaign_uid=campaign.uid,
                file_name="bench.csv",
                chunks=lines(rows),
            )
        )

    kept = measured(ground, put_down)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    held = open_roster(partial(files.read_upload, roster[0].uid), import_roster.limits())
    people = [
        one.row
        for _, one in zip(range(sample), held.rows(start=0, today=clock.today()), strict=False)
        if one.row
    ]
    del held
    brought = measured(ground, lambda: import_roster.carry_on({"roster": roster[0].uid}))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with unit_of_work(SYSTEM):
        done = RosterImport.objects.get(uid=roster[0].uid)
        there = Participant.objects.count()
    assert (done.state, done.accepted, there) == ("finished", rows, rows), (done.state, done.failure, there)
    other = open_campaign(ground.city, number="S-2")
    single = measured(ground, lambda: one_by_one(other, people))

    heading(f"A roster of {rows:,} rows", "One file of text in GBK, sets of 2,000 rows, fsync on")
    print("| | rows | seconds | rows/s | CPU µs a row, here | CPU µs a row, database |")
    print("|---|---|---|---|---|---|")
    for name, count, (seconds, own, database) in (
        ("upload: write and seal the file", rows, kept),
        ("import: read, check, seal, hash, insert in sets", rows, brought),
        ("one INSERT a row, rows already read and checked", len(people), single),
    ):
        print(
            f"| {name} | {count:,} | {seconds:.1f} | {count / seconds:,.0f} |"
            f" {own / count * 1e6:.0f} | {database / count * 1e6:.0f} |"
        )
    ratio = (rows / brought[0]) / (len(people) / single[0])
    print(f"\nRatio of rows/s: {ratio:.1f}. Peak memory of the process: {peak} MB ({before} MB before).")


def main() -> None:
    """Entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=20_000)
    options = parser.parse_args()
    with on_durable_database() as ground:
        run(ground, options.rows, options.sample)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
