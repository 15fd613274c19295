"""``anxin score``: score one form, or a file of them, without a database.

A file is CSV with a header. The answers stand in columns ``q1`` to ``qN`` in form order, the unscored items
of the form after them if they were asked, and the opening question, where a form has one, in ``gate``.
``id``, ``age`` and ``sex`` are optional; other columns are neither read nor copied. An empty cell is missing.
"""

import difflib
import json
from pathlib import Path
from typing import Any, NoReturn

import click

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import (
    Instrument,
    InstrumentError,
    RefusedInstrument,
    Sex,
    UnknownInstrument,
)
from anxin.domains.instruments.rules.scoring import score

_BAD_INPUT = 2
_OLDEST = 150


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
    # only files need Polars, and importing it would double the start of the command line
    from anxin.domains.instruments.score_files import score_file

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
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"--answers is not JSON: {error}") from None
    if not isinstance(parsed, list):
        raise click.UsageError("--answers must be a JSON list such as [2,1,null,0]")
    return parsed
