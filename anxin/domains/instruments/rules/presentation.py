"""What a resident's page may know of a score sheet: how much support to offer, no illness, no number."""

from anxin.domains.instruments.contracts import (
    CriticalLevel,
    NoPublicOutcome,
    PublicLevel,
    PublicOutcome,
    ScoreSheet,
)

_LEVEL_OF_LABEL = {
    "minimal": PublicLevel.NONE,
    "mild": PublicLevel.MILD,
    "moderate": PublicLevel.MODERATE,
    "moderately_severe": PublicLevel.HIGH,
    "severe": PublicLevel.HIGH,
}
_ORDER = (PublicLevel.UNKNOWN, PublicLevel.NONE, PublicLevel.MILD, PublicLevel.MODERATE, PublicLevel.HIGH)


def public_outcome(sheet: ScoreSheet) -> PublicOutcome:
    """The level follows the band of the total, and a critical answer lifts it.

    A page that puts help first must not say "nothing found" below it: a critical answer is at least
    ``MODERATE``, a severe one ``HIGH``, whatever the total. Without a total the level is ``UNKNOWN``.
    Raises ``NoPublicOutcome`` for an instrument whose bands are not levels of severity.
    """
    band = sheet.band_of("total")
    if band is not None and band.label not in _LEVEL_OF_LABEL:
        raise NoPublicOutcome(f"{sheet.instrument} has no outcome for a resident's page")
    level = PublicLevel.UNKNOWN if band is None else _LEVEL_OF_LABEL[band.label]
    for hit in sheet.critical:
        floor = PublicLevel.HIGH if hit.level is CriticalLevel.SEVERE else PublicLevel.MODERATE
        level = max(level, floor, key=_ORDER.index)
    return PublicOutcome(level=level, help_first=bool(sheet.critical))
