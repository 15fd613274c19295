"""Which requirements are met, by the ledger and by the tests that ran.

``docs/reference/requirements.csv`` says what each requirement's state is and which tests prove it. A test
run writes what happened to every marked test. "works" counts only when the two agree: at least one test of
that requirement ran and none of them failed.
"""

import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click

from anxin.platform import paths

STATES = ("works", "partly", "not yet")
RESULT_FILE = "requirements-results.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement as the ledger has it."""

    id: str
    state: str
    where: str
    test: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ledger beside a test run."""

    counts: dict[str, int]
    unproved: dict[str, str]
    """Requirements that claim to work, with the reason why that does not count."""


def read_ledger(path: Path) -> list[Row]:
    """The rows of the ledger. Raises :class:`click.ClickException` when it cannot be read."""
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = [Row(row["id"], row["state"], row["where"], row["test"]) for row in csv.DictReader(file)]
    except (OSError, KeyError) as error:
        raise click.ClickException(f"cannot read {paths.shown(path)}: {error}") from None
    for row in rows:
        if row.state not in STATES:
            raise click.ClickException(
                f"{paths.shown(path)}: {row.id} has the state {row.state!r}, not one of {STATES}"
            )
    return rows


def read_results(path: Path) -> dict[str, list[dict[str, str]]] | None:
    """What the last test run wrote, or ``None`` when there was none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise click.ClickException(f"{paths.shown(path)} is damaged ({error}); run make test again") from None
    return dict(found)


def compare(rows: list[Row], results: dict[str, list[dict[str, str]]]) -> Outcome:
    """Count the states; a claim that no passing test backs is not counted as working."""
    counts, unproved = Counter[str](), {}
    for row in rows:
        reason = _doubt(results.get(row.id, [])) if row.state == "works" else None
        if reason is None:
            counts[row.state] += 1
        else:
            unproved[row.id] = reason
    return Outcome({state: counts[state] for state in STATES}, unproved)


def _doubt(ran: list[dict[str, str]]) -> str | None:
    if not ran:
        return "no test of it ran"
    for each in ran:
        if each["outcome"] != "passed":
            return f"{each['test']} {each['outcome']}"
    return None


@click.command()
@click.option(
    "--check", is_flag=True, help="End with 1 when a requirement claims to work and no test proved it."
)
@click.pass_context
def trace_command(context: click.Context, check: bool) -> None:
    """Count the requirements that work, work partly, and are not there yet."""
    rows = read_ledger(paths.checkout() / "docs" / "reference" / "requirements.csv")
    results = read_results(paths.state_dir() / RESULT_FILE)
    if results is None:
        click.echo("No test run was found; run make test. Until then nothing counts as working.", err=True)
    outcome = compare(rows, results or {})
    for state in STATES:
        click.echo(f"{outcome.counts[state]:>4}  {state}")
    if outcome.unproved:
        click.echo(f"{len(outcome.unproved):>4}  claim to work, not proved by the last test run:")
        for identifier, reason in outcome.unproved.items():
            click.echo(f"      {identifier}  {reason}")
    click.echo(f"{len(rows):>4}  requirements")
    if check and outcome.unproved:
        context.exit(1)
