"""Whether two scores of one person differ by more than the questionnaire itself wavers.

Jacobson NS, Truax P (1991). Clinical significance: a statistical approach to defining meaningful change in
psychotherapy research. Journal of Consulting and Clinical Psychology 59(1): 12-19.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from anxin.domains.assessments.contracts import Change, Reliability, Source

Z_95 = 1.96
"""As the authors have it: beyond it a change is unlikely (p < .05) without a real one."""


class BadReliability(ValueError):
    """The data file contradicts itself."""


def reliable_change(*, sd: float, reliability: float) -> float:
    """The points beyond which a difference is a reliable change.

    Standard error of measurement: sd × √(1 − r). Of a difference of two: √(2 × that²). Times 1.96.
    """
    if sd <= 0 or not 0 < reliability < 1:
        raise BadReliability("a standard deviation is above 0, a reliability between 0 and 1")
    error = sd * sqrt(1 - reliability)
    return Z_95 * sqrt(2 * error**2)


def change_between(before: float | None, after: float | None, reliability: Reliability | None) -> Change:
    """From ``before`` to ``after``: lower, higher, or no more than chance. It says nothing of better or worse."""
    if before is None or after is None or reliability is None:
        return Change.UNKNOWN
    moved = after - before
    if abs(moved) < reliability.needed or (abs(moved) == reliability.needed and not reliability.reached):
        return Change.WITHIN
    return Change.LOWER if moved < 0 else Change.HIGHER


def band_around(
    score: float, reliability: Reliability, *, lowest: float, highest: float
) -> tuple[float, float]:
    """The scores that do not differ reliably from ``score``, kept inside the scale."""
    return max(lowest, score - reliability.needed), min(highest, score + reliability.needed)


def read_reliabilities(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Reliability]:
    """The data file. Raises ``BadReliability`` for an entry without its source, or with two ways to the figure."""
    found: dict[tuple[str, str], Reliability] = {}
    for row in rows:
        name = (str(row["instrument"]), str(row["scale"]))
        if name in found:
            raise BadReliability(f"{name[0]} {name[1]} stands twice")
        found[name] = _read(name, row)
    return found


def _read(name: tuple[str, str], row: Mapping[str, Any]) -> Reliability:
    parts = [part for part in ("index", "sd", "reliability") if part in row]
    if parts not in (["index"], ["sd", "reliability"]):
        raise BadReliability(f"{name[0]} needs either an index, or a standard deviation and a reliability")
    sources = tuple(_source(name[0], row[part]) for part in parts)
    if parts == ["index"]:
        return Reliability(
            *name, needed=sources[0].value, sources=sources, reached=bool(row["index"].get("reached", False))
        )
    needed = reliable_change(sd=sources[0].value, reliability=sources[1].value)
    return Reliability(*name, needed=needed, sources=sources)


def _source(instrument: str, part: Mapping[str, Any]) -> Source:
    source = Source(
        value=float(part["value"]),
        population=str(part.get("population", "")),
        reference=str(part.get("reference", "")),
        doi=str(part.get("doi", "")),
        read=str(part.get("read", "")),
        kind=str(part.get("kind", "")),
        interval=str(part.get("interval", "")),
    )
    if not (source.population and source.reference and source.read):
        raise BadReliability(f"a figure of {instrument} has no named source")
    return source
