"""What is shipped, under which terms, and what is kept out."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from anxin.domains.instruments import api, library
from anxin.domains.instruments.contracts import (
    BadDefinition,
    Channel,
    KeyUnverified,
    Mode,
    RefusedInstrument,
    Translation,
    TranslationStatus,
)
from anxin.domains.instruments.reading import read_instrument
from anxin.domains.instruments.rules.definition import faults
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.tests.forms import ALL_IDS
from tests.requirements_marker import requirement

ROWS = 76
UNVERIFIED = {"pansi", "uls-8"}


@requirement("R-067")
def test_every_row_of_the_instrument_table_is_shipped_or_refused_with_a_reason() -> None:
    rows = {library.get(name).provenance.table_row for name in ALL_IDS}
    rows |= {refused.table_row for refused in library.refused()}
    assert rows == set(range(1, ROWS + 1))


def test_what_is_refused_says_why_and_is_not_shipped() -> None:
    refused = library.refused()
    assert len({one.id for one in refused}) == len(refused)
    assert not {one.id for one in refused} & set(ALL_IDS)
    assert all(one.reason and one.status in ("refused", "unstated") for one in refused)
    with pytest.raises(RefusedInstrument, match=r"mmse is not in the library \(refused\): commercial"):
        library.get("mmse")
    assert "refused" not in ALL_IDS
    assert api.list_refused() == refused


def test_a_key_from_memory_is_offered_to_nobody() -> None:
    assert {name for name in ALL_IDS if not library.get(name).offered} == UNVERIFIED
    listed = {instrument.id for instrument in api.list_instruments()}
    assert not listed & UNVERIFIED
    with pytest.raises(KeyUnverified, match="pansi is not offered: its scoring key is unverified"):
        score(library.get("pansi"), [1] * 14)


def test_modes_keep_to_their_channels() -> None:
    for instrument in library.all():
        if instrument.mode in (Mode.STAFF, Mode.KEY_ONLY):
            assert instrument.channels == (Channel.STAFF,), instrument.id
        if instrument.mode is Mode.KEY_ONLY:
            assert not instrument.wording, instrument.id
        assert bool(instrument.pack) == (instrument.mode is Mode.PACK), instrument.id


def test_a_pack_has_a_folder_and_a_notice_of_its_own() -> None:
    packs = {path.parent for path in library.DATA.glob("packs/*/*.yaml")}
    assert {path.name for path in packs} == {"nc"}
    notice = (library.DATA / "packs" / "nc" / "LICENCE.md").read_text("utf-8")
    for path in library.DATA.glob("packs/nc/*.yaml"):
        assert f"`{path.stem}`" in notice
    assert {library.get(path.stem).pack for path in library.DATA.glob("packs/nc/*.yaml")} == {"nc"}


@requirement("R-067")
def test_a_switched_off_pack_keeps_its_key_and_shows_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(library.PACKS, raising=False)
    off = library.get("audit")
    assert (off.languages, off.channels, off.wording) == ((), (Channel.STAFF,), False)
    assert not any(question.text for question in off.questions)
    assert not off.shows_in("en", Channel.PUBLIC)
    assert score(off, [2, 1, 1, 0, 0, 0, 0, 0, 0, 0]).total == 4
    monkeypatch.setenv(library.PACKS, "other, nc")
    on = library.get("audit")
    assert on.shows_in("en", Channel.PUBLIC)
    assert on.key_hash == off.key_hash


def test_a_superseded_version_can_still_be_scored() -> None:
    current, old = library.get("k10"), library.get("k10", "1.0.0")
    assert (current.version, old.version) == ("1.1.0", "1.0.0")
    assert old.key_hash != current.key_hash
    skipped = [1, 1, None, 1, 1, 1, 1, 1, 1, 1]
    assert (score(old, skipped).total, score(current, skipped).total) == (None, 10)


def _draft(status: str, **more: str) -> dict[str, object]:
    data = yaml.safe_load((library.DATA / "cage.yaml").read_text("utf-8"))
    for item in data["items"]:
        item["text"]["zh-Hans"] = f"试译 {item['n']}"
    for option in data["options"]:
        option["text"]["zh-Hans"] = "是" if option["code"] else "否"
    data["provenance"]["translations"] = {"zh-Hans": {"status": status, "translator": "project", **more}}
    data["provenance"]["wording"]["state"].pop("zh-Hans", None)
    from anxin.domains.instruments.rules.fingerprint import text_hash

    shas = data["provenance"]["wording"]["sha256"]
    shas["zh-Hans"] = text_hash(read_instrument(data), "zh-Hans")
    return data


def test_a_draft_translation_is_for_staff_of_an_instance_that_allows_drafts() -> None:
    data = _draft("draft")
    assert library.schema_faults(data) == ()
    instrument = replace(read_instrument(data), channels=(Channel.PUBLIC, Channel.STAFF))
    assert faults(read_instrument(data)) == ()
    assert (instrument.languages, instrument.draft_languages) == (("en",), ("zh-Hans",))
    assert not instrument.shows_in("zh-Hans", Channel.STAFF)
    assert instrument.shows_in("zh-Hans", Channel.STAFF, drafts=True)
    assert not instrument.shows_in("zh-Hans", Channel.PUBLIC, drafts=True)


def test_an_approved_translation_is_open_and_names_its_reviewer() -> None:
    data = _draft("approved", reviewer="A. Reviewer", reviewed_on="2026-01-20")
    instrument = read_instrument(data)
    assert faults(instrument) == ()
    assert instrument.languages == ("en", "zh-Hans")
    assert any("reviewer" in fault for fault in library.schema_faults(_draft("approved")))
    alone = Translation(TranslationStatus.APPROVED, "A. Reviewer", "A. Reviewer", "2026-01-20")
    own = replace(instrument, provenance=replace(instrument.provenance, translations={"zh-Hans": alone}))
    assert any("approved by its own translator" in fault for fault in faults(own))


@pytest.mark.parametrize(
    ("value", "allowed"), [("", False), ("0", False), ("1", True), ("true", True), ("On", True)]
)
def test_drafts_are_switched_on_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str, allowed: bool
) -> None:
    monkeypatch.setenv(library.DRAFTS, value)
    assert api.drafts_allowed() is allowed


def test_two_equal_keys_in_a_file_are_no_accident_to_overlook(tmp_path: Path) -> None:
    text = (library.DATA / "ais.yaml").read_text("utf-8")
    broken = tmp_path / "ais.yaml"
    broken.write_text(f"{text}mode: S1\n", "utf-8")
    with pytest.raises(BadDefinition, match="the key 'mode' stands twice"):
        library.check(broken)
    broken.write_text("id: [", "utf-8")
    with pytest.raises(BadDefinition, match=r"ais\.yaml: .*line 2"):
        library.check(broken)


def test_the_reference_page_names_every_instrument_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(library.PACKS, "nc")
    page = (Path(__file__).parents[4] / "docs" / "reference" / "instruments.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in page.splitlines() if line.startswith("| ")]
    shipped = {row[2].strip("`"): row for row in rows if len(row) == 10 and row[2].startswith("`")}
    assert set(shipped) == set(ALL_IDS)
    for name, row in shipped.items():
        instrument = library.get(name)
        languages = ", ".join(instrument.languages) or "–"
        assert [row[1], *row[4:9]] == [
            str(instrument.provenance.table_row),
            instrument.mode.value,
            instrument.version,
            str(len(instrument.items)),
            languages,
            "verified" if instrument.offered else "not verified",
        ]
    assert all(f"`{refused.id}`" in page for refused in library.refused())
