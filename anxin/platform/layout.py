"""Where one cluster lives: its data, its socket, its lock and its log."""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from anxin.platform import paths
from anxin.platform.children import Identity
from anxin.platform.errors import PlatformError

# The address of a unix socket holds 104 bytes on macOS and 108 on Linux, the socket's own name included.
_LONGEST_SOCKET_FOLDER = 100 - len("/.s.PGSQL.65535.lock")

# Beside root's clusters: which state folder they belong to, to tell when that is gone.
_STATE_FOLDER = "state-folder"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one cluster.

    ``home`` is ours; ``data`` and ``sockets`` belong to whoever runs the server.
    """

    home: Path
    sockets: Path
    log: Path
    lock: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def installation_file(self) -> Path:
        """Says which installation's keys sealed the data."""
        return self.home / "installation"


def lay_out(state_dir: Path, name: str, run_as: Identity | None) -> Layout:
    """The folders of the cluster ``name``, made when missing.

    As an ordinary user everything lies in the state folder. As root it lies outside, keyed by the state
    folder, for the server's user may not be able to enter that.
    """
    if run_as is None:
        home = paths.private_folder(state_dir / "postgres" / name)
        sockets = home / "s"
        if len(os.fsencode(sockets)) > _LONGEST_SOCKET_FOLDER:
            sockets = Path(tempfile.gettempdir()) / f"anxin-{os.geteuid()}-{paths.key_of(home)}"
    else:
        installation = paths.public_folder(paths.public_folder(paths.root_home()) / paths.key_of(state_dir))
        (installation / _STATE_FOLDER).write_text(str(state_dir.resolve()), encoding="utf-8")
        home = paths.public_folder(installation / name)
        sockets = home / "s"
        if len(os.fsencode(sockets)) > _LONGEST_SOCKET_FOLDER:
            raise PlatformError(
                f"The path {sockets} is too long for a socket; set ANXIN_PG_HOME to a shorter one."
            )
    make_owned(sockets, run_as)
    return Layout(
        home=home,
        sockets=sockets,
        log=state_dir / "log" / f"postgres-{name}.log",
        lock=state_dir / "run" / f"postgres-{name}.lock",
    )


def make_owned(folder: Path, run_as: Identity | None) -> None:
    """``folder``, made when missing, entered only by the server's user, and not somebody else's trap."""
    owner = os.geteuid() if run_as is None else run_as.uid
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if run_as is not None:
            os.chown(folder, run_as.uid, run_as.gid)
        found = folder.lstat()
    except OSError as error:
        raise PlatformError(f"Cannot make the folder {folder} ({error.strerror}).") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise PlatformError(f"{folder} belongs to another user; remove it and start again.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def remove(layout: Layout, run_as: Identity | None) -> None:
    """Remove what belongs to one cluster, and as root what is left when it was the last of its installation."""
    shutil.rmtree(layout.home, ignore_errors=True)
    shutil.rmtree(layout.sockets, ignore_errors=True)
    installation = layout.home.parent
    if run_as is not None and [path.name for path in installation.iterdir()] == [_STATE_FOLDER]:
        shutil.rmtree(installation)


def left_behind(root_home: Path) -> list[Path]:
    """Root's databases of checkouts that are no longer there."""
    marks = root_home.glob(f"*/{_STATE_FOLDER}")
    return sorted(mark.parent for mark in marks if not Path(mark.read_text(encoding="utf-8")).exists())
