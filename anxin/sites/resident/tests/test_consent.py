"""Guardians and participants decide on a phone, without script and without pressure; a no is as easy as a yes."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.models import (
    Campaign,
    ConsentAnswer,
    EntryFailure,
    Group,
    GuardianToken,
    Participant,
)
from anxin.domains.campaigns.rules.codes import make_code
from anxin.domains.campaigns.rules.tokens import KEY_PURPOSE, read_token
from anxin.domains.campaigns.services.consent import issue_guardian_token
from anxin.domains.campaigns.services.entry import token_of
from anxin.domains.notices.models import Notice
from anxin.flows import ask_guardians
from anxin.flows.tests.campaign_ground import open_campaign
from anxin.kernel import clock
from anxin.kernel.crypto import purpose_key
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
CHILD, YOUTH, ADULT = date(2015, 3, 5), date(2011, 3, 5), date(2001, 3, 5)


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> SmallCity:
    return small_city.build()


@pytest.fixture
def campaign(city: SmallCity) -> Campaign:
    return open_campaign(city)


@pytest.fixture
def group(campaign: Campaign) -> Group:
    return Group.objects.create(campaign=campaign, code=make_code(range(6)), grade="七年级", name="1 班")


def listed(group: Group, born_on: date | None = CHILD, number: str = "7", **changes: Any) -> Participant:
    values = {
        "campaign": group.campaign,
        "group": group,
        "scope_path": group.campaign.scope_path,
        "name": "赵安宁",
        "identity_index": f"{number}-{born_on}".ljust(64, "0"),
        "roster_number": number,
        "born_on": born_on,
        "guardian_phone": "13800000009",
        **changes,
    }
    with unit_of_work(SYSTEM):
        return Participant.objects.create(**values)


def fresh(one: Participant) -> Participant:
    with unit_of_work(SYSTEM):
        return Participant.objects.get(id=one.id)


def answers(one: Participant) -> list[tuple[str, str, str]]:
    with unit_of_work(SYSTEM):
        return list(
            ConsentAnswer.objects.filter(participant=one)
            .order_by("id")
            .values_list("answered_by", "answer", "text_version")
        )


def address(one: Participant, *, days: int = 7) -> str:
    with unit_of_work(SYSTEM):
        return f"/consent/{issue_guardian_token(one, clock.now() + timedelta(days=days))}/"


# --- the guardian --------------------------------------------------------------------------------


@requirement("R-037")
def test_a_guardian_sees_plain_words_two_equal_buttons_and_no_full_name(client: Client, group: Group) -> None:
    child = listed(group)
    page = client.get(address(child)).content.decode()
    assert "同意或不同意都可以" in page
    assert "赵安宁" not in page
    assert "七年级 1 班" in page
    buttons = re.findall(r'<button class="([^"]+)" type="submit" name="answer" value="(\w+)"', page)
    assert [value for _, value in buttons] == ["yes", "no"]
    assert len({look for look, _ in buttons}) == 1
    assert "12356" in page


@requirement("R-037")
@pytest.mark.parametrize(("answer", "state"), [("yes", "given"), ("no", "refused")])
def test_a_guardian_decides_and_the_version_they_read_is_kept(
    client: Client, group: Group, answer: str, state: str
) -> None:
    child = listed(group)
    url = address(child)
    done = client.post(url, {"answer": answer, "version": "1"})
    assert (done.status_code, done["Location"]) == (303, url)
    assert fresh(child).consent == state
    assert answers(child) == [("guardian", state, "1")]
    page = client.get(url).content.decode()
    assert ("已记下：参加" if answer == "yes" else "已记下：不参加") in page
    client.post(url, {"answer": answer, "version": "1"})
    assert len(answers(child)) == 1  # saying it twice is saying it once


@requirement("R-037")
def test_taking_back_counts_at_once_for_the_intake(client: Client, group: Group, campaign: Campaign) -> None:
    child = listed(group)
    url = address(child)
    client.post(url, {"answer": "yes", "version": "1"})
    with unit_of_work(SYSTEM):
        Campaign.objects.filter(id=campaign.id).update(state="quality_check")
    assert client.post(url, {"answer": "no", "version": "1"}).status_code == 303
    assert fresh(child).consent == "withdrawn"
    assert [answer for _, answer, _ in answers(child)] == ["given", "withdrawn"]
    refused = client.post(url, {"answer": "yes", "version": "1"})
    assert refused.status_code == 422
    assert fresh(child).consent == "withdrawn"


def test_an_answer_to_another_text_is_not_taken(client: Client, group: Group) -> None:
    child = listed(group)
    assert client.post(address(child), {"answer": "yes", "version": "0"}).status_code == 422
    assert (fresh(child).consent, answers(child)) == ("awaited", [])


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_neither_yes_nor_no_is_asked_again(client: Client, group: Group, answer: str) -> None:
    child = listed(group)
    assert client.post(address(child), {"answer": answer, "version": "1"}).status_code == 422
    assert fresh(child).consent == "awaited"


def test_an_address_that_is_unknown_or_over_opens_nothing(client: Client, group: Group) -> None:
    child = listed(group)
    over = address(child, days=-1)
    for url in (over, "/consent/xyz/"):
        assert client.get(url).status_code == 404
        assert client.post(url, {"answer": "yes", "version": "1"}).status_code == 404
    assert fresh(child).consent == "awaited"


def test_only_the_hash_of_an_address_is_kept(group: Group) -> None:
    token = address(listed(group)).split("/")[2]
    with unit_of_work(SYSTEM):
        held = GuardianToken.objects.get()
    assert token not in (held.token_hash, held.uid)


def test_what_was_answered_cannot_be_changed_afterwards(client: Client, group: Group) -> None:
    from django.db import ProgrammingError, connection, transaction

    child = listed(group)
    client.post(address(child), {"answer": "yes", "version": "1"})
    for statement in (
        "UPDATE campaigns_consentanswer SET answer = 'refused'",
        "DELETE FROM campaigns_consentanswer",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# --- the person ----------------------------------------------------------------------------------


def own_token(one: Participant) -> str:
    return token_of(one, one.campaign)


@requirement("R-037")
@pytest.mark.parametrize("born_on", [YOUTH, ADULT])
def test_from_14_on_the_person_decides(client: Client, group: Group, born_on: date) -> None:
    one = listed(group, born_on)
    shown = client.post("/consent/mine/", {"token": own_token(one)})
    assert shown.status_code == 200
    assert "请您自己决定" in shown.content.decode()
    done = client.post("/consent/mine/", {"token": own_token(one), "answer": "yes", "version": "1"})
    assert f"/q/#{one.campaign.uid}.{own_token(one)}" in done.content.decode()
    assert fresh(one).consent == "given"
    assert answers(one) == [("self", "given", "1")]
    client.post("/consent/mine/", {"token": own_token(one), "answer": "no", "version": "1"})
    assert fresh(one).consent == "withdrawn"


@requirement("R-037")
def test_a_child_may_say_no_but_not_yes_in_place_of_the_guardian(client: Client, group: Group) -> None:
    child = listed(group)
    client.post("/consent/mine/", {"token": own_token(child), "answer": "yes", "version": "1"})
    assert (fresh(child).consent, fresh(child).assent) == ("awaited", "given")
    client.post("/consent/mine/", {"token": own_token(child), "answer": "no", "version": "1"})
    assert (fresh(child).consent, fresh(child).assent) == ("awaited", "withdrawn")


def test_a_guardian_does_not_decide_for_somebody_of_14(client: Client, group: Group) -> None:
    one = listed(group, YOUTH)
    refused = client.post(address(one), {"answer": "yes", "version": "1"})
    assert refused.status_code == 422
    assert fresh(one).consent == "awaited"


def test_a_replaced_slip_opens_nothing(client: Client, group: Group, city: SmallCity) -> None:
    one = listed(group, ADULT)
    old = own_token(one)
    with unit_of_work(city.actor("zhao-ning")):
        campaigns.replace_token(actor=city.actor("zhao-ning"), participant_uid=one.uid)
    assert client.post("/consent/mine/", {"token": old, "answer": "yes", "version": "1"}).status_code == 404
    assert fresh(one).consent == "awaited"
    assert client.post("/consent/mine/", {"token": own_token(fresh(one))}).status_code == 200


# --- being asked ---------------------------------------------------------------------------------


def test_guardians_of_children_are_asked_those_of_youths_told_and_nobody_twice_a_day(
    group: Group, campaign: Campaign, city: SmallCity, at: Any
) -> None:
    child, youth = listed(group, CHILD, "1"), listed(group, YOUTH, "2")
    listed(group, ADULT, "3")
    listed(group, CHILD, "4", guardian_phone="")
    listed(group, CHILD, "5", consent="refused")
    zhao = city.actor("zhao-ning")

    def ask() -> list[Notice]:
        with unit_of_work(zhao):
            campaigns.ask_guardians(actor=zhao, campaign_uid=campaign.uid, base_url="https://x")
        ask_guardians.carry_on(
            {"campaign": campaign.uid, "day": clock.today().isoformat(), "base_url": "https://x"}
        )
        with unit_of_work(SYSTEM):
            return list(Notice.objects.order_by("template", "id"))

    first = ask()
    assert [one.template for one in first] == ["guardian_asked", "guardian_told"]
    assert first[0].key.split(":")[1] == child.uid
    assert first[1].key.split(":")[1] == youth.uid
    assert first[0].lane == first[1].lane == "ordinary"
    assert first[0].phone == "13800000009"
    assert first[0].secret.startswith("https://x/consent/")
    assert "consent" not in str(first[0].params)
    assert len(ask()) == 2
    at.shift(timedelta(days=1))
    assert [one.template for one in ask()] == ["guardian_asked", "guardian_asked", "guardian_told"]


def test_nobody_without_the_right_asks(group: Group, campaign: Campaign, city: SmallCity) -> None:
    bai = city.actor("bai-lu")
    with pytest.raises((NotPermitted, Exception)), unit_of_work(bai):
        campaigns.ask_guardians(actor=bai, campaign_uid=campaign.uid, base_url="")


# --- typing oneself in ---------------------------------------------------------------------------


def type_in(client: Client, group: Group, **changes: str) -> Any:
    return client.post("/class/", {"code": group.code, "number": "7", "month": "3", "day": "5", **changes})


@requirement("R-067")
def test_code_number_and_birthday_lead_to_the_questions(
    client: Client, group: Group, campaign: Campaign, at: Any
) -> None:
    one = listed(group, ADULT, "7", consent="given")
    waiting = type_in(client, group)
    assert waiting.status_code == 200
    assert "2026-11-25" in waiting.content.decode()
    with unit_of_work(SYSTEM):
        Campaign.objects.filter(id=campaign.id).update(state="running")
    at.shift(timedelta(days=2))
    for typed in (group.code, group.code.lower(), f" {group.code[:3]}-{group.code[3:]}"):
        for number in ("7", "07"):
            found = type_in(client, group, code=typed, number=number)
            assert found.status_code == 303
            path, fragment = found["Location"].split("#")
            assert path == "/q/"
            uid, token = fragment.split(".")
            assert uid == campaign.uid
            bearer = read_token(token, key=purpose_key(KEY_PURPOSE), now=clock.now())
            assert (bearer.participant_id, bearer.campaign_id) == (one.id, campaign.id)


def test_whoever_decides_is_asked_first_and_a_guardian_is_waited_for(client: Client, group: Group) -> None:
    listed(group, ADULT, "7")
    assert "请您自己决定" in type_in(client, group).content.decode()
    listed(group, CHILD, "8")
    waits = type_in(client, group, number="8").content.decode()
    assert "监护人还没有答复" in waits
    assert 'name="answer"' not in waits


@pytest.mark.parametrize(
    "changes",
    [{"number": "9"}, {"day": "6"}, {"month": "4"}, {"code": make_code(range(3, 9))}, {"code": "ABC"}],
)
def test_what_is_wrong_is_not_said_and_counts(client: Client, group: Group, changes: dict[str, str]) -> None:
    listed(group, ADULT, "7", consent="given")
    refused = type_in(client, group, **changes)
    assert refused.status_code == 422
    assert "这几项对不上" in refused.content.decode()
    assert EntryFailure.objects.count() == 1
    kept = EntryFailure.objects.get()
    assert group.code not in (kept.code, kept.device)


def test_a_campaign_that_is_over_says_no_more_than_a_wrong_number(
    client: Client, group: Group, campaign: Campaign
) -> None:
    listed(group, ADULT, "7", consent="given")
    with unit_of_work(SYSTEM):
        Campaign.objects.filter(id=campaign.id).update(state="archived")
    assert "这几项对不上" in type_in(client, group).content.decode()


def test_tries_are_limited_by_device_and_code_and_never_by_address(
    group: Group, campaign: Campaign, at: Any
) -> None:
    listed(group, ADULT, "7", consent="given")
    guesser = Client()
    guesser.get("/class/")
    for _ in range(5):
        assert type_in(guesser, group, day="6").status_code == 422
    assert type_in(guesser, group).status_code == 429
    neighbour = Client()  # the same address, another phone
    neighbour.get("/class/")
    assert type_in(neighbour, group).status_code == 200
    for _ in range(60):
        EntryFailure.objects.create(code=EntryFailure.objects.first().code, device="x" * 64, at=clock.now())
    assert type_in(neighbour, group).status_code == 429
    at.shift(timedelta(minutes=11))
    assert type_in(guesser, group).status_code == 200
    assert type_in(Client(), group).status_code == 200


def test_who_sends_no_cookie_shares_one_account_of_tries(group: Group, campaign: Campaign) -> None:
    listed(group, ADULT, "7", consent="given")
    for _ in range(5):
        assert type_in(Client(), group, day="6").status_code == 422
    assert type_in(Client(), group).status_code == 429
