"""Managers and the people of their units, and everybody's own account."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.access.models import EntryLink, RoleGrant
from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.models import SignInTry, Visit
from anxin.domains.accounts.services.accounts import set_checked_password
from anxin.kernel.actor import Actor
from anxin.sites.staff.tests.officers import hire
from tests import small_city

PASSWORD = "tall-pine-on-the-hill"
Browsers = Callable[[str], Client]


@pytest.fixture
def boss(city: small_city.SmallCity) -> str:
    """The manager of 清禾区."""
    return hire(city, "boss", name="郑远", role="county_manager", unit="QC", node="Q")


@pytest.fixture
def deputy(city: small_city.SmallCity, boss: str) -> str:
    """Another one."""
    return hire(city, "deputy", name="程立", role="county_manager", unit="QC", node="Q")


@pytest.fixture
def admin(city: small_city.SmallCity) -> str:
    """The platform administrator."""
    return hire(city, "admin", name="何川", role="platform_admin", unit="TF", node="C")


def invited(city: Any, **changes: str) -> dict[str, str]:
    return {
        "name": "文宇",
        "title": "",
        "unit": "柳岸社区心灵驿站",
        "post": "counsellor",
        "role": "counsellor",
        **changes,
    }


def test_the_list_shows_ones_own_people_and_the_day_each_role_stops(browser: Browsers, boss: str) -> None:
    page = browser(boss).get("/staff/people/").content.decode()
    assert "赵宁" in page
    assert "孙岚" in page
    assert "陈默" not in page
    assert "2027-11-24" in page


@pytest.mark.parametrize("code", ["zhao-ning", "sun-lan", "fang-zheng", "zhou-xing"])
def test_who_manages_nobody_has_no_such_page(browser: Browsers, city: Any, code: str) -> None:
    one = browser(code)
    uid = city.accounts["bai-lu"].uid
    assert one.get("/staff/people/").status_code == 403
    assert one.get(f"/staff/people/{uid}/").status_code == 403
    assert one.post("/staff/people/invite/", invited(city)).status_code == 403
    assert one.post("/staff/people/confirm/", {"grant": RoleGrant.objects.first().uid}).status_code == 403
    assert not RoleGrant.objects.filter(confirmed_at__isnull=False).exists()
    assert not EntryLink.objects.exists()


def test_a_manager_invites_sees_the_link_once_and_withdraws_it(
    browser: Browsers, city: Any, boss: str
) -> None:
    one = browser(boss)
    page = one.post("/staff/people/invite/", invited(city)).content.decode()
    found = re.search(r"/sign-in/invited/([\w-]+)/", page)
    assert found
    link = EntryLink.objects.get()
    assert found[1] not in str(EntryLink.objects.values().get())
    listed = one.get("/staff/people/").content.decode()
    assert "文宇" in listed
    assert found[1] not in listed
    assert one.post(f"/staff/people/links/{link.uid}/withdraw/").status_code == 303
    assert Client().post(f"/sign-in/invited/{found[1]}/", {}).status_code in {200, 422}
    again = {"login": "wen-yu", "password": PASSWORD, "again": PASSWORD}
    assert Client().post(f"/sign-in/invited/{found[1]}/", again).status_code == 422


@pytest.mark.parametrize(
    "changes", [{"unit": "望桥社区心灵驿站"}, {"unit": "没有这个站"}, {"role": "auditor"}, {"name": ""}]
)
def test_an_invitation_beyond_ones_reach_is_refused(
    browser: Browsers, city: Any, boss: str, changes: dict[str, str]
) -> None:
    answer = browser(boss).post("/staff/people/invite/", invited(city, **changes))
    assert answer.status_code == 422
    assert not EntryLink.objects.exists()


def test_a_station_manager_invites_to_their_own_station_only(browser: Browsers, city: Any) -> None:
    hire(city, "head", name="冯希", role="station_manager", unit="LIUAN", node="LIUAN")
    one = browser("head")
    assert one.post("/staff/people/invite/", invited(city)).status_code == 200
    for changes in ({"unit": "北门社区心灵驿站"}, {"role": "county_manager"}):
        assert one.post("/staff/people/invite/", invited(city, **changes)).status_code == 422
    assert EntryLink.objects.count() == 1
    assert one.get(f"/staff/people/{city.accounts['zhao-ning'].uid}/").status_code == 403


def test_chosen_roles_are_confirmed_in_bulk(browser: Browsers, city: Any, boss: str, at: Any) -> None:
    at.shift(timedelta(days=340))
    one = browser(boss)
    uids = re.findall(r'name="grant" value="([\w-]+)"', one.get("/staff/people/?show=soon").content.decode())
    assert len(uids) >= 3
    assert one.post("/staff/people/confirm/", {"grant": uids}).status_code == 303
    assert RoleGrant.objects.filter(confirmed_at__isnull=False).count() == len(uids)
    foreign = RoleGrant.objects.get(account=city.accounts["chen-mo"]).uid
    assert one.post("/staff/people/confirm/", {"grant": [foreign]}).status_code == 403


def test_the_form_keeps_the_three_offices_apart(browser: Browsers, city: Any, admin: str) -> None:
    one, uid = browser(admin), city.accounts["fang-zheng"].uid
    answer = one.post(f"/staff/people/{uid}/roles/", {"role": "security_officer", "unit": "云澄市"})
    assert answer.status_code == 422
    assert "审计" in answer.content.decode()
    assert RoleGrant.objects.filter(account=city.accounts["fang-zheng"]).count() == 1


def test_a_role_is_given_and_ended_and_nobody_gives_themselves_one(
    browser: Browsers, city: Any, boss: str
) -> None:
    one, uid = browser(boss), city.accounts["bai-lu"].uid
    given = {"role": "counsellor", "unit": "柳岸社区心灵驿站"}
    assert one.post(f"/staff/people/{uid}/roles/", given).status_code == 303
    grant = RoleGrant.objects.get(account=city.accounts["bai-lu"], role="counsellor")
    assert one.post(f"/staff/people/{uid}/roles/{grant.uid}/end/").status_code == 303
    grant.refresh_from_db()
    assert grant.ends_at is not None
    own = city.accounts[boss].uid
    assert one.post(f"/staff/people/{own}/roles/", given).status_code == 422
    assert not RoleGrant.objects.filter(account=city.accounts[boss], role="counsellor").exists()


def test_a_manager_unlocks_and_signs_out_a_colleague(browser: Browsers, city: Any, boss: str) -> None:
    colleague = browser("zhao-ning")
    colleague.get("/staff/duty/")
    for _ in range(5):
        accounts.begin_try(actor=Actor.anonymous(), login="zhao-ning")
    one, uid = browser(boss), city.accounts["zhao-ning"].uid
    assert "已锁定" in one.get(f"/staff/people/{uid}/").content.decode()
    assert one.post(f"/staff/people/{uid}/unlock/").status_code == 303
    assert not SignInTry.objects.exists()
    assert one.post(f"/staff/people/{uid}/sign-out/").status_code == 303
    assert colleague.get("/staff/duty/").status_code == 302
    foreign = city.accounts["chen-mo"].uid
    assert one.post(f"/staff/people/{foreign}/unlock/").status_code in {403, 404}


def test_back_in_takes_two_over_the_pages_too(browser: Browsers, city: Any, boss: str, deputy: str) -> None:
    uid = city.accounts["zhao-ning"].uid
    one = browser(boss)
    assert one.post(f"/staff/people/{uid}/back-in/", {"reason": ""}).status_code == 422
    assert one.post(f"/staff/people/{uid}/back-in/", {"reason": "手机丢了，本人来过"}).status_code == 303
    link = EntryLink.objects.get()
    assert one.post(f"/staff/people/links/{link.uid}/approve/").status_code == 422
    page = browser(deputy).post(f"/staff/people/links/{link.uid}/approve/").content.decode()
    assert "/sign-in/back-in/" in page


def test_ones_own_account_lists_devices_and_signs_the_others_out(browser: Browsers, city: Any) -> None:
    here, there = browser("zhao-ning"), browser("zhao-ning")
    there.get("/staff/duty/")
    page = here.get("/staff/account/").content.decode()
    assert "本机" in page
    assert "2027-11-24" in page
    uid = re.search(r"/staff/account/devices/([\w-]+)/end/", page)
    assert uid
    assert browser("chen-mo").post(f"/staff/account/devices/{uid[1]}/end/").status_code in {403, 404}
    assert there.get("/staff/duty/").status_code == 200
    assert here.post(f"/staff/account/devices/{uid[1]}/end/").status_code == 303
    assert there.get("/staff/duty/").status_code == 302
    assert here.get("/staff/account/").status_code == 200


def test_a_new_password_keeps_this_session_and_ends_the_others(browser: Browsers, city: Any) -> None:
    account = city.accounts["zhao-ning"]
    set_checked_password(account, PASSWORD)
    account.save()
    here, there = browser("zhao-ning"), browser("zhao-ning")
    for one in (here, there):
        one.get("/staff/duty/")
    new = {"old": PASSWORD, "password": "nine-kites-above-us", "again": "nine-kites-above-us"}
    for changes in ({"old": "wrong"}, {"again": "nine-kites"}, {"password": "short", "again": "short"}):
        assert here.post("/staff/account/password/", new | changes).status_code == 422
    assert here.post("/staff/account/password/", new).status_code == 303
    assert here.get("/staff/account/").status_code == 200
    assert there.get("/staff/duty/").status_code == 302
    assert Visit.objects.filter(account=account, ended_at__isnull=True).count() == 1
    account.refresh_from_db()
    assert account.check_password(new["password"])


def test_recovery_codes_ask_for_the_password_and_are_shown_in_the_answer_alone(
    browser: Browsers, city: Any
) -> None:
    account = city.accounts["zhao-ning"]
    set_checked_password(account, PASSWORD)
    account.save()
    one = browser("zhao-ning")
    for wrong in ({}, {"codes-today": "wrong"}):
        refused = one.post("/staff/account/codes/", wrong)
        assert refused.status_code == 422
        assert not re.findall(r'ax-num">(\d{8})<', refused.content.decode())
    page = one.post("/staff/account/codes/", {"codes-today": PASSWORD}).content.decode()
    codes = re.findall(r'ax-num">(\d{8})<', page)
    assert len(codes) == 10
    assert codes[0] not in one.get("/staff/account/").content.decode()
