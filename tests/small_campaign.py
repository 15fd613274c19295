"""A running campaign with a few classes, for tests: everybody has agreed, two steps, tokens on request."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.models import Campaign, Group, Participant, Step
from anxin.domains.campaigns.rules.tokens import make_token
from anxin.domains.instruments import api as instruments
from anxin.kernel import clock
from anxin.kernel.crypto import blind_index
from anxin.kernel.unit_of_work import unit_of_work
from tests.small_city import SYSTEM, SmallCity

CALM = [0, 1, 0, 1, 0, 1, 0, 1, 0]
GRAVE = [1, 1, 1, 1, 1, 1, 1, 1, 2]


@dataclass
class SmallCampaign:
    """The campaign and its people, in roster order."""

    campaign: Campaign
    participants: list[Participant]

    def token(self, place: int, **changes: Any) -> str:
        """The token of the participant at ``place``."""
        person = self.participants[place]
        content: dict[str, Any] = {
            "key": campaigns.token_key(),
            "campaign_id": self.campaign.id,
            "participant_id": person.id,
            "version": person.token_version,
            "expires_at": clock.now() + timedelta(days=30),
        }
        return make_token(**(content | changes))

    def form(self, place: int, **changes: Any) -> dict[str, Any]:
        """What the participant at ``place`` sends."""
        content: dict[str, Any] = {
            "t": self.token(place),
            "step": 1,
            "answers": CALM,
            "ds": [20] * 9,
            "at": clock.now().isoformat(timespec="milliseconds"),
            "ch": "online",
        }
        return content | changes


def build(
    city: SmallCity,
    *,
    number: str = "S-1",
    students: int = 6,
    classes: int = 1,
    state: str = "running",
    runs_from: datetime | None = None,
    runs_until: datetime | None = None,
) -> SmallCampaign:
    """As the campaign room would have left it when it opens."""
    unit = city.units["LIUAN"]
    with unit_of_work(SYSTEM):
        campaign = Campaign.objects.create(
            number=number,
            title="Spring",
            segment="student",
            state=state,
            unit=unit,
            scope_path=unit.path,
            owner=city.staff["zhao-ning"],
            reviewer=city.staff["sun-lan"],
            runs_from=runs_from,
            runs_until=runs_until,
        )
        for position, name in ((1, "phq-9"), (2, "gad-7")):
            Step.objects.create(
                campaign=campaign,
                position=position,
                instrument=name,
                instrument_version=instruments.published_version(name).version,
            )
        groups = [
            Group.objects.create(campaign=campaign, code=f"{number}-{one}"[:12], name=str(one))
            for one in range(classes)
        ]
        people = Participant.objects.bulk_create(
            [
                Participant(
                    campaign=campaign,
                    group=groups[place % classes],
                    scope_path=campaign.scope_path,
                    name=f"学生{place}",
                    identity_index=blind_index(f"{number}-{place}", purpose="identity"),
                    roster_number=str(place),
                    sex="f" if place % 2 else "m",
                    born_on=date(2012, 1, 1) + timedelta(days=place % 300),
                    consent="given",
                    assent="given",
                )
                for place in range(students)
            ]
        )
    return SmallCampaign(campaign, people)
