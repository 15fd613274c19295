"""What is under way keeps its version: campaigns, sittings, and the fast lane that scores them."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from anxin.domains.campaigns.contracts import CampaignState
from anxin.domains.campaigns.models import Step, Submission
from anxin.domains.instruments import api
from anxin.domains.instruments.tests import makers
from anxin.domains.instruments.tests.makers import AUTHOR, MANAGER, drafted, published, saved, shipped
from anxin.intake.steps import StepBook
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests.campaign_course import draft
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity


def with_other_bands(city: SmallCity) -> Any:
    version = drafted(city)
    definition = shipped(city.actor(AUTHOR), "phq-9") | {"version": version.version}
    definition["norm_sets"][0]["bands"][1]["max"] = 8
    definition["norm_sets"][0]["bands"][2]["min"] = 9
    return published(city, saved(city, version, definition))


@requirement("R-067")
def test_a_campaign_goes_on_with_a_version_that_is_retired_meanwhile(city: SmallCity, at: Any) -> None:
    version = with_other_bands(city)
    course = draft(city)
    assert Step.objects.get(campaign__uid=course.uid, instrument="phq-9").instrument_version == "1.0.1000"
    course.go_to(CampaignState.RUNNING, at)
    actor = city.actor(MANAGER)
    with unit_of_work(actor):
        api.retire(actor=actor, uid=version.uid, reason="改用出厂版本")
    course.hand_in(2, (2, 2), (1, 1, 1, 1, 1, 1, 1, 1, 1))
    with unit_of_work(SYSTEM):
        form = Submission.objects.get(instrument="phq-9")
        assert form.instrument_version == "1.0.1000"
        sheet = api.rescore(instrument="phq-9", version="1.0.1000", answers=form.answers, age=19)
        assert sheet.scores == form.scores
        band = sheet.band_of("total")
        assert band is not None
        assert band.label == "moderate", "the bands the campaign was approved with"
        assert api.published_version("phq-9").version == "1.0.0"


def test_the_event_loop_of_the_fast_lane_scores_with_a_version_made_here(
    fresh_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "clock.json"
    clock.write_simulation(file, simulated=datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL))
    monkeypatch.setenv("ANXIN_CLOCK_FILE", str(file))
    with_other_bands(makers.build())
    book = StepBook()

    async def ask() -> None:
        book.write(7, [(b"1", b"phq-9", b"1.0.1000"), (b"2", b"phq-9", b"1.0.1001")])

    asyncio.run(ask())
    known, unknown = book.find(7, 1), book.find(7, 2)
    assert known is not None
    assert unknown is not None
    assert (known.definition.instrument_version, unknown.table) == ("1.0.1000", None)
    assert known.table is not None
