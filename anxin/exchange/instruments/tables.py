"""A definition as one table for a spreadsheet, and back without a loss.

One row is one part: a question, an answer, a scale, a band. What people edit stands in columns; what only a few parts
have stands as JSON in the column ``more`` (docs/reference/instrument-formats.md has the layout). The file begins with a
mark so that spreadsheets read it as UTF-8; one saved again in GBK is read as well.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from anxin.domains.instruments.contracts import Instrument
from anxin.exchange.instruments.fhir import NotReadable
from anxin.exchange.instruments.plain import Data, definition_data

COLUMNS = ("part", "of", "id", "value", "items", "min", "max", "reverse")
MORE = "more"
_RULES = ("ask_when", "skips", "validity", "critical", "flags", "classifications", "follow_ups", "partitions")
_ELSEWHERE = (
    *("format", "id", "version", "title", "instruction", "stem", "sections", "gate", "options", "items"),
    *("reverse", "extra_items", "scales", "norm_sets", "licence", "provenance"),
    *_RULES,
)
_ENCODINGS = ("utf-8-sig", "gb18030")
_YES = "yes"

Row = dict[str, str]


def to_table(instrument: Instrument) -> bytes:
    """CSV."""
    data = definition_data(instrument)
    rows = list(_rows(data))
    languages = sorted({name for row in rows for name in row} - {*COLUMNS, MORE})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=[*COLUMNS, *languages, MORE], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def from_table(content: bytes) -> Data:
    """The definition, for the instrument room to check. Raises ``NotReadable``."""
    return _Reader(_parsed(content)).data()


# -- writing --------------------------------------------------------------------------------------------------


def _rows(data: Mapping[str, Any]) -> Iterator[Row]:
    rest = {name: value for name, value in data.items() if name not in _ELSEWHERE}
    yield _row("definition", id=data["id"], value=data["version"], more=rest)
    for name in ("title", "instruction", "stem"):
        if name in data:
            yield _row(name, texts=data[name])
    for section in data.get("sections", ()):
        yield _row("section", id=section["id"], texts=section.get("text"))
    if "gate" in data:
        yield _row("gate", texts=data["gate"].get("text"))
        yield from _options("gate", data["gate"]["options"])
    yield from _options("*", data.get("options", ()))
    reverse = set(data.get("reverse", ()))
    for item in data["items"]:
        more = {name: value for name, value in item.items() if name not in ("n", "text", "options")}
        yield _row(
            "item",
            id=str(item["n"]),
            reverse=_YES if item["n"] in reverse else "",
            texts=item.get("text"),
            more=more,
        )
        yield from _options(str(item["n"]), item.get("options", ()))
    for extra in data.get("extra_items", ()):
        more = {name: value for name, value in extra.items() if name not in ("code", "text", "options")}
        yield _row("extra", id=extra["code"], texts=extra.get("text"), more=more)
        yield from _options(extra["code"], extra["options"])
    for scale in data["scales"]:
        more = {name: value for name, value in scale.items() if name not in ("id", "kind", "title", "items")}
        yield _row(
            "scale",
            id=scale["id"],
            value=scale["kind"],
            items=" ".join(map(str, scale.get("items", ()))),
            texts=scale["title"],
            more=more,
        )
    for norms in data["norm_sets"]:
        more = {name: value for name, value in norms.items() if name not in ("id", "scales", "bands")}
        yield _row("norms", id=norms["id"], items=" ".join(norms["scales"]), more=more)
        for band in norms["bands"]:
            end = {"max": _number(band["max"])} if "max" in band else {"more": {"below": band["below"]}}
            yield _row("band", of=norms["id"], id=band["label"], min=_number(band["min"]), **end)
    for name in _RULES:
        for rule in data.get(name, ()):
            yield _row("rule", of=name, id=str(rule.get("id", "")), more=_without_id(rule))
    for name in ("licence", "provenance"):
        yield _row(name, more=data[name])


def _without_id(rule: Mapping[str, Any]) -> Data:
    return {name: value for name, value in rule.items() if name != "id"}


def _options(of: str, options: Any) -> Iterator[Row]:
    for option in options:
        value = str(option["value"]) if "value" in option else ""
        yield _row("option", of=of, id=str(option["code"]), value=value, texts=option.get("text"))


def _row(part: str, *, texts: Mapping[str, str] | None = None, more: Any = None, **cells: str) -> Row:
    row: Row = {"part": part, **cells, **(texts or {})}
    if more:
        row[MORE] = json.dumps(more, ensure_ascii=False)
    return row


def _number(value: float) -> str:
    """A whole number and a fraction keep apart: 3 and 3.0 are two keys."""
    return repr(value)


# -- reading --------------------------------------------------------------------------------------------------


def _parsed(content: bytes) -> list[tuple[int, Row]]:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise NotReadable("the table is neither UTF-8 nor GB 18030 text")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="")
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise NotReadable(f"the table cannot be read: {error}") from None
    missing = [name for name in (*COLUMNS, MORE) if name not in (reader.fieldnames or ())]
    if missing:
        raise NotReadable(f"the table has no column {missing[0]!r}")
    for number, row in rows:
        if None in row:
            raise NotReadable(f"line {number}: more cells than the header has columns")
    return [(number, row) for number, row in rows if any(row.values())]


class _Reader:
    """Row by row; what is said of a fault names its line."""

    def __init__(self, rows: list[tuple[int, Row]]) -> None:
        self._rows = rows
        self._data: Data = {"format": 1}
        self._more: Data = {}
        self._holders: dict[str, Data] = {"*": self._data}

    def data(self) -> Data:
        for number, row in self._rows:
            take = getattr(self, f"_take_{row['part']}", None)
            if take is None:
                raise NotReadable(f"line {number}: there is no part {row['part']!r}")
            try:
                take(row)
            except (KeyError, ValueError, TypeError) as error:
                said = f"{type(error).__name__}: {error}"
                raise NotReadable(f"line {number}, part {row['part']}: {said}") from None
        if "id" not in self._data:
            raise NotReadable("the table has no row of part 'definition'")
        for name in ("items", "scales", "norm_sets"):
            self._data.setdefault(name, [])
        return {**self._data, **self._more}

    def _take_definition(self, row: Row) -> None:
        self._data |= {"id": row["id"], "version": row["value"]}
        self._more = _more(row)

    def _take_title(self, row: Row) -> None:
        self._data[row["part"]] = _texts(row)

    _take_instruction = _take_stem = _take_title

    def _take_section(self, row: Row) -> None:
        self._list("sections").append({"id": row["id"], **_text(row)})

    def _take_gate(self, row: Row) -> None:
        self._data["gate"] = self._holders["gate"] = _text(row)

    def _take_item(self, row: Row) -> None:
        number = int(row["id"])
        item = {"n": number, **_text(row), **_more(row)}
        self._list("items").append(item)
        self._holders[row["id"]] = item
        if row["reverse"]:
            self._list("reverse").append(number)

    def _take_extra(self, row: Row) -> None:
        extra = {"code": row["id"], **_text(row), **_more(row)}
        self._list("extra_items").append(extra)
        self._holders[row["id"]] = extra

    def _take_option(self, row: Row) -> None:
        option = {"code": int(row["id"]), **_text(row)}
        if row["value"]:
            option["value"] = int(row["value"])
        self._holders[row["of"]].setdefault("options", []).append(option)

    def _take_scale(self, row: Row) -> None:
        items = [int(number) for number in row["items"].split()]
        scale = {"id": row["id"], "kind": row["value"], "title": _texts(row), **_more(row)}
        self._list("scales").append({**scale, "items": items} if items else scale)

    def _take_norms(self, row: Row) -> None:
        norms = {"id": row["id"], "scales": row["items"].split(), **_more(row), "bands": []}
        self._list("norm_sets").append(norms)
        self._holders[f"norms {row['id']}"] = norms

    def _take_band(self, row: Row) -> None:
        band = {"label": row["id"], "min": _read_number(row["min"]), **_more(row)}
        if row["max"]:
            band["max"] = _read_number(row["max"])
        self._holders[f"norms {row['of']}"]["bands"].append(band)

    def _take_rule(self, row: Row) -> None:
        if row["of"] not in _RULES:
            raise ValueError(f"there is no rule {row['of']!r}")
        self._list(row["of"]).append({**({"id": row["id"]} if row["id"] else {}), **_more(row)})

    def _take_licence(self, row: Row) -> None:
        self._data[row["part"]] = _more(row)

    _take_provenance = _take_licence

    def _list(self, name: str) -> list[Any]:
        found: list[Any] = self._data.setdefault(name, [])
        return found


def _texts(row: Row) -> dict[str, str]:
    return {name: text for name, text in row.items() if name not in (*COLUMNS, MORE) and text}


def _text(row: Row) -> Data:
    texts = _texts(row)
    return {"text": texts} if texts else {}


def _more(row: Row) -> Data:
    found = json.loads(row[MORE]) if row[MORE] else {}
    if not isinstance(found, dict):
        raise ValueError("the column 'more' holds a JSON object")
    return found


def _read_number(cell: str) -> float:
    return float(cell) if "." in cell or "e" in cell else int(cell)
