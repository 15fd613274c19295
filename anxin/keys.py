"""What ``anxin keys`` does: the keys of the sealed columns and of the blind indexes, and changing them."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from anxin.domains.audit import api as audit
from anxin.exchange.roster import files
from anxin.kernel import rotation
from anxin.kernel.crypto import CIPHERS
from anxin.kernel.keyring import keys
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform import key_file
from anxin.platform.errors import PlatformError

Tell = Callable[[str], None]
_CIPHER_NAMES = {letter: name for name, letter in CIPHERS.items()}


def show(*, tell: Tell) -> None:
    """Every key, what it is for, and how many values need it. The keys themselves are never shown."""
    held, values, indexes = keys(), rotation.usage_of_values(), rotation.usage_of_indexes()
    for version in sorted(held.field, key=int):
        used = [
            f"{count} values in {_CIPHER_NAMES.get(mark[0], '?')}"
            for mark, count in sorted(values.items())
            if mark[1:] == version
        ]
        tell(_line("columns", version, held.field_current, ", ".join(used) or "no value"))
    for version in sorted(held.index, key=int):
        hash_name = held.index[version].rpartition(":")[0] or "sha256"
        tell(_line("index", version, held.index_current, f"{indexes.get(version, 0)} indexes, {hash_name}"))
    tell(f"New values are sealed with {settings.ANXIN_FIELD_CIPHER}.")


def add(*, of_index: bool, tell: Tell) -> None:
    """One more key, known to every running process and used by none yet."""
    kind = key_file.INDEX if of_index else key_file.FIELD
    version = key_file.add_key(_file(), kind)
    _record("keys:key:added", f"{kind} {version}")
    tell(f"Key {version} was added. `anxin keys rotate{' --index' if of_index else ''}` puts it to use.")


def rotate(*, of_index: bool, tell: Tell) -> None:
    """Put the newest key to use and bring everything to it. What was interrupted goes on where it stopped."""
    kind = key_file.INDEX if of_index else key_file.FIELD
    work = rotation.rotate_indexes if of_index else rotation.rotate_values
    try:
        if of_index:
            # First what is there, so that a look-up by a stored index finds it; then new ones; then the rest.
            work(tell=tell)
        if settings.ANXIN_KEY_FILE:
            tell(f"Key {key_file.use_newest(_file(), kind)} is in use.")
        changed = work(tell=tell)
    except rotation.RotationUnfinished as unfinished:
        raise PlatformError(
            f"A process goes on writing with an old key, in {unfinished}. Start the service again, then run this again."
        ) from None
    _record("keys:key:rotated", f"{kind}, {changed}")


def retire(version: str, *, tell: Tell) -> None:
    """Take a key away for good, when no value needs it. Raises ``PlatformError`` otherwise."""
    needed = sum(count for mark, count in rotation.usage_of_values().items() if mark[1:] == version)
    if needed:
        raise PlatformError(f"{needed} values need key {version}; run `anxin keys rotate` first.")
    files_left = files.sealed_under(version)
    if files_left:
        raise PlatformError(
            f"{files_left} files of names are sealed with key {version}; they are deleted a week after they were sent, "
            f"or at once on the page of the roster."
        )
    key_file.drop_key(_file(), version)
    _record("keys:key:retired", f"field {version}")
    tell(
        f"Key {version} is gone. What was sealed with it in old backups can be read with their key manifest only."
    )


def _file() -> Path:
    return Path(settings.ANXIN_KEY_FILE)


def _line(kind: str, version: str, current: str, used: str) -> str:
    return f"{kind:8} {version:>3}  {'in use' if version == current else '':6}  {used}"


def _record(event: str, reason: str) -> None:
    with unit_of_work(rotation.ACTOR):
        audit.record(actor=rotation.ACTOR, event=event, reason=reason)
