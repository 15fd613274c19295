"""Compiling the translations: ``django.po`` is kept by hand and in git, ``django.mo`` is made from it."""

import os
import sys
import tempfile
from pathlib import Path

from anxin.platform import paths
from anxin.platform.errors import PlatformError

_ROOTS = ("anxin", "config")


def compile_catalogues(root: Path, *, only_stale: bool = True) -> list[Path]:
    """Compile every catalogue under ``root`` (those older than their source, unless told all); what was
    made.
    """
    made = []
    for name in _ROOTS:
        for source in sorted((root / name).rglob("locale/*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if only_stale and target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            _compile(source, target)
            made.append(target)
    return made


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo  # slow to import, and rarely needed
    from babel.messages.pofile import PoFileError, read_po

    locale = source.parents[1].name
    try:
        with open(source, "rb") as file:
            catalogue = read_po(file, locale=locale, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise PlatformError(f"{paths.shown(source)} is not a catalogue: {error}") from None
    handle, fresh = tempfile.mkstemp(dir=target.parent, prefix=".mo-")
    try:
        with os.fdopen(handle, "wb") as file:
            write_mo(file, catalogue)
        Path(fresh).chmod(0o644)
        os.replace(fresh, target)  # a running process reads the old or the new, never half of one
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def main(arguments: list[str]) -> int:
    """``python -m anxin.platform.catalogues [--all]``"""
    try:
        made = compile_catalogues(paths.checkout(), only_stale="--all" not in arguments)
    except PlatformError as error:
        print(f"anxin: {error}", file=sys.stderr)
        return 1
    if made:
        print(f"Compiled {len(made)} translation catalogues.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
