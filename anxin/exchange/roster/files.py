"""Where uploaded rosters and their marked copies lie: sealed, in the state folder, for as short as possible."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from anxin.domains.campaigns.contracts import FileFault, FileRefused
from anxin.kernel import sealed_files
from anxin.kernel.sealed_files import Sealed

MARKED_LIMIT = 1_000_000_000
KEPT_SECONDS = 7 * 24 * 3600


def keep_upload(uid: str, chunks: Iterable[bytes]) -> Sealed:
    """Put the file down. Raises ``FileRefused`` when it is larger than the setting allows."""
    try:
        return sealed_files.write(_upload(uid), chunks, limit=settings.ANXIN_ROSTER_MAX_BYTES)
    except sealed_files.TooLarge:
        raise FileRefused(FileFault.TOO_LARGE, str(settings.ANXIN_ROSTER_MAX_BYTES // 1_000_000)) from None


def read_upload(uid: str) -> Iterator[bytes]:
    """The file in pieces. Raises ``FileRefused`` when it is not there any more."""
    try:
        yield from sealed_files.read(_upload(uid))
    except FileNotFoundError:
        raise FileRefused(FileFault.FILE_GONE) from None


def drop_upload(uid: str) -> None:
    """The file is not needed any more."""
    _upload(uid).unlink(missing_ok=True)


def keep_marked(uid: str, content: bytes) -> None:
    """Put the marked copy down."""
    sealed_files.write(_marked(uid), [content], limit=MARKED_LIMIT)


def read_marked(uid: str) -> Iterator[bytes]:
    """The marked copy in pieces. Raises ``FileNotFoundError``."""
    return sealed_files.read(_marked(uid))


def drop_marked(uid: str) -> None:
    """The marked copy is not needed any more."""
    _marked(uid).unlink(missing_ok=True)


def sealed_under(version: str) -> int:
    """How many files are sealed under one key."""
    folder = _folder()
    if not folder.is_dir():
        return 0
    return sum(sealed_files.version_of(file) == version for file in folder.iterdir() if file.is_file())


def left_behind() -> list[str]:
    """Files (uid) nobody has touched for a week. A disk knows real time only."""
    folder = _folder()
    if not folder.is_dir():
        return []
    older_than = time.time() - KEPT_SECONDS
    return sorted(
        {file.name.partition(".")[0] for file in folder.iterdir() if file.stat().st_mtime < older_than}
    )


def _upload(uid: str) -> Path:
    return _folder() / f"{uid}.upload"


def _marked(uid: str) -> Path:
    return _folder() / f"{uid}.marked"


def _folder() -> Path:
    return Path(settings.STATE_DIR) / "rosters"
