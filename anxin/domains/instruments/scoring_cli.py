"""``anxin score``: score one form, or a file of them, without a database.

A file is CSV with a header. The answers stand in columns ``q1`` to ``qN`` (``gate`` before them where the instrument
has one, ``x_<code>`` for unscored items); ``id``, ``age`` and ``sex`` are optional. An empty cell is a missing answer.
"""

import csv
import difflib
import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import click

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Instrument, InstrumentError, ScoreSheet, Sex, UnknownInstrument
from anxin.domains.instruments.rules.scoring import score

_EXIT_BAD_INPUT = 2


class _OneLineErrors(click.Command):
    """Says in one line on stderr what is wrong, and exits 2; click would print its usage as well."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _refuse(error.format_message())

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InstrumentError as error:
            _refuse(str(error))


def _refuse(reason: str) -> "NoReturn":
    click.echo(f"anxin score: {' '.join(reason.split())}", err=True)
    raise click.exceptions.Exit(_EXIT_BAD_INPUT)
