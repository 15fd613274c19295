"""One's own pages: what is kept and why, agreements, requests, copies after a fresh code, who looked, leaving."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from anxin.domains.accounts.models import Account
from anxin.domains.audit import api as audit
from anxin.domains.residents.models import Consent, Resident
from anxin.domains.rights.contracts import Decision
from anxin.domains.rights.models import SubjectRequest
from anxin.flows import answer_subject_request
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.me.trail import SOFTER
from anxin.sites.resident.tests.conftest import BACKEND
from tests import small_city
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
WHY = "服务记录依法须留存"


def everything(model: type) -> list[Any]:
    """All rows, as the house sees them."""
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


def officer(city: small_city.SmallCity) -> Actor:
    grant = NodeGrant(city.units["C"].path, "security_officer", frozenset({"rights.decide"}))
    return Actor(kind=ActorKind.STAFF, uid="o", label="隐私负责人", grants=(grant,), staff_id=9)


@pytest.fixture
def prove(settings: LazySettings) -> Callable[[Client], None]:
    """Type the fresh code that a demo shows on the page."""
    settings.ANXIN_DEMO = True

    def confirm(client: Client) -> None:
        sent = client.post("/me/confirm/", {"step": "send", "next": "/me/data/"})
        code = sent.context["sent"]["shown"]
        answer = client.post("/me/confirm/", {"code": code, "next": "/me/data/"})
        assert (answer.status_code, answer["Location"]) == (303, "/me/data/")

    return confirm


Prove = Callable[[Client], None]


@requirement("R-037")
def test_each_kind_of_data_says_why_on_what_ground_by_whom_and_until_when(resident: Client) -> None:
    page = resident.get("/me/data/")
    for one in page.context["kinds"]:
        for words in (one.title, one.why, one.basis, one.keeper, one.until):
            assert words in page.content.decode()


@requirement("R-037")
def test_every_copy_asks_for_a_fresh_code_and_holds_for_ten_minutes(
    resident: Client, prove: Prove, at: Any
) -> None:
    forms = ("json", "fhir", "pdf")
    for form in forms:
        refused = resident.post(f"/me/copy/{form}/")
        assert (refused.status_code, refused["Location"]) == (303, "/me/confirm/?next=%2Fme%2Fdata%2F")
    prove(resident)
    at.shift(timedelta(minutes=9))
    for form in forms:
        answer = resident.post(f"/me/copy/{form}/")
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert (answer.content[:4] == b"%PDF") == (form == "pdf")
    at.shift(timedelta(minutes=2))
    assert [resident.post(f"/me/copy/{form}/").status_code for form in forms] == [303, 303, 303]


def test_a_wrong_code_proves_nothing_and_no_code_is_shown_outside_a_demo(
    resident: Client, prove: Prove
) -> None:
    sent = resident.post("/me/confirm/", {"step": "send"})
    wrong = f"{(int(sent.context['sent']['shown']) + 1) % 1_000_000:06d}"
    assert resident.post("/me/confirm/", {"code": wrong}).status_code == 422
    assert resident.post("/me/confirm/", {"code": ""}).status_code == 422
    assert resident.post("/me/copy/json/").status_code == 303


def test_the_proof_leads_nowhere_but_to_ones_own_pages(resident: Client) -> None:
    for elsewhere in ("https://example.org/me/", "//example.org/me/", "/staff/", "javascript:alert(1)"):
        page = resident.get("/me/confirm/", {"next": elsewhere})
        assert page.context["next"] == "/me/data/"


def test_the_proof_of_one_session_is_not_another_ones(
    resident: Client, prove: Prove, city: small_city.SmallCity
) -> None:
    prove(resident)
    other = Client()
    other.force_login(city.accounts["li-qing"], backend=BACKEND)
    assert other.post("/me/copy/json/").status_code == 303


@requirement("R-037")
def test_each_purpose_is_given_and_taken_back_by_itself_and_at_once(resident: Client) -> None:
    page = resident.get("/me/consents/")
    text = next(one.text for one in page.context["lines"] if one.text.purpose == "self_test_named")
    sent = {"purpose": "self_test_named", "version": text.version}
    assert resident.post("/me/consents/give/", {**sent, "version": "1999-01"}).status_code == 422
    assert everything(Consent) == []
    assert resident.post("/me/consents/give/", sent).status_code == 303
    (kept,) = everything(Consent)
    assert (kept.purpose, kept.given_by, kept.withdrawn_at) == ("self_test_named", "self", None)
    assert text.if_withdrawn in resident.get("/me/consents/").content.decode()
    assert resident.post("/me/consents/withdraw/", {"purpose": "self_test_named"}).status_code == 303
    assert everything(Consent)[0].withdrawn_at is not None


def test_what_is_not_offered_cannot_be_agreed_to(resident: Client) -> None:
    for purpose in ("account", "guardian_view", "share_with_school", "archive", "nonsense", ""):
        answer = resident.post("/me/consents/give/", {"purpose": purpose, "version": "2026-11"})
        assert answer.status_code == 422, purpose
    resident.post("/me/consents/withdraw/", {"purpose": "account"})
    assert everything(Consent) == []


@requirement("R-037")
def test_a_correction_is_asked_for_answered_with_a_reason_and_read(
    resident: Client, prove: Prove, city: small_city.SmallCity
) -> None:
    new = "/me/requests/new/correct/"
    assert resident.get(new)["Location"].startswith("/me/confirm/")
    assert resident.post(new, {"name": "李青"}).status_code == 303
    assert everything(SubjectRequest) == []
    prove(resident)
    assert resident.post(new, {"text": "不对"}).status_code == 422
    assert resident.post(new, {"born_on": "2999-01-01"}).status_code == 422
    assert resident.post(new, {"name": "李青", "text": "写错了"}).status_code == 303
    assert resident.post(new, {"name": "李青"}).status_code == 409
    (made,) = everything(SubjectRequest)
    assert (made.state, made.proof) == ("identity_verified", "phone_code")
    assert made.number in resident.get("/me/requests/").content.decode()
    answer_subject_request.answer(
        actor=officer(city), request_uid=made.uid, decision=Decision.REFUSED, reason="没有证明 <b>"
    )
    page = resident.get("/me/requests/").content.decode()
    assert "没有证明 &lt;b&gt;" in page
    assert "不同意" in page


def test_a_request_is_taken_back_by_whoever_made_it(
    resident: Client, prove: Prove, city: small_city.SmallCity
) -> None:
    prove(resident)
    resident.post("/me/requests/new/restrict/", {})
    (made,) = everything(SubjectRequest)
    other = Client()
    other.force_login(city.accounts["lin-xia"], backend=BACKEND)
    assert other.post(f"/me/requests/{made.uid}/take-back/").status_code == 404
    assert everything(SubjectRequest)[0].closed_at is None
    assert resident.post(f"/me/requests/{made.uid}/take-back/").status_code == 303
    assert everything(SubjectRequest)[0].closed_at is not None
    assert resident.get("/me/requests/new/leave/").status_code == 404


@requirement("R-037")
def test_leaving_asks_for_a_code_and_a_tick_and_closes_the_account_at_once(
    resident: Client, prove: Prove
) -> None:
    assert resident.post("/me/leave/", {"understood": "on"}).status_code == 303
    prove(resident)
    assert resident.post("/me/leave/", {}).status_code == 422
    assert resident.get("/me/").status_code == 200
    left = resident.post("/me/leave/", {"understood": "on"})
    (made,) = everything(SubjectRequest)
    assert made.number in left.content.decode()
    assert resident.get("/me/").status_code == 302
    with unit_of_work(SYSTEM):
        account = Resident.objects.get(id=made.resident_id).account
        assert account is not None
        assert not Account.objects.get(id=account.id).is_active


def test_who_looked_says_what_the_reader_was_that_day_and_why(
    resident: Client, city: small_city.SmallCity
) -> None:
    person = city.residents["li-qing"]
    with unit_of_work(SYSTEM):
        subjects = [audit.Subject(uid=person.uid, person_uid=person.uid)]
        audit.record(
            actor=city.actor("zhao-ning"), event="archives:archive:viewed", subjects=subjects, reason="回访"
        )
    page = resident.get("/me/access/").content.decode()
    for words in ("赵宁", "柳岸社区心灵驿站·心理咨询师", "查看了心理健康档案", "回访"):
        assert words in page


def test_no_softer_word_is_kept_for_an_event_nobody_writes() -> None:
    assert set(SOFTER) <= set(audit.sentences_by_event())


def test_a_minor_of_fourteen_may_let_a_guardian_see_and_nobody_younger_decides_alone(
    resident: Client, city: small_city.SmallCity
) -> None:
    for born_on, answered in ((date(2013, 6, 1), 422), (date(2011, 1, 1), 303)):
        with unit_of_work(SYSTEM):
            Resident.objects.filter(id=city.residents["li-qing"].id).update(born_on=born_on)
        sent = {"purpose": "guardian_view", "version": "2026-11"}
        assert resident.post("/me/consents/give/", sent).status_code == answered
    assert [one.given_by for one in everything(Consent)] == ["self"]
