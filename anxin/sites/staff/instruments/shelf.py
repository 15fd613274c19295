"""The library as a list: what there is, where it is offered, and what is being written."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, Permission, VersionState
from anxin.kernel.actor import Actor
from anxin.sites.staff.instruments.reasons import Offer, offers_of
from anxin.sites.staff.instruments.words import LANGUAGES, MODES, STATES, Words, in_page_language

PAGE_SIZE = 30
ALL, OFFERED, CLOSED, WORKING = "all", "offered", "closed", "working"
SHOWN = (
    (ALL, gettext_lazy("All")),
    (OFFERED, gettext_lazy("Offered")),
    (CLOSED, gettext_lazy("Not offered")),
    (WORKING, gettext_lazy("Being written")),
)
_OPEN = (VersionState.DRAFT, VersionState.IN_REVIEW)


class LibraryFilter(forms.Form):
    """Read from the query string; a broken choice counts as not made."""

    show = forms.ChoiceField(choices=SHOWN, required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("Terms"),
        choices=[("", gettext_lazy("all terms")), *((mode.value, words) for mode, words in MODES.items())],
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Words in"),
        choices=[("", gettext_lazy("any language")), *LANGUAGES.items()],
        required=False,
    )
    q = forms.CharField(max_length=40, required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.is_valid()
        found = {name: str(self.cleaned_data.get(name) or "").strip() for name in self.fields}
        return found | {"show": found["show"] or ALL}


@dataclass(frozen=True, slots=True)
class Work:
    """One version on its way."""

    number: str
    state: Words
    author: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One instrument of the list."""

    name: str
    title: str
    url: str
    number: str
    is_made_here: bool
    mode: str
    mode_words: Words
    licence: str
    is_verified: bool
    languages: list[Words]
    draft_languages: list[Words]
    offers: list[Offer]
    work: list[Work]

    @property
    def is_offered(self) -> bool:
        """Whether anybody can be asked with it."""
        return any(offer.is_open for offer in self.offers)

    @property
    def told(self) -> list[Offer]:
        """Where it is offered; where it is offered nowhere, the one reason that weighs most."""
        return [offer for offer in self.offers if offer.is_open] or self.offers[-1:]


@dataclass(frozen=True, slots=True)
class Kept:
    """An instrument that is not in the library, and why."""

    name: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One counted choice."""

    label: Words
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class LibraryList:
    """Everything the list draws."""

    rows: list[Row]
    page: "Page[Row]"
    segments: list[Segment]
    query: str
    refused: list[Kept]
    may_edit: bool
    is_searched: bool


_FITS: dict[str, Callable[[Row], bool]] = {
    ALL: lambda row: True,
    OFFERED: lambda row: row.is_offered,
    CLOSED: lambda row: not row.is_offered,
    WORKING: lambda row: bool(row.work),
}


def library_list(actor: Actor, form: LibraryFilter, page_number: str) -> LibraryList:
    """The list for one person, filtered as asked."""
    chosen = form.chosen()
    rows = [row for row in _rows(actor) if _matches(row, chosen)]
    counts = Counter(key for key, fits in _FITS.items() for row in rows if fits(row))
    shown = [row for row in rows if _FITS[chosen["show"]](row)]
    page = Paginator(shown, PAGE_SIZE).get_page(page_number)
    kept = {name: value for name, value in chosen.items() if value}
    return LibraryList(
        rows=list(page.object_list),
        page=page,
        segments=[
            Segment(label, counts[key], f"?{urlencode({**kept, 'show': key})}", key == chosen["show"])
            for key, label in SHOWN
        ],
        query=urlencode(kept),
        refused=_refused(chosen["q"]),
        may_edit=instruments.may(actor=actor, permission=Permission.EDIT),
        is_searched=any(chosen[name] for name in ("q", "mode", "language")) or chosen["show"] != ALL,
    )


def _rows(actor: Actor) -> list[Row]:
    work: dict[str, list[Work]] = {}
    titles: dict[str, str] = {}
    for version in instruments.versions_queryset(actor=actor).filter(state__in=_OPEN):
        address = reverse("staff:instrument-version", args=[version.instrument, version.version])
        words = STATES[VersionState(version.state)]
        titles[version.instrument] = in_page_language(version.definition["title"])
        work.setdefault(version.instrument, []).append(
            Work(version.version, words, version.author.name, address)
        )
    found = instruments.whole_library(actor=actor)
    rows = [row_of(one, work.pop(one.id, [])) for one in found]
    return rows + [_only_begun(name, titles[name], begun) for name, begun in sorted(work.items())]


def row_of(instrument: Instrument, work: list[Work]) -> Row:
    """One instrument as the list shows it."""
    return Row(
        name=instrument.id,
        title=in_page_language(instrument.title),
        url=reverse("staff:instrument-version", args=[instrument.id, instrument.version]),
        number=instrument.version,
        is_made_here=instruments.is_made_here(instrument.version),
        mode=instrument.mode.value,
        mode_words=MODES[instrument.mode],
        licence=instrument.licence.summary,
        is_verified=instrument.provenance.key_verified,
        languages=[LANGUAGES[one] for one in instrument.languages],
        draft_languages=[LANGUAGES[one] for one in instrument.draft_languages],
        offers=offers_of(instrument),
        work=work,
    )


def _only_begun(name: str, title: str, work: list[Work]) -> Row:
    """An instrument of which there is nothing but a draft."""
    return Row(
        name=name,
        title=title,
        url=work[0].url,
        number="",
        is_made_here=True,
        mode="",
        mode_words="",
        licence=_("Nothing is in force yet."),
        is_verified=False,
        languages=[],
        draft_languages=[],
        offers=[],
        work=work,
    )


def _matches(row: Row, chosen: dict[str, str]) -> bool:
    text = chosen["q"].casefold()
    if text and text not in f"{row.name} {row.title}".casefold():
        return False
    if chosen["mode"] and row.mode != chosen["mode"]:
        return False
    return not chosen["language"] or LANGUAGES[chosen["language"]] in row.languages


def _refused(text: str) -> list[Kept]:
    found = [Kept(one.id, one.title, one.reason) for one in instruments.list_refused()]
    wanted = text.casefold()
    return [one for one in found if wanted in f"{one.name} {one.title}".casefold()]
