"""A document becomes a PDF: always the same for the same words, and no word in it is ever read as code."""

from datetime import UTC, datetime

import pytest

from anxin.exchange.pdf.documents import Document, Drawing, Heading, Paragraph, Table
from anxin.exchange.pdf.setting import NoFontForPdf, as_pdf, is_available
from anxin.platform import fonts
from tests.requirements_marker import requirement

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'


def document(words: str) -> Document:
    return Document(
        title=words,
        language="zh-hans",
        made_at=AT,
        lead=words,
        blocks=(
            Heading(words),
            Paragraph(words),
            Table((words,), [(words,), ("二",)], marked=frozenset({1})),
            Drawing(SVG, words),
        ),
        foot=("12356", words),
    )


@pytest.fixture
def needs_font() -> None:
    if not fonts.han_family():
        pytest.skip("this machine has no font for Chinese")


@requirement("R-071")
@pytest.mark.usefixtures("needs_font")
def test_the_same_words_give_the_same_file() -> None:
    first = as_pdf(document("这两周的状态"))
    assert first.startswith(b"%PDF")
    assert first == as_pdf(document("这两周的状态"))


@pytest.mark.usefixtures("needs_font")
@pytest.mark.parametrize(
    "words", ["#panic()", '#read("/etc/passwd")', "$x$ *a* _b_ @c <d>", '"}', "= x", "\\"]
)
def test_what_people_wrote_is_never_read_as_code(words: str) -> None:
    assert as_pdf(document(words)).startswith(b"%PDF")


def test_without_a_font_it_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anxin.platform.fonts.han_family", lambda: "")
    assert not is_available()
    with pytest.raises(NoFontForPdf):
        as_pdf(document("x"))
