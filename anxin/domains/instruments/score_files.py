"""Scoring a file of sheets: read, scored and written piece by piece, so that its size does not matter.

A piece of plain text goes through Polars as it is. One with quotes, ragged lines or anything else unusual is taken
apart with care first; and a row that does not fit the form is left to the ordinary scoring, which says why. The three
ways write the same bytes, which a test holds against a plain loop.
"""

import csv
import io
import os
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from anxin.domains.instruments.contracts import BadAnswers, Instrument, InstrumentError, Item, ScoreSheet, Sex
from anxin.domains.instruments.rules.columns import code_type, column_of, joined, questions_of
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.rules.vectorised import FrameScorer

if TYPE_CHECKING:
    from polars._typing import CsvQuoteStyle

OLDEST = 150
ENCODINGS = ("utf-8", "gb18030")
"""The second is the code page in which spreadsheets in China save by default."""
_WHOLE = re.compile(r"-?\d+")
_PIECE = 1 << 24
_BATCH = 20_000

Cells = Mapping[str, str]


class UnusableFile(InstrumentError):
    """Not one row of it can be scored."""


def score_file(instrument: Instrument, source: Path, target: Path) -> tuple[int, int]:
    """Returns how many rows there were and how many could not be scored; the target appears whole or not."""
    unfinished = target.with_name(f"{target.name}.part")
    try:
        for encoding in ENCODINGS:
            with suppress(UnicodeDecodeError):
                counted = _score_as(instrument, source, unfinished, encoding)
                os.replace(unfinished, target)
                return counted
    except (OSError, csv.Error) as error:
        raise UnusableFile(f"cannot score {source.name}: {error}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    raise UnusableFile(f"{source.name} is neither UTF-8 nor GB 18030 text")


def _score_as(instrument: Instrument, source: Path, target: Path, encoding: str) -> tuple[int, int]:
    rows = failed = 0
    with source.open("rb") as incoming, target.open("wb") as outgoing:
        blocks = _blocks(incoming, encoding)
        first = io.StringIO(next(blocks, b"").decode(), newline="")
        header = next(csv.reader(first), [])
        columns = columns_of(instrument, header)
        fields = output_fields(instrument, columns)
        outgoing.write(("\ufeff" + ",".join(fields) + "\r\n").encode())
        scoring = _FileScorer(instrument, columns, len(header))
        with ThreadPoolExecutor(max_workers=1) as writer:
            written: Future[None] | None = None
            for piece in scoring.pieces(chain([first.read().encode()], blocks)):
                scored = scoring.score(piece, first=rows + 1)
                wrong = scored.height - scored["error"].null_count()
                rows, failed = rows + scored.height, failed + wrong
                if written is not None:
                    written.result()
                # cells of a plain piece hold nothing that would have to be quoted; what is said about a fault may
                style: CsvQuoteStyle = "never" if piece.is_plain and not wrong else "necessary"
                # written beside the reading of the next piece, and never more than one ahead
                written = writer.submit(_write, scored.select(fields), outgoing, style)
            if written is not None:
                written.result()
    return rows, failed


def _write(scored: pl.DataFrame, file: BinaryIO, style: "CsvQuoteStyle") -> None:
    scored.write_csv(file, include_header=False, line_terminator="\r\n", quote_style=style)


def _blocks(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """UTF-8 that stops at the end of a line, which in both encodings is a byte of its own."""
    file.seek(len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0)
    while block := file.read(_PIECE) + file.readline():
        yield block if block.isascii() else block.decode(encoding).encode()


def columns_of(instrument: Instrument, header: Sequence[str]) -> dict[str, int]:
    """Where each known column stands. Refuses a header whose questions are not those of the form."""
    names = [name.strip().lower() for name in header]
    known = {"id", "age", "sex"} | ({"gate"} if instrument.gate is not None else set())
    questions = [name for name in names if re.fullmatch(r"q\d+", name)]
    columns = {name: place for place, name in enumerate(names) if name in known or name in questions}
    if len(columns) != sum(name in columns for name in names):
        raise UnusableFile("a column is there twice")
    count = len(instrument.items)
    lengths = sorted({count, count + len(instrument.extra_items)})
    if not any(set(questions) == {f"q{number}" for number in range(1, length + 1)} for length in lengths):
        wanted = " or ".join(f"q1 to q{length}" for length in lengths)
        raise UnusableFile(f"{instrument.id} needs the columns {wanted}")
    return columns


def output_fields(instrument: Instrument, columns: Mapping[str, int]) -> list[str]:
    scales = [scale.id for scale in instrument.scales]
    lead = ["row", "id"] if "id" in columns else ["row"]
    return [
        *lead,
        "instrument",
        "version",
        *scales,
        "bands",
        "critical",
        "flags",
        *(["classes"] if instrument.classifications else []),
        "missing",
        "notes",
        "error",
    ]


def score_row(instrument: Instrument, cells: Cells) -> ScoreSheet:
    """One row in the ordinary way. Raises ``BadAnswers``."""
    count = sum(name.startswith("q") for name in cells)
    names = [*(["gate"] if "gate" in cells else []), *(f"q{number}" for number in range(1, count + 1))]
    answers = [cell_value(cells[name]) for name in names]
    age = cell_value(cells.get("age", ""))
    if age is not None and (not isinstance(age, int) or not 0 <= age <= OLDEST):
        raise BadAnswers((f"age: {age!r} is not an age",))
    sex = cells.get("sex", "").lower()
    if sex not in ("", *Sex):
        raise BadAnswers((f"sex: {sex!r} is not f or m",))
    return score(instrument, answers, age=age, sex=Sex(sex) if sex else None)


def cell_value(cell: str) -> int | str | None:
    if not cell:
        return None
    return int(cell) if _WHOLE.fullmatch(cell) else cell


@dataclass(frozen=True)
class _Piece:
    """Rows that were read: answers as whole numbers where that is certain, else as text.

    ``short``: how many cells a row has that lacks some. ``is_plain``: there was no quote in it.
    """

    cells: pl.DataFrame
    short: pl.Series
    is_plain: bool = False


class _FileScorer:
    """One instrument and one header."""

    def __init__(self, instrument: Instrument, columns: Mapping[str, int], header_width: int) -> None:
        self.instrument, self.columns = instrument, columns
        self.scorer = FrameScorer(instrument)
        self._width = max(columns.values()) + 1
        self._ticked = {
            column_of(instrument, name)
            for name, asked in questions_of(instrument).items()
            if not (isinstance(asked, Item) and asked.entry is not None)
        }
        named = {place: name for name, place in columns.items()}
        self._names = [named.get(place, f"unread:{place}") for place in range(header_width)]
        width = code_type(instrument)
        self._schema = {
            name: width if name in self._ticked else pl.Int32 if name == "age" else pl.String
            for name in self._names
        }

    def pieces(self, blocks: Iterator[bytes]) -> Iterator[_Piece]:
        """The rows in order, none of them empty."""
        for block in blocks:
            if b'"' in block:
                # a quoted cell may go on in the next block, so from here on the reader takes line by line
                lines = (io.StringIO(one.decode(), newline="") for one in chain([block], blocks))
                yield from self._careful(chain.from_iterable(lines))
                return
            plain = self._plain(block)
            yield from self._careful(io.StringIO(block.decode(), newline="")) if plain is None else [plain]

    def _plain(self, block: bytes) -> _Piece | None:
        """``None`` where Polars might read something else than the csv module does."""
        block = block.replace(b"\r\n", b"\n") if b"\r" in block else block
        if not block or any(odd in block for odd in (b"\r", b"\0", b"+")):
            return None
        try:
            frame = pl.read_csv(block, has_header=False, schema=self._schema, quote_char=None)
        except pl.exceptions.PolarsError:
            return None
        # a row that is too short ends in nothing, and one that is too long was refused
        may_be_short = frame.get_column(self._names[-1]).null_count() or len(self._names) == 1
        if may_be_short and block.count(b",") != frame.height * (len(self._names) - 1):
            return None
        if may_be_short:
            frame = frame.filter(pl.any_horizontal(pl.all().is_not_null()))
        return _Piece(frame, pl.repeat(None, frame.height, dtype=pl.Int32, eager=True), is_plain=True)

    def _careful(self, lines: Iterable[str]) -> Iterator[_Piece]:
        rows = (cells for cells in csv.reader(lines) if any(cells))
        while batch := list(islice(rows, _BATCH)):
            short = [len(cells) if len(cells) < self._width else None for cells in batch]
            padded = [[*cells, *[""] * (self._width - len(cells))] for cells in batch]
            texts = {name: [cells[place] for cells in padded] for name, place in self.columns.items()}
            frame = pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))
            yield _Piece(frame, pl.Series(short, dtype=pl.Int32))

    def score(self, piece: _Piece, *, first: int) -> pl.DataFrame:
        """The rows as they are written, numbered from ``first``."""
        answers, readable = self._answers(piece.cells)
        scored = self.scorer.score(answers)
        fits = scored["fits"] & readable & piece.short.is_null()
        flat = scored.select(fits.alias("fits"), *self._flat(scored)).with_row_index("place")
        empty = [name for name in flat.columns if name not in ("place", "fits")]
        if not fits.all():
            flat = flat.with_columns(pl.when("fits").then(pl.col(name)).alias(name) for name in empty)
        errors = self._errors(piece, fits)
        return flat.join(errors, on="place", how="left", maintain_order="left").with_columns(
            (pl.col("place") + first).alias("row"),
            *([_not_empty(piece.cells["id"])] if "id" in self.columns else []),
            pl.lit(self.instrument.id).alias("instrument"),
            pl.lit(self.instrument.version).alias("version"),
        )

    def _answers(self, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        """What the scorer takes, and whether every cell could be read."""
        columns: list[pl.Series] = []
        readable = pl.repeat(True, cells.height, eager=True)
        for name in self.columns:
            series = cells[name]
            if name == "id":
                continue
            if series.dtype == pl.String:
                series, read = _read_cells(series, *self._reading(name))
                readable &= read
            if name == "age":
                readable &= series.is_null() | series.is_between(0, OLDEST)
            columns.append(series.alias(name))
        return pl.DataFrame(columns), readable

    def _reading(self, name: str) -> tuple[Callable[[str], object], type[pl.DataType]]:
        if name == "sex":
            return _sex, pl.String
        return (_whole, pl.Int32) if name in self._ticked or name == "age" else (str, pl.String)

    def _errors(self, piece: _Piece, fits: pl.Series) -> pl.DataFrame:
        places = (~fits).arg_true()
        messages = [
            self._error(row, short)
            for row, short in zip(piece.cells[places].iter_rows(named=True), piece.short[places], strict=True)
        ]
        return pl.DataFrame(
            {"place": places, "error": messages}, schema={"place": pl.UInt32, "error": pl.String}
        )

    def _error(self, row: Mapping[str, object], short: int | None) -> str:
        if short is not None:
            return f"the row has {short} cells, the header asks for {self._width}"
        cells = {name: "" if row[name] is None else str(row[name]).strip() for name in self.columns}
        try:
            score_row(self.instrument, cells)
        except BadAnswers as error:
            return str(error)
        raise AssertionError(f"{self.instrument.id}: the two ways of scoring disagree on {cells}")

    def _flat(self, scored: pl.DataFrame) -> list[pl.Expr | pl.Series]:
        instrument = self.instrument
        classes = [
            pl.format("{}={}", pl.lit(rule.id), pl.col(f"class:{rule.id}").fill_null("?"))
            for rule in instrument.classifications
        ]
        flags = [pl.when(pl.col(f"flag:{rule.id}")).then(pl.lit(rule.id)) for rule in instrument.flags]
        return [
            *(pl.col(f"score:{scale.id}").alias(scale.id) for scale in instrument.scales),
            self._bands(scored),
            joined(
                [_named(rule.id, pl.col(f"critical:{rule.id}")) for rule in instrument.critical], ";"
            ).alias("critical"),
            joined(flags, ";").alias("flags"),
            *([joined(classes, ";").alias("classes")] if classes else []),
            pl.col("missing"),
            pl.col("notes"),
        ]

    def _bands(self, scored: pl.DataFrame) -> pl.Series:
        """All bands of a row as one number, and each different number put into words once."""
        if not self.scorer.bands:
            return pl.repeat(None, scored.height, dtype=pl.String, eager=True).alias("bands")
        groups: list[list[str]] = [[]]
        size = 1
        for name, bands in self.scorer.bands.items():
            if size * (len(bands) + 1) >= 1 << 62:
                groups.append([])
                size = 1
            groups[-1].append(name)
            size *= len(bands) + 1
        texts = pl.DataFrame([self._band_texts(scored, names) for names in groups if names])
        return texts.select(joined([pl.col(name) for name in texts.columns], ";").alias("bands")).to_series()

    def _band_texts(self, scored: pl.DataFrame, names: Sequence[str]) -> pl.Series:
        number: pl.Expr = pl.lit(0, pl.Int64)
        for name in names:
            number = number * (len(self.scorer.bands[name]) + 1) + (pl.col(f"band:{name}") + 1).fill_null(0)
        numbers = scored.select(number.alias(names[0])).to_series()
        words = {one: self._words(one, names) for one in numbers.unique()}
        return numbers.replace_strict(list(words), list(words.values()), return_dtype=pl.String)

    def _words(self, number: int, names: Sequence[str]) -> str | None:
        words = []
        for name in reversed(names):
            bands = self.scorer.bands[name]
            number, place = divmod(number, len(bands) + 1)
            if place:
                words.append(f"{name}={bands[place - 1][1].label}")
        return ";".join(reversed(words)) or None


def _not_empty(series: pl.Series) -> pl.Series:
    return series.set(series == "", None)


def _named(name: str, text: pl.Expr) -> pl.Expr:
    return pl.lit(f"{name}=") + text


def _whole(cell: str) -> int | None:
    found = cell_value(cell)
    # what does not fit 32 bits is no code of any form, and its row is told so by the ordinary way
    return found if isinstance(found, int) and abs(found) < 1 << 31 else None


def _sex(cell: str) -> str | None:
    return cell.lower() if cell.lower() in (*Sex,) else None


def _read_cells(
    series: pl.Series, read: Callable[[str], object], dtype: type[pl.DataType]
) -> tuple[pl.Series, pl.Series]:
    """Each different cell is read once; ``None`` is unreadable. Returns also where reading went well."""
    cells = {cell: cell.strip() for cell in series.drop_nulls().unique()}
    found = {cell: read(bare) for cell, bare in cells.items() if bare}
    unreadable = [cell for cell, kept in found.items() if kept is None]
    good = {cell: kept for cell, kept in found.items() if kept is not None}
    if good:
        values = series.replace_strict(list(good), list(good.values()), default=None, return_dtype=dtype)
    else:
        values = pl.repeat(None, series.len(), dtype=dtype, eager=True)
    return values, ~series.is_in(unreadable).fill_null(False)
