"""Requests about one's own data, what waits until a guardian may know, and agreements written down by staff."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.audit.models import AuditEvent
from anxin.domains.notices.models import Notice
from anxin.domains.residents.contracts import LegalBasis, Purpose
from anxin.domains.residents.models import ActWithoutConsent, Consent, Resident
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Proof, RequestKind
from anxin.domains.rights.models import Release, SubjectRequest
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests import officers
from anxin.sites.staff.tests.conftest import SYSTEM, TUESDAY_10
from tests import small_city
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
WHY = "服务记录依法须留存"


@pytest.fixture
def officer(city: small_city.SmallCity, browser: Browser) -> Client:
    """The privacy officer's browser."""
    return browser(officers.officer(city))


def ask(city: small_city.SmallCity, kind: RequestKind, *, code: str = "li-qing", **more: Any) -> str:
    actor = city.actor(code)
    more.setdefault("proof", Proof.PHONE_CODE)
    with unit_of_work(actor):
        made = rights.ask(actor=actor, resident_id=actor.resident_id, kind=kind, **more)
    return str(made.uid)


def stored(uid: str) -> SubjectRequest:
    with unit_of_work(SYSTEM):
        return SubjectRequest.objects.get(uid=uid)


def person(city: small_city.SmallCity, code: str = "li-qing") -> Resident:
    with unit_of_work(SYSTEM):
        return Resident.objects.get(id=city.residents[code].id)


def make_minor(city: small_city.SmallCity, born_on: date = date(2011, 1, 1)) -> None:
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=city.residents["li-qing"].id).update(born_on=born_on)


@requirement("R-037")
def test_the_list_puts_what_is_late_first_and_counts_it(
    city: small_city.SmallCity, browser: Browser, at: Any
) -> None:
    late = ask(city, RequestKind.CORRECT, changes={"name": "李青"}, proof=None)
    at.shift(timedelta(days=4))
    fresh = ask(city, RequestKind.EXPLAIN, text="为什么联系我？", code="lin-xia")
    officer = browser(officers.officer(city))
    view = officer.get("/staff/rights/").context["view"]
    assert [row.url for row in view.rows] == [f"/staff/rights/{late}/", f"/staff/rights/{fresh}/"]
    assert [row.is_late for row in view.rows] == [True, False]
    assert [one.count for one in view.segments] == [2, 1, 0]
    only_late = officer.get("/staff/rights/?show=late").context["view"]
    assert [row.number for row in only_late.rows] == [stored(late).number]
    found = officer.get(f"/staff/rights/?q={stored(fresh).number.lower()}").context["view"]
    assert len(found.rows) == 1
    kinds = officer.get("/staff/rights/?kind=explain").context["view"]
    assert [row.number for row in kinds.rows] == [stored(fresh).number]
    assert officer.get("/staff/rights/?kind=nonsense&show=x&page=99").status_code == 200


@requirement("R-037")
def test_a_request_is_proved_decided_with_a_reason_carried_out_and_closed(
    city: small_city.SmallCity, officer: Client
) -> None:
    uid = ask(city, RequestKind.CORRECT, changes={"name": "李青", "born_on": "1996-04-05"}, proof=None)
    page = f"/staff/rights/{uid}/"
    assert "李青" in officer.get(page).content.decode()
    assert officer.post(f"{page}decide/", {"decision": "granted"}).status_code == 422
    assert officer.post(f"{page}verify/", {}).status_code == 422
    assert officer.post(f"{page}verify/", {"proof": "document"}).status_code == 303
    refused = officer.post(f"{page}decide/", {"decision": "partly", "reason": "  "})
    assert refused.status_code == 422
    nothing = officer.post(f"{page}decide/", {"decision": "partly", "reason": WHY})
    assert nothing.status_code == 422
    assert (stored(uid).state, person(city).name) == ("identity_verified", "李晴")
    done = officer.post(f"{page}decide/", {"decision": "partly", "reason": WHY, "facts": ["name"]})
    assert done.status_code == 303
    request = stored(uid)
    assert (request.state, request.decision, request.reason) == ("closed", "partly", WHY)
    assert (person(city).name, person(city).born_on) == ("李青", date(1996, 5, 4))
    assert officer.get("/staff/rights/?show=done").context["view"].rows[0].number == request.number


