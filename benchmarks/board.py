"""The duty board with 10,000 open warnings, beside the same page with 10.

    python -m benchmarks.board

The page is paged, so its cost must not follow the number of warnings; the ratio of the two medians says
whether it does.
"""

import statistics
import time
from datetime import timedelta

from benchmarks.ground import Ground, heading, on_durable_database

SMALL, LARGE, ROUNDS = 10, 10_000, 15


def fill(ground: Ground, count: int) -> None:
    """``count`` more open warnings of one station, each with its clock."""
    from anxin.domains.deadlines import api as deadlines
    from anxin.domains.deadlines.models import Deadline
    from anxin.domains.network.models import Posting
    from anxin.domains.risk.contracts import Level, Stage
    from anxin.domains.risk.models import Warning
    from anxin.flows.ladders import draw_clock
    from anxin.kernel import clock
    from anxin.kernel.ids import new_uid
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    unit, person = ground.city.units["LIUAN"], ground.city.residents["li-qing"]
    moment = clock.now()
    with unit_of_work(SYSTEM):
        owner = Posting.objects.get(staff=ground.city.staff["zhao-ning"])
        drawn = draw_clock(unit_id=unit.id, level=Level.L2, stage=Stage.ACKNOWLEDGE, subject_uid=new_uid())
        ladder = deadlines.dump_ladder(drawn.order.ladder)
        uids = [new_uid() for _ in range(count)]
        clocks = Deadline.objects.bulk_create(
            [
                Deadline(
                    subject_kind="warning",
                    subject_uid=uid,
                    stage="acknowledge",
                    started_at=moment,
                    due_at=moment + timedelta(hours=4, seconds=number),
                    ladder=ladder,
                    owner=owner,
                    owner_unit=unit,
                    next_change_at=moment + timedelta(hours=4, seconds=number),
                )
                for number, uid in enumerate(uids)
            ],
            batch_size=1000,
        )
        start = Warning.objects.count()
        Warning.objects.bulk_create(
            [
                Warning(
                    uid=uid,
                    number=f"B-{start + number}",
                    source="self_test",
                    source_key=uid,
                    resident=person,
                    unit=unit,
                    scope_path=unit.path,
                    reach_path=unit.path,
                    proposed_level=1 + number % 3,
                    level=1 + number % 3,
                    reasons=[
                        {"code": "x", "message": "The self-test suggests a conversation.", "params": {}}
                    ],
                    route_reason="nearest",
                    acknowledge_due_at=clocks[number].due_at,
                    deadline=clocks[number],
                )
                for number, uid in enumerate(uids)
            ],
            batch_size=1000,
        )


def _median(client: object) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        response = client.get("/staff/duty/")  # type: ignore[attr-defined]
        times.append(time.perf_counter() - before)
        assert response.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get("/staff/duty/")  # type: ignore[attr-defined]
    return statistics.median(times), len(queries)


def main() -> None:
    """Measure and print."""
    with on_durable_database() as ground:
        from django.test import Client

        heading("Duty board", f"Django test client, median of {ROUNDS} requests")
        client = Client(headers={"host": "localhost"})
        client.force_login(
            ground.city.accounts["zhao-ning"], backend="anxin.domains.accounts.backends.LoginBackend"
        )
        fill(ground, SMALL)
        small = _median(client)
        fill(ground, LARGE - SMALL)
        large = _median(client)
    print("| open warnings | median ms | queries | ratio |")
    print("|---|---|---|---|")
    print(f"| {SMALL} | {small[0] * 1000:.0f} | {small[1]} | 1 |")
    print(f"| {LARGE:,} | {large[0] * 1000:.0f} | {large[1]} | {large[0] / small[0]:.2f} |")


if __name__ == "__main__":
    main()
