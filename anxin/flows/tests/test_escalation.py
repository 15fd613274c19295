"""Nobody answers: the clock climbs on time, calls who is next, and is seen even when the worker is dead."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from anxin.domains.deadlines import api as deadlines
from anxin.domains.notices.models import Notice
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import WarningNotFound
from anxin.domains.risk.models import Warning, WarningEntry
from anxin.flows import acknowledge_warning
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")


def fresh(warning) -> Warning:
    with unit_of_work(SYSTEM):
        return Warning.objects.select_related("deadline__owner__staff").get(uid=warning.uid)


def kinds(warning) -> list[str]:
    with unit_of_work(SYSTEM):
        return list(
            WarningEntry.objects.filter(warning=warning).order_by("id").values_list("kind", flat=True)
        )


def called(city) -> set[str]:
    with unit_of_work(SYSTEM):
        return set(Notice.objects.values_list("staff__name", flat=True))


@requirement("R-059")
def test_an_untouched_warning_climbs_station_county_city_and_is_paged_for_ever(warning, city, at) -> None:
    assert escalate_overdue() == 0
    at.shift(30 * 60)
    assert escalate_overdue() == 1
    assert fresh(warning).deadline.owner.staff.name == "孙岚"
    at.shift(30 * 60)
    assert escalate_overdue() == 1
    assert fresh(warning).deadline.owner.staff.name == "邵明"
    assert {"赵宁", "孙岚", "邵明", "何嘉"} <= called(city), "at the city the hotline is called too"
    before = len(kinds(warning))
    for _ in range(3):
        at.shift(5 * 60)
        assert escalate_overdue() == 1
    assert kinds(warning)[before:] == ["paged"] * 3
    connection.check_constraints()


def test_it_does_not_climb_a_second_before_its_time(warning, at) -> None:
    at.shift(30 * 60 - 1)
    assert escalate_overdue() == 0
    assert fresh(warning).deadline.owner.staff.name == "赵宁"


def test_sweeping_twice_at_the_same_moment_calls_once(warning, at) -> None:
    at.shift(30 * 60)
    escalate_overdue()
    with unit_of_work(SYSTEM):
        before = Notice.objects.count()
    assert escalate_overdue() == 0
    with unit_of_work(SYSTEM):
        assert Notice.objects.count() == before


def test_a_worker_that_slept_writes_every_rung_it_missed(warning, at) -> None:
    at.shift(3 * 3600)
    assert escalate_overdue() == 1
    assert fresh(warning).deadline.owner.staff.name == "邵明"
    assert "breached" in kinds(warning)


def test_what_is_shown_does_not_depend_on_the_worker(warning, at) -> None:
    at.shift(31 * 60)
    deadline = fresh(warning).deadline
    shown = deadlines.standing_of(deadline, clock.now())
    assert deadline.rung_index == 0, "nobody swept"
    assert shown.rung.holder == "孙岚"
    assert shown.is_overdue


def test_the_county_sees_it_when_it_climbs_and_not_before(warning, city, at) -> None:
    sun = city.actor("sun-lan")
    with unit_of_work(sun):
        assert list(risk.board_queryset(actor=sun)) == []
    at.shift(30 * 60)
    escalate_overdue()
    with unit_of_work(sun):
        assert [one.uid for one in risk.board_queryset(actor=sun)] == [warning.uid]


def test_a_dead_worker_cannot_hide_it_from_the_county(warning, city, at) -> None:
    at.shift(30 * 60 + 16)
    sun = city.actor("sun-lan")
    with unit_of_work(sun):
        assert [one.uid for one in risk.board_queryset(actor=sun)] == [warning.uid]


def test_taking_it_over_stops_the_climb(warning, city, at) -> None:
    at.shift(29 * 60)
    acknowledge_warning.acknowledge(actor=city.actor("zhao-ning"), warning_uid=warning.uid)
    at.shift(10 * 60)
    assert escalate_overdue() == 0
    after = fresh(warning)
    assert after.state == "acknowledged"
    assert after.deadline.stage == "contact"
    assert after.deadline.due_at == clock.now() - timedelta(minutes=10) + timedelta(hours=2)


def test_a_contact_that_is_not_made_climbs_too(warning, city, at) -> None:
    acknowledge_warning.acknowledge(actor=city.actor("zhao-ning"), warning_uid=warning.uid)
    at.shift(2 * 3600)
    assert escalate_overdue() == 1
    assert fresh(warning).deadline.owner.staff.name == "孙岚"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE risk_warning SET deadline_id = NULL",
        "UPDATE risk_warning SET clock_running = NULL",
        "UPDATE risk_warning SET clock_running = false",
        "UPDATE risk_warning SET deadline_id = NULL, clock_running = NULL",
        "UPDATE risk_warning SET state = 'closed'",
        "UPDATE risk_warning SET state = 'closed', closed_at = raised_at, deadline_id = NULL, clock_running = NULL",
        "UPDATE deadlines_deadline SET is_open = false, ended_at = due_at, ended_how = 'met', ended_by = 'x'",
        "DELETE FROM deadlines_deadline",
        "UPDATE deadlines_deadline SET owner_id = NULL",
        "UPDATE deadlines_deadline SET due_at = NULL",
    ],
)
def test_the_database_refuses_an_open_warning_without_owner_and_clock(warning, change: str) -> None:
    def committed() -> None:
        with transaction.atomic(), unit_of_work(SYSTEM), connection.cursor() as cursor:
            cursor.execute(change)
            assert cursor.rowcount >= 1
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError):
        committed()
    assert fresh(warning).state == "new"


@requirement("R-061")
@pytest.mark.parametrize("code", ["chen-mo", "gu-yan", "bai-lu", "zhou-xing", "fang-zheng", "lin-xia"])
def test_nobody_beside_the_line_sees_it_not_even_by_raw_sql(warning, city, at, code: str) -> None:
    at.shift(3 * 3600)
    escalate_overdue()
    actor = city.actor(code)
    with unit_of_work(actor), connection.cursor() as cursor:
        with pytest.raises(WarningNotFound):
            risk.access_warning(actor=actor, uid=warning.uid)
        for table in ("risk_warning", "risk_warningentry", "assessments_sitting", "residents_resident"):
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE uid NOT IN (%s)", [city.residents["lin-xia"].uid]
            )
            count = cursor.fetchone()[0]
            assert count == 0, (code, table)


def test_without_a_scope_the_app_role_sees_no_warning(warning) -> None:
    with connection.cursor() as cursor:
        for table in ("risk_warning", "residents_resident", "assessments_sitting", "risk_warningentry"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
