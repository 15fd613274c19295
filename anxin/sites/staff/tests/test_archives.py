"""Psychological archives as people meet them: begun with a signature, read by who helps, moved, merged."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from anxin.domains.archives import api as archives
from anxin.domains.archives.models import Archive, DoctorRequest, Merge, Transfer
from anxin.domains.archives.tests.factories import a_draft, an_id_number
from anxin.domains.audit.models import AuditEvent
from anxin.domains.residents.models import Consent, Resident
from anxin.domains.risk.models import Warning
from anxin.flows import acknowledge_warning, take_back_agreement
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests.conftest import SYSTEM
from tests.requirements_marker import requirement
from tests.small_city import SmallCity, add_resident

Browser = Callable[[str], Client]
LIST = "/staff/archives/"


def url(archive: Archive, step: str = "") -> str:
    return f"{LIST}{archive.uid}/" + (f"steps/{step}/" if step else "")


def open_for(city: SmallCity, code: str, unit: str, person: str = "", **changes: Any) -> Archive:
    """An archive, by a member of staff; of a resident of the city when ``person`` names one."""
    actor = city.actor(code)
    with unit_of_work(actor):
        return archives.open_archive(
            actor=actor,
            unit_uid=city.units[unit].uid,
            draft=a_draft(**changes),
            resident_uid=city.residents[person].uid if person else "",
        )


def typed(city: SmallCity, **changes: str) -> dict[str, str]:
    """The form of the counter, filled in."""
    return {
        "unit": city.units["LIUAN"].uid,
        "name": "周小川",
        "id_number": an_id_number(),
        "phone": "139 1111 2222",
        "agreed": "on",
        "signed_on": "2026-11-24",
        "given_by": "self",
    } | changes


@pytest.fixture
def archive(city: SmallCity) -> Archive:
    """李晴's, opened by 赵宁."""
    return open_for(city, "zhao-ning", "LIUAN", "li-qing", id_number=an_id_number(date(1996, 5, 4)))


@requirement("R-037")
def test_a_station_opens_an_archive_and_never_shows_the_identity_number(
    browser: Browser, city: SmallCity
) -> None:
    zhao = browser("zhao-ning")
    assert zhao.get(f"{LIST}new/").status_code == 200
    sent = typed(city)
    answer = zhao.post(f"{LIST}new/", sent, follow=True)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "周**" in body
    assert not [one for one in ("周小川", sent["id_number"], "13911112222") if one in body]
    with unit_of_work(SYSTEM):
        assert Archive.objects.get().resident.name == "周小川"


@requirement("R-037")
@pytest.mark.parametrize(
    "changes",
    [
        {"agreed": ""},
        {"signed_on": ""},
        {"signed_on": "2026-11-25"},
        {"id_number": "123"},
        {"name": ""},
        {"given_by": ""},
    ],
)
def test_without_the_signature_there_is_no_archive_and_what_was_typed_is_kept(
    browser: Browser, city: SmallCity, changes: dict[str, str]
) -> None:
    with unit_of_work(SYSTEM):
        before = Resident.objects.count()
    answer = browser("zhao-ning").post(f"{LIST}new/", typed(city, **changes))
    assert answer.status_code == 422
    assert "139 1111 2222" in answer.content.decode()
    with unit_of_work(SYSTEM):
        assert (Archive.objects.count(), Consent.objects.count(), Resident.objects.count()) == (0, 0, before)


@requirement("R-037")
def test_at_another_units_counter_nobody_opens_one(browser: Browser, city: SmallCity) -> None:
    for code in ("chen-mo", "sun-lan", "zhou-xing", "he-jia", "li-qing"):
        assert browser(code).post(f"{LIST}new/", typed(city)).status_code in {302, 403, 404, 422}, code
    with unit_of_work(SYSTEM):
        assert not Archive.objects.exists()


