"""Who sits where and when."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.network.contracts import (
    Duty,
    DutyChange,
    DutyDraft,
    PeriodNotPossible,
    PostingNotInForce,
    SeatNotPossible,
    WeeklySeat,
)
from anxin.domains.network.models import DutyException, DutyPattern, Posting, Unit
from anxin.domains.network.policies import can_manage_roster, require
from anxin.domains.network.rules.roster import is_possible
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def _check_draft(draft: DutyDraft, posting: Posting) -> None:
    if not is_possible(draft.seat):
        raise SeatNotPossible(field="seat")
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        raise PeriodNotPossible(field="valid_until")
    if posting.ends_on is not None and posting.ends_on < draft.valid_from:
        raise PostingNotInForce(field="posting")


def _fill(actor: Actor, drafts: Sequence[DutyDraft]) -> list[DutyPattern]:
    units = Unit.objects.in_bulk({draft.unit_id for draft in drafts})
    postings = Posting.objects.in_bulk({draft.posting_id for draft in drafts})
    for draft in drafts:
        require(can_manage_roster(actor, units[draft.unit_id]))
        _check_draft(draft, postings[draft.posting_id])
    return DutyPattern.objects.bulk_create(
        [
            DutyPattern(
                posting=postings[draft.posting_id],
                unit=units[draft.unit_id],  # the trail asks each for its place
                duty=draft.duty.value,
                weekdays=sorted(set(draft.seat.weekdays)),
                starts=draft.seat.starts,
                minutes=draft.seat.minutes,
                working_days_only=draft.seat.working_days_only,
                priority=draft.seat.priority,
                valid_from=draft.valid_from,
                valid_until=draft.valid_until,
            )
            for draft in drafts
        ],
        batch_size=2000,
    )


@transaction.atomic
@command("network:roster:seat_filled")
def put_all_on_roster(*, actor: Actor, drafts: Sequence[DutyDraft]) -> list[DutyPattern]:
    """Fill weekly seats. Raises ``SeatNotPossible``, ``PeriodNotPossible``, ``PostingNotInForce``."""
    return _fill(actor, drafts)


@transaction.atomic
@command("network:roster:seat_filled")
def put_on_roster(
    *,
    actor: Actor,
    posting: Posting,
    duty: Duty,
    seat: WeeklySeat,
    valid_from: date,
    valid_until: date | None = None,
    unit: Unit | None = None,
) -> DutyPattern:
    """Fill one weekly seat, at the posting's own unit unless another is given."""
    unit_id = unit.id if unit else posting.unit_id
    draft = DutyDraft(posting.id, unit_id, duty, seat, valid_from, valid_until)
    return _fill(actor, [draft])[0]


@transaction.atomic
@command("network:roster:seat_ended")
def take_off_roster(*, actor: Actor, pattern: DutyPattern, last_day: date) -> DutyPattern:
    """The weekly seat ends with ``last_day``. Raises ``PeriodNotPossible``."""
    found = DutyPattern.objects.select_for_update(of=("self",)).select_related("unit").get(id=pattern.id)
    require(can_manage_roster(actor, found.unit))
    if last_day < found.valid_from:
        raise PeriodNotPossible(field="last_day")
    found.valid_until = last_day
    found.save(update_fields=["valid_until"])
    return found


@transaction.atomic
@command("network:roster:exception_recorded")
def record_duty_exception(
    *,
    actor: Actor,
    posting: Posting,
    duty: Duty,
    change: DutyChange,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
    unit: Unit | None = None,
) -> DutyException:
    """Somebody is away, or stands in. The latest word about a moment counts.

    Raises ``PeriodNotPossible``, ``PostingNotInForce``.
    """
    where = unit or posting.unit
    require(can_manage_roster(actor, where))
    if ends_at <= starts_at:
        raise PeriodNotPossible(field="ends_at")
    day = clock.local(starts_at).date()
    if day < posting.starts_on or (posting.ends_on is not None and day > posting.ends_on):
        raise PostingNotInForce(field="starts_at")
    return DutyException.objects.create(
        posting=posting,
        unit=where,
        duty=duty.value,
        is_on=change is DutyChange.ON,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
    )
