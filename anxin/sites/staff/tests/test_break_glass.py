"""A record outside one's duty: an hour, one record, told at once, reviewed by somebody else, and nothing written."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from anxin.domains.access.models import BreakGlass
from anxin.domains.accounts import api as accounts
from anxin.domains.archives.tests.factories import an_id_number
from anxin.domains.audit.models import AuditEvent
from anxin.domains.cases.contracts import LegalBasis
from anxin.domains.deadlines.models import Deadline
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.domains.notices.models import Notice
from anxin.domains.residents.models import Resident
from anxin.domains.risk.models import Warning
from anxin.flows import open_case
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests import officers
from anxin.sites.staff.tests.conftest import SYSTEM, entries
from anxin.sites.staff.tests.test_archives import open_for
from anxin.sites.staff.tests.test_cases import assessed
from tests import small_city

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
OPEN = "/staff/break-glass/open/"
REASON = "来电说活不下去，本站联系不上"


@pytest.fixture
def officer(city: small_city.SmallCity) -> str:
    """A security and privacy officer, in post."""
    return officers.officer(city)


def plea(city: small_city.SmallCity, **changes: str) -> dict[str, str]:
    return {
        "who": city.residents["li-qing"].number,
        "cause": "life_at_risk",
        "reason": REASON,
        "understood": "on",
        **changes,
    }


def openings() -> list[BreakGlass]:
    with unit_of_work(SYSTEM):
        return list(BreakGlass.objects.order_by("id"))


@pytest.fixture
def opened(browser: Browser, city: small_city.SmallCity, warning: Warning, officer: str) -> BreakGlass:
    """陈默 of another county opens 李晴's record."""
    answer = browser("chen-mo").post(OPEN, plea(city))
    assert answer.status_code == 303, answer.content.decode()
    (found,) = openings()
    return found


def test_before_it_is_opened_nothing_is_there_and_afterwards_the_record_can_be_read(
    browser: Browser, city: small_city.SmallCity, warning: Warning, officer: str
) -> None:
    chen, page = browser("chen-mo"), f"/staff/warnings/{warning.uid}/"
    assert chen.get(page).status_code == 404

    assert chen.post(OPEN, plea(city)).status_code == 303

    shown = chen.get(page)
    assert shown.status_code == 200
    assert "临时打开" in shown.content.decode()
    record = chen.get(f"/staff/break-glass/{openings()[0].uid}/")
    assert warning.number in record.content.decode()
    results = record.context["view"].results
    assert chen.get(f"/staff/results/{results[0].uid}/").context["view"].detail is not None
    assert chen.get(f"/staff/results/person/{city.residents['li-qing'].uid}/").status_code == 200


def test_only_this_one_record_is_opened(
    browser: Browser, city: small_city.SmallCity, opened: BreakGlass, warn: Callable[..., Warning]
) -> None:
    actor = city.actor("chen-mo")

    assert actor.opened_residents == (city.residents["li-qing"].id,)
    others = {one for one in city.residents if one not in ("li-qing", "lin-xia")}
    for code in others:
        url = f"/staff/results/person/{city.residents[code].uid}/"
        assert browser("chen-mo").get(url).status_code == 404


def test_nothing_is_written_through_an_opening(
    browser: Browser, opened: BreakGlass, warning: Warning
) -> None:
    chen, before = browser("chen-mo"), entries(warning)
    base = f"/staff/warnings/{warning.uid}/"
    for step, values in (
        ("take-over/", {}),
        ("contact/", {"channel": "phone", "outcome": "reached", "note": "x"}),
    ):
        assert chen.post(base + step, values).status_code in (403, 404), step
    assert entries(warning) == before


def test_after_an_hour_and_after_closing_it_nothing_is_there(
    browser: Browser, opened: BreakGlass, warning: Warning, at: Any
) -> None:
    chen, page = browser("chen-mo"), f"/staff/warnings/{warning.uid}/"
    at.shift(timedelta(minutes=59, seconds=59))
    assert chen.get(page).status_code == 200
    at.shift(timedelta(seconds=1))
    assert chen.get(page).status_code == 404


def test_closing_it_early_ends_it_at_once_and_only_for_who_opened_it(
    browser: Browser, opened: BreakGlass, warning: Warning
) -> None:
    end = f"/staff/break-glass/{opened.uid}/end/"
    assert browser("he-jia").post(end).status_code == 404
    chen = browser("chen-mo")
    assert chen.get(f"/staff/warnings/{warning.uid}/").status_code == 200

    assert chen.post(end).status_code == 303

    assert chen.get(f"/staff/warnings/{warning.uid}/").status_code == 404
    assert chen.post(end).status_code == 422


