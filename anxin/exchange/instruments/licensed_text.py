"""A licensed text as a file, to be laid over a key that is here without its words (bring your own text).

YAML holds everything; CSV holds the words, one question a line: number, text, then the words of its options. The line
``*`` has the options that all questions share, ``instruction`` and ``stem`` the words above them. The permission under
which the words may be shown goes along or is given beside the file; without a complete and unexpired one nothing is
bound.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from anxin.domains.instruments.contracts import BoundText, LicenceRecord
from anxin.exchange.instruments.fhir import NotReadable

_ENCODINGS = ("utf-8-sig", "gb18030")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORDS = ("instruction", "stem")
_KNOWN = frozenset({"instrument", "language", "questions", "options", "permission", *_WORDS})
_PERMISSION = frozenset({"holder", "number", "scope", "expires_on", "evidence_name", "evidence_sha256"})


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a file holds; ``instrument`` and ``language`` are empty where it does not say."""

    text: BoundText
    permission: LicenceRecord = field(default_factory=LicenceRecord)
    instrument: str = ""
    language: str = ""


def read_text_file(content: bytes, name: str) -> TextFile:
    """Told apart by the ending of the name. Raises ``NotReadable``."""
    text = _decoded(content)
    return _from_csv(text) if name.lower().endswith(".csv") else _from_yaml(text)


def permission_faults(record: LicenceRecord, today: date) -> tuple[str, ...]:
    """What is missing from the permission record, and whether it has run out."""
    found = [
        f"the permission has no {what}"
        for what, value in (
            ("holder", record.holder),
            ("number", record.number),
            ("scope", record.scope),
            ("last day", record.expires_on),
        )
        if not (value.strip() if isinstance(value, str) else value)
    ]
    if not _SHA256.fullmatch(record.evidence_sha256.strip().lower()):
        found.append("the permission has no evidence: the file it came in, or its SHA-256")
    if record.expires_on is not None and record.expires_on < today:
        found.append(f"the permission expired on {record.expires_on.isoformat()}")
    return tuple(found)


def evidence_hash(content: bytes) -> str:
    """SHA-256 of the file the permission came in. The file itself stays where it is."""
    return hashlib.sha256(content).hexdigest()


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable("the text is neither UTF-8 nor GB 18030")


def _from_csv(text: str) -> TextFile:
    try:
        rows = [(number, [cell.strip() for cell in cells]) for number, cells in _numbered(text)]
    except csv.Error as error:
        raise NotReadable(f"the table cannot be read: {error}") from None
    questions: dict[str, str] = {}
    options: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    for number, (name, *cells) in rows:
        if name in questions or name in options or name in words:
            raise NotReadable(f"line {number}: {name} stands twice")
        first, rest = (cells[0] if cells else ""), tuple(cells[1:])
        while rest and not rest[-1]:
            rest = rest[:-1]
        if name in _WORDS:
            words[name] = first
            continue
        if name != "*":
            questions[name] = first
        if rest:
            options[name] = rest
    return TextFile(BoundText(questions, options, **words))


def _numbered(text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    # a header is a convenience: its first cell is no question of any form
    return rows[1:] if rows and rows[0][1][0].strip().lower() in ("question", "item", "题号") else rows


def _from_yaml(text: str) -> TextFile:
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise NotReadable(f"the text cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(data, Mapping):
        raise NotReadable("a licensed text is a list of names with their values")
    unknown = sorted(str(name) for name in set(data) - _KNOWN)
    if unknown:
        raise NotReadable(f"a licensed text has no {unknown[0]!r}")
    bound = BoundText(
        questions={str(name): _word(words, f"question {name}") for name, words in _named(data, "questions")},
        options={
            str(name): tuple(_word(word, f"an option of {name}") for word in _listed(words, name))
            for name, words in _named(data, "options")
        },
        instruction=_word(data.get("instruction", ""), "instruction"),
        stem=_word(data.get("stem", ""), "stem"),
    )
    return TextFile(
        text=bound,
        permission=_permission(dict(_named(data, "permission"))),
        instrument=_word(data.get("instrument", ""), "instrument"),
        language=_word(data.get("language", ""), "language"),
    )


def _named(data: Mapping[str, Any], name: str) -> list[tuple[Any, Any]]:
    found = data.get(name, {})
    if not isinstance(found, Mapping):
        raise NotReadable(f"{name} is a list of names with their values")
    return list(found.items())


def _listed(words: object, name: object) -> list[Any]:
    if not isinstance(words, list):
        raise NotReadable(f"the options of {name} are a list of words")
    return words


def _word(value: object, place: str) -> str:
    if isinstance(value, str):
        return value
    # a bare Yes, No or 1 in YAML is no text any more, and what was meant cannot be told
    raise NotReadable(f"{place} is no text: put it in quotation marks")


def _permission(data: dict[Any, Any]) -> LicenceRecord:
    unknown = sorted(str(name) for name in set(data) - _PERMISSION)
    if unknown:
        raise NotReadable(f"a permission has no {unknown[0]!r}")
    expires = data.pop("expires_on", None)
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            raise NotReadable(f"expires_on: {expires!r} is no day such as 2027-12-31") from None
    if not isinstance(expires, date | None):
        raise NotReadable("expires_on is no day such as 2027-12-31")
    return LicenceRecord(
        **{str(name): _word(value, f"permission {name}") for name, value in data.items()},
        expires_on=expires,
    )
