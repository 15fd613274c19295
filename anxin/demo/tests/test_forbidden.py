"""No real name gets into the city."""

from collections.abc import Iterator
from random import Random

import pytest

from anxin.demo import forbidden, names
from anxin.demo.places import survey
from anxin.demo.staff import StaffPlan


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    forbidden.is_real_person.cache_clear()
    forbidden.holds_real_place.cache_clear()


def _plant(monkeypatch: pytest.MonkeyPatch, table: str, name: str) -> None:
    planted = getattr(forbidden, table) | {forbidden.digest(name)}
    monkeypatch.setattr(forbidden, table, planted)
    forbidden.is_real_person.cache_clear()
    forbidden.holds_real_place.cache_clear()


def test_a_written_down_place_with_a_real_name_stops_the_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(monkeypatch, "PLACES", "清禾")

    with pytest.raises(forbidden.RealName):
        survey(Random("any"), 0.02)


def test_a_persona_with_a_real_name_stops_the_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(monkeypatch, "PERSONS", "赵宁")

    with pytest.raises(forbidden.RealName):
        StaffPlan(name="赵宁", title="", login="zhaoning", phone="", credentials=())


def test_a_drawn_name_that_is_real_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = names.People(Random("any")).draw("f")
    _plant(monkeypatch, "PERSONS", first)

    assert names.People(Random("any")).draw("f") != first


def test_a_drawn_place_that_is_real_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = names.Places(Random("any")).town("镇")
    _plant(monkeypatch, "PLACES", first[:2])

    assert not names.Places(Random("any")).town("镇").startswith(first[:2])


def test_a_real_place_is_caught_inside_a_longer_name(monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(monkeypatch, "PLACES", "南柯")

    with pytest.raises(forbidden.RealName):
        forbidden.invented_place("小南柯村心灵驿站")
    assert forbidden.invented_place("小南村心灵驿站") == "小南村心灵驿站"


def test_a_part_of_a_name_does_not_make_a_real_person(monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(monkeypatch, "PERSONS", "赵宁")

    assert forbidden.invented_person("赵宁宁") == "赵宁宁"


def test_the_message_of_the_refusal_does_not_tell_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(monkeypatch, "PERSONS", "赵宁")

    with pytest.raises(forbidden.RealName) as refusal:
        forbidden.invented_person("赵宁")
    assert "赵宁" not in str(refusal.value)
