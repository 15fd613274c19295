"""A demo may be started at any hour of any day; the city fits the moment it is made at."""

from datetime import datetime

import pytest
import time_machine
from django.db import transaction

from anxin.demo import city
from anxin.demo.tests.conftest import SCALE, rows
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work

_MOMENTS = (
    datetime(2026, 11, 29, 0, 1, tzinfo=clock.LOCAL),  # a minute into a Sunday
    datetime(2026, 10, 4, 3, 30, tzinfo=clock.LOCAL),  # the night of a long holiday
    datetime(2029, 2, 13, 23, 59, tzinfo=clock.LOCAL),  # beyond the years the holiday library knows
)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", _MOMENTS, ids=str)
def test_a_city_made_at_an_odd_hour_has_a_past_and_running_clocks(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False), transaction.atomic():
        with unit_of_work(city.ACTOR):
            made = city.generate(scale=SCALE, progress=lambda _: None)
            (latest,) = rows(
                "SELECT greatest((SELECT max(submitted_at) FROM assessments_sitting),"
                " (SELECT max(happened_at) FROM risk_warningentry), (SELECT max(happened_at) FROM cases_caseentry))"
            )
            waiting = rows(
                "SELECT count(*) FROM deadlines_deadline WHERE is_open AND next_change_at <= %s", moment
            )
            states = {state for (state,) in rows("SELECT DISTINCT state FROM risk_warning")}
        transaction.set_rollback(True)

    assert latest[0] <= moment
    assert waiting == [(0,)]
    assert {
        "new",
        "acknowledged",
        "contacted",
        "assessed",
        "watch",
        "false_positive",
        "case_opened",
    } <= states
    assert made.open_warnings >= 15
