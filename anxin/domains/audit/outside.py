"""What is written down about the chain outside the database, where not even its owner can rewrite it unnoticed.

``<chain>.roots`` only grows: a line for each segment, and one for each purge. ``<chain>.end`` says how far the chain
reached a moment ago. Whoever wants more than the rights of the operating system lets ``ANXIN_AUDIT_ROOTS`` be a folder
that another machine collects from, or gives the ``.roots`` file the attribute *append only*.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from anxin.domains.audit.contracts import Root

_ROOTS, _END = ".roots", ".end"


class OutsideUnreadable(Exception):
    """A file is there and cannot be read; the message says which, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the files say: the roots in their order, the end, and up to where rows were taken out."""

    is_there: bool = True
    roots: tuple[Root, ...] = ()
    end: Root | None = None
    purged: int = 0
    other_chains: tuple[str, ...] = ()


def add_root(folder: Path, chain: str, root: Root, *, at: datetime) -> None:
    """One more line, on the disk before this returns."""
    _append(folder, chain, {"root": root.sequence, "digest": root.digest, "at": at.isoformat()})


def add_purge(folder: Path, chain: str, root: Root, *, at: datetime) -> None:
    """The rows up to and with ``root`` are taken out of the database on purpose."""
    _append(folder, chain, {"purged": root.sequence, "digest": root.digest, "at": at.isoformat()})


def begin(folder: Path, chain: str, roots: Iterable[Root], *, purged: int, at: datetime) -> None:
    """A file with these roots, where there is none. Raises ``FileExistsError``."""
    path = _private(folder) / f"{chain}{_ROOTS}"
    _write(path, {"begun": at.isoformat()}, os.O_EXCL)
    for root in roots:
        add = add_purge if root.sequence == purged else add_root
        add(folder, chain, root, at=at)


def set_end(folder: Path, chain: str, root: Root, *, at: datetime) -> None:
    """How far the chain reaches now, replaced as a whole. The caller has seen that the end said before is still met."""
    path = _private(folder) / f"{chain}{_END}"
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    _write(draft, {"end": root.sequence, "digest": root.digest, "at": at.isoformat()}, os.O_TRUNC)
    draft.replace(path)


def end_of(folder: Path, chain: str) -> Root | None:
    """How far the chain reached when this was last written, if ever. Raises :class:`OutsideUnreadable`."""
    path = folder / f"{chain}{_END}"
    return _end(path) if path.exists() else None


def read(folder: Path, chain: str) -> Outside:
    """What was written about ``chain``. Raises :class:`OutsideUnreadable`."""
    roots, purged = [], 0
    path = folder / f"{chain}{_ROOTS}"
    for number, line in enumerate(_lines(path), start=1):
        try:
            said = json.loads(line)
            if "begun" in said:
                continue
            if "purged" in said:
                purged = int(said["purged"])
            roots.append(Root(int(said.get("root", purged)), str(said["digest"])))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise OutsideUnreadable(f"{path.name}, line {number} is no root") from None
    others = {one.stem for one in folder.glob(f"*{_ROOTS}")} - {chain} if folder.is_dir() else set()
    return Outside(path.exists(), tuple(roots), end_of(folder, chain), purged, tuple(sorted(others)))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise OutsideUnreadable(f"{path.name}: {error}") from None


def _end(path: Path) -> Root:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Root(int(said["end"]), str(said["digest"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise OutsideUnreadable(f"{path.name} says no end") from None


def _append(folder: Path, chain: str, line: dict[str, object]) -> None:
    _write(_private(folder) / f"{chain}{_ROOTS}", line, os.O_APPEND)


def _write(path: Path, line: dict[str, object], how: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    try:
        os.write(file, (json.dumps(line) + "\n").encode())
        os.fsync(file)
    finally:
        os.close(file)


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
