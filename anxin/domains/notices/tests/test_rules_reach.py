"""Which way is tried, when, and at what cost: without a database."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.notices import library
from anxin.domains.notices.contracts import (
    CARRIED,
    Channel,
    Enough,
    Hours,
    Ladder,
    Lane,
    Outcome,
    Quota,
    Rung,
    Wishes,
)
from anxin.domains.notices.rules import reach
from anxin.domains.notices.rules.wording import FORBIDDEN, neutral_sender, render, says
from anxin.kernel.clock import LOCAL

QUIET = Hours(time(21), time(8))
ALL = frozenset(CARRIED)
MINUTE = timedelta(minutes=1)
LADDER = Ladder(
    "l",
    tuple(
        Rung(one, MINUTE)
        for one in (Channel.IN_APP, Channel.WECHAT, Channel.SMS, Channel.VOICE, Channel.DUTY_PHONE)
    ),
)
HOSTILE = ("心理测评", "抑郁", "L4", "PHQ-9", "得分 21", "crisis line", "高危", "红色")


def _ways(lane: Lane, wishes: Wishes, existing: frozenset[Channel] = ALL) -> list[Channel]:
    """Every way in the order it is tried."""
    rungs, start, tried = reach.order_for(LADDER, wishes), 0, []
    while True:
        found = reach.next_rung(rungs, start=start, wishes=wishes, lane=lane, existing=existing)
        if found.rung is None:
            return tried
        tried.append(found.rung.channel)
        start = found.index + 1


def test_who_said_nothing_is_reached_by_phone_and_in_the_list() -> None:
    expected = [Channel.IN_APP, Channel.SMS, Channel.VOICE, Channel.DUTY_PHONE]
    assert _ways(Lane.PROMPT, Wishes()) == expected


def test_a_way_this_city_does_not_have_is_passed_over_with_its_reason() -> None:
    found = reach.next_rung(
        LADDER.rungs[1:], start=0, wishes=Wishes(), lane=Lane.PROMPT, existing=frozenset({Channel.SMS})
    )
    assert (found.rung, found.passed) == (LADDER.rungs[2], ((Channel.WECHAT, "not_here"),))


@given(
    refused=st.frozensets(st.sampled_from(CARRIED)),
    agreed=st.frozensets(st.sampled_from(CARRIED)),
    safe=st.none() | st.sampled_from(CARRIED),
    lane=st.sampled_from(Lane),
)
def test_a_closed_way_is_never_used_not_even_in_danger_and_a_person_always_comes_last(
    refused: frozenset[Channel], agreed: frozenset[Channel], safe: Channel | None, lane: Lane
) -> None:
    ways = _ways(lane, Wishes(refused=refused, agreed=agreed, safe_channel=safe))
    assert not set(ways) & refused
    assert len(ways) == len(set(ways))
    assert ways[-1] is Channel.DUTY_PHONE
    if lane is Lane.ORDINARY and safe is not None:
        assert set(ways) <= {Channel.IN_APP, safe, Channel.DUTY_PHONE}


def test_in_danger_the_safe_way_comes_first_and_the_others_behind_it() -> None:
    wishes = Wishes(safe_channel=Channel.VOICE)
    assert _ways(Lane.PROMPT, wishes) == [Channel.IN_APP, Channel.VOICE, Channel.SMS, Channel.DUTY_PHONE]
    assert _ways(Lane.ORDINARY, wishes) == [Channel.IN_APP, Channel.VOICE, Channel.DUTY_PHONE]


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("12:00", None, "12:00"),
        ("22:30", None, "+08:00"),
        ("03:00", None, "08:00"),
        ("12:00", Hours(time(18), time(20)), "18:00"),
        ("19:59", Hours(time(18), time(20)), "19:59"),
        ("20:00", Hours(time(18), time(20)), "+18:00"),
        ("12:00", Hours(time(20), time(23)), "20:00"),
        ("12:00", Hours(time(23), time(2)), "23:00"),
    ],
)
def test_what_may_wait_waits_for_the_day_and_for_the_persons_hours(
    moment: str, hours: Hours | None, expected: str
) -> None:
    day = datetime(2026, 11, 24, tzinfo=LOCAL)
    local = datetime.combine(day.date(), time.fromisoformat(moment), LOCAL)
    due = datetime.combine(day.date(), time.fromisoformat(expected.lstrip("+")), LOCAL)
    due += timedelta(days=expected.startswith("+"))
    wishes = Wishes(safe_hours=hours)
    assert reach.opens_at(local, lane=Lane.ORDINARY, quiet=QUIET, wishes=wishes) == due
    assert reach.opens_at(local, lane=Lane.PROMPT, quiet=QUIET, wishes=wishes) == local


@given(
    minute=st.integers(0, 1439),
    ends=st.tuples(st.integers(0, 1439), st.integers(0, 1439)) | st.none(),
)
def test_every_message_may_leave_within_a_day(minute: int, ends: tuple[int, int] | None) -> None:
    local = datetime(2026, 11, 24, tzinfo=LOCAL) + timedelta(minutes=minute)
    hours = Hours(*(time(one // 60, one % 60) for one in ends)) if ends else None
    opens = reach.opens_at(local, lane=Lane.ORDINARY, quiet=QUIET, wishes=Wishes(safe_hours=hours))
    assert local <= opens <= local + timedelta(days=1)
    if hours is not None:
        assert hours.holds(opens.time())


def test_safety_is_never_refused_for_money_and_nothing_else_touches_its_part() -> None:
    quota = Quota(limit=10, reserve=3)
    assert [reach.may_spend(used=used, quota=quota, lane=Lane.ORDINARY) for used in (0, 6, 7, 99)] == [
        *(True, True),
        *(False, False),
    ]
    assert reach.may_spend(used=99, quota=quota, lane=Lane.PROMPT)
    assert reach.may_spend(used=99, quota=None, lane=Lane.ORDINARY)


REPORTS = (Outcome.DELIVERED, Outcome.READ, Outcome.UNDELIVERED)


@pytest.mark.parametrize("before", [Outcome.QUEUED, Outcome.SENDING, Outcome.SENT, Outcome.FAILED])
def test_reports_lead_to_the_same_end_in_every_order(before: Outcome) -> None:
    for reports in product(REPORTS, repeat=3):
        if Outcome.DELIVERED not in reports and Outcome.READ not in reports:
            continue
        ends = set()
        for order in permutations(reports):
            outcome = before
            for one in order:
                outcome = reach.after_receipt(outcome, one)
            ends.add(outcome)
        assert ends == {Outcome.READ if Outcome.READ in reports else Outcome.DELIVERED}


def test_a_text_that_was_delivered_has_not_been_seen() -> None:
    read = Rung(Channel.SMS, MINUTE, Enough.READ)
    delivered = replace(read, enough=Enough.DELIVERED)
    assert not reach.is_enough(Outcome.DELIVERED, read, gives_receipts=True)
    assert reach.is_enough(Outcome.DELIVERED, delivered, gives_receipts=True)
    assert not reach.is_enough(Outcome.SENT, delivered, gives_receipts=True)
    assert reach.is_enough(Outcome.SENT, delivered, gives_receipts=False)
    assert not reach.is_enough(Outcome.SENT, read, gives_receipts=False)


def test_pauses_grow_and_are_never_shorter_than_asked() -> None:
    options = {"base": MINUTE, "longest": timedelta(minutes=15)}
    pauses = [reach.pause(number, asked=None, **options) / MINUTE for number in (1, 2, 3, 4, 5, 8)]
    assert pauses == [1, 2, 4, 8, 15, 15]
    assert reach.pause(1, asked=timedelta(minutes=5), **options) == timedelta(minutes=5)


@pytest.mark.parametrize("key", sorted(library.templates()))
def test_no_message_says_what_it_is_about_whatever_is_put_into_it(key: str) -> None:
    template = library.templates()[key]
    for language, value in product(("zh-hans", "en"), ("W-2618", *HOSTILE)):
        units = dict.fromkeys(template.params, "W-2618") | (
            {"unit": value} if "unit" in template.params else {}
        )
        assert says(render(template, units, language)) == ()


def test_the_sender_says_nothing_either() -> None:
    for word in FORBIDDEN:
        assert neutral_sender(f"云澄{word}中心", "安心") == "安心"
    assert neutral_sender("", "安心") == "安心"
    assert neutral_sender("云澄服务", "安心") == "云澄服务"


def test_every_ladder_ends_with_a_person_and_tries_no_way_twice() -> None:
    for ladder in library.orders().ladders.values():
        ways = [one.channel for one in ladder.rungs]
        assert ways[-1] is Channel.DUTY_PHONE
        assert len(ways) == len(set(ways))
