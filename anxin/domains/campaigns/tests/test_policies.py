"""The rule for one and the filter for many say the same, for everybody in the city and for roles that see sums only."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.campaigns.contracts import CampaignState, Permission
from anxin.domains.campaigns.models import Campaign, Participant, Triage
from anxin.domains.campaigns.policies import (
    can_view_campaign,
    can_view_triage,
    is_reviewer_above,
    visible_campaigns,
    visible_triages,
    works_on_campaign,
)
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.flows import triage_campaign
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.campaign_course import GRAVE, LOW, Course, draft
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity

ROLES = (
    "station_manager",
    "employer_contact",
    "homeroom_teacher",
    "school_psychology_teacher",
    "counselling_tutor",
)


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL), tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> SmallCity:
    """The small city, and one more person at 柳岸 for each role of interest."""
    made = small_city.build()
    with unit_of_work(SYSTEM):
        for role in ROLES:
            account = accounts.create_account(actor=SYSTEM, kind="staff", login=role.replace("_", "-"))
            person = network.add_staff_member(actor=SYSTEM, name="某人", account_id=account.id)
            network.appoint(
                actor=SYSTEM,
                staff=person,
                unit=made.units["LIUAN"],
                post=Post.OFFICER,
                starts_on=small_city.SINCE,
            )
            access.grant(actor=SYSTEM, account=account, role=role, node=made.units["LIUAN"])
            made.accounts[role], made.staff[role] = account, person
    return made


@pytest.fixture
def course(city: SmallCity, at: Any) -> Course:
    made = draft(city).go_to(CampaignState.RUNNING, at)
    made.hand_in(0, LOW, GRAVE)
    triage_campaign.sweep_campaigns()
    return made


def everybody(city: SmallCity) -> dict[str, Actor]:
    return {code: city.actor(code) for code in city.accounts}


@requirement("R-048")
def test_one_and_many_agree(course: Course) -> None:
    with unit_of_work(SYSTEM):
        campaign, triage = Campaign.objects.get(), Triage.objects.get()
        for code, actor in everybody(course.city).items():
            assert visible_campaigns(actor, Campaign.objects.all()).exists() is can_view_campaign(
                actor, campaign
            ), code
            assert visible_triages(actor, Triage.objects.all()).exists() is can_view_triage(actor, triage), (
                code
            )


@requirement("R-048", "R-067")
def test_who_sees_what_is_written_down_here(course: Course) -> None:
    campaign = course.campaign
    actors = everybody(course.city)
    sees = {code for code, actor in actors.items() if can_view_campaign(actor, campaign)}
    works = {code for code, actor in actors.items() if works_on_campaign(actor, campaign)}
    names = {
        code for code, actor in actors.items() if actor.may(Permission.READ_NAMES, at=campaign.scope_path)
    }
    reviews = {code for code, actor in actors.items() if is_reviewer_above(actor, campaign)}
    talks = {"zhao-ning", "sun-lan", "shao-ming", "school_psychology_teacher"}
    assert works == talks | {"station_manager", "counselling_tutor"}
    assert sees == works | {"employer_contact"}
    assert names == talks
    assert reviews == {"sun-lan", "shao-ming"}


@requirement("R-048")
def test_the_database_draws_the_wall_once_more(course: Course) -> None:
    for code in ("employer_contact", "homeroom_teacher", "chen-mo", "zhou-xing", "li-qing"):
        with unit_of_work(course.actor(code)):
            assert not Triage.objects.exists(), code
            assert not Participant.objects.exists(), code
    with unit_of_work(course.actor("zhao-ning")):
        assert Triage.objects.exists()
