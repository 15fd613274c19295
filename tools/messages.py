"""Which words a person can meet, and which of them have no Chinese yet.

Messages come from gettext calls in Python, from templates, from the ``message`` of every error, and from the
data files whose ``message`` a colleague reads. ``python -m tools.messages`` prints what is missing and exits
1.
"""

import ast
import io
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
MESSAGE_DATA = ("anxin/domains/risk/data/rule_set.yaml",)
Message = tuple[str, str]  # context, text


def _extracted(source: str) -> Iterator[Message]:
    if "gettext" not in source and "_(" not in source:
        return  # reading it word by word takes most of the time
    for _, function, messages, _ in extract_python(
        io.BytesIO(source.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        parts = messages if isinstance(messages, tuple) else (messages,)
        if function and function.startswith(("pgettext", "npgettext")):
            if len(parts) > 1 and parts[0] is not None and parts[1]:
                yield parts[0], parts[1]
        elif parts and parts[0]:
            yield "", parts[0]


def _error_messages(source: str) -> Iterator[Message]:
    if "message = " not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if (
                    isinstance(line, ast.Assign)
                    and isinstance(line.targets[0], ast.Name)
                    and line.targets[0].id == "message"
                    and isinstance(line.value, ast.Constant)
                    and isinstance(line.value.value, str)
                    and line.value.value
                ):
                    yield "", line.value.value


def _written_reasons(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if (
                    isinstance(key, ast.Constant)
                    and key.value == "message"
                    and isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                ):
                    yield "", value.value


@lru_cache(maxsize=1)
def used() -> dict[Message, set[str]]:
    """Every message and the files it occurs in."""
    found: dict[Message, set[str]] = {}

    def add(file: Path, messages: Iterator[Message]) -> None:
        for message in messages:
            found.setdefault(message, set()).add(str(file.relative_to(ROOT)))

    for folder in ("anxin", "config"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            parts = file.relative_to(ROOT).parts
            if {"tests", "migrations", "demo", "platform"} & set(parts):
                continue
            source = file.read_text(encoding="utf-8")
            add(file, _extracted(source))
            add(file, _error_messages(source))
            if parts[1] == "flows":
                add(file, _written_reasons(source))
        for file in sorted((ROOT / folder).rglob("templates/**/*.html")):
            add(file, _extracted(templatize(file.read_text(encoding="utf-8"))))
    for name in MESSAGE_DATA:
        rules = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["rules"]
        add(ROOT / name, (("", rule["message"]) for rule in rules))
    return found


@lru_cache(maxsize=1)
def translated() -> dict[Message, str]:
    """Every message with a Chinese entry that is neither empty nor doubtful."""
    known: dict[Message, str] = {}
    for file in sorted(ROOT.glob("*/**/locale/zh_Hans/LC_MESSAGES/django.po")):
        if ".venv" in file.parts or "node_modules" in file.parts:
            continue
        with open(file, "rb") as opened:
            for entry in read_po(opened, locale="zh_Hans"):
                text = entry.id[0] if isinstance(entry.id, tuple) else entry.id
                strings = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
                if text and all(strings) and not entry.fuzzy:
                    known[entry.context or "", text] = strings[0]
    return known


def missing() -> dict[Message, set[str]]:
    """Messages without Chinese, and where they occur. Text that is Chinese already needs none."""
    known = translated()
    return {
        message: files
        for message, files in used().items()
        if message not in known and not any("一" <= letter <= "鿿" for letter in message[1])
    }


def main() -> int:
    """Print what is missing."""
    gaps = missing()
    for (context, text), files in sorted(gaps.items(), key=lambda gap: sorted(gap[1])):
        print(f"{', '.join(sorted(files))}: {context + '|' if context else ''}{text!r}")
    print(f"{len(gaps)} messages without Chinese")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
