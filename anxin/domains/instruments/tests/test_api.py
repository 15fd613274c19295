"""The door: what it offers and what it keeps back."""

from anxin.domains.instruments import api
from anxin.domains.instruments.contracts import Channel


def test_only_what_can_be_shown_is_listed_for_a_public_page() -> None:
    listed = {
        instrument.id for instrument in api.list_instruments(channel=Channel.PUBLIC, language="zh-Hans")
    }
    assert {"phq-9", "gad-7", "gds-15"} <= listed
    assert listed.isdisjoint({"phq-a", "who-5", "sds", "scl-90", "pcl-5", "phq-8"})


def test_staff_may_also_score_what_has_no_wording() -> None:
    listed = {instrument.id for instrument in api.list_instruments(channel=Channel.STAFF)}
    assert {"sds", "scl-90", "epds"} <= listed


def test_a_sheet_carries_the_version_it_was_scored_with() -> None:
    instrument = api.published_version("phq-9")
    sheet = api.score(instrument, [0] * 9)
    assert (sheet.version, sheet.key_hash) == (instrument.version, instrument.key_hash)
    assert api.public_outcome(sheet).help_first is False
    assert api.critical_answers(instrument, {"9": 1})[0].rule == "self_harm"


def test_every_name_on_the_door_carries_a_mark() -> None:
    marks = {getattr(getattr(api, name), "anxin_mark", None) for name in api.__all__}
    assert marks == {"command", "pure", "query"}