@requirement("R-061")
def test_who_helps_reads_it_and_a_stranger_meets_nothing(
    browser: Browser, city: SmallCity, archive: Archive
) -> None:
    assert archive.number in browser("zhao-ning").get(LIST).content.decode()
    for code in ("chen-mo", "sun-lan", "bai-lu", "shao-ming"):
        client = browser(code)
        assert archive.number not in client.get(LIST).content.decode(), code
        foreign, nothing = client.get(url(archive)), client.get(f"{LIST}no-such-archive/")
        assert foreign.status_code == nothing.status_code == 404, code
        assert strip(foreign) == strip(nothing)
        for q in (archive.number, archive.resident.number, "13800000001"):
            assert archive.number not in client.get(LIST, {"q": q}).content.decode().replace(
                f'value="{q}"', ""
            )
    for code in ("zhou-xing", "fang-zheng", "he-jia"):
        assert browser(code).get(LIST).status_code in {403, 404}, code
    assert not AuditEvent.objects.filter(event="archives:archive:viewed").exists()


def strip(answer: Any) -> str:
    """The page without what differs for everybody: tokens and nonces."""
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())
    return re.sub(r"no-such-archive|[0-9a-f]{8}-[0-9a-f-]{27}", "", text)


@requirement("R-061")
def test_the_timeline_shows_the_chain_and_only_what_the_reader_may_see(
    browser: Browser, city: SmallCity, warning: Warning, archive: Archive
) -> None:
    zhao = browser("zhao-ning")
    body = zhao.get(url(archive)).content.decode()
    for words in ("档案", "已答", warning.number, "已同意"):
        assert words in body, words
    assert (
        AuditEvent.objects.filter(event="archives:archive:viewed", person_uid=archive.resident.uid).count()
        == 1
    )
    only_help = zhao.get(url(archive), {"show": "help"}).content.decode()
    assert warning.number in only_help
    assert "已答" not in only_help
    bai = open_for(city, "bai-lu", "BEIMEN")
    seen_by_tutor = browser("bai-lu").get(url(bai)).content.decode()
    assert warning.number not in seen_by_tutor


@requirement("R-061")
def test_taking_over_the_warning_opens_the_archive_to_the_colleague_and_nobody_else(
    browser: Browser, city: SmallCity, warning: Warning
) -> None:
    with unit_of_work(SYSTEM):
        add_resident(city, "wu", "13800000009", "吴用", date(1970, 1, 1), "LIUAN")
    archive = open_for(city, "zhao-ning", "LIUAN", "li-qing", id_number=an_id_number(date(1996, 5, 4)))
    with unit_of_work(SYSTEM):
        archive.carers.all().delete()
    assert browser("sun-lan").get(url(archive)).status_code == 404
    acknowledge_warning.acknowledge(actor=city.actor("zhao-ning"), warning_uid=warning.uid)
    assert browser("zhao-ning").get(url(archive)).status_code == 200
    assert browser("sun-lan").get(url(archive)).status_code == 404


def test_name_and_number_in_full_are_a_recorded_act(browser: Browser, archive: Archive) -> None:
    zhao = browser("zhao-ning")
    assert "13800000001" not in zhao.get(url(archive)).content.decode()
    shown = zhao.post(f"{url(archive)}reveal/").content.decode()
    assert "13800000001" in shown
    assert "李晴" in shown
    assert AuditEvent.objects.filter(
        event="residents:identity:unmasked", person_uid=archive.resident.uid
    ).exists()


@requirement("R-026")
def test_household_guardian_and_contract_are_written_on_the_page(
    browser: Browser, city: SmallCity, archive: Archive
) -> None:
    zhao = browser("zhao-ning")
    steps = [
        ("household", {"relation": "head", "address": "柳岸路 18 号"}),
        ("member", {"relation": "parent", "name": "外婆王"}),
        (
            "guardian",
            {
                "guardian_name": "李父",
                "guardian_relation": "parent",
                "ground": "adjudged",
                "guardian_evidence": "判决书",
            },
        ),
        (
            "contract",
            {
                "number": "JY-7",
                "team": "王医生团队",
                "unit": city.units["HOSP"].uid,
                "starts_on": "2026-01-01",
                "ends_on": "2026-12-31",
            },
        ),
    ]
    for step, data in steps:
        assert zhao.post(url(archive, step), data).status_code == 303, step
    body = zhao.get(url(archive)).content.decode()
    for words in ("户主", "外**", "李*", "王医生团队", "JY-7"):
        assert words in body, words
    refused = zhao.post(url(archive, "guardian"), {"guardian_name": "李父"})
    assert refused.status_code == 422
    assert "李父" in refused.content.decode()
    assert zhao.post(url(archive, "no-such-step"), {}).status_code == 404