def test_the_officer_and_those_in_charge_are_told_at_once(
    city: small_city.SmallCity, opened: BreakGlass
) -> None:
    with unit_of_work(SYSTEM):
        told = set(Notice.objects.filter(template="break_glass_opened").values_list("staff_id", "channel"))
        in_charge = set(Notice.objects.filter(template="break_glass_told").values_list("staff_id", flat=True))
    officer = city.staff["officer"].id
    assert told == {(officer, "in_app"), (officer, "sms")}
    assert city.staff["zhao-ning"].id in in_charge


def test_what_is_read_is_in_the_trail_and_the_reason_is_sealed(
    browser: Browser, city: small_city.SmallCity, opened: BreakGlass, warning: Warning
) -> None:
    browser("chen-mo").get(f"/staff/warnings/{warning.uid}/")

    trail = AuditEvent.objects.filter(
        person_uid=city.residents["li-qing"].uid, actor_uid=city.accounts["chen-mo"].uid
    )
    assert {"access:break_glass:opened", "risk:warning:viewed"} <= set(trail.values_list("event", flat=True))
    marked = trail.filter(opening_uid=opened.uid).values_list("event", flat=True)
    assert "risk:warning:viewed" in marked
    assert opened.reason == REASON
    page = browser("officer").get(f"/staff/break-glass/{opened.uid}/")
    assert REASON in page.content.decode()
    assert page.context["view"].reads
    assert "李晴" not in page.content.decode()


def test_the_review_is_somebody_elses_and_stops_the_clock(
    browser: Browser, opened: BreakGlass, at: Any
) -> None:
    review = f"/staff/break-glass/{opened.uid}/review/"
    verdict = {"verdict": "justified", "text": "来电录音与时间相符"}
    officer = browser("officer")
    assert officer.post(review, verdict).status_code == 422  # it is still open
    at.shift(timedelta(hours=1))
    assert browser("chen-mo").post(review, verdict).status_code == 403
    officer = browser("officer")  # nobody sits an hour in one session without doing anything
    assert officer.post(review, {"verdict": "justified", "text": " "}).status_code == 422
    assert not Deadline.objects.get(subject_uid=opened.uid).ended_at

    assert officer.post(review, verdict).status_code == 303

    (found,) = openings()
    assert (found.verdict, found.reviewer, found.review) == ("justified", "邓岩", "来电录音与时间相符")
    assert Deadline.objects.get(subject_uid=opened.uid).ended_how == "met"
    assert officer.post(review, verdict).status_code == 409


def test_a_review_not_done_is_called_for_and_stands_as_overdue(
    browser: Browser, opened: BreakGlass, at: Any, city: small_city.SmallCity
) -> None:
    at.shift(timedelta(hours=24, seconds=1))
    escalate_overdue()
    with unit_of_work(SYSTEM):
        calls = Notice.objects.filter(template="warning_waits", staff_id=city.staff["officer"].id)
        assert calls.filter(params__number=opened.number).exists()
    page = browser("officer").get("/staff/break-glass/")
    assert page.context["lines"][0].is_late
    assert "已超时" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"reason": " "}, 422),
        ({"understood": ""}, 422),
        ({"cause": "curious"}, 422),
        ({"who": "R9999999"}, 422),
        ({"who": "13899999999"}, 422),
        ({"who": "x" * 40}, 422),
    ],
)
def test_without_a_reason_or_a_record_nothing_is_opened_and_nobody_told(
    browser: Browser,
    city: small_city.SmallCity,
    officer: str,
    changes: dict[str, str],
    status: int,
) -> None:
    assert browser("chen-mo").post(OPEN, plea(city, **changes)).status_code == status
    assert openings() == []
    with unit_of_work(SYSTEM):
        assert not Notice.objects.filter(template__startswith="break_glass").exists()


def test_a_phone_number_finds_the_record_too(
    browser: Browser, city: small_city.SmallCity, officer: str
) -> None:
    assert browser("chen-mo").post(OPEN, plea(city, who="138 0000 0001")).status_code == 303
    assert openings()[0].resident_number == city.residents["li-qing"].number


def test_ones_own_people_need_no_opening_and_the_same_record_is_opened_once(
    browser: Browser, city: small_city.SmallCity, officer: str
) -> None:
    assert browser("zhao-ning").post(OPEN, plea(city)).status_code == 422
    chen = browser("chen-mo")
    assert chen.post(OPEN, plea(city)).status_code == 303
    assert chen.post(OPEN, plea(city)).status_code == 422
    assert len(openings()) == 1


