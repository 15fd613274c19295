"""What units spend on messages, month by month."""

from datetime import date

from django.db.models import F

from anxin.domains.network import api as network
from anxin.domains.notices import library
from anxin.domains.notices.contracts import Channel, Lane
from anxin.domains.notices.models import Notice, QuotaUse
from anxin.domains.notices.rules.reach import may_spend
from anxin.kernel import clock
from anxin.kernel.errors import NotFound


def spend(notice: Notice) -> bool:
    """Count one letter for the unit it is sent for; whether it may be paid for. What cannot wait always may."""
    unit_id = _unit_of(notice)
    if unit_id is None:
        return True
    lane = Lane(notice.lane)
    row, _ = QuotaUse.objects.get_or_create(unit_id=unit_id, channel=notice.channel, month=this_month())
    held = QuotaUse.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not may_spend(used=held.used, quota=library.orders().quotas.get(Channel(notice.channel)), lane=lane):
        return False
    held.used += 1
    held.used_for_safety += lane is Lane.PROMPT
    held.save(update_fields=["used", "used_for_safety"])
    return True


def give_back(notice: Notice) -> None:
    """It was never taken, so it cost nothing."""
    unit_id = _unit_of(notice)
    if notice.is_counted and unit_id is not None:
        notice.is_counted = False
        rows = QuotaUse.objects.filter(
            unit_id=unit_id, channel=notice.channel, month=this_month(), used__gt=0
        )
        rows.update(used=F("used") - 1)
        if notice.lane == Lane.PROMPT:
            rows.filter(used_for_safety__gt=0).update(used_for_safety=F("used_for_safety") - 1)


def this_month() -> date:
    """The first day of it, by the city's calendar."""
    return clock.today().replace(day=1)


def _unit_of(notice: Notice) -> int | None:
    """The unit at the end of the path; none for a row that was restricted or whose unit is gone."""
    last = notice.scope_path.strip("/").rpartition("/")[2]
    if not last.isdecimal():
        return None
    try:
        return int(network.unit_by_id(unit_id=int(last)).id)
    except NotFound:
        return None
