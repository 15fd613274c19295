"""Staff and postings. A centre always keeps somebody who answers when nobody is on duty."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.network.contracts import (
    CENTRE_KINDS,
    Engagement,
    PeriodNotPossible,
    Permission,
    Post,
    PostingDraft,
    PostingNotInForce,
    StaffDraft,
    SuccessorMissing,
    UnitKind,
    UnitStatus,
)
from anxin.domains.network.models import DutyPattern, Posting, StaffMember, Unit
from anxin.domains.network.policies import can_manage_unit, require
from anxin.domains.network.services.units import spelled
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.outbox import enqueue

TOPIC_POSTING_ENDED = "network.posting_ended"


def _add(actor: Actor, drafts: Sequence[StaffDraft]) -> list[StaffMember]:
    require(actor.may(Permission.MANAGE))
    return StaffMember.objects.bulk_create(
        [
            StaffMember(
                account_id=draft.account_id,
                name=draft.name,
                name_pinyin=spelled(draft.name),
                title=draft.title,
                duty_phone=draft.duty_phone,
            )
            for draft in drafts
        ],
        batch_size=2000,
    )


@transaction.atomic
@command("network:staff:added")
def add_staff_members(*, actor: Actor, drafts: Sequence[StaffDraft]) -> list[StaffMember]:
    """Enter people in their official function. It gives them no right; a posting and a grant do."""
    return _add(actor, drafts)


@transaction.atomic
@command("network:staff:added")
def add_staff_member(
    *, actor: Actor, name: str, title: str = "", duty_phone: str = "", account_id: int | None = None
) -> StaffMember:
    """Enter one person."""
    draft = StaffDraft(name=name, title=title, duty_phone=duty_phone, account_id=account_id)
    return _add(actor, [draft])[0]


def _check_drafts(actor: Actor, drafts: Sequence[PostingDraft]) -> dict[int, Unit]:
    units = Unit.objects.in_bulk({draft.unit_id for draft in drafts})
    for draft in drafts:
        require(can_manage_unit(actor, units[draft.unit_id]))
        if draft.ends_on is not None and draft.ends_on < draft.starts_on:
            raise PeriodNotPossible(field="ends_on")
    return units


def _appoint(actor: Actor, drafts: Sequence[PostingDraft]) -> list[Posting]:
    units = _check_drafts(actor, drafts)
    Posting.objects.filter(
        unit_id__in=[draft.unit_id for draft in drafts if draft.is_accountable], is_accountable=True
    ).update(is_accountable=False)
    return Posting.objects.bulk_create(
        [
            Posting(
                staff_id=draft.staff_id,
                unit=units[draft.unit_id],  # the trail asks each for its place
                post=draft.post.value,
                is_full_time=draft.engagement is Engagement.FULL_TIME,
                is_accountable=draft.is_accountable,
                starts_on=draft.starts_on,
                ends_on=draft.ends_on,
            )
            for draft in drafts
        ],
        batch_size=2000,
    )


@transaction.atomic
@command("network:posting:made")
def appoint_all(*, actor: Actor, drafts: Sequence[PostingDraft]) -> list[Posting]:
    """Post people at units. An accountable posting takes over from the unit's former one.

    Raises ``PeriodNotPossible``.
    """
    return _appoint(actor, drafts)


@transaction.atomic
@command("network:posting:made")
def appoint(
    *,
    actor: Actor,
    staff: StaffMember,
    unit: Unit,
    post: Post,
    starts_on: date,
    ends_on: date | None = None,
    engagement: Engagement = Engagement.FULL_TIME,
) -> Posting:
    """Post one person at one unit."""
    draft = PostingDraft(staff.id, unit.id, post, starts_on, ends_on, engagement)
    return _appoint(actor, [draft])[0]


@transaction.atomic
@command("network:posting:made_accountable")
def name_accountable(*, actor: Actor, posting: Posting) -> Posting:
    """Make this posting the one that answers for its unit when nobody is on duty; the former one hands over.

    Raises ``PostingNotInForce`` for one that has an end.
    """
    found = Posting.objects.select_for_update(of=("self",)).select_related("unit", "staff").get(id=posting.id)
    require(can_manage_unit(actor, found.unit))
    if found.ends_on is not None:
        raise PostingNotInForce(field="posting")
    Posting.objects.filter(unit=found.unit, is_accountable=True).exclude(id=found.id).update(
        is_accountable=False
    )
    found.is_accountable = True
    found.save(update_fields=["is_accountable"])
    return found


@transaction.atomic
@command("network:posting:ended")
def end_posting(*, actor: Actor, posting: Posting, last_day: date, reason: str = "") -> Posting:
    """The posting ends with ``last_day``, and its duties with it; clocks that would call it are drawn anew after that
    day (outbox topic ``TOPIC_POSTING_ENDED``).

    Raises ``SuccessorMissing`` for the accountable one of an active centre, ``PeriodNotPossible``.
    """
    found = Posting.objects.select_for_update(of=("self",)).select_related("unit", "staff").get(id=posting.id)
    require(can_manage_unit(actor, found.unit))
    is_centre = UnitKind(found.unit.kind) in CENTRE_KINDS and found.unit.status == UnitStatus.ACTIVE
    if is_centre and found.is_accountable:
        raise SuccessorMissing(field="posting")
    if last_day < found.starts_on:
        raise PeriodNotPossible(field="last_day")
    found.ends_on = last_day
    found.save(update_fields=["ends_on"])
    DutyPattern.objects.filter(posting=found, valid_from__gt=last_day).delete()
    DutyPattern.objects.filter(posting=found).exclude(valid_until__lt=last_day).update(valid_until=last_day)
    enqueue(
        topic=TOPIC_POSTING_ENDED,
        key=f"{TOPIC_POSTING_ENDED}:{found.uid}:{last_day}",
        payload={"posting_id": found.id},
        not_before=max(
            clock.now(), datetime.combine(last_day + timedelta(days=1), time(), tzinfo=clock.LOCAL)
        ),
    )
    return found
