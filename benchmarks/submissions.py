"""Durable submissions per second through the product, beside pgbench in the same minute.

    python -m benchmarks.submissions [--seconds 8]

One client process sends finished self-tests through the flow that the resident's page calls (answers, score
sheet, outbox row, audit row: one transaction, synchronous commit on, fsync on). Its neighbour is pgbench with
one single- row INSERT per transaction on the same server with as many connections, before and after. The
ratio of the two and the CPU of each per transaction are what carries over to another machine; the absolute
figures do not.
"""

import argparse
import os
import resource
import subprocess
import threading
import time

from benchmarks.ground import Ground, cpu_of, heading, on_durable_database

CLIENTS = 4


def _pgbench(ground: Ground, seconds: int) -> tuple[float, float]:
    script = ground.folder / "insert.sql"
    script.write_text("INSERT INTO bench_row (body) VALUES ('0,1,2,3,0,1,2,3,0');\n", encoding="utf-8")
    command = [
        str(ground.program("pgbench")),
        *("-n", "-M", "prepared", "-c", str(CLIENTS), "-T", str(seconds), "-f", str(script)),
        ground.owner_url,
    ]
    before = cpu_of(ground.server_pid)
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    rate = float(next(line for line in output.splitlines() if line.startswith("tps")).split()[2])
    client = after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime
    return rate, (cpu_of(ground.server_pid) - before + client) / (rate * seconds)


def _product(ground: Ground, seconds: int) -> tuple[float, float]:
    from django.db import connection

    from anxin.domains.assessments import api as assessments
    from anxin.flows import submit_questionnaire
    from anxin.kernel.unit_of_work import unit_of_work

    stop = time.monotonic() + seconds
    counts = [0] * CLIENTS

    def send(index: int) -> None:
        actor, scope = ground.residents[index]
        while time.monotonic() < stop:
            with unit_of_work(actor):
                sitting = assessments.start_sitting(
                    actor=actor, instrument="phq-9", language="zh-Hans", age=36, scope_path=scope
                )
                for item in range(1, 10):
                    assessments.save_answer(
                        actor=actor, sitting_uid=sitting.uid, item=item, value=item % 3 % 2
                    )
            submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid)
            counts[index] += 1
        connection.close()

    server, own = cpu_of(ground.server_pid), time.process_time()
    threads = [threading.Thread(target=send, args=(index,)) for index in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = sum(counts)
    used = cpu_of(ground.server_pid) - server + time.process_time() - own
    return done / seconds, used / done


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    seconds = parser.parse_args().seconds
    with on_durable_database(residents=CLIENTS) as ground:
        setting = f"{CLIENTS} connections, {seconds} s each, {os.cpu_count()} cores"
        heading("Durable submissions beside pgbench", setting)
        first = _pgbench(ground, seconds)
        product = _product(ground, seconds)
        second = _pgbench(ground, seconds)
    baseline = (first[0] + second[0]) / 2
    print("| what | per second | CPU ms each | ratio to pgbench |")
    print("|---|---|---|---|")
    print(f"| pgbench, one INSERT each (before) | {first[0]:.0f} | {first[1] * 1000:.2f} | |")
    print(
        f"| nine answers saved one by one, submitted, scored | {product[0]:.1f} | {product[1] * 1000:.1f}"
        f" | {product[0] / baseline:.4f} |"
    )
    print(f"| pgbench, one INSERT each (after) | {second[0]:.0f} | {second[1] * 1000:.2f} | |")


if __name__ == "__main__":
    main()
