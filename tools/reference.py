"""What the reference pages have to name: the rights, the settings and the commands the code really has.

``python -m tools.reference`` prints what is not documented and what is documented and gone; it exits 1 when there
is any. The pages are written by hand, because what a right is for cannot be read off the code.
"""

import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from anxin.cli import main_group
from anxin.domains.access.library import load_roles

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "reference"
_FIRST_CELL = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
_OURS = re.compile(r"\bANXIN_[A-Z](?:_?[A-Z0-9])*\b")
_READ = re.compile(r"environ(?:\.get\(|\.setdefault\(|\[)\s*\"([A-Z_]+)\"")


def documented(page: str) -> list[str]:
    """What the tables of a page name in their first column."""
    return _FIRST_CELL.findall(page)


def gaps(known: Iterable[str], page: str) -> list[str]:
    """What the code has and the page does not name, what the page names and the code does not have, and doubles."""
    wanted, written = set(known), documented(page)
    return [
        *(f"{name} is not documented" for name in sorted(wanted - set(written))),
        *(f"{name} is documented and does not exist" for name in sorted(set(written) - wanted)),
        *(
            f"{name} is documented twice"
            for name in sorted({one for one in written if written.count(one) > 1})
        ),
    ]


def rights() -> dict[str, tuple[str, ...]]:
    """Every right a room declares, with the roles that hold it."""
    roles = load_roles()
    declared = [
        str(right)
        for file in sorted((ROOT / "anxin" / "domains").glob("*/contracts.py"))
        for right in getattr(
            importlib.import_module(f"anxin.domains.{file.parent.name}.contracts"), "Permission", ()
        )
    ]
    return {
        right: tuple(role for role, data in roles.items() if right in data.permissions) for right in declared
    }


def settings_in(source: str) -> set[str]:
    """Names of ours, and every other variable of the environment that a source reads."""
    return set(_OURS.findall(source)) | set(_READ.findall(source))


def _sources() -> Iterator[Path]:
    for folder in ("anxin", "config"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if not {"tests", "migrations"} & set(file.relative_to(ROOT).parts):
                yield file


def settings() -> set[str]:
    """Everything that can be set from outside or in a settings module, also for building and for browser tests."""
    beside = [ROOT / "tools" / "bootstrap.sh", *(ROOT / "tests" / "system").glob("*.py")]
    return set().union(
        *(settings_in(file.read_text(encoding="utf-8")) for file in _sources()),
        *(_OURS.findall(file.read_text(encoding="utf-8")) for file in beside),
    )


def commands(group: click.Group = main_group, before: str = "") -> dict[str, tuple[str, ...]]:
    """Every ``anxin`` command with the options a person may use, and every Django command of ours."""
    found: dict[str, tuple[str, ...]] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        path = f"{before}{name}"
        if isinstance(command, click.Group):
            found |= commands(command, f"{path} ")
        elif command is not None:
            shown = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
            found[path] = tuple(option.opts[0] for option in shown)
    return found


def django_commands() -> set[str]:
    """Commands of ``python -m django`` that are ours."""
    return {file.stem for file in ROOT.glob("anxin/**/management/commands/[!_]*.py")}


def main() -> int:
    """Print the gaps."""
    known = {
        "permissions.md": set(rights()),
        "settings.md": settings(),
        "commands.md": {f"anxin {name}" for name in commands()} | django_commands(),
    }
    found = [
        f"docs/reference/{page}: {gap}"
        for page, names in known.items()
        for gap in gaps(names, (PAGES / page).read_text(encoding="utf-8"))
    ]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
