"""Bands as a picture: one strip for each scale, each band as wide as its share of the range."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from anxin.domains.instruments.contracts import Band, Instrument, NormSet, Scale
from anxin.sites.bands import BANDS
from anxin.sites.staff.instruments.words import MARKS, Words, in_page_language, listed
from anxin.sites.staff.words import SEXES

WIDTH = 560


@dataclass(frozen=True, slots=True)
class Piece:
    """One band of the strip. ``tone``: 0 to 4, lighter to darker; it is an order and not a judgement."""

    label: str
    span: str
    x: int
    width: int
    tone: int


@dataclass(frozen=True, slots=True)
class Strip:
    """The bands of one scale in one norm set."""

    scale: str
    pieces: list[Piece]
    said: str
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Norms:
    """One norm set with its strips and where it comes from."""

    name: str
    population: str
    reference: str
    year: int | None
    mark: Words
    is_default: bool
    who: str
    strips: list[Strip]


def norms_of(instrument: Instrument) -> list[Norms]:
    """Every norm set, the ones in use first."""
    ordered = sorted(instrument.norm_sets, key=lambda one: not one.default)
    return [_norms(instrument, one) for one in ordered]


def _norms(instrument: Instrument, norms: NormSet) -> Norms:
    named = {scale.id: scale for scale in instrument.scales}
    known = [named[name] for name in norms.scales if name in named]
    # The bands of a norm set are the same for each of its scales: one strip says it, with all their names.
    return Norms(
        name=norms.id,
        population=norms.population,
        reference=norms.reference,
        year=norms.year,
        mark=MARKS[norms.mark],
        is_default=norms.default,
        who=_who(norms),
        strips=[_strip(known, norms.bands)] if known and norms.bands else [],
    )


def _who(norms: NormSet) -> str:
    parts = [str(SEXES[norms.sex.value])] if norms.sex else []
    if norms.age_min is not None or norms.age_max is not None:
        ages = {"low": norms.age_min or 0, "high": norms.age_max}
        parts.append(
            _("from %(low)s years") % ages if norms.age_max is None else _("%(low)s to %(high)s years") % ages
        )
    return listed(parts)


def _strip(scales: list[Scale], bands: tuple[Band, ...]) -> Strip:
    low, high = bands[0].low, bands[-1].high
    step = 1 if all(_is_whole(band) for band in bands) else 0
    whole = max(high - low + step, 1e-9)
    pieces = []
    for place, band in enumerate(bands):
        end = band.high + (0 if band.open_above else step)
        x = round((band.low - low) / whole * WIDTH)
        width = max(round((end - low) / whole * WIDTH) - x, 1)
        tone = 0 if len(bands) == 1 else round(place / (len(bands) - 1) * 4)
        pieces.append(Piece(label_of(band), span_of(band), x, width, tone))
    names = listed(in_page_language(scale.title) for scale in scales)
    said = "; ".join(f"{piece.span} {piece.label}" for piece in pieces)
    return Strip(scale=names, pieces=pieces, said=f"{names}: {said}")


def label_of(band: Band) -> str:
    """The word of a band, or its name where the site has no word for it."""
    return str(BANDS.get(band.label, band.label))


def span_of(band: Band) -> str:
    """From where to where, as people write it."""
    if band.open_above:
        return _("%(low)s to below %(high)s") % {"low": f"{band.low:g}", "high": f"{band.high:g}"}
    return f"{band.low:g}" if band.low == band.high else f"{band.low:g}–{band.high:g}"


def _is_whole(band: Band) -> bool:
    return float(band.low).is_integer() and float(band.high).is_integer() and not band.open_above
