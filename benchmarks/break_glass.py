"""What an open record costs: the same pages with and without one, in turns.

    python -m benchmarks.break_glass [--rounds 15]

The scope is fetched with the grants, so a request without an opening must send no further query, and one with it only
those of the banner. Each round asks for each page once either way; what carries over to another machine is the ratio.
"""

import argparse
import statistics
import time
from typing import Any

from anxin.domains.access.contracts import Cause
from benchmarks.ground import Ground, heading, on_durable_database

PAGES = {"duty board": "/staff/duty/", "cases": "/staff/cases/", "exports": "/staff/exports/"}
BACKEND = "anxin.domains.accounts.backends.LoginBackend"


def _client(ground: Ground, code: str) -> Any:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(ground.city.accounts[code], backend=BACKEND)
    return client


def _measured(client: Any, url: str) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        assert client.get(url).status_code == 200, url
        took = time.perf_counter() - start
    return took * 1000, len(queries)


def measure(ground: Ground, rounds: int) -> None:
    """Print one row for each page. The same person asks, with the record closed and opened again in each round."""
    from anxin.flows import break_glass
    from anxin.sites.staff.tests import officers

    officers.officer(ground.city)
    plea = break_glass.Plea(who=ground.city.residents["li-qing"].number, cause=Cause.LIFE_AT_RISK, reason="x")
    client = _client(ground, "chen-mo")
    times: dict[tuple[str, bool], list[float]] = {(page, one): [] for page in PAGES for one in (False, True)}
    queries: dict[tuple[str, bool], int] = {}
    for number in range(rounds + 1):
        for is_open in (False, True):
            actor = ground.city.actor("chen-mo")
            if is_open:
                break_glass.open_record(actor=actor, account=ground.city.accounts["chen-mo"], plea=plea)
            for page, url in PAGES.items():
                took, queries[page, is_open] = _measured(client, url)
                if number:
                    times[page, is_open].append(took)
        opened = ground.city.actor("chen-mo").opened
        break_glass.end(actor=ground.city.actor("chen-mo"), uid=opened[0].uid)
    print("| Page | Queries without | Queries with | Median without, ms | Median with, ms | Ratio |")
    print("|---|---|---|---|---|---|")
    for page in PAGES:
        without, opened_for = (statistics.median(times[page, one]) for one in (False, True))
        print(
            f"| {page} | {queries[page, False]} | {queries[page, True]} | {without:.1f} | {opened_for:.1f} |"
            f" {opened_for / without:.2f} |"
        )


def main() -> None:
    """The report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with on_durable_database(residents=50) as ground:
        heading("A page with an open record", f"{options.rounds} rounds, warm")
        measure(ground, options.rounds)


if __name__ == "__main__":
    main()
