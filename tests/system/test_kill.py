"""kill -9 of web, worker or database between answer and warning: nothing lost, nothing twice."""

import threading
from collections import Counter
from itertools import cycle, islice
from random import Random

import httpx
import pytest
from django.db import connections

from anxin.domains.assessments.models import Sitting
from anxin.domains.risk.models import Warning
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.residents import resident_with_draft
from tests.system.stack import Visitor, eventually

VICTIMS = ("web", "worker", "database")


def _answer_and_hand_in(visitor: Visitor, acknowledged: list[str]) -> None:
    try:
        page = visitor.get("/self-tests/phq-9/9/")
        answered = visitor.post("/self-tests/phq-9/9/", page, value="1", step="next")
        if answered.status_code < 400:
            acknowledged.append("answer")
        page = visitor.get("/self-tests/phq-9/check/")
        handed_in = visitor.post("/self-tests/phq-9/check/", page)
        if handed_in.status_code < 400:
            acknowledged.append("submit")
    except (httpx.HTTPError, AssertionError):
        return
    finally:
        visitor.http.close()


def _kills(house: House, times: int, seed: int) -> None:
    random = Random(seed)
    acknowledged: dict[str, list[str]] = {}
    for number, victim in enumerate(islice(cycle(VICTIMS), times)):
        code = resident_with_draft(house, number)
        visitor = Visitor(house.stack, house.session(code))
        acknowledged[code] = []
        sender = threading.Thread(target=_answer_and_hand_in, args=(visitor, acknowledged[code]))
        sender.start()
        sender.join(random.uniform(0, 0.4))
        house.stack.kill(victim)
        house.stack.revive(victim)
        connections.close_all()  # the test's own connection may have died with the database
        sender.join(60)
        assert not sender.is_alive()
    _check(house, acknowledged)


def _check(house: House, acknowledged: dict[str, list[str]]) -> None:
    assert any("submit" in kept for kept in acknowledged.values()), (
        "nothing was acknowledged, so nothing was tried"
    )
    for code, kept in acknowledged.items():
        person = house.city.residents[code]

        def found(person=person) -> Counter[str]:
            with unit_of_work(SYSTEM):
                return Counter(
                    warnings=Warning.objects.filter(resident=person).count(),
                    critical=Sitting.objects.filter(resident=person, answers__8__gte=1).count(),
                    submitted=Sitting.objects.filter(resident=person, state="submitted").count(),
                    evaluated=Sitting.objects.filter(resident=person, evaluated_at__isnull=False).count(),
                )

        if kept:
            assert found()["critical"] == 1, f"{code}: an acknowledged answer was lost"
        if "submit" in kept:
            assert found()["submitted"] == 1, f"{code}: an acknowledged sitting was lost"
        eventually(
            f"{code}: exactly one warning for a critical answer",
            lambda found=found: found()["warnings"] == found()["critical"],
        )
        eventually(
            f"{code}: every submitted sitting is evaluated",
            lambda found=found: found()["evaluated"] == found()["submitted"],
        )
        assert found()["warnings"] <= 1


@requirement("R-059")
def test_five_kills_lose_nothing_and_double_nothing(house: House) -> None:
    _kills(house, 5, seed=20261124)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_hundred_kills_lose_nothing_and_double_nothing(house: House) -> None:
    _kills(house, 200, seed=1)
