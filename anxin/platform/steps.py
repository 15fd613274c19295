"""Long steps of a start: run as a child, told about while they run, explained when they fail."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from anxin.platform import children, paths
from anxin.platform.errors import PlatformError

_TOLD_EVERY_SECONDS = 3.0
_FULL_DISK = ("No space left on device", "DiskFull")


def run_step(
    title: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    announce: Callable[[str], None],
    tell: Callable[[str], bool],
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Run ``command`` to its end.

    Its output goes to ``log``; lines that ``tell`` picks are shown, not too often.
    """
    announce(f"{title} ...")
    with children.open_log(log) as file:
        start = file.tell()
        child = children.spawn(command, env=env, cwd=cwd, output=subprocess.PIPE)
        try:
            told_at = now()
            for raw in child.stdout or ():
                file.write(raw)
                file.flush()
                line = raw.decode("utf-8", "replace").strip()
                if tell(line) and now() - told_at >= _TOLD_EVERY_SECONDS:
                    announce(f"  {line}")
                    told_at = now()
            code = child.wait()
        finally:
            _end(child)
    if code != 0:
        raise _failure(title, log, start)


def output_of(command: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> str:
    """What a short command prints. Raises :class:`PlatformError` with its last line when it fails."""
    done = subprocess.run(command, env=dict(env), cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise PlatformError(f"{' '.join(command[1:])} failed: {reason}")
    return done.stdout.rstrip("\n")


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child.stdout:
        child.stdout.close()


def _failure(title: str, log: Path, start: int) -> PlatformError:
    with open(log, "rb") as file:
        file.seek(start)
        said = file.read().decode("utf-8", "replace")
    if any(sign in said for sign in _FULL_DISK):
        return PlatformError(f"{title} failed: the disk is full. Free some space and start again.")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    reason = lines[-1] if lines else "it said nothing"
    return PlatformError(f"{title} failed: {reason} (all of it in {paths.shown(log)}).")
