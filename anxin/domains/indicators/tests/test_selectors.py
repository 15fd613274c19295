"""Figures from real warnings: who may read them, that they add up on both trees, and that they betray nobody."""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import translation

from anxin.domains.indicators import api as indicators
from anxin.domains.indicators.contracts import (
    DEFINITIONS,
    Answer,
    Days,
    EventRow,
    NodeNotFound,
    Overview,
    Period,
    Share,
    Split,
    TooFewToShow,
)
from anxin.domains.network.models import Posting
from anxin.domains.risk.contracts import Level
from anxin.domains.risk.models import Warning
from anxin.flows import acknowledge_warning, request_contact
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city

TUESDAY_10 = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def at() -> Any:
    with time_machine.travel(TUESDAY_10, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> small_city.SmallCity:
    return small_city.build()


@pytest.fixture
def raised(city: small_city.SmallCity) -> Callable[..., list[Warning]]:
    """``raised("Q", 6)``: six people of 清禾区 asked to be called back and are not sure to be safe."""
    phones = iter(range(10000000, 99999999))

    def raise_in(area: str, count: int, safe: str = "unsure") -> list[Warning]:
        return [
            request_contact.request_contact(
                actor=Actor.anonymous(),
                area_uid=city.units[area].uid,
                phone=f"138{next(phones)}",
                is_safe_now=safe,
            )
            for _ in range(count)
        ]

    return raise_in


def read(city: small_city.SmallCity, node: str = "C", code: str = "zhou-xing", **options: Any) -> Overview:
    actor = city.actor(code)
    options = {"period": Period.MONTH, "at": clock.now(), **options}
    with unit_of_work(actor):
        return indicators.overview(actor=actor, node=city.units[node], **options)


def events(city: small_city.SmallCity, node: str = "C", **options: Any) -> list[EventRow]:
    actor = city.actor("zhou-xing")
    options = {"days": Days(date(2026, 11, 1), date(2026, 11, 30)), "at": clock.now(), **options}
    with unit_of_work(actor):
        return indicators.events_behind(actor=actor, node=city.units[node], **options)


def test_the_table_adds_up_to_the_total_on_both_trees(city: small_city.SmallCity, raised: Any) -> None:
    raised("Q", 6), raised("S", 7), raised("LIUAN", 5)
    for split in Split:
        found = read(city, split=split)
        assert found.total.raised == 18
        assert sum(line.counts.raised for line in found.lines) == 18, split
    assert {line.name: line.counts.raised for line in read(city).lines} == {"清禾区": 11, "石桥县": 7}
    assert sum(week.total for week in read(city).weeks) == 18


def test_answers_are_counted_by_the_clock_and_not_by_the_worker(
    city: small_city.SmallCity, raised: Any, at: Any
) -> None:
    first, *_rest = raised("Q", 6)
    at.shift(10 * MINUTES)
    acknowledge_warning.acknowledge(actor=city.actor("sun-lan"), warning_uid=first.uid)
    assert read(city).total.in_time == Share(1, 1), "the others are not yet due"
    at.shift(25 * MINUTES)
    found = read(city).total
    assert found.in_time == Share(1, 6)
    assert found.late == 5
    assert found.median_minutes == 10
    assert found.to_city == 5, "they have climbed, although nothing has swept"
    rows = events(city)
    assert [row.answer for row in rows].count(Answer.LATE) == 5
    assert len(events(city, answer="late")) == 5


def test_small_areas_are_merged_and_cannot_be_opened_alone(city: small_city.SmallCity, raised: Any) -> None:
    raised("Q", 9), raised("S", 2)
    (merged,) = read(city).lines
    assert merged.counts.raised == 11, "one small area takes the next with it, or the rest would give it away"
    assert set(merged.merged) == {"清禾区", "石桥县"}
    for node in ("S", "Q"):
        with pytest.raises(TooFewToShow):
            events(city, node)
    assert {row.area for row in events(city)} == {""}
    assert len(events(city, group="merged")) == 11


def test_a_line_with_few_warnings_is_not_listed_alone(city: small_city.SmallCity, raised: Any) -> None:
    raised("LIUAN", 2), raised("Q", 8)
    with pytest.raises(TooFewToShow):
        events(city, group="line:community")


def test_large_enough_areas_are_named(city: small_city.SmallCity, raised: Any) -> None:
    raised("Q", 6), raised("S", 5)
    assert {row.area for row in events(city)} == {"清禾区", "石桥县"}
    assert len(events(city, "S")) == 5


def test_levels_and_times_are_shown_once_the_week_is_over_and_only_where_enough_look_alike(
    city: small_city.SmallCity, raised: Any, at: Any
) -> None:
    raised("Q", 12), raised("S", 5), raised("S", 1, safe="no")
    assert {(row.level, row.week, row.part_of_day) for row in events(city)} == {(None, None, None)}
    assert {week.unshown for week in read(city).weeks} == {0, 18}
    at.shift(timedelta(days=7))
    for node in ("C", "Q", "S"):
        shown = Counter((row.area, row.level, row.week, row.answer, row.reach) for row in events(city, node))
        assert all(count >= 5 for key, count in shown.items() if key[1] is not None)
    levels = {row.level for row in events(city)}
    assert Level.L4 not in levels, "one of a kind"
    assert levels - {None}, "where enough look alike they are shown"
    week = read(city).weeks[-2]
    assert (week.total, week.by_level[Level.L4]) == (18, 0)
    assert events(city, level=Level.L4) == []


def test_an_event_says_nothing_about_the_person_the_number_or_the_moment() -> None:
    assert {field.name for field in fields(EventRow)} == {
        *("area", "level", "week", "part_of_day", "reach", "climbed", "answer")
    }


@pytest.mark.parametrize("code", ["zhao-ning", "sun-lan", "fang-zheng"])
def test_figures_are_for_those_with_the_right(city: small_city.SmallCity, raised: Any, code: str) -> None:
    raised("Q", 6)
    with pytest.raises(NodeNotFound):
        read(city, code=code)


def test_there_is_no_overview_of_a_single_station(city: small_city.SmallCity) -> None:
    with pytest.raises(NodeNotFound):
        read(city, "LIUAN")


def test_every_open_warning_has_an_owner_in_post(city: small_city.SmallCity, raised: Any) -> None:
    raised("Q", 6)
    assert read(city).unowned == 0
    gone = city.actor("sun-lan").posting_ids
    Posting.objects.filter(id__in=gone).update(is_accountable=False, ends_on=date(2026, 11, 23))
    assert read(city).unowned == 6, "it is computed: when the owner has left, it is not zero"


def test_the_period_is_compared_with_the_same_days_before(
    city: small_city.SmallCity, raised: Any, at: Any
) -> None:
    raised("Q", 5)
    at.shift(timedelta(days=30))
    raised("Q", 6)
    found = read(city)
    assert (found.total.raised, found.raised_before) == (6, 5)


def test_stations_open_today_follow_the_weekday(city: small_city.SmallCity, at: Any) -> None:
    assert (read(city).stations_open, read(city).stations) == (3, 3)
    at.shift(timedelta(days=4))
    assert (read(city).stations_open, read(city).stations) == (0, 3), "Saturday"


def test_every_definition_has_its_chinese() -> None:
    with translation.override("zh-hans"):
        for definition in DEFINITIONS.values():
            for words in (definition.title, definition.counts, definition.note):
                assert not words or translation.gettext(words) != words