@requirement("R-042")
def test_from_the_contract_an_interview_begins_and_the_advice_goes_back(
    browser: Browser, city: SmallCity, archive: Archive
) -> None:
    zhao = browser("zhao-ning")
    zhao.post(
        url(archive, "contract"),
        {
            "number": "JY-8",
            "team": "王医生团队",
            "unit": city.units["LIUAN"].uid,
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
        },
    )
    with unit_of_work(SYSTEM):
        contract = archives.contracts_of(actor=SYSTEM, archive=archive)
    assert not contract  # a station is no medical unit, so it cannot be chosen
    zhao.post(
        url(archive, "contract"),
        {
            "number": "JY-8",
            "team": "王医生团队",
            "unit": city.units["HOSP"].uid,
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
        },
    )
    with unit_of_work(SYSTEM):
        (contract,) = archives.contracts_of(actor=SYSTEM, archive=archive)
    begin = f"{url(archive)}contracts/{contract.uid}/assessment/"
    assert zhao.get(begin).status_code == 200
    begun = zhao.post(
        begin, {"form": "phq-9|zh-Hans", "conduct": "interview", "consent": "agreed", "respondent": "self"}
    )
    assert begun.status_code == 303, begun.content.decode()[:3000]
    assert begun["Location"].startswith("/staff/interviews/")
    with unit_of_work(SYSTEM):
        asked = DoctorRequest.objects.get()
        assert asked.sitting is not None
        assert asked.sitting.resident_id == archive.resident_id
    sent = zhao.post(url(archive, "guidance"), {"request": asked.uid, "guidance": "先把作息固定下来"})
    assert sent.status_code == 303
    assert "先把作息固定下来" in zhao.get(url(archive)).content.decode()
    for code in ("chen-mo", "sun-lan"):
        assert "先把作息固定下来" not in browser(code).get(f"{LIST}guidance/").content.decode()
        assert browser(code).get(begin).status_code == 404


@requirement("R-061")
def test_a_move_between_stations_is_asked_for_and_agreed_to_on_the_pages(
    browser: Browser, city: SmallCity
) -> None:
    number = an_id_number()
    archive = open_for(city, "zhao-ning", "LIUAN", id_number=number)
    chen, zhao = browser("chen-mo"), browser("zhao-ning")
    refused = chen.post(
        f"{LIST}new/", typed(city, unit=city.units["WANGQIAO"].uid, id_number=number, phone="")
    )
    assert refused.status_code == 422
    assert archive.number not in refused.content.decode()
    asked = chen.post(
        f"{LIST}ask/", {"unit": city.units["WANGQIAO"].uid, "id_number": number, "reason": "搬到望桥了"}
    )
    assert asked.status_code == 303
    with unit_of_work(SYSTEM):
        transfer = Transfer.objects.get()
    accept = f"{LIST}decisions/{transfer.uid}/move-accept/"
    assert chen.post(accept).status_code in {403, 404}
    assert browser("bai-lu").post(accept).status_code == 404
    assert "搬到望桥了" in zhao.get(f"{LIST}decisions/").content.decode()
    assert zhao.post(accept).status_code == 303
    assert chen.get(url(archive)).status_code == 200
    assert zhao.get(url(archive)).status_code == 404


