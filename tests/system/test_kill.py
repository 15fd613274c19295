"""kill -9 of any process between answer and taking over: nothing lost, nothing twice.

The live lane lives in the web process; it is killed with somebody listening. The process of the jobs is a child of the
worker, which brings it back by itself.
"""

import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random

import httpx
import pytest
from django.db import connections

from anxin.domains.assessments.models import Sitting
from anxin.domains.notices.contracts import WAITING, Channel
from anxin.domains.notices.models import Notice
from anxin.domains.risk.models import Warning, WarningEntry
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.residents import resident_with_draft
from tests.system.stack import Stack, Visitor, eventually

VICTIMS = ("web", "worker", "database", "jobs", "live")


@dataclass
class Answered:
    """What somebody outside was told had been done."""

    said: list[str] = field(default_factory=list)
    taken_over: str = ""


def _answer_and_hand_in(visitor: Visitor, answered: Answered) -> None:
    try:
        page = visitor.get("/self-tests/phq-9/9/")
        done = visitor.post("/self-tests/phq-9/9/", page, value="1", step="next")
        if done.status_code < 400:
            answered.said.append("answer")
        page = visitor.get("/self-tests/phq-9/check/")
        handed_in = visitor.post("/self-tests/phq-9/check/", page)
        if handed_in.status_code < 400:
            answered.said.append("submit")
    except (httpx.HTTPError, AssertionError):
        return
    finally:
        visitor.http.close()


def _take_over(visitor: Visitor, uid: str, answered: Answered) -> None:
    """A colleague takes over the warning of the one before, in the same second."""
    try:
        page = visitor.get(f"/staff/warnings/{uid}/")
        done = visitor.post(f"/staff/warnings/{uid}/take-over/", page)
        if done.status_code < 400:
            answered.taken_over = uid
    except (httpx.HTTPError, AssertionError):
        return
    finally:
        visitor.http.close()


def _jobs_process(stack: Stack) -> int | None:
    """The child of the worker that carries out jobs."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(parent) == stack.processes["worker"].pid and b"jobs" in command:
            return int(folder.name)
    return None


def _kill_and_revive(house: House, victim: str) -> None:
    stack = house.stack
    if victim == "jobs":
        first = eventually("the jobs run", lambda: _jobs_process(stack))
        os.kill(first, signal.SIGKILL)
        eventually("the worker brings the jobs back", lambda: _jobs_process(stack) not in (None, first))
    elif victim == "live":
        _listen(house)
        stack.kill("web")
        stack.revive("web")
        _listen(house)
    else:
        stack.kill(victim)
        stack.revive(victim)


def _listen(house: House) -> None:
    """Somebody at a board hears the live lane."""
    cookies = {"sessionid": house.session("zhao-ning")}
    with (
        httpx.Client(base_url=house.stack.base, cookies=cookies, timeout=30, trust_env=False) as client,
        client.stream("GET", "/live/duty") as answer,
    ):
        assert answer.status_code == 200
        assert next(answer.iter_lines()) is not None


def _warning_of(house: House, code: str) -> str:
    with unit_of_work(SYSTEM):
        found = Warning.objects.filter(resident=house.city.residents[code]).values_list("uid", flat=True)
        return found.first() or ""


def _kills(house: House, times: int, seed: int) -> None:
    random = Random(seed)
    everybody: dict[str, Answered] = {}
    before = ""
    for number, victim in enumerate(islice(cycle(VICTIMS), times)):
        code = resident_with_draft(house, number)
        answered = everybody[code] = Answered()
        visitor = Visitor(house.stack, house.session(code))
        senders = [threading.Thread(target=_answer_and_hand_in, args=(visitor, answered))]
        if before and (uid := _warning_of(house, before)):
            colleague = Visitor(house.stack, house.session("zhao-ning"))
            senders.append(threading.Thread(target=_take_over, args=(colleague, uid, answered)))
        for sender in senders:
            sender.start()
        senders[0].join(random.uniform(0, 0.4))
        _kill_and_revive(house, victim)
        connections.close_all()  # the test's own connection may have died with the database
        for sender in senders:
            sender.join(60)
            assert not sender.is_alive()
        before = code
    _check(house, everybody)
    _check_calls()


def _check(house: House, everybody: dict[str, Answered]) -> None:
    assert any("submit" in one.said for one in everybody.values()), (
        "nothing was acknowledged, so nothing was tried"
    )
    for code, answered in everybody.items():
        person = house.city.residents[code]

        def found(person=person) -> Counter[str]:
            with unit_of_work(SYSTEM):
                return Counter(
                    warnings=Warning.objects.filter(resident=person).count(),
                    critical=Sitting.objects.filter(resident=person, answers__8__gte=1).count(),
                    submitted=Sitting.objects.filter(resident=person, state="submitted").count(),
                    evaluated=Sitting.objects.filter(resident=person, evaluated_at__isnull=False).count(),
                )

        if answered.said:
            assert found()["critical"] == 1, f"{code}: an acknowledged answer was lost"
        if "submit" in answered.said:
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
        _check_taking_over(answered.taken_over)


def _check_taking_over(uid: str) -> None:
    """Told to have it means having it, and having it once."""
    with unit_of_work(SYSTEM):
        for warning in Warning.objects.filter(uid=uid).select_related("deadline"):
            assert warning.holder_id is not None
            assert warning.state == "acknowledged"
            assert warning.deadline.stage == "contact"
            assert WarningEntry.objects.filter(warning=warning, kind="acknowledged").count() == 1


def _check_calls() -> None:
    """Nobody was promised the same call twice, and no text is left lying."""

    def waiting() -> int:
        with unit_of_work(SYSTEM):
            return Notice.objects.filter(channel=Channel.SMS, outcome__in=WAITING).count()

    eventually("every text that was promised left", lambda: waiting() == 0, patience=180)
    with unit_of_work(SYSTEM):
        calls = Counter(Notice.objects.exclude(message=None).values_list("message_id", "channel"))
        assert calls, "nobody was called, so nothing was tried"
        assert max(calls.values()) == 1
        assert WarningEntry.objects.filter(kind="raised").count() == Warning.objects.count()


@requirement("R-059")
def test_five_kills_lose_nothing_and_double_nothing(house: House) -> None:
    _kills(house, 5, seed=20261124)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_hundred_kills_lose_nothing_and_double_nothing(house: House) -> None:
    _kills(house, 200, seed=1)