def test_an_explanation_explains(city: small_city.SmallCity, officer: Client) -> None:
    uid = ask(city, RequestKind.EXPLAIN, text="为什么联系我？")
    assert officer.post(f"/staff/rights/{uid}/decide/", {"decision": "granted"}).status_code == 422
    assert stored(uid).state == "identity_verified"
    given = {"decision": "granted", "reason": "因为您有一个回答让人放心不下。"}
    assert officer.post(f"/staff/rights/{uid}/decide/", given).status_code == 303
    assert stored(uid).state == "closed"


@requirement("R-037")
def test_nobody_but_the_officer_finds_a_request_or_what_is_kept_from_guardians(
    city: small_city.SmallCity, browser: Browser
) -> None:
    uid = ask(city, RequestKind.DELETE)
    for code in ("zhao-ning", "sun-lan", "shao-ming", "zhou-xing", "fang-zheng", "li-qing"):
        client = browser(code)
        for address in ("/staff/rights/", f"/staff/rights/{uid}/", "/staff/rights/protected/"):
            assert client.get(address).status_code in (302, 303, 403, 404), (code, address)
        assert client.post(f"/staff/rights/{uid}/decide/", {"decision": "granted"}).status_code >= 302
    assert stored(uid).state == "identity_verified"


def test_the_officer_meets_numbers_and_no_name(city: small_city.SmallCity, officer: Client) -> None:
    uid = ask(city, RequestKind.DELETE, text="请删掉")
    text = (
        officer.get("/staff/rights/").content.decode() + officer.get(f"/staff/rights/{uid}/").content.decode()
    )
    assert person(city).number in text
    for secret in ("李晴", "13800000001"):
        assert secret not in text
    assert officer.get(f"/staff/rights/person/{person(city).uid}/").status_code == 403


@requirement("R-037")
def test_a_mandatory_report_waits_for_the_officer_and_is_released_with_a_reason(
    city: small_city.SmallCity, officer: Client, browser: Browser
) -> None:
    make_minor(city)
    page = f"/staff/rights/person/{person(city).uid}/"
    zhao = browser("zhao-ning")
    sent = {"basis": "mandatory_report", "reason": "孩子说父亲打她", "recipient": "派出所"}
    assert zhao.post(f"{page}act/", {**sent, "reason": " "}).status_code == 422
    assert zhao.post(f"{page}act/", sent).status_code == 303
    assert "孩子说父亲打她" in zhao.get(page).content.decode()
    with unit_of_work(SYSTEM):
        assert ActWithoutConsent.objects.get().told_at is None
        assert not Notice.objects.exists()
    ((entry, _form),) = officer.get("/staff/rights/protected/").context["rows"]
    release = f"/staff/rights/protected/{entry.uid}/release/"
    assert officer.post(release, {"reason": ""}).status_code == 422
    assert browser("zhao-ning").post(release, {"reason": "已立案"}).status_code == 403
    with unit_of_work(SYSTEM):
        assert not Release.objects.exists()
    assert officer.post(release, {"reason": "已立案"}).status_code == 303
    assert officer.post(release, {"reason": "再来一次"}).status_code == 409
    after = officer.get("/staff/rights/protected/").context
    assert (after["rows"], [one.release for one in after["released"]]) == ([], ["已立案"])


