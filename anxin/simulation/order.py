"""What is asked of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """One run. ``part`` of ``parts``: only this share of the alarms, with everybody above the stations."""

    warnings: int = 1000
    stations: int = 200
    seed: int = 20260101
    without_escalation: bool = False
    part: int = 0
    parts: int = 1
