"""Ending what an earlier start left running."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from anxin.platform import children
from anxin.platform.errors import PlatformError

# Fast shutdown, then immediate shutdown (recovered from at the next start), then no more questions.
_INSISTENCE = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


def end_processes_in(data: Path) -> None:
    """End every PostgreSQL process that works in ``data``, and remove the pid file nobody stands behind.

    The pid file alone proves nothing: its number may belong to somebody else by now, or to a dead process
    that no parent has reaped, and PostgreSQL would refuse to start beside either. So processes are known by
    their working folder, and the file goes once no process is left there.
    """
    for number, patience in _INSISTENCE:
        if not _server_in(data):
            break
        _signal_server(data, number)
        _wait_until_gone(data, patience)
    if _server_in(data):
        raise PlatformError(
            f"An earlier PostgreSQL in {data} does not end; end it by hand: kill -9 {_server_in(data)[0]}"
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def end_recorded(records: list[dict[str, object]]) -> None:
    """Kill processes that a dead parent wrote down, unless their numbers have passed to others.

    On Linux the kernel has done it already; elsewhere nobody has.
    """
    for record in records:
        pid, known = record.get("pid"), record.get("fingerprint")
        if isinstance(pid, int) and known and children.fingerprint(pid) == known:
            try:
                os.killpg(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue


def _server_in(data: Path) -> list[int]:
    """The processes that work in ``data``, the oldest (the server itself) first."""
    if sys.platform != "linux":
        return _server_by_pid_file(data)
    real, found = os.path.realpath(data), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "cwd") == real:
                    found.append(int(entry.name))
            except OSError:
                continue
    server = _pid_in_file(data)
    return sorted(found, key=lambda pid: (pid != server, pid))


def _server_by_pid_file(data: Path) -> list[int]:
    pid = _pid_in_file(data)
    if pid is None:
        return []
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return [pid] if str(data) in shown.stdout else []


def _pid_in_file(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    except OSError:
        return None
    return int(first) if re.fullmatch(r"\d+", first) else None


def _signal_server(data: Path, number: int) -> None:
    """Signal the server; when only its children are left, all of them."""
    found, server = _server_in(data), _pid_in_file(data)
    for pid in [server] if server in found else found:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _wait_until_gone(data: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while _server_in(data) and time.monotonic() < deadline:
        time.sleep(0.05)
