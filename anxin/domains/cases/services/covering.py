"""Cover for leave: from one day to another somebody stands in for a case manager; it returns by itself.

Nothing about the cases changes: who stands in is told by the days. Only the running clocks have to be drawn anew on
the first day, and on the day after the last, which two promises in the outbox see to.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import CaseReasonMissing, CoverUnreadable, Permission, TaskNotFound
from anxin.domains.cases.models import ManagerCover
from anxin.domains.cases.services.writing import staff_id_of
from anxin.domains.network import api as network
from anxin.kernel import clock, outbox
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

TOPIC_COVER_CHANGED = "cases.cover_changed"


@transaction.atomic
@command("cases:cover:arranged")
def arrange_cover(
    *,
    actor: Actor,
    posting_id: int,
    by_posting_id: int,
    starts_on: date,
    ends_on: date,
    reason: str,
    fit_posting_ids: frozenset[int],
) -> ManagerCover:
    """``fit_posting_ids``: who may work on these cases today, as the flow has asked. Raises ``CoverUnreadable``."""
    staff_id_of(actor)
    people = network.postings_by_id(posting_ids={posting_id, by_posting_id})
    away, stand_in = people.get(posting_id), people.get(by_posting_id)
    if away is None or not actor.may(Permission.ASSIGN, at=away.unit.path):
        raise NotPermitted
    if stand_in is None or stand_in.id == away.id or stand_in.id not in fit_posting_ids:
        raise CoverUnreadable(field="by")
    if stand_in.staff_id == away.staff_id:
        raise CoverUnreadable(field="by")
    if not clock.today() <= starts_on <= ends_on:
        raise CoverUnreadable(field="ends_on")
    if not reason.strip():
        raise CaseReasonMissing(field="reason")
    if _overlaps(posting_id, starts_on, ends_on):
        raise CoverUnreadable(field="starts_on")
    cover = ManagerCover.objects.create(
        posting=away,
        by=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        arranged_by=actor.label,
        arranged_at=clock.now(),
    )
    for moment, occasion in ((starts_on, "begins"), (ends_on + timedelta(days=1), "ends")):
        outbox.enqueue(
            topic=TOPIC_COVER_CHANGED,
            key=f"cover:{cover.uid}:{occasion}",
            payload={"posting_id": posting_id, "occasion": f"{cover.uid}:{occasion}"},
            not_before=max(_midnight(moment), clock.now()),
        )
    return cover


@transaction.atomic
@command("cases:cover:ended")
def end_cover(*, actor: Actor, cover_uid: str) -> ManagerCover:
    """Back earlier than planned: from today on the cases are in the manager's own hands."""
    staff_id_of(actor)
    covers = ManagerCover.objects.select_for_update(of=("self",)).select_related("posting__unit")
    cover = covers.filter(uid=cover_uid).first()
    if cover is None:
        raise TaskNotFound
    if not (
        actor.may(Permission.ASSIGN, at=cover.posting.unit.path) or cover.posting_id in actor.posting_ids
    ):
        raise NotPermitted
    if cover.ended_on is None:
        cover.ended_on = clock.today()
        cover.save(update_fields=["ended_on"])
        outbox.enqueue(
            topic=TOPIC_COVER_CHANGED,
            key=f"cover:{cover.uid}:ended",
            payload={"posting_id": cover.posting_id, "occasion": f"{cover.uid}:ended"},
        )
    return cover


def _overlaps(posting_id: int, starts_on: date, ends_on: date) -> bool:
    running = ManagerCover.objects.filter(posting_id=posting_id, ended_on__isnull=True)
    return running.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), clock.LOCAL)
