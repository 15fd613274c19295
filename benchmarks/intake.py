"""Durable submissions per second through the intake lane, beside pgbench and beside our own ordinary view.

    python -m benchmarks.intake [--rounds 5 --seconds 8] [--stored 1000000] [--minutes 10] [--json]

Everything that a form meets in the product is on: the token, the rate limit, the scoring, consent and campaign checked
in the database, the trail, one durable commit for each call, an answer only after it. The rounds are interleaved
(pgbench, lane, ordinary view, pgbench, ...) so that the machine's moods meet all of them. pgbench does one single-row
INSERT per transaction with -M prepared and as many connections, into two tables: a bare one (a number and a text), and
one with the columns and keys of a submission. Ratios carry over to another machine; rates do not.

Then: an open loop at a quarter of the lane's rate, CPU with an empty and with a full table in interleaved rounds, and
with ``--minutes`` the memory of the web process under that open loop.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.campaign import HOUSE, fill_stored, make_campaign, write_bodies
from benchmarks.ground import ROOT, Ground, cpu_of, on_durable_database

CONNECTIONS = 64
STEPS = 20
MOST_PER_SECOND = 25_000
FIRST_PORT = 8961
BLOCK = 4000  # so many participants answer in the same minutes: a hundred classes
LANE, VIEW = "/intake/submissions", "/campaign-answers/"
BARE = "INSERT INTO bench_row (body) VALUES ('0,1,2,3,0,1,2,3,0');\n"
ALIKE = (
    "\\set who random(1, 2000000000)\n"
    "INSERT INTO bench_submission (uid, campaign_id, participant_id, scope_path, step, instrument, instrument_version,"
    " language, answers, deciseconds, digest, scores, is_critical, channel, answered_at, received_at)"
    " VALUES (gen_random_uuid(), 1, :who, '/1/6/10/', 1, 'phq-9', '1', 'zh-Hans', '{0,1,2,3,0,1,2,3,0}',"
    " '{20,21,22,23,24,25,26,27,28}', sha256('x'), '{\"total\": 12}', false, 'online', '2026-01-05', '2026-01-05')"
    " ON CONFLICT DO NOTHING;\n"
)


@dataclass
class Round:
    """One measurement: how many in a second, and the CPU of each in microseconds."""

    per_second: float
    web: float = 0.0
    database: float = 0.0
    client: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    broken: int = 0
    buffers: float = 0.0


class Site:
    """One database with a campaign in it, and the web process before it."""

    def __init__(self, ground: Ground, database: str, campaign: int, order: list[int], port: int) -> None:
        cluster = ground.cluster
        self.ground, self.port = ground, port
        self.owner_url = cluster.url("anxin_owner", database)
        self._campaign, self._order = campaign, order
        self._bodies = ground.folder / f"bodies-{port}"
        self._step = self._sent = 0
        self._environment = {
            **os.environ,
            "DATABASE_URL": cluster.url("anxin_app", database),
            "ANXIN_INTAKE_DATABASE_URL": cluster.url("anxin_intake", database),
            "ANXIN_PROCESS": "web",
            "PYTHONWARNINGS": "ignore",
        }
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            connection.execute("ANALYZE")

    @contextmanager
    def running(self) -> Iterator[None]:
        """The web process, as ``anxin serve`` starts it."""
        from anxin.platform import health
        from anxin.platform.startup import web_command

        with open(self.ground.folder / f"web-{self.port}.log", "wb") as log:
            command = web_command("127.0.0.1", self.port)
            self.web = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
            try:
                deadline = time.monotonic() + 60
                while (health.ask("127.0.0.1", self.port) or {}).get("intake") != "ok":
                    if time.monotonic() > deadline:
                        raise SystemExit((self.ground.folder / f"web-{self.port}.log").read_text())
                    time.sleep(0.1)
                yield
            finally:
                self.web.terminate()
                self.web.wait(20)

    def _enough(self, count: int) -> None:
        """See that ``count`` forms are left to send: everybody goes on to the next step when they are not."""
        if self._step == 0 or len(self._order) - self._sent < count:
            self._step, self._sent = self._step + 1, 0
            write_bodies(self._bodies, self._campaign, self._order, step=self._step)

    def send(self, path: str, *, seconds: float, rate: float = 0.0) -> Round:
        """One round of the load generator."""
        most = int(seconds * (rate or MOST_PER_SECOND))
        self._enough(most)
        command = [sys.executable, "-m", "benchmarks.load", "--port", str(self.port), "--path", path]
        command += ["--bodies", str(self._bodies), "--first", str(self._sent), "--count", str(most)]
        command += ["--seconds", str(seconds), "--connections", str(CONNECTIONS)]
        command += ["--rate", str(rate)] if rate else []
        newest, buffers = self.newest(), self.buffers()
        database, web = cpu_of(self.ground.server_pid), cpu_of(self.web.pid)
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        web, database = cpu_of(self.web.pid) - web, cpu_of(self.ground.server_pid) - database
        said = json.loads(done.stdout)
        self._sent += said["sent"]
        answered = sum(said["statuses"].values())
        kept = self.kept(newest)
        if kept != said["statuses"].get("201", 0):
            raise SystemExit(f"lost or doubled: {said['statuses']} answered, {kept} kept")
        return Round(
            per_second=said["per_second"],
            web=1e6 * web / answered,
            database=1e6 * database / answered,
            client=1000 * said["cpu_ms_each"],
            p50_ms=said["p50_ms"],
            p95_ms=said["p95_ms"],
            statuses=said["statuses"],
            broken=said["broken"],
            buffers=(self.buffers() - buffers) / answered,
        )

    def newest(self) -> int:
        """The id of the last form."""
        return self._ask("SELECT coalesce(max(id), 0) FROM campaigns_submission")

    def kept(self, after: int) -> int:
        """How many forms are there behind the id ``after``."""
        return self._ask(f"SELECT count(*) FROM campaigns_submission WHERE id > {after}")

    def _ask(self, statement: str) -> int:
        with psycopg.connect(self.owner_url) as connection:
            connection.execute(HOUSE)
            row = connection.execute(statement).fetchone()
            return int(row[0]) if row else 0

    def buffers(self) -> int:
        """Buffers of the submissions' table and its indexes that were touched so far."""
        time.sleep(1.2)  # backends report at most once a second
        return self._ask(
            "SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit"
            " FROM pg_statio_user_tables WHERE relname = 'campaigns_submission'"
        )

    def memory(self) -> float:
        """Resident memory of the web process, MB."""
        for line in Path(f"/proc/{self.web.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0


def pgbench(ground: Ground, script: str, seconds: int) -> Round:
    """One single-row INSERT per transaction."""
    import resource

    file = ground.folder / "insert.sql"
    file.write_text(script, encoding="utf-8")
    command = [str(ground.program("pgbench")), "-n", "-M", "prepared", "-c", str(CONNECTIONS)]
    command += ["-T", str(seconds), "-f", str(file), ground.owner_url]
    server, own = cpu_of(ground.server_pid), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    output = done.stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate = float(next(line for line in output.splitlines() if line.startswith("tps")).split()[2])
    client = after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime
    each = 1e6 / (rate * seconds)
    return Round(rate, database=(cpu_of(ground.server_pid) - server) * each, client=client * each)


def compare(site: Site, *, rounds: int, seconds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Lane, ordinary view and both kinds of pgbench, turn about."""
    taken: dict[str, list[Round]] = {"bare": [], "alike": [], "lane": [], "view": []}
    site.send(LANE, seconds=2)  # warm
    site.send(VIEW, seconds=1)
    for number in range(rounds):
        taken["bare"].append(pgbench(site.ground, BARE, seconds))
        taken["lane"].append(site.send(LANE, seconds=seconds))
        taken["alike"].append(pgbench(site.ground, ALIKE, seconds))
        taken["view"].append(site.send(VIEW, seconds=seconds / 2))
        lane = taken["lane"][-1]
        say(
            f"round {number + 1}: lane {lane.per_second:.0f}/s ({lane.web:.0f} + {lane.database:.0f} µs),"
            f" pgbench {taken['bare'][-1].per_second:.0f}/s, alike {taken['alike'][-1].per_second:.0f}/s,"
            f" view {taken['view'][-1].per_second:.0f}/s"
        )
    ratio = {
        name: statistics.median(
            a.per_second / b.per_second for a, b in zip(taken["lane"], taken[name], strict=True)
        )
        for name in ("bare", "alike", "view")
    }
    lane = taken["lane"]
    return {
        "connections": CONNECTIONS,
        "rounds": rounds,
        "lane_per_second": statistics.median(one.per_second for one in lane),
        "pgbench_per_second": statistics.median(one.per_second for one in taken["bare"]),
        "ratio_to_pgbench": ratio["bare"],
        "ratio_to_pgbench_same_row": ratio["alike"],
        "ratio_to_ordinary_view": ratio["view"],
        "cpu_ms_each": statistics.median(one.web + one.database for one in lane) / 1000,
        "cpu_web_us": statistics.median(one.web for one in lane),
        "cpu_database_us": statistics.median(one.database for one in lane),
        "cpu_client_us": statistics.median(one.client for one in lane),
        "pgbench_cpu_us": statistics.median(one.database + one.client for one in taken["bare"]),
        "p95_ms_at_full_load": statistics.median(one.p95_ms for one in lane),
        "statuses": _sum(one.statuses for one in lane),
        "broken": sum(one.broken for one in lane),
    }


def open_loop(site: Site, *, rate: float, seconds: float) -> dict[str, Any]:
    """Forms that come by the clock, whatever the server does."""
    found = site.send(LANE, seconds=seconds, rate=rate)
    return {
        "rate": rate,
        "p50_ms": found.p50_ms,
        "p95_ms": found.p95_ms,
        "statuses": found.statuses,
        "lost": 0,  # send() ends the run when an acknowledged form is not there
        "broken": found.broken,
    }


def memory(site: Site, *, rate: float, minutes: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Resident memory of the web process, minute by minute."""
    samples = []
    for minute in range(max(1, round(minutes))):
        site.send(LANE, seconds=60.0 * min(1.0, minutes), rate=rate)
        samples.append(site.memory())
        say(f"minute {minute + 1}: {samples[-1]:.1f} MB")
    return {"minutes": minutes, "mb": samples, "growth_mb": samples[-1] - samples[min(1, len(samples) - 1)]}


def stored(empty: Site, full: Site, *, rows: int, rounds: int, seconds: int) -> dict[str, Any]:
    """CPU and buffers of each submission with an empty and with a full table, turn about."""
    pairs = [(empty.send(LANE, seconds=seconds), full.send(LANE, seconds=seconds)) for _ in range(rounds)]
    cpu = [[(one.web + one.database) / 1000 for one in side] for side in zip(*pairs, strict=True)]
    buffers = [[one.buffers for one in side] for side in zip(*pairs, strict=True)]
    return {
        "rows": rows,
        "cpu_ms_empty": statistics.median(cpu[0]),
        "cpu_ms_full": statistics.median(cpu[1]),
        "cpu_ratio": statistics.median(cpu[1]) / statistics.median(cpu[0]),
        "buffers_empty": statistics.median(buffers[0]),
        "buffers_full": statistics.median(buffers[1]),
    }


def _sum(counts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return total


@contextmanager
def sites(ground: Ground, *, people: int, rows: int, say: Callable[[str], None]) -> Iterator[list[Site]]:
    """The site that is measured, and with ``rows`` its twin with so many forms in the table already."""
    campaign, ids = make_campaign(ground.owner_url, number="B", participants=people, steps=STEPS)
    chance = random.Random(7)
    order = [
        one for start in range(0, people, BLOCK) for one in _shuffled(ids[start : start + BLOCK], chance)
    ]
    names = ["anxin"]
    if rows:
        from django.db import connections

        old, before = make_campaign(
            ground.owner_url, number="O", participants=max(1, rows // STEPS), steps=STEPS
        )
        connections.close_all()
        with psycopg.connect(ground.cluster.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE full_one TEMPLATE anxin OWNER anxin_owner")
        say(f"writing {rows:,} forms ...")
        fill_stored(ground.cluster.url("anxin_owner", "full_one"), old, before)
        names.append("full_one")
    with ExitStack() as stack:
        found = [Site(ground, name, campaign, order, FIRST_PORT + place) for place, name in enumerate(names)]
        for site in found:
            stack.enter_context(site.running())
        yield found


def _shuffled(block: list[int], chance: random.Random) -> list[int]:
    chance.shuffle(block)
    return block


def measure(ground: Ground, wanted: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    """Everything that was asked for."""
    with sites(ground, people=wanted.people, rows=wanted.stored, say=say) as found:
        site = found[0]
        result = {"compared": compare(site, rounds=wanted.rounds, seconds=wanted.seconds, say=say)}
        rate = result["compared"]["lane_per_second"] / 4
        result["open_loop"] = open_loop(site, rate=rate, seconds=wanted.seconds)
        if wanted.stored:
            result["stored"] = stored(
                *found, rows=wanted.stored, rounds=wanted.rounds, seconds=wanted.seconds
            )
        if wanted.minutes:
            result["memory"] = memory(site, rate=rate, minutes=wanted.minutes, say=say)
    return result


TARGETS: tuple[tuple[str, str, str, float, bool], ...] = (
    ("durable submissions / pgbench, one bare row each", "compared", "ratio_to_pgbench", 1.0, True),
    (
        "durable submissions / pgbench, one submission row each",
        "compared",
        "ratio_to_pgbench_same_row",
        1.0,
        True,
    ),
    ("durable submissions / our ordinary view", "compared", "ratio_to_ordinary_view", 10.0, True),
    ("CPU ms each, application + database", "compared", "cpu_ms_each", 0.4, False),
    ("p95 ms in an open loop at a quarter of the rate", "open_loop", "p95_ms", 100.0, False),
    ("CPU with a full table / with an empty one", "stored", "cpu_ratio", 1.25, False),
    ("growth of memory, MB", "memory", "growth_mb", 5.0, False),
)


def show(found: dict[str, Any]) -> None:
    """The ratios beside their targets."""
    compared = found["compared"]
    print(
        f"## Intake\n\n{compared['connections']} connections, {compared['rounds']} rounds, {os.cpu_count()} cores.\n"
    )
    print("| what | measured | target | |\n|---|---|---|---|")
    for title, part, name, target, at_least in TARGETS:
        if part in found:
            value = found[part][name]
            met = value >= target if at_least else value <= target
            sign = "≥" if at_least else "≤"
            print(f"| {title} | {value:.2f} | {sign} {target:g} | {'met' if met else 'missed'} |")
    words = "CPU of each in µs: web {cpu_web_us:.0f}, database {cpu_database_us:.0f}, load generator"
    words += " {cpu_client_us:.0f}; pgbench with its server {pgbench_cpu_us:.0f}."
    print("\n" + words.format(**compared))
    if "stored" in found:
        words = "Buffers each: {buffers_empty:.1f} empty, {buffers_full:.1f} with {rows:,} forms."
        print(words.format(**found["stored"]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument(
        "--people", type=int, default=300_000, help="participants; each sends once for each step"
    )
    parser.add_argument(
        "--stored", type=int, default=0, help="forms that are there already, in a second database"
    )
    parser.add_argument("--minutes", type=float, default=0.0, help="memory under an open loop")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with on_durable_database() as ground:
        found = measure(ground, wanted, say)
    if wanted.json:
        print(json.dumps(found, indent=1))
    else:
        show(found)


if __name__ == "__main__":
    main()
