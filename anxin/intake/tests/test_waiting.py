"""Who waits, and who goes first."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.intake.waiting import FairQueue
from tests.requirements_marker import requirement


@dataclass(frozen=True)
class Form:
    campaign_id: int
    key: object
    is_urgent: bool = False


def forms(campaign_id: int, count: int) -> list[Form]:
    return [Form(campaign_id, (campaign_id, number)) for number in range(count)]


def test_first_come_first_served_within_a_campaign() -> None:
    queue: FairQueue[Form] = FairQueue(100)
    sent = forms(1, 30)
    assert all(queue.offer(one) for one in sent)
    assert queue.take(10) + queue.take(100) == sent
    assert len(queue) == 0
    assert queue.take(10) == []


def test_a_critical_form_goes_before_those_who_came_earlier() -> None:
    queue: FairQueue[Form] = FairQueue(100)
    for one in forms(1, 20):
        queue.offer(one)
    urgent = Form(1, "grave", is_urgent=True)
    queue.offer(urgent)
    assert queue.take(5)[0] == urgent


@requirement("R-084")
def test_a_large_campaign_leaves_room_for_a_small_one() -> None:
    queue: FairQueue[Form] = FairQueue(100)
    taken = [one for one in forms(1, 500) if queue.offer(one)]
    assert len(taken) == 50
    assert all(queue.offer(one) for one in forms(2, 30))
    assert queue.offer(Form(1, "critical", is_urgent=True))
    batch = queue.take(21)
    assert [one.campaign_id for one in batch].count(2) == 10
    assert batch[0].is_urgent


def test_the_queue_is_bounded_whatever_arrives() -> None:
    queue: FairQueue[Form] = FairQueue(10)
    for campaign in range(100):
        for one in forms(campaign, 10):
            queue.offer(one)
    assert len(queue) <= 20
    assert sum(queue.offer(Form(1, ("u", number), is_urgent=True)) for number in range(50)) == 10


def test_one_key_is_in_a_call_once() -> None:
    queue: FairQueue[Form] = FairQueue(100)
    twice = [Form(1, "same"), Form(1, "other"), Form(1, "same")]
    for one in twice:
        queue.offer(one)
    assert queue.take(10) == twice[:2]
    assert queue.take(10) == twice[2:]


def test_an_urgent_twin_does_not_push_out_the_first() -> None:
    queue: FairQueue[Form] = FairQueue(100)
    queue.offer(Form(1, "same"))
    queue.offer(Form(1, "same", is_urgent=True))
    first, second = queue.take(10), queue.take(10)
    assert [len(first), len(second)] == [1, 1]
    assert first[0].is_urgent


@given(
    sent=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5), st.booleans()), max_size=60),
    most=st.integers(1, 10),
)
def test_nobody_is_lost_and_nobody_served_twice(sent: list[tuple[int, int, bool]], most: int) -> None:
    queue: FairQueue[Form] = FairQueue(1000)
    admitted = [one for one in (Form(c, (c, k), u) for c, k, u in sent) if queue.offer(one)]
    served: list[Form] = []
    while batch := queue.take(most):
        assert len(batch) <= most
        assert len({one.key for one in batch}) == len(batch)
        served += batch
    assert sorted(map(repr, served)) == sorted(map(repr, admitted))
    assert len(queue) == 0


@pytest.mark.parametrize("urgent", [True, False])
def test_everybody_can_be_sent_away(urgent: bool) -> None:
    queue: FairQueue[Form] = FairQueue(100)
    sent = [Form(number % 3, number, urgent) for number in range(9)]
    for one in sent:
        queue.offer(one)
    assert sorted(map(repr, queue.drain())) == sorted(map(repr, sent))
    assert len(queue) == 0
    assert queue.take(5) == []
