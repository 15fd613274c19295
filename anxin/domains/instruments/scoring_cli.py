"""``anxin score``: score one form, or a file of them, without a database.

A file is CSV with a header. The answers stand in columns ``q1`` to ``qN`` in form order, the unscored items
of the form after them if they were asked, and the opening question, where a form has one, in ``gate``.
``id``, ``age`` and ``sex`` are optional; other columns are neither read nor copied. An empty cell is missing.
"""

import csv
import difflib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import (
    BadAnswers,
    Instrument,
    InstrumentError,
    RefusedInstrument,
    ScoreSheet,
    Sex,
    UnknownInstrument,
)
from anxin.domains.instruments.rules.scoring import score

_BAD_INPUT = 2
_OLDEST = 150
_ENCODINGS = ("utf-8-sig", "gb18030")
_WHOLE = re.compile(r"-?\d+")


class UnusableFile(InstrumentError):
    """Not one row of it can be scored."""


class _OneLineErrors(click.Command):
    """Says in one line on stderr what is wrong, and exits 2; click alone would print its usage as well."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _refuse(error.format_message())

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            _refuse(error.format_message())
        except InstrumentError as error:
            _refuse(str(error))


def _refuse(reason: str) -> NoReturn:
    click.echo(f"anxin score: {' '.join(reason.split())}", err=True)
    raise click.exceptions.Exit(_BAD_INPUT)


@click.command(name="score", cls=_OneLineErrors)
@click.argument("instrument_id", metavar="INSTRUMENT")
@click.option("--answers", metavar="JSON", help="Printed codes, null = missing.")
@click.option("--age", type=click.IntRange(0, _OLDEST), help="Age in years.")
@click.option(
    "--sex", type=click.Choice([sex.value for sex in Sex]), help="Where a key or a norm depends on it."
)
@click.option("--csv", "source", type=click.Path(path_type=Path), help="A file with columns q1, q2, ...")
@click.option("--out", "target", type=click.Path(path_type=Path), help="Where the scored file goes.")
def score_command(
    instrument_id: str,
    answers: str | None,
    age: int | None,
    sex: str | None,
    source: Path | None,
    target: Path | None,
) -> None:
    """Score the answers to INSTRUMENT (phq-9, gad-7, ...) and print the score sheet as JSON.

    Answers are the codes printed on the form, before any reversal: '[2,1,null,0]'. With --csv and --out a
    file is scored, and what is wrong with a row stands in its error column.
    """
    instrument = _instrument(instrument_id)
    if (answers is None) == (source is None):
        raise click.UsageError("give either --answers or --csv")
    if answers is not None:
        if target is not None:
            raise click.UsageError("--out belongs to --csv")
        sheet = score(instrument, _parse(answers), age=age, sex=None if sex is None else Sex(sex))
        click.echo(json.dumps(sheet.as_dict(), ensure_ascii=False, indent=2))
        return
    if source is None or target is None:
        raise click.UsageError("--csv needs --out")
    if age is not None or sex is not None:
        raise click.UsageError("in a file, age and sex are columns")
    rows, failed = score_file(instrument, source, target)
    click.echo(f"{rows} rows, {failed} with an error", err=True)


def _instrument(instrument_id: str) -> Instrument:
    try:
        return library.get(instrument_id)
    except RefusedInstrument:
        raise
    except UnknownInstrument as error:
        near = difflib.get_close_matches(instrument_id.lower(), library.ids(), n=1)
        raise UnknownInstrument(f"{error}{f' (is it {near[0]}?)' if near else ''}") from None


def _parse(answers: str) -> list[object]:
    try:
        parsed = json.loads(answers)
    except ValueError as error:
        raise click.UsageError(f"--answers is not JSON: {error}") from None
    if not isinstance(parsed, list):
        raise click.UsageError("--answers must be a JSON list such as [2,1,null,0]")
    return parsed


def score_file(instrument: Instrument, source: Path, target: Path) -> tuple[int, int]:
    """Returns how many rows there were and how many could not be scored; the target appears whole or not."""
    unfinished = target.with_name(f"{target.name}.part")
    rows = failed = 0
    try:
        with (
            source.open(encoding=_encoding_of(source), newline="") as incoming,
            unfinished.open("w", encoding="utf-8-sig", newline="") as outgoing,
        ):
            reader = csv.reader(incoming)
            columns = _columns(instrument, next(reader, []))
            writer = csv.DictWriter(outgoing, fieldnames=_output_fields(instrument, columns), restval="")
            writer.writeheader()
            for result in _scored_rows(instrument, columns, reader):
                rows += 1
                failed += bool(result.get("error"))
                writer.writerow(result)
        os.replace(unfinished, target)
    except (OSError, csv.Error) as error:
        raise UnusableFile(f"cannot score {source.name}: {error}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return rows, failed


def _encoding_of(source: Path) -> str:
    """UTF-8, or the code page in which spreadsheets in China save by default."""
    for encoding in _ENCODINGS:
        try:
            with source.open(encoding=encoding) as text:
                for _ in text:
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnusableFile(f"{source.name} is neither UTF-8 nor GB 18030 text")


def _columns(instrument: Instrument, header: list[str]) -> dict[str, int]:
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


def _output_fields(instrument: Instrument, columns: Mapping[str, int]) -> list[str]:
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


def _scored_rows(
    instrument: Instrument, columns: Mapping[str, int], rows: Iterator[list[str]]
) -> Iterator[dict[str, object]]:
    width = max(columns.values()) + 1
    for number, cells in enumerate((cells for cells in rows if any(cells)), start=1):
        result: dict[str, object] = {
            "row": number,
            "instrument": instrument.id,
            "version": instrument.version,
        }
        if "id" in columns:
            result["id"] = cells[columns["id"]] if columns["id"] < len(cells) else ""
        try:
            if len(cells) < width:
                raise BadAnswers((f"the row has {len(cells)} cells, the header asks for {width}",))
            sheet = _score_row(instrument, {name: cells[place].strip() for name, place in columns.items()})
            result |= _flat(sheet)
        except BadAnswers as error:
            result["error"] = str(error)
        yield result


def _score_row(instrument: Instrument, cells: Mapping[str, str]) -> ScoreSheet:
    count = sum(name.startswith("q") for name in cells)
    names = [*(["gate"] if "gate" in cells else []), *(f"q{number}" for number in range(1, count + 1))]
    answers = [_cell_value(cells[name]) for name in names]
    age = _cell_value(cells.get("age", ""))
    if age is not None and (not isinstance(age, int) or not 0 <= age <= _OLDEST):
        raise BadAnswers((f"age: {age!r} is not an age",))
    sex = cells.get("sex", "").lower()
    if sex not in ("", *Sex):
        raise BadAnswers((f"sex: {sex!r} is not f or m",))
    return score(instrument, answers, age=age, sex=Sex(sex) if sex else None)


def _cell_value(cell: str) -> int | str | None:
    if not cell:
        return None
    return int(cell) if _WHOLE.fullmatch(cell) else cell


def _flat(sheet: ScoreSheet) -> dict[str, object]:
    classes = ";".join(f"{name}={label or '?'}" for name, label in sheet.classes.items())
    grades = {"classes": classes} if classes else {}
    return {
        **sheet.scores,
        "bands": ";".join(f"{band.scale}={band.label}" for band in sheet.bands),
        "critical": ";".join(f"{hit.rule}={hit.level.value}" for hit in sheet.critical),
        "flags": ";".join(name for name, found in sheet.flags.items() if found),
        **grades,
        "missing": " ".join(str(number) for number in sheet.validity.missing),
        "notes": " ".join(sheet.validity.notes),
    }
