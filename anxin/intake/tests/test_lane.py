"""The lane under stress: what it keeps, what it refuses, and that a refusal changes nothing."""

import asyncio
from typing import Any

import msgspec
import psycopg
import pytest

from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns.models import Step, Submission, SubmissionConflict
from anxin.domains.instruments import api as instruments
from anxin.intake import application, steps
from anxin.intake import lane as lane_module
from anxin.intake.lane import Lane
from anxin.intake.sendings import SubmissionSending
from anxin.intake.tests.conftest import Works
from anxin.kernel import readiness
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_campaign
from tests.requirements_marker import requirement
from tests.small_campaign import CALM, GRAVE
from tests.small_city import SYSTEM

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename = 'anxin_intake' AND datname = current_database() AND pid <> pg_backend_pid()"
)


def kept() -> list[int]:
    """Whose forms are there."""
    with unit_of_work(SYSTEM):
        return list(Submission.objects.order_by("participant_id").values_list("participant_id", flat=True))


@requirement("R-084")
def test_many_at_once_are_all_kept_in_few_calls(works: Works) -> None:
    crowd = small_campaign.build(works.city, number="S-3", students=300, classes=10)
    lane = Lane()
    said = works.post(*[crowd.form(place) for place in range(300)], lane=lane)
    assert {one.number for one in said} == {201}
    assert kept() == [one.id for one in crowd.participants]
    with unit_of_work(SYSTEM):
        lines = AuditEvent.objects.filter(event="campaigns:submission:taken_in")
        assert 1 <= lines.count() < 300
        assert {line.subject_uid for line in lines} == {crowd.campaign.uid}
        moments = set(Submission.objects.values_list("received_at", flat=True))
        assert moments == {line.occurred_at for line in lines}


@requirement("R-084")
def test_a_bad_row_never_sinks_its_neighbours(works: Works, databases: Any) -> None:
    """One row that the database itself refuses, in the middle of a call."""
    name = works.app_url.rpartition("?")[0].rpartition("/")[2]
    victim = works.campaign.participants[3].id
    with psycopg.connect(databases.cluster.url("anxin_owner", name), autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN IF NEW.participant_id = {victim} THEN RAISE check_violation; END IF; RETURN NEW; END $$"
        )
        owner.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON campaigns_submission FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    said = works.post(*[works.campaign.form(place) for place in range(6)])
    assert [one.number for one in said] == [201, 201, 201, 500, 201, 201]
    assert victim not in kept()
    assert len(kept()) == 5


@requirement("R-084")
def test_a_refused_row_in_the_same_call_changes_nothing(works: Works) -> None:
    forms = [works.campaign.form(place) for place in range(4)]
    forms[1]["t"] = works.campaign.token(1, version=7)
    forms[2]["t"] = works.campaign.token(2, participant_id=10**8)
    said = works.post(*forms)
    assert [one.number for one in said] == [201, 403, 403, 201]
    assert [one.body["status"] for one in said][1:3] == ["token-replaced", "token-unknown"]
    people = works.campaign.participants
    assert kept() == [people[0].id, people[3].id]
    with unit_of_work(SYSTEM):
        assert AuditEvent.objects.filter(event="campaigns:submission:taken_in").count() == 1


@requirement("R-084")
def test_the_same_key_many_times_at_once_is_there_once_and_the_first_stands(works: Works) -> None:
    said = works.post(
        *[works.campaign.form(0, answers=answers) for answers in (CALM, CALM, GRAVE, CALM, GRAVE)]
    )
    numbers = sorted(one.number for one in said)
    assert numbers in ([200, 200, 201, 409, 409], [200, 201, 409, 409, 409])
    with unit_of_work(SYSTEM):
        first = Submission.objects.get()
        assert SubmissionConflict.objects.get().answers == (CALM if first.answers == GRAVE else GRAVE)


@requirement("R-084")
def test_without_a_database_everybody_is_told_to_come_again(works: Works) -> None:
    lane = Lane()
    answers: list[Any] = []
    asyncio.run(_receive(lane, works.campaign.form(0, answers=GRAVE), answers))
    assert [one.number for one in answers] == [503]
    assert 3 <= answers[0].retry_after < 8
    assert kept() == []


async def _receive(lane: Lane, form: dict[str, Any], answers: list[Any]) -> None:
    lane.receive(SubmissionSending, msgspec.json.encode(form), answers.append)


@requirement("R-084")
def test_a_full_queue_says_come_again_and_keeps_who_was_admitted(works: Works) -> None:
    crowd = small_campaign.build(works.city, number="S-3", students=60)
    works.post(crowd.form(0))
    lane = Lane(limit=20)
    lane._book.write(
        crowd.campaign.id, [(b"1", b"phq-9", instruments.published_version("phq-9").version.encode())]
    )
    said = works.post(*[crowd.form(place) for place in range(1, 60)], lane=lane)
    numbers = [one.number for one in said]
    assert set(numbers) == {201, 503}
    assert all(b"retry-after" in one.headers for one in said if one.number == 503)
    assert len(kept()) == numbers.count(201) + 1
    assert all(one.body["help_first"] is False for one in said)


