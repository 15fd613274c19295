"""The fast lane and the ordinary view are one road: same input, same answer, same rows."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns.models import (
    Campaign,
    CriticalSignal,
    Participant,
    Submission,
    SubmissionConflict,
)
from anxin.intake.tests.conftest import Works
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_campaign
from tests.requirements_marker import requirement
from tests.small_campaign import CALM, GRAVE, SmallCampaign
from tests.small_city import SYSTEM

LONG_AGO = "2026-01-05T08:00:00+08:00"


def _cases(one: SmallCampaign) -> list[Any]:
    """Good and bad forms, in the order they are sent; equal for every campaign but for tokens."""
    stranger = one.token(0, participant_id=10**9)
    return [
        one.form(0),
        one.form(0),
        one.form(0, answers=GRAVE),
        one.form(0, answers=GRAVE),
        one.form(0, answers=CALM, ch="offline", ds=[1]),
        one.form(0, step=2, answers=[0, 1, 2, 3, 0, 1, 2]),
        one.form(1, answers=GRAVE, ds=[]),
        one.form(1, step=2, answers=[0, None, 2, 3, 0, 1, 2], ds=[40_000]),
        one.form(2, step=3),
        one.form(2, step=0),
        one.form(2, answers=[0, 1]),
        one.form(2, answers=[9] * 9),
        one.form(2, answers=[]),
        one.form(2, answers=[0.5] * 9),
        one.form(2, answers=[True] * 9),
        one.form(2, ch="paper"),
        one.form(2, at="yesterday"),
        one.form(2, at="2026-01-05T08:00:00"),
        one.form(2, extra=1),
        one.form(2, t="x"),
        one.form(2, t="é" * 44),
        one.form(2, t="A" * 44),
        one.form(2, t=one.token(2, expires_at=clock.now() - timedelta(seconds=1))),
        one.form(2, t=one.token(2, version=9)),
        one.form(2, t=one.token(2, key=b"x" * 32)),
        one.form(2, t=stranger),
        one.form(2, t=one.token(2, campaign_id=10**9)),
        one.form(3),
        one.form(4),
        one.form(5, ch="offline", at=LONG_AGO),
        b"",
        b"not json",
        b"[]",
        b'{"t": "\xff"}',
        b"{" + b" " * 20_000 + b"}",
    ]


def _signals(one: SmallCampaign) -> list[Any]:
    body = {"t": one.token(0), "step": 1, "item": "9", "code": 2, "at": clock.now().isoformat()}
    return [
        body,
        body,
        body | {"code": 1, "late": True},
        body | {"code": 0},
        body | {"item": "1"},
        body | {"item": "nine\n"},
        body | {"step": 7},
        body | {"t": one.token(3)},
        body | {"t": "x"},
        b"{",
    ]


def _prepare(one: SmallCampaign) -> None:
    """Three and four have not agreed."""
    with unit_of_work(SYSTEM):
        Participant.objects.filter(id=one.participants[3].id).update(consent="awaited")
        Participant.objects.filter(id=one.participants[4].id).update(assent="withdrawn")


def _rows(one: SmallCampaign) -> dict[str, list[Any]]:
    """Everything that was written about a campaign's people, without what differs by nature."""
    place = {person.id: number for number, person in enumerate(one.participants)}
    uids = {person.uid: number for number, person in enumerate(one.participants)}
    with unit_of_work(SYSTEM):
        submissions = list(Submission.objects.filter(campaign=one.campaign).order_by("id"))
        conflicts = SubmissionConflict.objects.filter(submission__in=submissions).order_by("id")
        signals = CriticalSignal.objects.filter(participant__campaign=one.campaign).order_by("id")
        about = {one.campaign.uid: "campaign", **uids}
        trail = AuditEvent.objects.filter(subject_uid__in=about, event__startswith="campaigns:").order_by(
            "id"
        )
        number = one.campaign.number
        known = {str(each.uid): (place[each.participant_id], each.step) for each in submissions}
        return {
            "submissions": [
                {
                    name: getattr(each, name)
                    for name in (
                        *("scope_path", "step", "instrument", "instrument_version", "language", "answers"),
                        *("deciseconds", "scores", "is_critical", "channel"),
                    )
                }
                | {"who": place[each.participant_id], "digest": bytes(each.digest)}
                for each in submissions
            ],
            "conflicts": [
                (known[str(each.submission.uid)], each.answers, bytes(each.digest), each.channel)
                for each in conflicts
            ],
            "signals": [
                (place[each.participant_id], each.scope_path, each.step, each.item, each.code, each.is_late)
                for each in signals
            ],
            "trail": [
                (
                    *(each.event, each.actor_kind, each.actor_uid, each.actor_label),
                    each.subject_number.replace(number, "the campaign's"),
                    *(each.node_path, each.reason, each.request_uid, uids.get(each.person_uid)),
                    about[each.subject_uid],
                )
                for each in trail
            ],
        }


