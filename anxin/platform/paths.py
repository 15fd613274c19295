"""Where the service keeps what is not in the checkout."""

import hashlib
import os
from pathlib import Path

from anxin.platform.errors import PlatformError

# As root the database belongs to an unprivileged user, who may not be able to enter the folder of the
# checkout.
ROOT_HOME = Path("/var/lib/anxin")


def checkout() -> Path:
    """The folder that holds the Makefile."""
    return Path(__file__).resolve().parents[2]


def state_dir() -> Path:
    """The folder for secrets, logs and (unless root) the database; made, for the owner's eyes only, when
    missing.
    """
    named = os.environ.get("ANXIN_STATE_DIR")
    return private_folder(Path(named).expanduser().absolute() if named else checkout() / "var")


def private_folder(path: Path) -> Path:
    """``path``, made with mode 0700 when missing, and known to be writable."""
    try:
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise PlatformError(
            f"Cannot make the folder {path} ({error.strerror}); set ANXIN_STATE_DIR to another."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise PlatformError(
            f"The folder {path} belongs to another user; change its owner or set ANXIN_STATE_DIR to another."
        )
    return path


def public_folder(path: Path) -> Path:
    """``path``, made when missing so that other users can pass through it, whatever the umask."""
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o755)
    return path


def key_of(path: Path) -> str:
    """A short name for ``path``, different for every folder of the machine."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def root_home() -> Path:
    """The folder under which root's databases live; ``ANXIN_PG_HOME`` names another."""
    named = os.environ.get("ANXIN_PG_HOME")
    return Path(named).absolute() if named else ROOT_HOME


def shown(path: Path) -> str:
    """``path`` as a person would name it from the checkout."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
