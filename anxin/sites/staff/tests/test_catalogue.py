"""The Chinese of this site is what its own catalogue says, and the catalogue holds nothing the site does not say."""

from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils import translation

from anxin.domains.instruments import api as instruments
from anxin.sites.bands import BANDS
from tools import messages

SITE = Path(__file__).parents[1]


def kept() -> list[Message]:
    """Every line."""
    with open(SITE / "locale/zh_Hans/LC_MESSAGES/django.po", "rb") as file:
        return [entry for entry in read_po(file, locale="zh_Hans") if entry.id]


def text_of(entry: Message) -> str:
    """The English, in the singular."""
    return entry.id[0] if isinstance(entry.id, tuple) else entry.id


def asked(entry: Message) -> str:
    """What a page gets when it asks for this text."""
    if isinstance(entry.id, tuple):
        return translation.ngettext(*entry.id, 1)
    return translation.pgettext(entry.context, entry.id) if entry.context else translation.gettext(entry.id)


def test_no_line_of_the_catalogue_is_left_over() -> None:
    here = str(SITE.relative_to(messages.ROOT))
    said = {message for message, files in messages.used().items() if any(f.startswith(here) for f in files)}
    assert {(entry.context or "", text_of(entry)) for entry in kept()} - said == set()


def test_no_other_catalogue_puts_its_own_words_here() -> None:
    with translation.override("zh-hans"):
        for entry in kept():
            chinese = entry.string if isinstance(entry.string, str) else entry.string[0]
            assert asked(entry) == chinese, text_of(entry)


def test_every_band_and_grade_of_the_library_has_its_word() -> None:
    labels = {
        band.label for one in instruments.list_instruments() for set_ in one.norm_sets for band in set_.bands
    }
    for one in instruments.list_instruments():
        for classification in one.classifications:
            labels |= {grade.label for grade in classification.grades} | {classification.otherwise}
    assert sorted(labels - set(BANDS)) == []
