"""One backup file: a zip whose parts are stored as they come, with the list of them at the end.

Written under another name and renamed when it is whole, so what bears its name can be relied upon.
"""

import errno
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from anxin.platform.backup import sealing
from anxin.platform.backup.manifest import Manifest, Part
from anxin.platform.errors import PlatformError

DUMP, LIST = "database.dump", "manifest.json"
ENDING, KEYS_ENDING = ".anxin-backup", ".keys.json"
_CHUNK = 1 << 20
_LARGEST_LIST = 4_000_000


@contextmanager
def fresh_file(path: Path) -> Iterator[Path]:
    """A file to be written whole or not at all; a full disk and Ctrl-C are said in one line and leave nothing."""
    draft = path.with_name(f".{path.name}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield draft
        with open(draft, "rb") as file:
            os.fsync(file.fileno())
        draft.rename(path)
    except KeyboardInterrupt:
        raise PlatformError("Stopped before it was finished; the unfinished file was removed.") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise PlatformError(
                f"The disk that holds {path.parent} is full; the unfinished file was removed. Free some space."
            ) from None
        raise PlatformError(f"Cannot write {path} ({error.strerror or error}).") from None
    finally:
        draft.unlink(missing_ok=True)


def write_part(
    packed: zipfile.ZipFile,
    name: str,
    chunks: Iterator[bytes],
    *,
    passphrase: str,
    tell: Callable[[int], None],
) -> Part:
    """Store ``chunks`` as one part, sealed when there is a passphrase; ``tell`` hears how much came so far."""
    with packed.open(name, "w", force_zip64=True) as stored:
        meter = _Meter(stored)
        sink = sealing.Sealer(meter, passphrase) if passphrase else None
        taken = 0
        for chunk in chunks:
            (sink or meter).write(chunk)
            taken += len(chunk)
            tell(taken)
        if sink is not None:
            sink.finish()
    return Part(meter.size, meter.digest.hexdigest(), bool(passphrase))


class _Meter:
    """Passes bytes on and knows how many and which they were."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.size, self.digest = file, 0, hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        """Pass ``data`` on."""
        self._file.write(data)
        self.size += len(data)
        self.digest.update(data)


class Backup:
    """A backup that is there, read with distrust."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._read() as packed:
            try:
                if packed.getinfo(LIST).file_size > _LARGEST_LIST:
                    raise PlatformError(f"The list inside {path.name} is damaged.")
                self.manifest = Manifest.read(packed.read(LIST))
            except KeyError:
                raise PlatformError(
                    f"{path.name} holds no list of its parts; it is no backup of Anxin."
                ) from None
            if DUMP not in self.manifest.parts:
                raise PlatformError(f"The list inside {path.name} is damaged.")

    def check_parts(self, tell: Callable[[int], None]) -> None:
        """Read every stored byte. Raises :class:`PlatformError` for a part that is missing, cut short or altered."""
        with self._read() as packed:
            names = {info.filename for info in packed.infolist()}
            if names != {LIST, *self.manifest.parts} or len(packed.infolist()) != len(names):
                raise PlatformError(f"{self.path.name} holds other parts than its list says; it was altered.")
            for name, part in self.manifest.parts.items():
                digest, size = hashlib.sha256(), 0
                with packed.open(name) as stored:
                    while chunk := stored.read(_CHUNK):
                        digest.update(chunk)
                        size += len(chunk)
                        tell(size)
                if (size, digest.hexdigest()) != (part.size, part.sha256):
                    raise PlatformError(
                        f"{name} in {self.path.name} is not what was stored; the file was altered."
                    )

    def chunks(self, name: str, passphrase: str) -> Iterator[bytes]:
        """The plain content of a part."""
        with self._read() as packed, packed.open(name) as stored:
            if self.manifest.parts[name].sealed:
                if not passphrase:
                    raise PlatformError("The backup is sealed; give its passphrase with --passphrase-file.")
                yield from sealing.opened(stored, passphrase)
                return
            while chunk := stored.read(_CHUNK):
                yield chunk

    @contextmanager
    def _read(self) -> Iterator[zipfile.ZipFile]:
        try:
            with zipfile.ZipFile(self.path) as packed:
                yield packed
        except FileNotFoundError:
            raise PlatformError(f"There is no file {self.path}.") from None
        except OSError as error:
            raise PlatformError(f"Cannot read {self.path} ({error.strerror or error}).") from None
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
            raise PlatformError(
                f"{self.path.name} is not a whole backup: it was cut short or altered ({error})."
            ) from None


def key_list_of(path: Path) -> Path:
    """The list of needed keys beside a backup."""
    return path.with_name(path.name.removesuffix(ENDING) + KEYS_ENDING)


def read_key_list(path: Path) -> dict[str, str]:
    """Name → fingerprint; empty when the list is not beside the backup."""
    try:
        found: Any = json.loads(key_list_of(path).read_text(encoding="utf-8"))["needs"]
        return {str(name): str(fingerprint) for name, fingerprint in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise PlatformError(f"{key_list_of(path).name} is damaged.") from None
