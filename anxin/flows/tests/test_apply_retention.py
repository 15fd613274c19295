"""What is kept long enough is destroyed on its day and not before; whom the law holds is left out; a dry run is dry."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, connections

from anxin import retention as commands
from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.models import AnswerEntry, ScoreSheet, Sitting
from anxin.domains.assessments.rules.forgetting import last_day_over
from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import AlreadyHeld, HoldReasonMissing, NotHeld, Subject
from anxin.domains.audit.models import AuditEvent, LegalHold
from anxin.domains.audit.tests.conftest import seen_as
from anxin.flows import apply_retention
from anxin.flows.apply_retention import SYSTEM
from anxin.flows.tests.conftest import TUESDAY_10, begin
from anxin.kernel import clock
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.errors import PlatformError
from tests import small_city

# Handed in on 24 November 2026; the three years are over at the beginning of this day.
OVER = datetime(2029, 11, 24, 0, 0, tzinfo=clock.LOCAL)


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2029, 11, 24), date(2026, 11, 24)),
        (date(2029, 11, 23), date(2026, 11, 23)),
        (date(2027, 2, 28), date(2024, 2, 28)),
        (date(2027, 3, 1), date(2024, 3, 1)),
        (date(2028, 2, 29), date(2025, 2, 28)),
    ],
)
def test_the_years_of_an_answer_log_are_over_on_their_day(today: date, newest: date) -> None:
    assert last_day_over(today, 3) == newest


def rows() -> tuple[int, int, int]:
    """Log entries, forms and score sheets."""
    with unit_of_work(SYSTEM):
        return AnswerEntry.objects.count(), Sitting.objects.count(), ScoreSheet.objects.count()


@pytest.fixture
def owner(databases: Any, fresh_db: str, settings: Any, tmp_path: Any) -> Iterator[small_city.SmallCity]:
    """A city in which two people handed in a form on Tuesday, seen as the owner of the tables."""
    settings.ANXIN_AUDIT_ROOTS = tmp_path / "roots"
    with time_machine.travel(TUESDAY_10, tick=False):
        city = small_city.build()
        for code in ("li-qing", "lin-xia"):
            way = begin(city, code)
            way.answer([0] * 9)
            way.submit()
    with seen_as(databases.cluster.url("anxin_owner", connections.settings["default"]["NAME"])):
        yield city


def test_logs_go_on_their_day_and_not_before_and_who_is_held_keeps_theirs_until_the_hold_is_lifted(
    owner: small_city.SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_retention, "_AT_ONCE", 1)  # every form is a step of its own
    said: list[str] = []
    whole = rows()
    number = owner.residents["li-qing"].number
    with time_machine.travel(OVER - timedelta(seconds=1), tick=False):
        assert apply_retention.apply().answer_logs == 0
        assert rows() == whole
    with time_machine.travel(OVER, tick=False):
        commands.hold(number=number, ground="法院通知书", tell=said.append)
        assert apply_retention.plan().answer_logs == 1
        commands.run(is_dry=True, tell=said.append)
        assert "1 logs of single answers due." in said
        assert rows() == whole, "a dry run touches nothing"
        commands.run(is_dry=False, tell=said.append)
        assert rows() == (whole[0] // 2, *whole[1:]), "what was handed in, and what it came to, stays"
        assert "1 people under legal hold were left out." in said
        event = AuditEvent.objects.get(event="assessments:answer-logs:forgotten")
        assert event.person_uid == owner.residents["lin-xia"].uid
        assert (
            AuditEvent.objects.filter(event="audit:retention:applied").count() == 2
        )  # the day before, and now
        commands.lift(number=number, ground="案件已结", tell=said.append)
        assert apply_retention.apply().answer_logs == 1
        assert apply_retention.apply().answer_logs == 0
        assert rows() == (0, *whole[1:])


@pytest.mark.usefixtures("db")
def test_a_hold_is_for_the_house_once_with_a_ground_and_its_words_are_sealed() -> None:
    with time_machine.travel(TUESDAY_10, tick=False):
        city = small_city.build()
        person = Subject(person_uid=city.residents["li-qing"].uid, node_path=city.units["LIUAN"].path)
        for code in ("zhao-ning", "fang-zheng", "li-qing"):
            actor = city.actor(code)
            with unit_of_work(actor), pytest.raises(NotPermitted):
                audit.hold(actor=actor, person=person, ground="法院通知书")
        with unit_of_work(SYSTEM):
            with pytest.raises(HoldReasonMissing):
                audit.hold(actor=SYSTEM, person=person, ground=" ")
            with pytest.raises(NotHeld):
                audit.lift_hold(actor=SYSTEM, person_uid=person.person_uid, ground="案件已结")
            assert not LegalHold.objects.exists()
            audit.hold(actor=SYSTEM, person=person, ground="法院通知书")
            with pytest.raises(AlreadyHeld):
                audit.hold(actor=SYSTEM, person=person, ground="法院通知书")
            assert audit.held_people(actor=SYSTEM) == {person.person_uid}
        assert audit.held_people(actor=city.actor("zhao-ning")) == frozenset()
        assert AuditEvent.objects.get(event="audit:legal-hold:set").reason == ""


@pytest.mark.usefixtures("db")
def test_no_serving_role_destroys_a_log_and_nobody_unknown_is_held() -> None:
    with time_machine.travel(TUESDAY_10, tick=False):
        city = small_city.build()
        way = begin(city)
        way.answer([0] * 9)
        way.submit()
        whole = rows()
        with pytest.raises(PlatformError, match="Nobody"):
            commands.hold(number="R0", ground="x", tell=print)
    with (
        time_machine.travel(OVER, tick=False),
        pytest.raises(ProgrammingError, match="permission denied"),
        unit_of_work(SYSTEM),
    ):
        assessments.forget_answer_logs(actor=SYSTEM)
    assert rows() == whole
