"""A campaign of 柳岸 that may take in a roster, for tests."""

from datetime import timedelta
from typing import Any

from anxin.domains.campaigns.models import Campaign, Step
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests.small_city import SYSTEM, SmallCity


def open_campaign(city: SmallCity, **changes: Any) -> Campaign:
    """Approved, asking for consent, to run from tomorrow on for a month; planned by 赵宁."""
    now = clock.now()
    values: dict[str, Any] = {
        "number": "S-1",
        "title": "秋季学生问卷",
        "segment": "student",
        "state": "consent_open",
        "unit": city.units["LIUAN"],
        "scope_path": city.units["LIUAN"].path,
        "owner": city.staff["zhao-ning"],
        "purpose": "早一点看到需要帮助的孩子",
        "consent_opens_at": now,
        "runs_from": now + timedelta(days=1),
        "runs_until": now + timedelta(days=31),
        **changes,
    }
    with unit_of_work(SYSTEM):
        campaign = Campaign.objects.create(**values)
        Step.objects.create(campaign=campaign, position=1, instrument="phq-9", instrument_version="2026.1")
    return campaign
