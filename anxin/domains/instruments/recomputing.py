"""Comparing the totals somebody else computed with our own: each difference is reported, none is smoothed over.

The file is one of ``anxin score``, with the totals given beside the answers: a column named like a scale of the
instrument (``total``, ``anxiety``), or ``given_total`` and the like.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anxin.domains.instruments.contracts import BadAnswers, Instrument, Score
from anxin.domains.instruments.score_files import ENCODINGS, UnusableFile, columns_of, score_row

_GIVEN = "given_"
_CLOSE = 0.005
"""Others print means with two decimals; what rounds to the same two is the same."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """``given`` is the cell as it stands; ``computed`` is ``None`` where our key has no score for these answers."""

    row: int
    id: str
    scale: str
    given: str
    computed: Score
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``compared``: how many given totals there were."""

    rows: int
    compared: int
    mismatches: tuple[Mismatch, ...]


def compare_totals(instrument: Instrument, source: Path) -> Comparison:
    """Raises ``UnusableFile``, also when no total is given at all."""
    rows = list(csv.reader(io.StringIO(_text(source), newline="")))
    header = rows[0] if rows else []
    columns = columns_of(instrument, header)
    given = _given_columns(instrument, header, columns)
    if not given:
        raise UnusableFile(f"no total is given: name a column like one of {', '.join(_names(instrument))}")
    filled = [cells for cells in rows[1:] if any(cells)]
    mismatches = [
        mismatch
        for number, cells in enumerate(filled, start=1)
        for mismatch in _compare_row(instrument, number, cells, columns, given)
    ]
    compared = sum(bool(_cell(cells, place)) for cells in filled for place in given.values())
    return Comparison(len(filled), compared, tuple(mismatches))


def _text(source: Path) -> str:
    try:
        content = source.read_bytes()
    except OSError as error:
        raise UnusableFile(f"cannot read {source.name}: {error.strerror}") from None
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise UnusableFile(f"{source.name} is neither UTF-8 nor GB 18030 text")


def _names(instrument: Instrument) -> list[str]:
    return [scale.id for scale in instrument.scales]


def _given_columns(
    instrument: Instrument, header: Sequence[str], columns: Mapping[str, int]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        scale = name.strip().lower().removeprefix(_GIVEN)
        if scale in _names(instrument) and place not in columns.values():
            if scale in found:
                raise UnusableFile(f"the total of {scale} is given twice")
            found[scale] = place
    return found


def _compare_row(
    instrument: Instrument,
    number: int,
    cells: Sequence[str],
    columns: Mapping[str, int],
    given: Mapping[str, int],
) -> Iterator[Mismatch]:
    name = _cell(cells, columns["id"]) if "id" in columns else ""
    try:
        sheet = score_row(instrument, {column: _cell(cells, place) for column, place in columns.items()})
    except BadAnswers as error:
        yield Mismatch(number, name, "", "", None, str(error))
        return
    for scale, place in given.items():
        written, computed = _cell(cells, place), sheet.scores[scale]
        if written and not _is_same(written, computed):
            yield Mismatch(number, name, scale, written, computed)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _is_same(written: str, computed: Score) -> bool:
    try:
        number = float(written)
    except ValueError:
        return False
    if computed is None:
        return False
    return number == computed if isinstance(computed, int) else abs(number - computed) <= _CLOSE
