"""Who may list clocks: one object and many agree."""

import pytest
import time_machine

from anxin.domains.deadlines import api
from anxin.domains.deadlines.models import Deadline
from anxin.domains.deadlines.policies import can_view_deadline, visible_deadlines
from anxin.domains.deadlines.tests.factories import MINUTE, START, ladder_over, make_order, make_postings
from anxin.kernel.actor import Actor, ActorKind, NodeGrant

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("worker")


def staff(path: str, *, posting_ids: tuple[int, ...] = (), identified: bool = True) -> Actor:
    grant = NodeGrant(path=path, role="r", permissions=frozenset(), sees_identified=identified)
    return Actor(ActorKind.STAFF, "s", "s", grants=(grant,), posting_ids=posting_ids)


def test_one_and_many_agree_for_every_actor_and_clock() -> None:
    here, there = make_postings(), make_postings()
    with time_machine.travel(START, tick=False):
        for number, postings in enumerate((here, there)):
            for index in range(3):
                ladder = ladder_over(postings, at=START - 5 * index * MINUTE)
                order = make_order(ladder, subject_uid=f"w{number}{index}")
                api.start(actor=SYSTEM, order=order)
        station, _, city = (posting.unit.path for posting in here)
        actors = [
            SYSTEM,
            Actor.anonymous(),
            Actor(ActorKind.RESIDENT, "r", "r", resident_id=1),
            staff(station),
            staff(city),
            staff(city, identified=False),
            staff("/1/", posting_ids=(there[0].id,)),
        ]
        seen = {}
        for actor in actors:
            many = set(visible_deadlines(actor, Deadline.objects.all()))
            assert many == {d for d in Deadline.objects.all() if can_view_deadline(actor, d)}
            seen[id(actor)] = {d.subject_uid for d in many}
        assert [sorted(seen[id(actor)]) for actor in actors] == [
            ["w00", "w01", "w02", "w10", "w11", "w12"],
            [],
            [],
            ["w00"],
            ["w00", "w01", "w02"],
            [],
            ["w10"],
        ]
        overdue = api.overdue(actor=staff(city))
        assert [deadline.subject_uid for deadline in overdue] == ["w02", "w01"]