def test_without_an_officer_in_post_nothing_is_opened(browser: Browser, city: small_city.SmallCity) -> None:
    assert browser("chen-mo").post(OPEN, plea(city)).status_code == 422
    assert openings() == []


@pytest.mark.parametrize("code", ["zhou-xing", "fang-zheng"])
def test_who_has_no_clinical_role_opens_nothing(
    browser: Browser, city: small_city.SmallCity, officer: str, code: str
) -> None:
    client = browser(code)
    assert client.get(OPEN).status_code == 403
    assert client.post(OPEN, plea(city)).status_code == 403
    assert openings() == []


def test_the_officer_sees_no_clinical_page_and_opens_nothing(
    browser: Browser, city: small_city.SmallCity, officer: str, opened: BreakGlass, warning: Warning
) -> None:
    client = browser(officer)
    assert client.get(f"/staff/warnings/{warning.uid}/").status_code == 404
    assert client.get(OPEN).status_code == 403
    assert client.get("/staff/break-glass/").status_code == 200


def test_a_namesake_of_a_colleague_is_flagged_to_the_officer(
    browser: Browser, city: small_city.SmallCity, officer: str
) -> None:
    with unit_of_work(SYSTEM):
        network.add_staff_member(actor=SYSTEM, name="李晴")
    browser("chen-mo").post(OPEN, plea(city))
    assert openings()[0].is_colleague
    assert "可能是同事" in browser(officer).get("/staff/break-glass/").content.decode()


def test_nobody_takes_a_file_out_of_an_opened_record(browser: Browser, opened: BreakGlass) -> None:
    chen = browser("chen-mo")
    results = chen.get(f"/staff/break-glass/{opened.uid}/").context["view"].results
    asked = chen.post(f"/staff/exports/new/result-csv/?uid={results[0].uid}", {"purpose": "带走"})
    assert asked.status_code == 403


MINOR = date(2012, 9, 1)


@pytest.fixture
def minor(city: small_city.SmallCity) -> None:
    """李晴 is fourteen."""
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=city.residents["li-qing"].id).update(born_on=MINOR)


@pytest.mark.usefixtures("minor")
def test_a_minors_answers_ask_for_one_more_step_in_this_session_and_for_this_person_only(
    browser: Browser, city: small_city.SmallCity, warning: Warning, at: Any
) -> None:
    zhao, uid = browser("zhao-ning"), city.residents["li-qing"].uid
    with unit_of_work(SYSTEM):
        report = f"/staff/results/{warning.evaluation.sitting.uid}/"
    refused = zhao.get(report)
    assert refused.status_code == 403
    assert "请再确认一次" in refused.content.decode()
    assert f"/staff/break-glass/confirm/{uid}/?next={report}" in refused.content.decode()
    confirm = f"/staff/break-glass/confirm/{uid}/"
    assert zhao.post(confirm, {"purpose": " "}).status_code == 422
    assert zhao.get(report).status_code == 403

    done = zhao.post(confirm, {"purpose": "准备今天的面谈", "next": report})

    assert (done.status_code, done["Location"]) == (303, report)
    assert zhao.get(report).context["view"].detail is not None
    assert browser("zhao-ning").get(report).status_code == 403  # another session of the same person
    event = AuditEvent.objects.get(event="access:confirmation:given")
    assert (event.person_uid, event.actor_uid) == (uid, city.accounts["zhao-ning"].uid)
    at.shift(timedelta(minutes=15))
    assert zhao.get(report).status_code == 403


@pytest.mark.usefixtures("minor")
def test_the_confirmation_leads_to_no_other_site_and_asks_for_the_password_where_there_is_one(
    browser: Browser, city: small_city.SmallCity, warning: Warning
) -> None:
    account = city.accounts["zhao-ning"]
    with unit_of_work(SYSTEM):
        account.set_password("一个足够长的口令-2026")
        account.save(update_fields=["password"])
    zhao, confirm = browser("zhao-ning"), f"/staff/break-glass/confirm/{city.residents['li-qing'].uid}/"
    values = {"purpose": "准备今天的面谈", "next": "https://evil.example/"}
    assert zhao.post(confirm, values).status_code == 422
    assert zhao.post(confirm, {**values, "password": "不对"}).status_code == 422
    done = zhao.post(confirm, {**values, "password": "一个足够长的口令-2026"})
    assert (done.status_code, done["Location"][:1]) == (303, "/")


