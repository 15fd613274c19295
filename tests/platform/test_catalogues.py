"""Translations are compiled when, and only when, their source is newer."""

import gettext
import os
from pathlib import Path

import pytest

from anxin.platform.catalogues import compile_catalogues
from anxin.platform.errors import PlatformError

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A catalogue of one message."""
    folder = tmp_path / "anxin" / "ui" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(HEADER + 'msgid "Help"\nmsgstr "求助"\n', encoding="utf-8")
    return folder / "django.po"


def test_a_message_is_translated_after_compiling(tmp_path: Path, source: Path) -> None:
    made = compile_catalogues(tmp_path)

    assert made == [source.with_suffix(".mo")]
    with open(made[0], "rb") as file:
        assert gettext.GNUTranslations(file).gettext("Help") == "求助"


def test_a_second_run_makes_nothing_until_the_source_changes(tmp_path: Path, source: Path) -> None:
    compile_catalogues(tmp_path)
    assert compile_catalogues(tmp_path) == []

    later = source.with_suffix(".mo").stat().st_mtime_ns + 1_000_000
    os.utime(source, ns=(later, later))

    assert len(compile_catalogues(tmp_path)) == 1
    assert len(compile_catalogues(tmp_path, only_stale=False)) == 1


def test_a_broken_catalogue_is_named_and_the_compiled_one_stays(tmp_path: Path, source: Path) -> None:
    (made,) = compile_catalogues(tmp_path)
    before = made.read_bytes()
    source.write_text("this is no catalogue\n", encoding="utf-8")

    with pytest.raises(PlatformError, match=r"django\.po is not a catalogue"):
        compile_catalogues(tmp_path, only_stale=False)

    assert made.read_bytes() == before
    assert list(made.parent.glob(".mo-*")) == []
