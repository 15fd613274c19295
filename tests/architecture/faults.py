"""The checks of the house, as pure functions over source text and declarations, so that each can be
shown a planted fault.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HTTP_MODULES = ("django.http", "django.shortcuts", "ninja")
# Hooks whose names the framework gives.
FRAMEWORK_NAMES = {"process_view", "process_exception", "process_request", "process_response"}
BANNED_NAMES = re.compile(r"^(do|handle|process|manage)_|(^|_)(utils|helpers|common|misc)(_|$)")
_DEFINED = re.compile(r"\b(?:def|class)\s+(\w+)")
_CLOCK = re.compile(r"\b(?:timezone|datetime|date)\.(?:now|utcnow|today)\b")
MACHINE = re.compile(r"(?<![\w.])/(?:work|farm|root)/")


def python_files(*folders: str) -> Iterator[Path]:
    """Python sources below ``folders`` of the checkout, tests and migrations left out."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if not {"tests", "migrations"} & set(file.relative_to(ROOT).parts):
                yield file


@lru_cache(maxsize=2000)
def _nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


def imported_modules(source: str) -> set[str]:
    """Dotted names a source imports, those inside functions and type-checking blocks included."""
    found: set[str] = set()
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def imports_of(source: str, forbidden: Iterable[str]) -> list[str]:
    """Imports of ``forbidden`` modules or anything in them."""
    # Parsing takes most of the time, and a source that never writes the words imports no such module.
    if not any(all(part in source for part in module.split(".")) for module in forbidden):
        return []
    return sorted(
        name
        for name in imported_modules(source)
        if any(name == module or name.startswith(module + ".") for module in forbidden)
    )


def other_clocks(source: str) -> list[str]:
    """Calls that ask a clock other than ``kernel.clock``."""
    asked: list[str] = []
    if not _CLOCK.search(source):
        return asked
    for node in _nodes(source):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"now", "utcnow", "today"}
        ):
            owner = ast.unparse(node.func.value)
            name = f"{owner}.{node.func.attr}"
            if name in {
                "timezone.now",
                "datetime.now",
                "datetime.utcnow",
                "datetime.today",
                "date.today",
                "datetime.datetime.now",
                "datetime.date.today",
            }:
                asked.append(f"{name} at line {node.lineno}")
    return asked


def banned_names(source: str) -> list[str]:
    """Functions and classes whose names say nothing."""
    if not any(BANNED_NAMES.search(name) for name in _DEFINED.findall(source)):
        return []
    return [
        node.name
        for node in _nodes(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and BANNED_NAMES.search(node.name)
        and node.name not in FRAMEWORK_NAMES
    ]


def unmarked(names: Iterable[str], door: Mapping[str, object]) -> list[str]:
    """Functions on a door that do not carry exactly one mark."""
    return [
        name
        for name in names
        if callable(door[name])
        and not isinstance(door[name], type)
        and getattr(door[name], "anxin_mark", None) not in {"command", "query", "pure"}
    ]


def room_order() -> list[list[str]]:
    """Rooms from the top storey down, as ``.importlinter`` orders them."""
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    section = text.split("[importlinter:contract:rooms]")[1].split("[importlinter:")[0]
    lines = section.split("layers =")[1].strip().splitlines()
    return [[room.strip() for room in line.split("|")] for line in lines if line.strip()]


def points_up(source: str, target: str, order: list[list[str]]) -> bool:
    """Whether a foreign key from room ``source`` to room ``target`` points sideways or up."""
    height = {room: number for number, row in enumerate(order) for room in row}
    if source == target or source not in height or target not in height:
        return False
    return height[target] <= height[source]