@pytest.mark.usefixtures("minor")
def test_who_has_an_authenticator_app_types_its_code_before_a_minors_content_and_again_after_ten_minutes(
    browser: Browser, city: small_city.SmallCity, warning: Warning, at: Any
) -> None:
    account, secret = city.accounts["zhao-ning"], generate_totp_secret()
    me = city.actor("zhao-ning")
    with unit_of_work(me):
        value = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        accounts.enrol_second_factor(actor=me, account=account, secret=secret, code=value)
        codes = accounts.renew_recovery_codes(actor=me, account=account)
    zhao, confirm = browser("zhao-ning"), f"/staff/break-glass/confirm/{city.residents['li-qing'].uid}/"
    assert 'name="code"' in zhao.get(confirm).content.decode()
    assert zhao.post(confirm, {"purpose": "复评"}).status_code == 422
    assert zhao.post(confirm, {"purpose": "复评", "code": "000000"}).status_code == 422
    assert not AuditEvent.objects.filter(event="access:confirmation:given").exists()
    assert zhao.post(confirm, {"purpose": "复评", "code": codes[0]}).status_code == 303
    assert 'name="code"' not in zhao.get(confirm).content.decode()
    at.move_to(clock.now() + timedelta(minutes=10), tick=False)
    assert 'name="code"' in zhao.get(confirm).content.decode()


@pytest.mark.usefixtures("minor")
def test_who_reads_bands_only_is_not_asked_and_strangers_find_nobody_to_confirm_for(
    browser: Browser, city: small_city.SmallCity, warning: Warning
) -> None:
    with unit_of_work(SYSTEM):
        report = f"/staff/results/{warning.evaluation.sitting.uid}/"
    assert browser("he-jia").get(report).status_code == 200
    confirm = f"/staff/break-glass/confirm/{city.residents['li-qing'].uid}/"
    assert browser("chen-mo").get(confirm).status_code == 404
    assert browser("chen-mo").post(confirm, {"purpose": "x"}).status_code == 404


def test_an_adults_answers_ask_for_nothing_more(browser: Browser, warning: Warning) -> None:
    with unit_of_work(SYSTEM):
        report = f"/staff/results/{warning.evaluation.sitting.uid}/"
    assert browser("zhao-ning").get(report).status_code == 200


@pytest.mark.usefixtures("minor")
def test_a_minors_case_asks_for_the_same_step(
    browser: Browser, city: small_city.SmallCity, warning: Warning
) -> None:
    zhao, uid = browser("zhao-ning"), city.residents["li-qing"].uid
    assessed(city, warning)
    case = open_case.open_case(
        actor=city.actor("zhao-ning"),
        warning_uid=warning.uid,
        reason="需要连续的陪伴",
        legal_basis=LegalBasis.CONSENT,
    )
    page = f"/staff/cases/{case.uid}/"
    assert zhao.get(page).status_code == 403
    zhao.post(f"/staff/break-glass/confirm/{uid}/", {"purpose": "复评"})
    assert zhao.get(page).status_code == 200


def test_a_homeroom_teacher_opens_no_answers_by_their_address(
    browser: Browser, city: small_city.SmallCity, warning: Warning
) -> None:
    """Safety 7.4 (d)."""
    officers.hire(city, "class-head", name="钱老师", role="homeroom_teacher", unit="LIUAN", node="LIUAN")
    with unit_of_work(SYSTEM):
        sitting = warning.evaluation.sitting.uid
    teacher = browser("class-head")
    for url in (
        f"/staff/results/{sitting}/",
        f"/staff/results/person/{city.residents['li-qing'].uid}/",
        f"/staff/exports/new/result-pdf/?uid={sitting}",
        f"/staff/warnings/{warning.uid}/",
        f"/staff/break-glass/confirm/{city.residents['li-qing'].uid}/",
        OPEN,
    ):
        assert teacher.get(url).status_code in (403, 404), url


def test_the_archive_opens_with_the_record_even_to_a_colleague_of_the_station_who_is_not_helping(
    browser: Browser, city: small_city.SmallCity, officer: str
) -> None:
    archive = open_for(city, "zhao-ning", "LIUAN", "li-qing", id_number=an_id_number(date(1996, 5, 4)))
    officers.hire(
        city,
        "beside",
        name="杜衡",
        role="counsellor",
        unit="LIUAN",
        node="LIUAN",
        post=Post.COUNSELLOR,
    )
    page = f"/staff/archives/{archive.uid}/"
    for code in ("chen-mo", "beside"):
        client = browser(code)
        assert client.get(page).status_code == 404, code
        assert client.post(OPEN, plea(city)).status_code == 303, code
        assert client.get(page).status_code == 200, code
        shown = client.get(f"/staff/break-glass/{openings()[-1].uid}/")
        assert page in shown.content.decode(), code
    assert browser("zhao-ning").post(OPEN, plea(city)).status_code == 422, "who is helping needs none"
