"""A campaign is played through while web and database are killed: what was acknowledged is there, exactly once."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connections

from anxin.domains.assessments.models import ScoreSheet, Sitting
from anxin.domains.campaigns.models import CriticalSignal, Participant, Submission, SubmissionConflict
from anxin.domains.risk.models import Warning
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_campaign
from tests.requirements_marker import requirement
from tests.small_campaign import SmallCampaign
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.stack import ROOT, eventually

PHONES = 8
PATIENCE = 240.0


def answers_of(place: int) -> list[int]:
    """What the student at ``place`` answers: one in twenty something grave, the others calm."""
    calm = [(place >> item) & 1 for item in range(5)] + [0, 0, 0]
    return [*calm, 2 if is_grave(place) else 0]


def is_grave(place: int) -> bool:
    return place % 20 == 3


class Class:
    """Phones of one address that keep their answers until they are told that these are safe."""

    def __init__(
        self, house: House, campaign: SmallCampaign, places: list[int], told: Callable[[], None]
    ) -> None:
        self.house, self.campaign, self.places, self.told = house, campaign, places, told
        self.refused: list[str] = []

    def send_all(self) -> None:
        """Every student once; every seventh presses twice; a grave answer is said first."""
        with httpx.Client(base_url=self.house.stack.base, timeout=20, trust_env=False) as http:
            for place in self.places:
                form = self.campaign.form(place, answers=answers_of(place))
                if is_grave(place):
                    signal = {name: form[name] for name in ("t", "step", "at")} | {"item": "9", "code": 2}
                    self._until_safe(http, "/intake/critical", signal)
                self._until_safe(http, "/intake/submissions", form)
                if place % 7 == 0:
                    self._until_safe(http, "/intake/submissions", form)
                self.told()

    def _until_safe(self, http: httpx.Client, path: str, body: dict[str, Any]) -> None:
        def is_safe() -> bool:
            try:
                said = http.post(path, json=body)
            except httpx.HTTPError:
                return False
            if said.status_code in (200, 201):
                assert said.json()["help_first"] is (
                    body.get("code") == 2 or body.get("answers", [0])[-1] == 2
                )
                return True
            if said.status_code not in (429, 503):
                self.refused.append(f"{said.status_code} {said.text}")
                return True
            return False

        eventually(f"{path} is acknowledged", is_safe, patience=PATIENCE)


def play(house: House, *, students: int, classes: int) -> SmallCampaign:
    """All classes hand in, eight at a time; a third through the web process dies, two thirds through the database."""
    campaign = small_campaign.build(house.city, number="GREAT", students=students, classes=classes)
    safe, turning = [0], threading.Condition()

    def told() -> None:
        with turning:
            safe[0] += 1
            turning.notify_all()

    rooms = [
        Class(house, campaign, list(range(number, students, classes)), told) for number in range(classes)
    ]
    waiting = iter(rooms)
    lock = threading.Lock()

    def phones() -> None:
        while True:
            with lock:
                room = next(waiting, None)
            if room is None:
                return
            room.send_all()

    threads = [threading.Thread(target=phones) for _ in range(PHONES)]
    for thread in threads:
        thread.start()
    for victim, share in (("web", students // 3), ("database", 2 * students // 3)):
        with turning:
            assert turning.wait_for(lambda share=share: safe[0] >= share, timeout=PATIENCE)
        house.stack.kill(victim)
        house.stack.revive(victim)
        connections.close_all()  # the test's own connection may have died with the database
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert [refused for room in rooms for refused in room.refused] == []
    return campaign


def check(campaign: SmallCampaign) -> None:
    """Everything once, as it was answered; every grave answer warned of, and nothing else."""
    people = campaign.participants
    with unit_of_work(SYSTEM):
        kept = {
            one.participant_id: one.answers for one in Submission.objects.filter(campaign=campaign.campaign)
        }
        assert Submission.objects.count() == len(people)
        assert kept == {person.id: answers_of(place) for place, person in enumerate(people)}
        assert not SubmissionConflict.objects.exists()
        grave = {person.id for place, person in enumerate(people) if is_grave(place)}
        assert set(CriticalSignal.objects.values_list("participant_id", flat=True)) == grave

    def adopted() -> bool:
        with unit_of_work(SYSTEM):
            return Sitting.objects.filter(evaluated_at__isnull=False).count() == len(people)

    eventually("every form is a sitting and evaluated", adopted, patience=PATIENCE)
    with unit_of_work(SYSTEM):
        assert Sitting.objects.count() == ScoreSheet.objects.count() == len(people)
        warned = set(
            Participant.objects.filter(
                resident__in=Warning.objects.filter(source="campaign").values("resident")
            ).values_list("id", flat=True)
        )
        assert warned == grave
        assert Warning.objects.count() == len(grave)


@requirement("R-084")
def test_a_small_campaign_survives_the_death_of_web_and_database(house: House) -> None:
    check(play(house, students=300, classes=10))


@requirement("R-084")
@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_students_in_three_hundred_classes(house: House) -> None:
    check(play(house, students=10_000, classes=300))


@requirement("R-084")
@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_critical_answer_warns_within_five_seconds_at_full_load(house: House, tmp_path: Path) -> None:
    """The load generator holds the lane at its limit; a signal every now and then must not wait behind it."""
    crowd = small_campaign.build(house.city, number="CROWD", students=20_000, classes=100)
    few = small_campaign.build(house.city, number="FEW", students=20)
    bodies = tmp_path / "bodies"
    bodies.write_text(
        "".join(json.dumps(crowd.form(place)) + "\n" for place in range(20_000)), encoding="utf-8"
    )
    command = [sys.executable, "-m", "benchmarks.load", "--port", str(house.stack.port), "--seconds", "30"]
    command += ["--path", "/intake/submissions", "--bodies", str(bodies)]
    load = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)

    def warned(place: int) -> Warning | None:
        with unit_of_work(SYSTEM):
            person = Participant.objects.get(id=few.participants[place].id)
            return person.resident and Warning.objects.filter(resident=person.resident).first()

    delays = []
    with httpx.Client(base_url=house.stack.base, timeout=20, trust_env=False) as http:
        for place in range(20):
            body = {name: few.form(place)[name] for name in ("t", "step", "at")} | {"item": "9", "code": 2}
            assert http.post("/intake/critical", json=body).status_code == 201
            warning = eventually("the warning is there", lambda place=place: warned(place))
            with unit_of_work(SYSTEM):
                heard = CriticalSignal.objects.get(participant_id=few.participants[place].id)
            delays.append(warning.raised_at - heard.received_at)
    load.terminate()
    load.wait(30)
    assert max(delays) < timedelta(seconds=5), sorted(delays)[-3:]


def test_the_lane_is_said_to_be_ready_and_speaks_plain_http(house: House) -> None:
    """Through the real server: ready, kept alive, one after the other on one connection, and the odd request."""
    campaign = small_campaign.build(house.city, number="PLAIN", students=4)
    assert eventually("intake is ready", lambda: house.stack.health().get("intake") == "ok")
    with httpx.Client(base_url=house.stack.base, timeout=20, trust_env=False) as http:
        numbers = [
            http.post("/intake/submissions", json=campaign.form(place)).status_code for place in range(3)
        ]
        assert numbers == [201, 201, 201]
        assert http.get("/intake/submissions").status_code == 405
        assert http.post("/intake/submissions", content=b"x" * 20_000).status_code == 413
        pieces = iter(
            [json.dumps(campaign.form(3)).encode()[:50], json.dumps(campaign.form(3)).encode()[50:]]
        )
        assert http.post("/intake/submissions", content=pieces).status_code == 201
        assert http.post("/intake/submissions?x=1", json=campaign.form(0)).status_code == 200
        closing = http.post("/intake/submissions", json=campaign.form(0), headers={"Connection": "close"})
        assert closing.status_code == 200
        assert http.get("/healthz").json()["intake"] == "ok"
        foreign = http.post(
            "/intake/submissions", json=campaign.form(0), headers={"Origin": "https://x.example"}
        )
        assert (foreign.status_code, foreign.json()["status"]) == (403, "foreign-origin")
        assert "set-cookie" not in foreign.headers
