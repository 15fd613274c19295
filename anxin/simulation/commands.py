"""``anxin simulate``: years that the service lives through before a city does."""

import json
from pathlib import Path
from typing import Any

import click

from anxin.simulation.order import Order
from anxin.simulation.run import live_county_year

_USUAL = Order()


@click.group("simulate")
def simulate_group() -> None:
    """Let the service live through an invented year. See docs/reference/simulation.md."""


@simulate_group.command("county-year")
@click.option("--json", "as_json", is_flag=True, help="Print one object for a program.")
@click.option("--events", type=click.Path(path_type=Path, dir_okay=False), help="Write every event there.")
@click.option("--seed", default=_USUAL.seed, show_default=True, help="Another seed is another year.")
@click.option("--warnings", default=_USUAL.warnings, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--stations", default=_USUAL.stations, show_default=True, type=click.IntRange(1, 2000))
@click.option("--break", "broken", type=click.Choice(["escalation"]), help="Switch something off, to see it.")
def county_year(
    as_json: bool, events: Path | None, seed: int, warnings: int, stations: int, broken: str | None
) -> None:
    """A county's year in a database of its own: warnings, staff who are late or away, providers that fail."""
    order = Order(warnings=warnings, stations=stations, seed=seed, without_escalation=broken == "escalation")
    found = live_county_year(order, events=events, say=lambda line: click.echo(line, err=True))
    click.echo(json.dumps(found) if as_json else _in_words(found))


def _in_words(found: dict[str, Any]) -> str:
    lines = [
        f"{name.replace('_', ' ')}: {value}" for name, value in found.items() if not isinstance(value, dict)
    ]
    for level, took in found["acknowledged_seconds"].items():
        lines.append(
            f"{level} taken over, seconds: " + ", ".join(f"{key} {value}" for key, value in took.items())
        )
    return "\n".join(lines)