@requirement("R-069")
def test_a_merge_between_stations_needs_the_other_side_and_can_be_undone(
    browser: Browser, city: SmallCity
) -> None:
    kept = open_for(city, "zhao-ning", "LIUAN", phone="13911113333")
    twin = open_for(
        city, "chen-mo", "WANGQIAO", phone="13911113333", id_number="", born_on=date(1990, 5, 8), sex="f"
    )
    zhao, chen = browser("zhao-ning"), browser("chen-mo")
    assert twin.resident.number in zhao.get(url(kept)).content.decode()
    data = {"number": twin.resident.number, "reason": "同一手机号和生日"}
    assert zhao.post(url(kept, "merge"), data).status_code == 303
    with unit_of_work(SYSTEM):
        merge = Merge.objects.get()
    confirm = f"{LIST}decisions/{merge.uid}/merge-confirm/"
    assert zhao.post(confirm).status_code == 422
    assert chen.post(confirm).status_code == 303
    undo = f"{LIST}decisions/{merge.uid}/merge-undo/"
    assert zhao.post(undo, {"reason": ""}).status_code == 422
    assert zhao.post(undo, {"reason": "认错了人"}).status_code == 303
    with unit_of_work(SYSTEM):
        assert not Resident.objects.filter(merged_into__isnull=False).exists()


@requirement("R-069")
def test_the_list_is_searched_by_whole_numbers_and_its_queries_do_not_grow(
    browser: Browser, city: SmallCity
) -> None:
    made = [open_for(city, "zhao-ning", "LIUAN") for _ in range(3)]
    zhao = browser("zhao-ning")
    zhao.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        zhao.get(LIST)
    made += [open_for(city, "zhao-ning", "LIUAN") for _ in range(4)]
    with CaptureQueriesContext(connection) as many:
        body = zhao.get(LIST).content.decode()
    assert len(many) == len(few)
    assert [one.number for one in reversed(made)] == re.findall(r"data-row-link [^>]*>(A[0-9]+)<", body)
    found = zhao.get(LIST, {"q": made[0].number}).content.decode()
    assert re.findall(r"data-row-link [^>]*>(A[0-9]+)<", found) == [made[0].number]
    assert not re.findall("data-row-link", zhao.get(LIST, {"q": made[0].number[:-1]}).content.decode())
    rest = zhao.get(LIST, {"before": made[2].number}).content.decode()
    assert re.findall(r"data-row-link [^>]*>(A[0-9]+)<", rest) == [made[1].number, made[0].number]


def test_an_empty_list_says_what_to_do(browser: Browser, city: SmallCity) -> None:
    with override("zh-hans"):
        body = browser("zhao-ning").get(LIST).content.decode()
    assert "data-row-link" not in body
    assert f"{LIST}new/" in body


def test_closing_takes_it_from_the_list_of_who_helped(browser: Browser, archive: Archive) -> None:
    zhao = browser("zhao-ning")
    assert zhao.post(url(archive, "close"), {"reason": ""}).status_code == 422
    assert zhao.post(url(archive, "close"), {"reason": "目标达到"}).status_code == 303
    assert zhao.get(url(archive)).status_code == 404


@requirement("R-037")
def test_taking_the_agreement_back_locks_it_at_once_and_a_new_signature_opens_it(
    browser: Browser, city: SmallCity
) -> None:
    number = an_id_number(date(1996, 5, 4))
    archive = open_for(city, "zhao-ning", "LIUAN", "li-qing", id_number=number)
    zhao = browser("zhao-ning")
    assert "档案本身" in zhao.get(url(archive)).content.decode()
    take_back_agreement.take_back(actor=city.actor("li-qing"), purpose="archive")
    locked = zhao.get(url(archive)).content.decode()
    assert "已封存" in locked
    assert not [words for words in ("档案本身", archive.resident.number, "李*") if words in locked]
    assert zhao.post(url(archive, "household"), {"relation": "head"}).status_code in {403, 404}
    with pytest.raises(NotPermitted):
        take_back_agreement.take_back(actor=city.actor("zhao-ning"), purpose="archive")
    again = zhao.post(f"{LIST}new/", typed(city, id_number=number, phone=""))
    assert again.status_code == 303
    assert "档案本身" in zhao.get(url(archive)).content.decode()