@requirement("R-084")
def test_a_lost_connection_is_never_an_acknowledgement_and_the_lane_comes_back(works: Works) -> None:
    lane = Lane()

    async def cut(_: Lane) -> None:
        await asyncio.sleep(0)
        async with await psycopg.AsyncConnection.connect(works.intake_url, autocommit=True) as other:
            await other.execute(CUT)

    said = works.post(*[works.campaign.form(place) for place in range(3)], lane=lane, meanwhile=cut)
    assert len(kept()) >= [one.number for one in said].count(201)
    again = works.post(*[works.campaign.form(place) for place in range(3)])
    assert {one.number for one in again} <= {200, 201}
    assert len(kept()) == 3
    assert readiness.said()["intake"] is False  # the last lane has gone home


def test_a_fault_of_our_own_does_not_end_the_lane(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary, faults = SubmissionSending.parameters, [RuntimeError("broken")]

    def breaks_once(batch: Any, received: Any) -> Any:
        if faults:
            raise faults.pop()
        return ordinary(batch, received)

    monkeypatch.setattr(SubmissionSending, "parameters", breaks_once)
    assert works.post(works.campaign.form(0))[0].number == 503
    assert kept() == []
    faults.append(RuntimeError("broken"))
    said = works.post(works.campaign.form(0), lane=Lane(), meanwhile=_until_it_fell_and_rose)
    assert said[0].number == 503
    assert works.post(works.campaign.form(0))[0].number == 201


async def _until_it_fell_and_rose(lane: Lane) -> None:
    await _until(lane, ready=False)
    await _until(lane, ready=True)


@requirement("R-084")
def test_a_database_that_goes_is_noticed_at_once_and_not_by_the_next_form(works: Works) -> None:
    async def story() -> list[float]:
        lane, loop = Lane(), asyncio.get_running_loop()
        serving = asyncio.create_task(lane.serve({"conninfo": works.intake_url}))
        took = []
        try:
            for _ in range(2):
                await _until(lane, ready=True)
                began = loop.time()
                async with await psycopg.AsyncConnection.connect(works.intake_url, autocommit=True) as other:
                    await other.execute(CUT)
                await _until(lane, ready=False)
                took.append(loop.time() - began)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        return took

    assert max(asyncio.run(story())) < lane_module.IDLE_SECONDS / 2


async def _until(lane: Lane, *, ready: bool) -> None:
    while lane.is_ready is not ready:
        await asyncio.sleep(0.005)


@requirement("R-084")
def test_too_often_is_refused_by_token_and_by_nothing_else(works: Works) -> None:
    said = works.post(*[works.campaign.form(0) for _ in range(25)], works.campaign.form(1))
    numbers = [one.number for one in said]
    assert numbers.count(429) == 5
    assert numbers[-1] == 201
    assert len(kept()) == 2


@requirement("R-084")
def test_a_step_that_changed_is_read_again(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "REREAD_SECONDS", 0.0)
    lane = Lane()
    lane._book.write(
        works.campaign.campaign.id,
        [(b"1", b"phq-9", instruments.published_version("phq-9").version.encode())],
    )
    with unit_of_work(SYSTEM):
        version = instruments.published_version("gad-7").version
        Step.objects.filter(campaign=works.campaign.campaign, position=1).update(
            instrument="gad-7", instrument_version=version
        )
    wrong, right = works.post(
        works.campaign.form(1), works.campaign.form(2, answers=[1] * 7, ds=[]), lane=lane
    )
    assert (wrong.number, wrong.body["status"]) == (422, "bad-answers")
    assert right.number == 201
    with unit_of_work(SYSTEM):
        assert Submission.objects.get(participant=works.campaign.participants[2]).scores == {"total": 7}


@requirement("R-084")
def test_only_our_own_pages_may_send_and_cookies_are_nothing(works: Works) -> None:
    for place, (header, number) in enumerate(
        [
            ((b"x-nothing", b""), 201),
            ((b"origin", b"http://localhost"), 201),
            ((b"origin", b"https://localhost"), 201),
            ((b"cookie", b"sessionid=x; csrftoken=y"), 201),
            ((b"origin", b"https://elsewhere.example"), 403),
            ((b"origin", b"null"), 403),
        ]
    ):
        assert works.post(works.campaign.form(place), headers=[header])[0].number == number, header
    assert kept() == [one.id for one in works.campaign.participants[:4]]


def test_other_methods_and_addresses(works: Works) -> None:
    assert works.post(works.campaign.form(0), method="GET")[0].number == 405
    assert works.post(works.campaign.form(0), method="PUT")[0].headers[b"allow"] == b"POST"
    assert works.post(works.campaign.form(0), path="/intake/elsewhere")[0].number == 404
    assert kept() == []


def test_help_comes_first_for_a_grave_answer_whatever_becomes_of_it(works: Works) -> None:
    stored = works.post(works.campaign.form(0, answers=GRAVE))[0]
    conflict = works.post(works.campaign.form(0, answers=[3] * 9))[0]
    refused = works.post(works.campaign.form(1, answers=GRAVE, t=works.campaign.token(1, version=2)))[0]
    assert [one.body["help_first"] for one in (stored, conflict, refused)] == [True, True, True]
    assert [one.number for one in (stored, conflict, refused)] == [201, 409, 403]


def test_the_lane_is_off_where_nobody_may_take_its_role(settings: Any) -> None:
    settings.ANXIN_INTAKE_DATABASE_URL = ""
    assert application.start() == []
    settings.ANXIN_INTAKE_DATABASE_URL, settings.INTAKE_ROLE = "postgresql:///x", "anxin_intake"
    assert "role=anxin_intake" in application.conninfo()["options"]
