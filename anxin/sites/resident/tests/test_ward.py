"""A guardian's view: general, made of what may be shown, and without a trace of what protects the child."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.conf import LazySettings
from django.test import Client

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import (
    GivenBy,
    GuardianDraft,
    OpenDraft,
    PersonDraft,
    Relation,
    Status,
)
from anxin.domains.archives.models import Archive, Guardianship
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import LegalBasis, Purpose
from anxin.domains.residents.models import Consent, Resident
from anxin.domains.rights import api as rights
from anxin.flows.tests.conftest import begin
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.tests.conftest import BACKEND
from tests import small_city
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
CHILD = "an-an"
_TOKEN = re.compile(r'(?<=")[A-Za-z0-9]{64}(?=")')


@pytest.fixture
def link(city: small_city.SmallCity) -> Guardianship:
    """李晴 is the mother of 安安, who is 12, has an archive at 柳岸 and has taken a quiet self-test."""
    with unit_of_work(SYSTEM):
        small_city.add_resident(city, CHILD, "13800000011", "安安", date(2011, 1, 1), "LIUAN")
    zhao, child = city.actor("zhao-ning"), city.residents[CHILD]
    with unit_of_work(zhao):
        archive = archives.open_archive(
            actor=zhao,
            unit_uid=city.units["LIUAN"].uid,
            draft=OpenDraft(
                person=PersonDraft(name="安安"),
                text_version=residents.consent_text(purpose=Purpose.ARCHIVE).version,
                signed_on=clock.today(),
                given_by=GivenBy.GUARDIAN,
                child_assents=True,
                guardian=GuardianDraft(
                    name="李晴", relation=Relation.PARENT, evidence="户口簿", phone="13800000001"
                ),
            ),
            resident_uid=child.uid,
        )
    test = begin(city, CHILD)
    test.answer([1] * 4 + [0] * 5)
    test.submit()
    born(city, date(2014, 1, 1))
    with unit_of_work(SYSTEM):
        row = Guardianship.objects.get(ward=child)
        row.guardian = city.residents["li-qing"]
        row.save(update_fields=["guardian"])
    assert archive.status == Status.OPEN
    return row


def born(city: small_city.SmallCity, day: date, code: str = CHILD) -> None:
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=city.residents[code].id).update(born_on=day)


def browser(city: small_city.SmallCity, code: str) -> Client:
    client = Client()
    client.force_login(city.accounts[code], backend=BACKEND)
    return client


@pytest.fixture
def prove(settings: LazySettings) -> Callable[[Client], None]:
    settings.ANXIN_DEMO = True

    def confirm(client: Client) -> None:
        sent = client.post("/me/confirm/", {"step": "send", "next": "/me/"})
        client.post("/me/confirm/", {"code": sent.context["sent"]["shown"], "next": "/me/"})

    return confirm


def seen(client: Client, link: Guardianship) -> tuple[str, bytes]:
    """The page without its form tokens, and the copy."""
    page = client.get(f"/me/wards/{link.uid}/")
    copy = client.post(f"/me/wards/{link.uid}/copy/json/")
    assert (page.status_code, copy.status_code) == (200, 200)
    return _TOKEN.sub("", page.content.decode()), copy.content


@requirement("R-037")
def test_a_guardian_sees_it_in_general_and_the_child_sees_that_they_looked(
    resident: Client, city: small_city.SmallCity, link: Guardianship, prove: Callable[[Client], None]
) -> None:
    assert f"/me/wards/{link.uid}/" in resident.get("/me/").content.decode()
    prove(resident)
    page, copy = seen(resident, link)
    assert "安安" in page
    assert "近况自测" in page
    for hidden in ("总分", "score", "answers", "13800000011", city.residents[CHILD].number, "PHQ", "抑郁"):
        assert hidden not in page + copy.decode(), hidden
    assert [one["level"] for one in json.loads(copy)["results"]] == ["none"]
    paper = resident.post(f"/me/wards/{link.uid}/copy/pdf/")
    assert paper.content.startswith(b"%PDF")
    looks = browser(city, CHILD).get("/me/access/").content.decode()
    assert "以监护人身份看了您的大概情况" in looks


@requirement("R-037")
def test_what_protects_the_child_changes_not_one_letter_of_what_a_guardian_sees_until_it_is_released(
    resident: Client, city: small_city.SmallCity, link: Guardianship, prove: Callable[[Client], None]
) -> None:
    prove(resident)
    zhao, page = browser(city, "zhao-ning"), f"/staff/rights/person/{city.residents[CHILD].uid}/"
    zhao.get(page)
    before, child_before = seen(resident, link), looks_of(browser(city, CHILD))
    for basis in (LegalBasis.CHILD_PROTECTION, LegalBasis.MANDATORY_REPORT, LegalBasis.POLICE):
        sent = {"basis": basis.value, "reason": "孩子说家里有人打她", "recipient": "派出所"}
        assert zhao.post(f"{page}act/", sent, follow=True).status_code == 200
    assert looks_of(browser(city, CHILD)) == child_before
    assert seen(resident, link) == before
    assert resident.get("/me/access/").content.decode().count("未经同意") == 0
    release(city)
    after, _copy = seen(resident, link)
    assert "法律要求报告" in after
    assert "打她" not in after


def looks_of(client: Client) -> int:
    return sum(len(group.looks) for group in client.get("/me/access/").context["view"].groups)


def release(city: small_city.SmallCity) -> None:
    grant = NodeGrant(city.units["C"].path, "security_officer", frozenset({"rights.decide"}))
    actor = Actor(kind=ActorKind.STAFF, uid="o", label="隐私负责人", grants=(grant,), staff_id=9)
    officer = rights.officer(actor)
    with unit_of_work(officer):
        for entry in rights.protected_entries(actor=officer):
            rights.release(actor=officer, entry_uid=entry.uid, reason="已立案，孩子安全")


def test_a_protective_act_that_nobody_marked_is_withheld_too(
    resident: Client, city: small_city.SmallCity, link: Guardianship, prove: Callable[[Client], None]
) -> None:
    prove(resident)
    before = seen(resident, link)
    with unit_of_work(SYSTEM):
        residents.act_without_consent(
            actor=SYSTEM,
            resident_uid=city.residents[CHILD].uid,
            basis=LegalBasis.POLICE,
            purpose=Purpose.CONTACT_BACK,
            reason="民警来函",
        )
    assert seen(resident, link) == before


@requirement("R-037")
def test_from_fourteen_on_the_results_are_the_childs_who_may_let_a_guardian_see_them(
    resident: Client, city: small_city.SmallCity, link: Guardianship
) -> None:
    born(city, date(2011, 1, 1))
    child, address = browser(city, CHILD), f"/me/wards/{link.uid}/"
    assert resident.get(address).context["view"]["results"] == []
    assert "由本人决定" in resident.get(address).content.decode()
    sent = {"purpose": "guardian_view", "version": "2026-11"}
    assert child.post("/me/consents/give/", sent).status_code == 303
    assert len(resident.get(address).context["view"]["results"]) == 1
    child.post("/me/consents/withdraw/", {"purpose": "guardian_view"})
    assert resident.get(address).context["view"]["results"] == []


@requirement("R-037")
def test_nobody_but_the_guardian_in_force_opens_any_channel(
    resident: Client, city: small_city.SmallCity, link: Guardianship, prove: Callable[[Client], None]
) -> None:
    def refused(client: Client) -> bool:
        page = f"/me/wards/{link.uid}/"
        answers = [
            client.get(page),
            client.post(f"{page}copy/json/"),
            client.post(f"{page}copy/pdf/"),
            client.post(f"{page}withdraw/", {"purpose": "archive"}),
        ]
        return all(one.status_code == 404 for one in answers)

    stranger, child = browser(city, "lin-xia"), browser(city, CHILD)
    for client in (stranger, child, resident):
        prove(client)
    assert refused(stranger)
    assert refused(child)
    born(city, date(2010, 1, 1), "li-qing")
    assert refused(resident)
    born(city, date(1996, 5, 4), "li-qing")
    with unit_of_work(SYSTEM):
        Guardianship.objects.filter(id=link.id).update(ended_on=clock.today())
    assert refused(resident)
    assert "我监护的人" not in resident.get("/me/").content.decode()


def test_a_guardian_takes_an_agreement_back_for_a_child_and_it_counts_at_once(
    resident: Client, city: small_city.SmallCity, link: Guardianship
) -> None:
    address = f"/me/wards/{link.uid}/withdraw/"
    assert resident.post(address, {"purpose": "account"}).status_code == 404
    assert resident.post(address, {"purpose": "nonsense"}).status_code == 404
    assert resident.post(address, {"purpose": "archive"}).status_code == 303
    with unit_of_work(SYSTEM):
        kept = Consent.objects.get(resident=city.residents[CHILD], purpose="archive")
        assert (kept.withdrawn_by, Archive.objects.get().status) == ("guardian", "restricted")


def test_what_a_child_agreed_to_alone_so_as_to_be_helped_is_the_childs_to_tell(
    resident: Client, city: small_city.SmallCity, link: Guardianship
) -> None:
    child = city.actor(CHILD)
    with unit_of_work(child):
        residents.give_consent(
            actor=child,
            resident_id=child.resident_id,
            purpose=Purpose.CONTACT_BACK,
            text_version=residents.consent_text(purpose=Purpose.CONTACT_BACK).version,
        )
    test = begin(city, CHILD)
    test.answer([0] * 8 + [3])
    test.submit()
    view = resident.get(f"/me/wards/{link.uid}/").context["view"]
    assert [one.purpose for one in view["agreements"]] == ["archive"]
    assert len(view["results"]) == 1


def test_staff_link_a_guardian_by_two_things_that_agree(
    city: small_city.SmallCity, link: Guardianship
) -> None:
    with unit_of_work(SYSTEM):
        Guardianship.objects.filter(id=link.id).update(guardian=None)
        archive = Archive.objects.get()
    address = f"/staff/archives/{archive.uid}/steps/guardian-link/"
    zhao = browser(city, "zhao-ning")
    mother, other = city.residents["li-qing"], city.residents["lin-xia"]
    for wrong in (other.number, "R9999999", city.residents[CHILD].number):
        sent = {"choice": link.uid, "guardian_number": wrong}
        assert zhao.post(address, sent).status_code == 422, wrong
    born(city, date(2010, 1, 1), "li-qing")
    assert zhao.post(address, {"choice": link.uid, "guardian_number": mother.number}).status_code == 422
    born(city, date(1996, 5, 4), "li-qing")
    with unit_of_work(SYSTEM):
        assert Guardianship.objects.get().guardian_id is None
    sent = {"choice": link.uid, "guardian_number": mother.number.lower()}
    assert browser(city, "chen-mo").post(address, sent).status_code == 404
    assert zhao.post(address, sent).status_code == 303
    with unit_of_work(SYSTEM):
        assert Guardianship.objects.get().guardian_id == mother.id