def _by_the_lane(works: Works, one: SmallCampaign) -> list[tuple[int, Any]]:
    said = [works.post(body)[0] for body in _cases(one)]
    said += [works.post(body, path="/intake/critical")[0] for body in _signals(one)]
    return [(each.number, each.body) for each in said]


def _by_the_view(one: SmallCampaign) -> list[tuple[int, Any]]:
    client = Client(headers={"host": "localhost"})
    answers = []
    sent = [("/campaign-answers/", body) for body in _cases(one)]
    sent += [("/campaign-answers/critical", body) for body in _signals(one)]
    for path, body in sent:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = client.post(path, raw, content_type="application/json")
        answers.append((said.status_code, said.json()))
    return answers


def _without_uid(answers: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    return [(number, body | {"uid": bool(body.get("uid"))}) for number, body in answers]


@requirement("R-084")
def test_both_roads_answer_alike_and_leave_the_same_rows(works: Works) -> None:
    lane, view = works.campaign, small_campaign.build(works.city, number="S-2")
    _prepare(lane)
    _prepare(view)
    by_lane, by_view = _by_the_lane(works, lane), _by_the_view(view)
    kept = [number for number, _ in by_lane]
    assert {200, 201, 403, 409, 413, 422} == set(kept)
    assert _without_uid(by_lane) == _without_uid(by_view)
    assert _rows(lane) == _rows(view)
    assert [len(rows) for rows in _rows(lane).values()] == [5, 1, 2, 12]


@requirement("R-084")
def test_the_row_key_is_derived_alike(works: Works) -> None:
    said = works.post(works.campaign.form(0))[0]
    with unit_of_work(SYSTEM):
        row = Submission.objects.get(participant=works.campaign.participants[0])
    from anxin.domains.campaigns import api as campaigns

    assert said.body["uid"] == str(row.uid)
    assert row.uid == campaigns.submission_uid(works.campaign.participants[0].uid, 1)
    assert row.uid.version == 8


WINDOWS: list[tuple[dict[str, Any], str, int, int]] = [
    ({"state": "consent_open"}, "online", 0, 403),
    ({"state": "quality_check"}, "online", 0, 403),
    ({"state": "quality_check"}, "offline", 0, 201),
    ({"state": "triaged"}, "offline", 0, 403),
    ({"state": "cancelled"}, "online", 0, 403),
    ({"runs_from": 60}, "online", 0, 403),
    ({"runs_until": -60}, "online", -300, 403),
    ({"runs_until": -60}, "offline", -300, 201),
    ({"runs_until": -60}, "offline", -30, 403),
    ({"runs_from": -60, "runs_until": 60}, "online", 0, 201),
]


@requirement("R-084")
def test_both_roads_are_open_at_the_same_times(works: Works) -> None:
    crowd = small_campaign.build(works.city, number="S-2", students=2 * len(WINDOWS))
    client = Client(headers={"host": "localhost"})
    for place, (change, channel, answered, number) in enumerate(WINDOWS):
        moment = clock.now()
        fresh = {"state": "running", "runs_from": None, "runs_until": None}
        values = {
            name: moment + timedelta(seconds=value) if isinstance(value, int) else value
            for name, value in (fresh | change).items()
        }
        with unit_of_work(SYSTEM):
            Campaign.objects.filter(id=crowd.campaign.id).update(**values)
        at = (moment + timedelta(seconds=answered)).isoformat()
        lane = works.post(crowd.form(2 * place, ch=channel, at=at))[0]
        form = json.dumps(crowd.form(2 * place + 1, ch=channel, at=at))
        view = client.post("/campaign-answers/", form, content_type="application/json")
        assert (lane.number, lane.body["status"]) == (view.status_code, view.json()["status"])
        assert lane.number == number, (change, channel)
        who = [one.id for one in crowd.participants[2 * place : 2 * place + 2]]
        with unit_of_work(SYSTEM):
            assert Submission.objects.filter(participant__in=who).count() == (2 if number == 201 else 0)
