"""Locks that end with the process that holds them, so a crash never leaves a stale one."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import IO, Any


class HeldElsewhere(Exception):
    """Another process holds the lock; ``note`` is what it wrote about itself."""

    def __init__(self, note: dict[str, Any]) -> None:
        super().__init__(note)
        self.note = note


class Lock:
    """An advisory lock on a file, with a note for whoever finds it taken.

    The kernel gives the lock back when the holder dies, so the note of a dead holder is only history: it is
    kept in ``left_behind``, for it may name children that outlived the holder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left_behind: dict[str, Any] = {}
        self._file: IO[str] | None = None

    def take(self, **note: Any) -> None:
        """Take the lock or raise :class:`HeldElsewhere`."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = open(self.path, "a+", encoding="utf-8")  # noqa: SIM115  held until release
        found = _read_note(file)
        if not _try_lock(file):
            file.close()
            raise HeldElsewhere(found)
        self._file, self.left_behind = file, found
        self.write_note(**note)

    def write_note(self, **note: Any) -> None:
        """Replace the note."""
        if self._file is None:
            raise RuntimeError("the lock is not held")
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), **note}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Give the lock back and clear the note. Harmless when it is not held."""
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
            self._file.close()
            self._file = None


def _try_lock(file: IO[str]) -> bool:
    for _ in range(4):  # whoever reads the note holds the lock for an instant
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            time.sleep(0.02)
    return False


def note_of_holder(path: Path) -> dict[str, Any] | None:
    """What the living holder of ``path`` wrote about itself; ``None`` when nobody holds it."""
    try:
        with open(path, encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return _read_note(file)
    except OSError:
        pass
    return None


def _read_note(file: IO[str]) -> dict[str, Any]:
    file.seek(0)
    try:
        note = json.load(file)
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}
