"""A million psychological archives beside ten thousand: finding one, a page of a list, one archive with its timeline.

    python -m benchmarks.archives [--large 1000000]

The costs must follow what is shown, not what is kept; the ratio of the two medians says whether they do. The people are
loaded with COPY by the owner, with real indexes and hashes but one sealed name for all. Plans are those of the queries
the pages really send, under row security, in the scope of the reader.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.ground import Ground, heading, on_durable_database

SMALL, ROUNDS, STATIONS = 10_000, 15, 500
_TABLES = ("residents_resident", "residents_consent", "archives_archive", "archives_archiveentry")
_PEOPLE = (
    "COPY residents_resident (id, uid, number, name, phone, identity_index, contact_index, born_on, sex, home_unit_id,"
    " scope_path, safe_hours, created_at) FROM STDIN"
)
_CONSENTS = (
    "COPY residents_consent (uid, resident_id, purpose, data_kinds, recipient, text_version, given_at, given_by,"
    " recorded_by, withdrawn_by) FROM STDIN"
)
_ARCHIVES = (
    "COPY archives_archive (id, uid, number, resident_id, unit_id, scope_path, is_custody, status, retention_class,"
    " opened_at, opened_unit_id) FROM STDIN"
)
_ENTRIES = (
    "COPY archives_archiveentry (uid, archive_id, happened_at, kind, author_kind, author_uid, author_label, params,"
    " note) FROM STDIN"
)


@dataclass
class Known:
    """Somebody in the middle of the heap, by everything they can be asked for."""

    number: str
    phone: str
    id_number: str
    uid: str


def id_number_of(serial: int) -> str:
    """A well-formed number for each serial; the area code belongs to nobody."""
    from anxin.kernel.identifiers_cn import check_character

    day, sequence = divmod(serial, 999)
    month, date = 1 + day // 60 % 12, 1 + day // 720 % 28
    body = f"990000{1940 + day % 60}{month:02d}{date:02d}{1 + sequence:03d}"
    return body + check_character(body)


def phone_of(serial: int) -> str:
    """A mobile number for each serial."""
    return f"1{30_000_000_00 + serial:010d}"


def stations(ground: Ground) -> list[Any]:
    """Enough stations for the heap, half below each county."""
    from anxin.domains.network import api as network
    from anxin.domains.network.contracts import HostType, Service, UnitDraft, UnitKind
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    drafts = [
        UnitDraft(
            number=f"B{number:05d}",
            name=f"驿站 {number}",
            kind=UnitKind.STATION,
            parent="Q" if number % 2 else "S",
            host_type=HostType.COMMUNITY,
            services=(Service.COUNSELLING,),
        )
        for number in range(STATIONS)
    ]
    with unit_of_work(SYSTEM):
        return list(network.create_units(actor=SYSTEM, drafts=drafts))


def load(ground: Ground, units: list[Any], first: int, last: int) -> None:
    """People ``first`` to ``last`` with an archive, an agreement and a line of history each."""
    import psycopg

    from anxin.domains.residents import api as residents
    from anxin.kernel import clock
    from anxin.kernel.crypto import seal
    from anxin.kernel.ids import new_uid

    name = seal("李晴", context="residents_resident.name")
    phone = seal("13000000000", context="residents_resident.phone")
    version = residents.consent_text(purpose="archive").version
    moment = clock.now()

    def people() -> Iterator[tuple[Any, ...]]:
        for serial in range(first, last):
            unit = units[serial % len(units)]
            identity = residents.identity_index(id_number_of(serial))
            contact = residents.contact_index(phone_of(serial))
            row = (
                10**6 + serial,
                new_uid(),
                f"R9{serial:08d}",
                name,
                phone,
                identity,
                contact,
                "1990-01-01",
                "f",
            )
            yield (*row, unit.id, unit.path, "", moment)

    def archives() -> Iterator[tuple[Any, ...]]:
        for serial in range(first, last):
            unit = units[serial % len(units)]
            row = (10**6 + serial, new_uid(), f"A9{serial:08d}", 10**6 + serial, unit.id, unit.path, False)
            yield (*row, "open", "service_record", moment, unit.id)

    def consents() -> Iterator[tuple[Any, ...]]:
        for serial in range(first, last):
            row = (new_uid(), 10**6 + serial, "archive", "{}", "", version, moment)
            yield (*row, "self", "", "")

    def entries() -> Iterator[tuple[Any, ...]]:
        for serial in range(first, last):
            row = (new_uid(), 10**6 + serial, moment, "opened", "staff", "u", "赵宁")
            yield (*row, '{"unit": "驿站"}', "")

    pairs = ((_PEOPLE, people), (_CONSENTS, consents), (_ARCHIVES, archives), (_ENTRIES, entries))
    with psycopg.connect(ground.owner_url, autocommit=True) as connection:
        # The owner is held by the forced wall too, and COPY into a walled table is refused.
        for table in _TABLES:
            connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for statement, rows in pairs:
            with connection.cursor().copy(statement) as copy:
                for row in rows():
                    copy.write_row(row)
        for table in _TABLES:
            connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            connection.execute(f"ANALYZE {table}")


def somebody(serial: int) -> Known:
    """The person of ``serial``."""
    from anxin.domains.archives.models import Archive
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    with unit_of_work(SYSTEM):
        archive = Archive.objects.get(number=f"A9{serial:08d}")
    return Known(archive.number, phone_of(serial), id_number_of(serial), archive.uid)


def readers(ground: Ground, units: list[Any]) -> dict[str, Any]:
    """A helper and a manager at one station, and a manager of the county."""
    from anxin.domains.network import api as network
    from anxin.domains.network.contracts import Post
    from anxin.kernel.actor import Actor, ActorKind, NodeGrant
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SINCE, SYSTEM

    station, county = units[1], ground.city.units["Q"]
    with unit_of_work(SYSTEM):
        staff = network.add_staff_member(actor=SYSTEM, name="测量")
        posting = network.appoint(
            actor=SYSTEM, staff=staff, unit=station, post=Post.COUNSELLOR, starts_on=SINCE
        )

    def holding(path: str, *permissions: str) -> Actor:
        grant = NodeGrant(path, "bench", frozenset(permissions), sees_identified=True)
        postings = (posting.id,)
        return Actor(ActorKind.STAFF, "bench", "bench", (grant,), staff_id=staff.id, posting_ids=postings)

    return {
        "helper": holding(
            station.path, "archives.view", "archives.write", "residents.view", "assessments.read_result"
        ),
        "station": holding(station.path, "archives.view_meta", "archives.count"),
        "county": holding(county.path, "archives.view_meta", "archives.count"),
        "posting": posting,
    }


def help_some(ground: Ground, actors: dict[str, Any], serials: range) -> None:
    """The helper is helping these people."""
    from anxin.domains.archives.models import Archive, Carer
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    with unit_of_work(SYSTEM):
        numbers = [f"A9{serial:08d}" for serial in serials]
        for archive in Archive.objects.filter(number__in=numbers):
            Carer.objects.get_or_create(archive=archive, posting=actors["posting"], until=None)


def questions(actors: dict[str, Any], known: Known) -> dict[str, Callable[[], Any]]:
    """What is measured: each in a unit of work of its reader, as the pages do it."""
    from django.http import QueryDict

    from anxin.domains.archives import api as archives
    from anxin.kernel.unit_of_work import unit_of_work
    from anxin.sites.staff.archives import listing, presenters
    from anxin.sites.staff.archives.forms import ArchiveFilter

    def listed(who: str, query: str = "") -> Callable[[], Any]:
        def run() -> Any:
            with unit_of_work(actors[who]):
                rows = listing.archive_list(actors[who], ArchiveFilter(QueryDict(query))).rows
                assert rows, (who, query)
                return rows

        return run

    def page() -> Any:
        with unit_of_work(actors["helper"]):
            return presenters.archive_page(actors["helper"], known.uid)

    def counted() -> Any:
        path = actors["county"].grants[0].path
        with unit_of_work(actors["county"]):
            return archives.count_people(actor=actors["county"], node_path=path)

    return {
        "find by number, helper": listed("helper", f"q={known.number}"),
        "find by telephone, helper": listed("helper", f"q={known.phone}"),
        "find by identity number, helper": listed("helper", f"q={known.id_number}"),
        "find by telephone, county": listed("county", f"q={known.phone}"),
        "first page, helper": listed("helper"),
        "first page, station": listed("station"),
        "first page, county": listed("county"),
        "a page in the middle, county": listed("county", f"before={known.number}"),
        "one archive with its timeline": page,
        "people of the county, counted": counted,
    }


def median_of(run: Callable[[], Any]) -> float:
    """Milliseconds, once warmed."""
    run()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def plan_of(actors: dict[str, Any], who: str, run: Callable[[], Any]) -> list[str]:
    """How PostgreSQL reaches the two large tables in the queries of ``run``."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from anxin.kernel.unit_of_work import unit_of_work

    with CaptureQueriesContext(connection) as sent:
        run()
    found: set[str] = set()
    with unit_of_work(actors[who]), connection.cursor() as cursor:
        for one in sent.captured_queries:
            if (
                one["sql"].startswith("SELECT")
                and "archives_archive" in one["sql"]
                and "count" not in one["sql"].lower()
            ):
                cursor.execute("EXPLAIN " + one["sql"])
                lines = [row[0].strip(" ->") for row in cursor.fetchall()]
                found |= {
                    line.partition("  (")[0]
                    for line in lines
                    if "Scan" in line and ("archives_archive" in line or "residents_resident" in line)
                }
    return sorted(found)


