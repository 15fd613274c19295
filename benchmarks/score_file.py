"""Scoring a file of a million sheets, beside a plain loop over the ordinary scoring.

    python -m benchmarks.score_file [--rows 1000000] [--loop-rows 1500] [--rounds 5] [--instrument scl-90]

Every round times both, one after the other, so that a busy machine slows both. The file goes through the whole of
``anxin score --csv --out``: read, scored, bands and findings written. The loop gets its answers as lists that are in
memory already and writes nothing, which is to its advantage; it runs over fewer rows, and time per row is compared.
Both are counted in seconds of the clock; the CPU seconds stand beside them, because the file uses every core.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.ground import heading

_DIFFERENT = 20_000


def _answers(name: str, rows: int) -> list[list[int]]:
    from anxin.domains.instruments import library

    chance = random.Random(20260101)
    codes = [item.codes for item in library.get(name).items]
    return [[chance.choice(one) for one in codes] for _ in range(rows)]


def _write(target: Path, forms: list[list[int]], rows: int) -> None:
    """The forms over and over, each row with an id of its own."""
    lines = [",".join(map(str, form)) for form in forms]
    with target.open("w", encoding="utf-8", newline="") as out:
        out.write("id," + ",".join(f"q{number}" for number in range(1, len(forms[0]) + 1)) + "\n")
        for number in range(rows):
            out.write(f"p{number:07d},{lines[number % len(lines)]}\n")


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock, and CPU seconds of this process and its children."""
    cpu, started = _cpu(), time.perf_counter()
    work()
    return time.perf_counter() - started, _cpu() - cpu


def _cpu() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _loop(name: str, forms: list[list[int]]) -> None:
    from anxin.domains.instruments import library
    from anxin.domains.instruments.rules.scoring import score

    instrument = library.get(name)
    for form in forms:
        score(instrument, form)


def _command(name: str, source: Path, target: Path) -> None:
    command = [sys.executable, "-m", "anxin.cli", "score", name, "--csv", str(source), "--out", str(target)]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instrument", default="scl-90")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--loop-rows", type=int, default=1_500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    forms = _answers(options.instrument, min(options.rows, _DIFFERENT))
    setting = f"{options.instrument}, {options.rows} rows × {len(forms[0])} answers, {os.cpu_count()} cores"
    heading("Scoring a file beside a plain loop", setting)
    print("| round | loop, µs a row | file, s | file, µs a row | file, CPU µs a row | ratio | ratio of CPU |")
    print("|---|---|---|---|---|---|---|")
    ratios = []
    with tempfile.TemporaryDirectory(prefix="anxin-bench-") as folder:
        source, target = Path(folder, "in.csv"), Path(folder, "out.csv")
        _write(source, forms, options.rows)
        for number in range(1, options.rounds + 1):
            loop, loop_cpu = _timed(lambda: _loop(options.instrument, forms[: options.loop_rows]))
            target.unlink(missing_ok=True)
            file, file_cpu = _timed(lambda: _command(options.instrument, source, target))
            each = [1e6 * loop / options.loop_rows, 1e6 * loop_cpu / options.loop_rows]
            row = [1e6 * file / options.rows, 1e6 * file_cpu / options.rows]
            ratios.append(each[0] / row[0])
            print(
                f"| {number} | {each[0]:.0f} | {file:.1f} | {row[0]:.2f} | {row[1]:.2f} | {ratios[-1]:.0f} |"
                f" {each[1] / row[1]:.0f} |",
                flush=True,
            )
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"\nRatio: least {min(ratios):.0f}, median {statistics.median(ratios):.0f}, greatest {max(ratios):.0f}."
        f" The command needed at most {memory:.0f} MiB of memory."
    )


if __name__ == "__main__":
    main()
