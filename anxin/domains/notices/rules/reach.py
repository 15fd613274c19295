"""Which way is tried next, when it may be tried, and whether it may cost anything. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from anxin.domains.notices.contracts import (
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

# What needs the person's own yes, because it was not given with the phone number.
_ASKED_FIRST = frozenset({Channel.WECHAT, Channel.EMAIL})
_UNTOUCHED = frozenset({Channel.IN_APP, Channel.DUTY_PHONE})
"""Nothing leaves the house here, and nothing rings at home."""

_SEEN = {Enough.READ: (Outcome.READ,), Enough.DELIVERED: (Outcome.DELIVERED, Outcome.READ)}
# A receipt never takes back a better one, in whatever order they come.
_RANK = {Outcome.SENT: 1, Outcome.UNDELIVERED: 2, Outcome.DELIVERED: 3, Outcome.READ: 4}


@dataclass(frozen=True, slots=True)
class Next:
    """The rung to try now, or none; and what was passed over on the way, with the reason."""

    index: int
    rung: Rung | None
    passed: tuple[tuple[Channel, str], ...]


def order_for(ladder: Ladder, wishes: Wishes) -> tuple[Rung, ...]:
    """The rungs as this person is tried: what stays in the house first, then the safe way, then the others."""
    if wishes.safe_channel is None:
        return ladder.rungs
    quiet = [rung for rung in ladder.rungs if rung.channel is Channel.IN_APP]
    safe = [rung for rung in ladder.rungs if rung.channel is wishes.safe_channel and rung not in quiet]
    rest = [rung for rung in ladder.rungs if rung not in quiet and rung not in safe]
    return (*quiet, *safe, *rest)


def next_rung(
    rungs: Sequence[Rung], *, start: int, wishes: Wishes, lane: Lane, existing: Collection[Channel]
) -> Next:
    """The first rung from ``start`` on that may be used for this person here."""
    passed: list[tuple[Channel, str]] = []
    for index in range(start, len(rungs)):
        why = refusal(rungs[index].channel, wishes=wishes, lane=lane, existing=existing)
        if not why:
            return Next(index, rungs[index], tuple(passed))
        passed.append((rungs[index].channel, why))
    return Next(len(rungs), None, tuple(passed))


def refusal(channel: Channel, *, wishes: Wishes, lane: Lane, existing: Collection[Channel]) -> str:
    """Why ``channel`` is not used for this person, or nothing.

    A way the person closed stays closed even in danger: they know who else reads there. A safe way is the only one for
    what may wait; when it cannot wait the other open ways are tried behind it.
    """
    if channel in _UNTOUCHED:
        return ""
    if channel not in existing:
        return "not_here"
    if channel in wishes.refused:
        return "refused"
    if channel in _ASKED_FIRST and channel not in wishes.agreed:
        return "not_agreed"
    if wishes.safe_channel is not None and channel is not wishes.safe_channel and lane is Lane.ORDINARY:
        return "not_safe"
    return ""


def opens_at(local: datetime, *, lane: Lane, quiet: Hours, wishes: Wishes) -> datetime:
    """The first moment from ``local`` on at which a message may leave. ``local`` is by the city's clock.

    What is prompt leaves at once: a person in danger is rather woken. What may wait stays out of the quiet hours, and
    inside the person's own safe hours if they named any.
    """
    if lane is Lane.PROMPT:
        return local
    ends = [quiet.ends, *([wishes.safe_hours.starts] if wishes.safe_hours else [])]
    candidates = [local, *(_next(local, end) for end in ends)]
    open_ones = [one for one in candidates if _is_open(one.time(), quiet, wishes)]
    # Safe hours that lie wholly in the quiet ones are the person's word against the house's: theirs counts.
    return min(open_ones) if open_ones else _next(local, ends[-1])


def may_spend(*, used: int, quota: Quota | None, lane: Lane) -> bool:
    """Whether one more may be paid for. Safety is never refused; it is counted all the same."""
    return lane is Lane.PROMPT or quota is None or used < quota.limit - quota.reserve


def is_enough(outcome: Outcome, rung: Rung, *, gives_receipts: bool) -> bool:
    """Whether this attempt is all that was wanted of it."""
    if rung.enough is Enough.DELIVERED and outcome is Outcome.SENT and not gives_receipts:
        return True
    return outcome in _SEEN[rung.enough]


def after_receipt(before: Outcome, reported: Outcome) -> Outcome:
    """Where an attempt stands once ``reported`` came in, in whatever order reports come.

    A letter given up, or still on its way after a lost answer, was accepted after all if its receipt says so. A report
    that it failed is believed only while nothing better is known.
    """
    if reported is Outcome.UNDELIVERED and before not in (Outcome.SENT, Outcome.QUEUED, Outcome.SENDING):
        return before
    return reported if _RANK[reported] > _RANK.get(before, 0) else before


def pause(attempts: int, *, base: timedelta, longest: timedelta, asked: timedelta | None) -> timedelta:
    """How long to wait after a try that failed: twice as long each time, and never less than the provider asked."""
    grown = min(base * (1 << max(attempts - 1, 0)), longest)
    return max(grown, min(asked, longest)) if asked is not None else grown


def _next(local: datetime, moment: time) -> datetime:
    today = local.replace(hour=moment.hour, minute=moment.minute, second=0, microsecond=0)
    return today if today >= local else today + timedelta(days=1)


def _is_open(moment: time, quiet: Hours, wishes: Wishes) -> bool:
    if wishes.safe_hours is not None and not wishes.safe_hours.holds(moment):
        return False
    return not quiet.holds(moment)
