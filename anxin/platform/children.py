"""Starting processes that end with us, and recognising those that did not."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from anxin.platform.errors import PlatformError

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT_BYTES = 5_000_000
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Identity:
    """The user a child runs as."""

    name: str
    uid: int
    gid: int


def unprivileged() -> Identity | None:
    """Who the database runs as when we are root (``ANXIN_PG_USER``, else nobody); ``None`` when we are
    not.
    """
    if os.geteuid() != 0:
        return None
    name = os.environ.get("ANXIN_PG_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise PlatformError(
            f"There is no user {name!r}; set ANXIN_PG_USER to an unprivileged user."
        ) from None
    if entry.pw_uid == 0:
        raise PlatformError("PostgreSQL refuses to run as root; set ANXIN_PG_USER to an unprivileged user.")
    return Identity(name, entry.pw_uid, entry.pw_gid)


def end_with_parent(parent: int, number: int) -> None:
    """Ask the kernel to signal this process when ``parent`` ends.

    Linux only; elsewhere the next start cleans up.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it ended between the fork and the line above
        os.kill(os.getpid(), number)


def spawn(
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[bytes] | int | None,
    death_signal: int = signal.SIGKILL,
    run_as: Identity | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in its own session (Ctrl-C reaches only us), ending when we end, however we end.

    Must be called from the main thread: the kernel watches the thread that forked. Python changes the user
    before it calls ``preexec_fn``, as it must be: a change of user clears the death signal.
    """
    parent = os.getpid()
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=lambda: end_with_parent(parent, death_signal),
        user=run_as.uid if run_as else None,
        group=run_as.gid if run_as else None,
        extra_groups=[] if run_as else None,
    )


def open_log(path: Path) -> IO[bytes]:
    """``path`` opened to append; one that has grown large becomes ``path.1`` first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return open(path, "ab")


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for the person who has to read it."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, path.stat().st_size - 20_000))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])
    except OSError:
        return ""


def fingerprint(pid: int) -> str | None:
    """Something that tells this process from a later one with the same number; ``None`` when there is none.

    A process that has ended but was not yet reaped counts as gone.
    """
    if sys.platform == "linux":
        try:
            fields = (
                Path(f"/proc/{pid}/stat")
                .read_text(encoding="utf-8", errors="replace")
                .rpartition(")")[2]
                .split()
            )
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    found = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None
