"""Old results keep their version and are scored again to the same byte, whatever is published later."""

import asyncio
from typing import Any

import pytest

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.models import ScoreSheet
from anxin.domains.instruments import api
from anxin.domains.instruments.contracts import Sex, UnknownInstrument
from anxin.domains.instruments.tests.makers import AUTHOR, drafted, published, saved, shipped
from anxin.flows import save_answer, submit_questionnaire
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity

GRAVE = [3, 2, 1, 0, 3, 2, 1, 0, 1]


def handed_in(city: SmallCity) -> Any:
    actor = city.actor("li-qing")
    with unit_of_work(actor):
        sitting = assessments.start_sitting(
            actor=actor,
            instrument="phq-9",
            language="zh-Hans",
            age=30,
            scope_path=city.residents["li-qing"].scope_path,
        )
    for number, value in enumerate(GRAVE, start=1):
        save_answer.save(actor=actor, sitting_uid=sitting.uid, item=number, value=value)
    submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid, allow_missing=True)
    with unit_of_work(SYSTEM):
        return ScoreSheet.objects.select_related("sitting").get(sitting__uid=sitting.uid)


def kept(sheet: Any) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in ("scores", "bands", "critical", "validity", "key_hash")}


def again(sheet: Any) -> Any:
    return api.rescore(
        instrument=sheet.instrument,
        version=sheet.instrument_version,
        answers=sheet.sitting.answers[:9],
        age=30,
        sex=None,
    )


def stricter(city: SmallCity) -> Any:
    version = drafted(city)
    definition = shipped(city.actor(AUTHOR), "phq-9") | {"version": version.version}
    bands = definition["norm_sets"][0]["bands"]
    bands[1]["max"], bands[2]["min"] = 8, 9
    return published(city, saved(city, version, definition))


@requirement("R-067", "R-127")
def test_an_old_result_is_scored_again_to_the_byte_after_a_new_version_is_in_force(city: SmallCity) -> None:
    old = handed_in(city)
    assert api.is_same_result(again(old), kept(old))
    stricter(city)
    assert api.is_same_result(again(old), kept(old))
    new = handed_in(city)
    assert (old.instrument_version, new.instrument_version) == ("1.0.0", "1.0.1000")
    assert old.key_hash != new.key_hash
    stricter(city)
    assert api.is_same_result(again(new), kept(new)), "and the one that was superseded in between"


@pytest.mark.parametrize(
    "change",
    [
        {"key_hash": "0" * 64},
        {"scores": {"total": 13}},
        {"scores": {"total": 13.0}},
        {"bands": []},
        {"critical": []},
        {"validity": {}},
    ],
)
def test_another_result_is_told(city: SmallCity, change: dict[str, Any]) -> None:
    old = handed_in(city)
    assert old.scores == {"total": 13}
    if change != {"scores": {"total": 13}}:
        assert not api.is_same_result(again(old), kept(old) | change)


def test_a_version_nobody_published_scores_nothing(city: SmallCity) -> None:
    version = drafted(city)
    with pytest.raises(UnknownInstrument):
        api.rescore(instrument="phq-9", version=version.version, answers=GRAVE, sex=Sex.FEMALE)


def test_the_event_loop_of_the_fast_lane_may_ask_too(fresh_db: Any) -> None:
    async def ask() -> None:
        api.published_version("phq-9", "1.0.1000")

    with pytest.raises(UnknownInstrument, match="has no version"):
        asyncio.run(ask())
