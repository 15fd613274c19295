"""The keys of an installation in a file of their own, sealed by a passphrase, to be kept somewhere else."""

import io
import json
from pathlib import Path
from typing import Any, cast

from anxin.platform.backup import sealing
from anxin.platform.backup.archive import fresh_file
from anxin.platform.backup.manifest import fingerprints
from anxin.platform.errors import PlatformError
from anxin.platform.secrets import load_or_create, secret_file

SHORTEST_PASSPHRASE = 12
_LARGEST = 1_000_000


def seal_keys(path: Path, state: Path, passphrase: str) -> dict[str, str]:
    """Write the keys to ``path``, which lies elsewhere; their fingerprints."""
    demand_passphrase(passphrase)
    target = path.resolve()
    if target.is_relative_to(state.resolve()):
        raise PlatformError(f"{path} lies beside the keys themselves; name a file in another place.")
    if target.exists():
        raise PlatformError(f"{path} is there already.")
    if not target.parent.is_dir():
        raise PlatformError(f"There is no folder {target.parent}.")
    secrets = cast("dict[str, Any]", load_or_create(state))
    with fresh_file(target) as draft, open(draft, "wb") as file:
        sealer = sealing.Sealer(file, passphrase)
        sealer.write(json.dumps(secrets).encode())
        sealer.finish()
    return fingerprints(secrets)


def open_keys(path: Path, state: Path, passphrase: str) -> Path:
    """Put the keys of ``path`` where this installation looks for them, if there are none yet; where that is."""
    place = secret_file(state)
    if place.exists():
        raise PlatformError(f"{place} is there already; move it away if its keys are not needed any more.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PlatformError(f"Cannot read {path} ({error.strerror}).") from None
    if len(content) > _LARGEST:
        raise PlatformError(f"{path} is no file of keys.")
    try:
        secrets = json.loads(b"".join(sealing.opened(io.BytesIO(content), passphrase)))
        if not isinstance(secrets, dict) or "installation" not in secrets:
            raise ValueError
    except ValueError:
        raise PlatformError(f"{path} is no file of keys.") from None
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with fresh_file(place) as draft:
        draft.write_text(json.dumps(secrets, indent=2), encoding="utf-8")
    return place


def demand_passphrase(passphrase: str) -> None:
    """Long enough that trying them all does not pay."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PlatformError(f"The passphrase has fewer than {SHORTEST_PASSPHRASE} signs.")
