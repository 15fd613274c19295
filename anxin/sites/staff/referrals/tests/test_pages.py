"""The pages of referrals and linkages without scripts: what each reader is shown, and what is refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.domains.referrals.models import Referral
from anxin.domains.referrals.tests.factories import START, SYSTEM, Town, a_town, sent
from anxin.domains.workforce.contracts import Tier
from anxin.flows import answer_referral
from anxin.kernel import heartbeat
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement

BACKEND = "anxin.domains.accounts.backends.LoginBackend"
_MORE = (
    ("gu-zhu", "工会", "LIUAN", "employer_contact", "LIUAN"),
    ("zhan-zhang", "站长", "LIUAN", "station_manager", "LIUAN"),
    ("tiao-jie", "调解", "TF", "department_data_user", "Q"),
    ("zhuan-jia", "专家", "QC", "expert_group", "Q"),
)
Browser = Callable[[str], Client]


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    with django_db_blocker.unblock(), time_machine.travel(START, tick=False), transaction.atomic():
        heartbeat.beat(heartbeat.WORKER)
        town = a_town()
        with unit_of_work(SYSTEM):
            for code, name, unit, role, node in _MORE:
                account = accounts.create_account(actor=SYSTEM, kind="staff", login=code)
                person = network.add_staff_member(actor=SYSTEM, name=name, account_id=account.id)
                network.appoint(
                    actor=SYSTEM,
                    staff=person,
                    unit=town.unit(unit),
                    post=Post.OFFICER,
                    starts_on=small_city.SINCE,
                )
                access.grant(actor=SYSTEM, account=account, role=role, node=town.unit(node))
                town.city.accounts[code], town.city.staff[code] = account, person
        yield town
        transaction.set_rollback(True)


@pytest.fixture
def town(_built: Town) -> Iterator[Town]:
    """The city and a case; each test's own writes are taken back."""
    with transaction.atomic():
        yield _built
        transaction.set_rollback(True)


@pytest.fixture
def browser(town: Town) -> Browser:
    """A browser signed in as somebody."""

    def sign_in(code: str) -> Client:
        client = Client()
        client.force_login(town.city.accounts[code], backend=BACKEND)
        return client

    return sign_in


def text_of(client: Client, address: str) -> str:
    """A page that is there."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_a_draft_is_written_previewed_agreed_and_sent(town: Town, browser: Browser) -> None:
    station, centre = browser("zhao-ning"), browser("jiang-tong")
    address = f"/staff/referrals/new/?case={town.case.uid}"
    assert "保存草稿并预览" in text_of(station, address)
    fields = {
        "to_unit": town.unit("QC").uid,
        "tier": "3",
        "urgency": "routine",
        "reason": "两周来睡不好",
        "basis": "面谈评估",
        "measures": "每周见面",
        "legal_basis": "consent",
    }
    refused = station.post(address, {**fields, "tier": "2"})
    assert refused.status_code == 422
    assert "两周来睡不好" in refused.content.decode()
    page = station.post(address, fields)["Location"]
    assert "对方看到的内容" in text_of(station, page)
    assert centre.get(page).status_code == 404
    assert station.post(f"{page}consent/", {"evidence": ["contacts"], "how": "当面同意"}).status_code == 303
    assert station.post(f"{page}send/").status_code == 303
    preview = text_of(centre, page)
    assert "李*" in preview
    assert "李晴" not in preview
    assert centre.post(f"{page}accept/", {"note": ""}).status_code == 303
    assert "李晴" in text_of(centre, page)
    assert centre.post(f"{page}appointment/", {"at": "2020-01-01T10:00"}).status_code == 422


def test_a_diagnosis_sent_into_a_form_that_does_not_offer_it_is_refused(town: Town, browser: Browser) -> None:
    doctor = town.actor("luo-yi")
    referral = sent(town, "HOSP", tier=Tier.PSYCHIATRIST)
    answer_referral.accept(actor=doctor, uid=referral.uid)
    answer_referral.attend(actor=doctor, uid=referral.uid)
    page = f"/staff/referrals/{referral.uid}/"
    client = browser("luo-yi")
    assert 'name="diagnosis"' not in text_of(client, page)
    words = {"disposition": "continues_here", "advice": "继续来院。", "diagnosis": "某诊断"}
    assert client.post(f"{page}feedback/", words).status_code == 422
    with unit_of_work(SYSTEM):
        assert Referral.objects.get(uid=referral.uid).state == "attended"
    assert client.post(f"{page}feedback/", {**words, "diagnosis": ""}).status_code == 303


@requirement("R-048")
def test_an_employer_never_learns_that_an_employee_was_referred(town: Town, browser: Browser) -> None:
    referral = sent(town, "HOSP", tier=Tier.PSYCHIATRIST)
    employer = browser("gu-zhu")
    assert employer.get(f"/staff/referrals/{referral.uid}/").status_code == 404
    for address in ("/staff/referrals/", "/staff/linkages/", f"/staff/cases/{town.case.uid}/"):
        assert employer.get(address).status_code in (403, 404)
    for address in ("/staff/", "/staff/campaigns/"):
        response = employer.get(address, follow=True)
        for words in (referral.number, "李晴", "李*", town.case.number, "转介"):
            assert words not in response.content.decode()
    actor = town.actor("gu-zhu")
    with unit_of_work(actor):
        assert not Referral.objects.exists()


def test_whoever_manages_a_station_sees_where_a_referral_stands_and_nothing_in_it(
    town: Town, browser: Browser
) -> None:
    referral = sent(town)
    manager = browser("zhan-zhang")
    listed = text_of(manager, "/staff/referrals/?show=out")
    assert referral.number in listed
    assert f"/staff/referrals/{referral.uid}/" not in listed
    assert manager.get(f"/staff/referrals/{referral.uid}/").status_code == 404


@requirement("R-062", "R-081", "R-053")
def test_linkages_are_begun_from_the_case_and_answered(town: Town, browser: Browser) -> None:
    station, expert, centre = browser("zhao-ning"), browser("zhuan-jia"), browser("tiao-jie")
    source = f"case={town.case.uid}"
    for kind in ("handoff", "experts", "release", "report"):
        assert "只提供这里填写的内容" in text_of(station, f"/staff/linkages/new/{kind}/?{source}")
    fields = {"recipient": "120", "reason": "请到场", "place": "柳岸路", "danger": "危险"}
    made = station.post(f"/staff/linkages/new/handoff/?{source}", fields)["Location"]
    assert "柳岸路" in text_of(station, made)
    assert station.post(f"{made}answer/", {"text": "已派车"}).status_code == 303
    station.post(f"/staff/linkages/new/experts/?{source}", {"reason": "请会商"})
    calls = text_of(expert, "/staff/linkages/calls/")
    assert "请会商" in calls
    assert "李晴" not in calls
    handed = {
        "unit": town.unit("LIUAN").uid,
        "name": "林小满",
        "phone": "15400000009",
        "reason": "纠纷后情绪低落",
    }
    assert centre.post("/staff/linkages/submitted/", handed).status_code == 422
    assert centre.post("/staff/linkages/submitted/", {**handed, "agrees": "on"}).status_code == 303
    assert "林小满" not in text_of(centre, "/staff/linkages/submitted/")
    assert "L-100" in text_of(station, "/staff/linkages/?show=all")
