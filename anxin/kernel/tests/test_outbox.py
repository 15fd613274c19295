"""Promised side effects: once per key, most urgent first, never to two rivals, never lost."""

import threading
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from anxin.kernel import clock, outbox
from anxin.kernel.models import OutboxMessage

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)


def _promise(key: str, *, priority: int = outbox.ORDINARY, topic: str = "test") -> None:
    with transaction.atomic():
        outbox.enqueue(topic=topic, key=key, payload={"key": key}, priority=priority)


def _keys(messages: list[OutboxMessage]) -> list[str]:
    return [message.key for message in messages]


def test_a_promise_outside_a_transaction_is_a_mistake(fresh_db: str) -> None:
    with pytest.raises(RuntimeError):
        outbox.enqueue(topic="test", key="a", payload={})
    assert not OutboxMessage.objects.exists()


def test_the_same_key_is_the_same_promise(db: None) -> None:
    _promise("a")
    _promise("a")
    assert _keys(outbox.claim(by="one")) == ["a"]


def test_a_promise_goes_with_the_transaction_that_made_it(db: None) -> None:
    def promise_and_fail() -> None:
        with transaction.atomic():
            _promise("a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        promise_and_fail()
    assert outbox.claim(by="one") == []


def test_critical_messages_leave_first_and_the_rest_in_order(db: None) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        for key, priority in (("first", 5), ("second", 5), ("critical", outbox.CRITICAL)):
            _promise(key, priority=priority)
            at.shift(timedelta(seconds=1))
        assert _keys(outbox.claim(by="one")) == ["critical", "first", "second"]


def test_a_claim_takes_its_topics_and_its_share(db: None) -> None:
    for key in ("a", "b", "c"):
        _promise(key, topic="mine")
    _promise("d", topic="theirs")
    assert len(outbox.claim(by="one", limit=2, topics=["mine"])) == 2
    assert len(outbox.claim(by="one", topics=["mine"])) == 1
    assert _keys(outbox.claim(by="one", topics=["theirs"])) == ["d"]


def test_a_claimed_message_is_nobody_elses_until_its_lease_ends(db: None) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        _promise("a")
        assert _keys(outbox.claim(by="one")) == ["a"]
        at.shift(outbox.LEASE - timedelta(seconds=1))
        assert outbox.claim(by="two") == []
        at.shift(timedelta(seconds=1))
        again = outbox.claim(by="two")
        assert _keys(again) == ["a"]
        assert (again[0].leased_by, again[0].attempts) == ("two", 2)


def test_a_finished_message_never_comes_back(db: None) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        _promise("a")
        outbox.finish(outbox.claim(by="one")[0])
        at.shift(timedelta(days=1))
        assert outbox.claim(by="two") == []


def test_a_failed_message_is_tried_again_more_slowly_and_forever(db: None) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        _promise("a")
        pauses = []
        for _ in range(12):
            message = outbox.claim(by="one")[0]
            outbox.retry_later(message, "no answer")
            message.refresh_from_db()
            pauses.append((message.available_at - clock.now()).total_seconds())
            at.move_to(message.available_at)
        assert pauses[:4] == [2, 4, 8, 16]
        assert pauses[-1] == outbox.MAX_BACKOFF_SECONDS
        assert outbox.stuck_count() == 1


def test_rivals_never_get_the_same_message(fresh_db: str) -> None:
    for number in range(60):
        _promise(f"m{number}")
    start, claimed = threading.Barrier(3), {}

    def rival(name: str) -> None:
        start.wait()
        mine: list[str] = []
        while batch := outbox.claim(by=name, limit=7):
            mine += _keys(batch)
        claimed[name] = mine
        connection.close()

    rivals = [threading.Thread(target=rival, args=(name,)) for name in ("one", "two", "three")]
    for thread in rivals:
        thread.start()
    for thread in rivals:
        thread.join()
    together = [key for mine in claimed.values() for key in mine]
    assert len(together) == 60
    assert set(together) == {f"m{number}" for number in range(60)}


def test_a_claim_passes_over_what_a_rival_holds_in_its_transaction(fresh_db: str) -> None:
    _promise("held")
    _promise("free")
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            OutboxMessage.objects.select_for_update().get(key="held")
            holding.set()
            done.wait()
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    found = _keys(outbox.claim(by="two"))
    done.set()
    thread.join()
    assert found == ["free"]
