"""pg_dump and pg_restore as children: fed and read in streams, their passwords never among their arguments."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict

from anxin.platform import children, paths
from anxin.platform.engine import Engine
from anxin.platform.errors import PlatformError

_CHUNK = 1 << 20
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
}
_FULL_DISK = "No space left on device"


def program(engine: Engine, name: str) -> Path:
    """The path of one of the two. Raises :class:`PlatformError` when it is not there."""
    path = engine.program(name)
    if not path.is_file():
        raise PlatformError(f"The PostgreSQL program {name} is missing in {engine.bin}; set ANXIN_PG_BIN.")
    return path


def environment(url: str) -> dict[str, str]:
    """The server of ``url`` for libpq. What is in the environment can be read by this user only, arguments by all."""
    env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGAPPNAME": "backup"}
    env |= {name: value for name, value in os.environ.items() if name.startswith("PGSSL")}
    for name, value in conninfo_to_dict(url).items():
        if value is not None and name not in ("options", "application_name", "connect_timeout"):
            env[_VARIABLES.get(name, f"PG{name.upper()}")] = str(value)
    return env


def output(command: Sequence[str | os.PathLike[str]], url: str) -> Iterator[bytes]:
    """What ``command`` prints. Raises :class:`PlatformError` with its reason when it fails."""
    with _child(command, environment(url), feed=None) as (child, said):
        if child.stdout is None:
            raise RuntimeError("the child has no output")
        while chunk := child.stdout.read(_CHUNK):
            yield chunk
        _demand_success(child, said, command)


def filtered(
    command: Sequence[str | os.PathLike[str]], chunks: Iterator[bytes], url: str = ""
) -> Iterator[bytes]:
    """What ``command`` prints while it is fed ``chunks``."""
    with _child(command, environment(url) if url else environment("host=/nowhere"), feed=chunks) as (
        child,
        said,
    ):
        if child.stdout is None:
            raise RuntimeError("the child has no output")
        while chunk := child.stdout.read(_CHUNK):
            yield chunk
        _demand_success(child, said, command)


@contextmanager
def _child(
    command: Sequence[str | os.PathLike[str]], env: dict[str, str], *, feed: Iterator[bytes] | None
) -> Iterator[tuple["subprocess.Popen[bytes]", IO[bytes]]]:
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [os.fspath(part) for part in command],
            env=env,
            cwd=paths.checkout(),
            stdin=subprocess.DEVNULL if feed is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
            preexec_fn=_ends_with(os.getpid()),
        )
        feeder = _Feeder(child, feed) if feed is not None else None
        try:
            yield child, said
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()
            if feeder is not None:
                feeder.end()


class _Feeder:
    """Writes into a child beside us; what goes wrong while reading the source is raised at the end."""

    def __init__(self, child: "subprocess.Popen[bytes]", chunks: Iterator[bytes]) -> None:
        self._child, self._chunks = child, chunks
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._thread.start()

    def _feed(self) -> None:
        pipe = self._child.stdin
        try:
            for chunk in self._chunks:
                if pipe is not None:
                    pipe.write(chunk)
        except BrokenPipeError:
            return  # the child says itself why it stopped
        except BaseException as error:
            self._error = error
            self._child.kill()
        finally:
            try:
                if pipe is not None:
                    pipe.close()
            except BrokenPipeError:
                pass

    def end(self) -> None:
        """Wait for the last byte."""
        self._thread.join()
        if self._error is not None:
            raise self._error


def _ends_with(parent: int) -> Callable[[], None]:
    return lambda: children.end_with_parent(parent, signal.SIGKILL)


def _demand_success(
    child: "subprocess.Popen[bytes]", said: IO[bytes], command: Sequence[str | os.PathLike[str]]
) -> None:
    if child.wait() == 0:
        return
    said.seek(0)
    text = said.read().decode("utf-8", "replace")
    name = Path(command[0]).name
    if _FULL_DISK in text:
        raise PlatformError(f"{name} failed: the disk of the database is full. Free some space.")
    lines = [line.strip() for line in text.splitlines() if "error:" in line] or text.strip().splitlines()
    reason = lines[0].partition("error:")[2].strip() or lines[0] if lines else "it said nothing"
    raise PlatformError(f"{name} failed: {reason}")
