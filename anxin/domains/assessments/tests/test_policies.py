"""Who may see and who may take a sitting: the rule for one and the filter for many agree on every persona."""

from datetime import datetime
from typing import Any

import pytest
import time_machine

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.models import Sitting
from anxin.domains.assessments.policies import (
    administrable_sittings,
    can_administer,
    can_view_sitting,
    visible_sittings,
)
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city


@pytest.fixture
def city(db: None) -> Any:
    """The small city with one sitting of each resident."""
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL), tick=False):
        built = small_city.build()
        for code in ("li-qing", "lin-xia"):
            actor = built.actor(code)
            with unit_of_work(actor):
                assessments.start_sitting(
                    actor=actor,
                    instrument="phq-9",
                    language="zh-Hans",
                    age=30,
                    scope_path=built.residents[code].scope_path,
                )
        yield built


def test_the_rule_for_one_and_the_filter_for_many_agree(city: Any) -> None:
    with unit_of_work(small_city.SYSTEM):
        everything = list(Sitting.objects.order_by("id"))
        for code in city.accounts:
            actor = city.actor(code)
            for can, filtered in (
                (can_view_sitting, visible_sittings),
                (can_administer, administrable_sittings),
            ):
                allowed = {one.id for one in everything if can(actor, one)}
                assert set(filtered(actor, Sitting.objects.all()).values_list("id", flat=True)) == allowed, (
                    code
                )


def test_only_staff_with_the_right_at_the_node_may_take_a_sitting(city: Any) -> None:
    with unit_of_work(small_city.SYSTEM):
        sitting = Sitting.objects.get(resident=city.residents["li-qing"])
        may = {code for code in city.accounts if can_administer(city.actor(code), sitting)}
    assert may == {"zhao-ning", "sun-lan", "shao-ming"}
