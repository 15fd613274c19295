"""``anxin instruments``: what the library holds, and whether a definition may join it. Needs no database."""

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Instrument, InstrumentError

_BAD_INPUT = 2


@click.group(name="instruments")
def instruments_group() -> None:
    """The instrument library: list it, check a definition."""


@instruments_group.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")
def list_command(as_json: bool) -> None:
    """Every instrument: its mode, whether its wording is here, its languages, version and licence."""
    rows = [row_of(one) for one in library.all()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        words = ",".join(row["languages"]) if row["wording"] else "key only"
        state = "" if row["key_verified"] else "  (key unverified: offered to nobody)"
        click.echo(f"{row['id']:24} {row['mode']:3} {row['version']:8} {words}{state}")


@instruments_group.command(name="check")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def check_command(path: Path) -> None:
    """Validate one definition; a fault is named on one line each, and the exit status is 2."""
    try:
        found = library.check(path)
    except InstrumentError as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{path.name}: {error.strerror or 'cannot be read'}")
    click.echo(f"{found.id} {found.version}: sound")


def row_of(instrument: Instrument) -> dict[str, Any]:
    """One line of the list as plain values. ``wording`` is true where every item can be shown in some language."""
    return {
        "id": instrument.id,
        "title": dict(instrument.title),
        "mode": instrument.mode.value,
        "wording": bool(instrument.languages),
        "languages": list(instrument.languages),
        "version": instrument.version,
        "licence": instrument.licence.summary,
        "credit": instrument.licence.credit_line,
        "pack": instrument.pack,
        "key_verified": instrument.provenance.key_verified,
        "offered": instrument.offered,
        "channels": [channel.value for channel in instrument.channels],
        "items": len(instrument.items),
        "key_hash": instrument.key_hash,
    }


def _refuse(reason: str) -> NoReturn:
    for line in reason.splitlines() or [""]:
        click.echo(f"anxin instruments: {line}", err=True)
    raise click.exceptions.Exit(_BAD_INPUT)
