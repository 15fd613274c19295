"""The Chinese catalogue holds every text of the site, and nothing else."""

import io
import re
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

SITE = Path(__file__).parents[1]
_TEXT = r'(u?"(?:[^"\\]|\\.)*"|u?\'(?:[^\'\\]|\\.)*\')'
_CALLS = (
    (re.compile(rf"\bpgettext\({_TEXT},\s*{_TEXT}"), 1, 2),
    (re.compile(rf"(?<!p)\bn?gettext\({_TEXT}"), None, 1),
    (re.compile(rf" _\({_TEXT}\)"), None, 1),
)


def used() -> set[tuple[str | None, str]]:
    """Every message the templates and the code of this site ask for."""
    found = set()
    for file in SITE.glob("templates/**/*.html"):
        source = templatize(file.read_text(encoding="utf-8"), origin=file.name)
        for pattern, context, text in _CALLS:
            for match in pattern.finditer(source):
                found.add((_plain(match[context]) if context else None, _plain(match[text])))
    keywords = {
        "_": None,
        "_now": None,
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "pgettext_lazy": ((1, "c"), 2),
    }
    for file in SITE.glob("**/*.py"):
        if "tests" in file.relative_to(SITE).parts:
            continue
        for _, function, message, _ in extract_python(io.BytesIO(file.read_bytes()), list(keywords), [], {}):
            parts = message if isinstance(message, tuple) else (message,)
            if isinstance(parts[0], str):
                found.add(
                    (parts[0], parts[1]) if function in ("pgettext", "pgettext_lazy") else (None, parts[0])
                )
    return found


def _plain(literal: str) -> str:
    body = literal.removeprefix("u")[1:-1]
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], body)


def test_every_text_has_its_chinese_and_no_line_is_left_over() -> None:
    with open(SITE / "locale/zh_Hans/LC_MESSAGES/django.po", "rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    kept = {
        (message.context, message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogue
        if message.id and all(message.string if isinstance(message.string, tuple) else (message.string,))
    }
    assert used() - kept == set()
    assert kept - used() == set()


def test_no_other_catalogue_puts_its_own_words_here() -> None:
    with open(SITE / "locale/zh_Hans/LC_MESSAGES/django.po", "rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    with translation.override("zh-hans"):
        for message in catalogue:
            if message.id and isinstance(message.id, str):
                said = (
                    translation.pgettext(message.context, message.id)
                    if message.context
                    else translation.gettext(message.id)
                )
                assert said == message.string, message.id