def main() -> None:
    """Ten thousand, then all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=1_000_000)
    large = parser.parse_args().large
    with on_durable_database() as ground:
        units = stations(ground)
        actors = readers(ground, units)
        begun = time.perf_counter()
        load(ground, units, 0, SMALL)
        mine = range(1, SMALL, STATIONS)
        help_some(ground, actors, mine)
        known = somebody(mine[len(mine) // 2])
        small = {name: median_of(run) for name, run in questions(actors, known).items()}
        load(ground, units, SMALL, large)
        loaded = time.perf_counter() - begun
        middle = somebody(mine[len(mine) // 2])
        asked = questions(actors, middle)
        big = {name: median_of(run) for name, run in asked.items()}
        heading(
            f"Archives: {large:,} beside {SMALL:,}",
            f"{STATIONS} stations; loaded and measured in {loaded:.0f} s; medians of {ROUNDS}; row security on",
        )
        print(f"| what | {SMALL:,} ms | {large:,} ms | ratio |\n|---|---:|---:|---:|")
        for name, value in big.items():
            print(f"| {name} | {small[name]:.1f} | {value:.1f} | {value / small[name]:.1f} |")
        print("\nHow PostgreSQL reaches the two tables:\n")
        for name in list(asked)[:8]:
            who = name.rpartition(", ")[2]
            print(f"- {name}: {'; '.join(plan_of(actors, who, asked[name]))}")


if __name__ == "__main__":
    main()