def test_after_a_life_was_in_danger_a_message_goes_out_at_once(
    city: small_city.SmallCity, browser: Browser
) -> None:
    page = f"/staff/rights/person/{person(city).uid}/"
    sent = {"basis": "life_in_danger", "reason": "站在桥上，打了 110", "recipient": "110"}
    assert browser("zhao-ning").post(f"{page}act/", sent).status_code == 303
    with unit_of_work(SYSTEM):
        assert [one.template for one in Notice.objects.all()] == ["told_afterwards"]
        assert ActWithoutConsent.objects.get().told_at == TUESDAY_10


@requirement("R-037")
def test_staff_write_an_agreement_on_paper_down_at_their_own_place_only(
    city: small_city.SmallCity, browser: Browser
) -> None:
    make_minor(city, date(2014, 1, 1))
    page = f"/staff/rights/person/{person(city).uid}/"
    sent = {"purpose": "self_test_named", "given_by": "self", "signed_on": "2026-11-20"}
    zhao = browser("zhao-ning")
    assert browser("chen-mo").get(page).status_code == 404
    assert browser("chen-mo").post(f"{page}paper/", sent).status_code == 404
    assert zhao.post(f"{page}paper/", sent).status_code == 422
    by_guardian = {**sent, "given_by": "guardian"}
    assert zhao.post(f"{page}paper/", by_guardian).status_code == 422
    with unit_of_work(SYSTEM):
        assert not Consent.objects.filter(purpose=Purpose.SELF_TEST_NAMED).exists()
    assert zhao.post(f"{page}paper/", {**by_guardian, "child_assents": "on"}).status_code == 303
    with unit_of_work(SYSTEM):
        kept = Consent.objects.get(purpose=Purpose.SELF_TEST_NAMED)
    assert (kept.given_by, kept.child_assented, kept.recorded_by) == ("guardian", True, "赵宁")
    assert "赵宁" in zhao.get(page).content.decode()


def test_a_request_at_the_counter_starts_its_clock_and_is_nobodys_to_decide_there(
    city: small_city.SmallCity, browser: Browser
) -> None:
    page = f"/staff/rights/person/{person(city).uid}/"
    sent = {"kind": "correct", "asked_by": "self", "proof": "in_person", "text": "名字写错了"}
    zhao = browser("zhao-ning")
    assert zhao.post(f"{page}request/", sent).status_code == 422
    assert zhao.post(f"{page}request/", {**sent, "name": "李青"}).status_code == 303
    with unit_of_work(SYSTEM):
        made = SubjectRequest.objects.get()
        lines = AuditEvent.objects.filter(event="rights:request:taken", person_uid=person(city).uid)
        assert [one.actor_label for one in lines] == ["赵宁"]
    assert (made.state, made.proof) == ("identity_verified", "in_person")
    assert zhao.post(f"/staff/rights/{made.uid}/decide/", {"decision": "granted"}).status_code == 403
    assert person(city).name == "李晴"
    again = zhao.post(f"{page}request/", {**sent, "name": "李青"})
    assert again.status_code == 409


def test_leaving_is_no_business_of_the_counter(city: small_city.SmallCity, browser: Browser) -> None:
    page = f"/staff/rights/person/{person(city).uid}/"
    sent = {"kind": "leave", "asked_by": "self", "proof": "in_person"}
    assert browser("zhao-ning").post(f"{page}request/", sent).status_code == 422
    assert browser("zhao-ning").post(f"{page}nonsense/", sent).status_code == 404
    with unit_of_work(SYSTEM):
        assert not SubjectRequest.objects.exists()


def test_an_act_is_not_written_about_somebody_elses_person(
    city: small_city.SmallCity, browser: Browser
) -> None:
    page = f"/staff/rights/person/{person(city, 'lin-xia').uid}/"
    sent = {"basis": LegalBasis.POLICE.value, "reason": "民警来函", "recipient": "派出所"}
    assert browser("zhao-ning").post(f"{page}act/", sent).status_code == 404
    with unit_of_work(SYSTEM):
        assert not ActWithoutConsent.objects.exists()
