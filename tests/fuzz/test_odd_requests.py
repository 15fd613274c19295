"""What no page of ours sends: odd cookies, addresses, hosts, broken forms, and files that are not what they say."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from anxin.domains.campaigns.models import RosterImport
from anxin.flows import import_roster
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.device import AREA_COOKIE, CHAT_COOKIE, RECEIPT_COOKIE, RUN_COOKIE
from tests import small_city
from tests.campaign_course import S, draft
from tests.fuzz.inputs import ADDRESSES, HOSTILE, IN_QUERY, UNICODE
from tests.fuzz.looking import faults
from tests.fuzz.surface import route_of
from tests.fuzz.world import BACKEND
from tests.small_city import SYSTEM, SmallCity


@pytest.fixture
def city(db: None, settings: Any) -> Iterator[SmallCity]:
    """Tuesday morning."""
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL), tick=False):
        yield small_city.build()
    cache.clear()


def browser(city: SmallCity, code: str = "") -> Client:
    client = Client(raise_request_exception=False)
    if code:
        client.force_login(city.accounts[code], backend=BACKEND)
    return client


def demand_harmless(address: str, sent: list[str], answer: HttpResponse) -> HttpResponse:
    found = faults(route_of(address) or "", address, sent, answer)
    assert not found, (address, [text[:80] for text in sent], found)
    return answer


def test_no_cookie_breaks_a_page(city: SmallCity) -> None:
    names = (
        "sessionid",
        "csrftoken",
        "ax_language",
        "ax_text",
        RUN_COOKIE,
        AREA_COOKIE,
        RECEIPT_COOKIE,
        CHAT_COOKIE,
    )
    quoted = ['"\\000"', '"a\\000b"', '"\\377\\376"', '"', "a;b=c", "v1.", "v999.AAAA", "v1.%%%"]
    addresses = (
        "/",
        "/self-tests/phq-9/1/",
        "/results/here/",
        "/chat/",
        "/stations/",
        "/help/call-me/",
        "/staff/",
    )
    for place, text in enumerate([*quoted, *(text for text in IN_QUERY if len(text) < 1000)]):
        client = Client(raise_request_exception=False)
        raw = "; ".join(f"{name}={text}" for name in names).encode("utf-8", "replace").decode("latin-1")
        for address in addresses if place < len(quoted) else [addresses[place % len(addresses)]]:
            demand_harmless(address, [text], client.get(address, headers={"cookie": raw}))


def test_no_address_breaks_the_house(city: SmallCity) -> None:
    client = browser(city, "zhao-ning")
    stems = (
        "/staff/warnings/",
        "/staff/cases/",
        "/self-tests/",
        "/results/",
        "/stations/",
        "/me/course/",
        "/q/forms/",
    )
    for place, text in enumerate(HOSTILE):
        held = quote(text[:2000], safe="")
        for address in (f"{stems[place % len(stems)]}{held}/", f"/{held}"):
            status = demand_harmless(address, [text], client.get(address)).status_code
            assert status < 500
    for address in (
        "/%ff%fe/",
        "/staff/%00/",
        "/%c0%ae%c0%ae/",
        "/.%0d%0aSet-Cookie:x=y/",
        "/static/../config/settings/base.py",
    ):
        demand_harmless(address, [], client.get(address))


def test_no_address_of_a_form_leads_out_of_the_house(city: SmallCity) -> None:
    client = browser(city)
    for text in (*ADDRESSES, *UNICODE):
        for address in ("/settings/", "/leave/", "/sign-in/", "/sign-in/staff/", "/sign-in/out/"):
            demand_harmless(address, [text], client.get(address, {"next": text, "language": "en"}))
            demand_harmless(address, [text], client.post(address, {"next": text, "step": "x"}))
    signed_in = browser(city, "zhao-ning")
    for text in ADDRESSES:
        for address in ("/staff/", "/sign-in/", "/sign-in/staff/"):
            demand_harmless(address, [text], signed_in.get(address, {"next": text}))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:80@evil.example", 'x"y', "a" * 300, "evil.example:0"]
)
def test_a_foreign_host_gets_the_help_numbers_and_nothing_else(city: SmallCity, host: str) -> None:
    answer = demand_harmless(
        "/", [host], Client(raise_request_exception=False).get("/", headers={"host": host})
    )
    assert answer.status_code == 400
    assert b"12356" in answer.content
    assert host.encode() not in answer.content


def test_a_refusal_of_the_outermost_ring_is_a_page_with_help_numbers(city: SmallCity) -> None:
    for answer in (
        browser(city).get("/", {"q": "a\x00b"}),
        browser(city).post("/help/call-me/", {"call_name": "a\x00b"}),
        browser(city).get("/", headers={"cookie": 'sessionid="\\000"'}),
    ):
        assert answer.status_code == 400
        assert "12356" in answer.content.decode()
        assert "无法保存" in answer.content.decode()


# --- forms and files -----------------------------------------------------------------------------

BROKEN = {
    "no boundary": ("multipart/form-data", b"x"),
    "half a form": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
    ),
    "a boundary with a NUL": ("multipart/form-data; boundary=\x00", b"--\x00"),
    "no form at all": ("application/json", b'{"a": 1}'),
    "a foreign alphabet": ("application/x-www-form-urlencoded; charset=utf-7", b"a=+ADw-script+AD4-"),
    "an unknown alphabet": ("application/x-www-form-urlencoded; charset=none", b"a=1"),
    "bytes that are no text": ("application/x-www-form-urlencoded", b"a=%ff%fe&%00=%00"),
    "too many fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
    "too large": ("application/x-www-form-urlencoded", b"a=" + b"x" * 3_000_000),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_form_is_refused_everywhere(city: SmallCity, name: str) -> None:
    kind, body = BROKEN[name]
    for code, addresses in (
        ("", ("/help/call-me/", "/sign-in/staff/", "/class/", "/campaign-answers/", "/q/sealed/")),
        ("li-qing", ("/me/consents/withdraw/", "/self-tests/phq-9/")),
        ("zhao-ning", ("/staff/campaigns/new/", "/staff/campaigns/x/roster/files/")),
    ):
        for address in addresses:
            answer = browser(city, code).generic("POST", address, body, content_type=kind)
            demand_harmless(address, [], answer)


def _packed(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return held.getvalue()


def _files() -> dict[str, tuple[str, bytes]]:
    bomb = b"<row><c/></row>" * 2_000_000
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    book = {"xl__workbook_dot_xml": b"<workbook/>"}
    return {
        "a zip bomb": ("names.xlsx", _packed(**book, xl__worksheets__sheet1_dot_xml=bomb)),
        "entities": ("names.xlsx", _packed(xl__workbook_dot_xml=entity)),
        "a zip that is no workbook": ("names.xlsx", _packed(a=b"x")),
        "a path that climbs": ("../../../etc/passwd.xlsx", _packed(**{".." + "__" + "x": b"x"})),
        "half a zip": ("names.xlsx", _packed(**book)[:40]),
        "a program": ("names.csv", b"\x7fELF" + b"\x00" * 100),
        "a page": ("names.csv", b"<html><script>x</script>"),
        "a NUL in its name": ("na\x00mes.csv", "姓名,班级\n".encode()),
        "a script for a name": ("<script>axfz7(1)</script>.csv", "姓名,班级\n".encode()),
        "one endless line": ("names.csv", b"a," * 1_000_000),
        "formulas": ("names.csv", "姓名,身份证号,班级\n=1+1,\"=cmd|'/C calc'!A0\",一班\n".encode()),
        "no text": ("names.csv", bytes(range(256)) * 50),
    }


@pytest.mark.parametrize("name", _files())
def test_a_file_that_is_not_what_it_says_is_refused_or_harmless(
    city: SmallCity, settings: Any, tmp_path: Any, name: str
) -> None:
    settings.STATE_DIR = tmp_path
    settings.ANXIN_ROSTER_MAX_UNPACKED_BYTES = 5_000_000
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL), tick=False) as at:
        course = draft(city).go_to(S.APPROVED, at)
        client = browser(city, "zhao-ning")
        file_name, content = _files()[name]
        address = f"/staff/campaigns/{course.uid}/roster/files/"
        sent = SimpleUploadedFile(file_name, content)
        answer = demand_harmless(address, [file_name], client.post(address, {"file": sent}))
        assert answer.status_code in (303, 400, 422)
        with unit_of_work(SYSTEM):
            kept = list(RosterImport.objects.all())
        for roster in kept:
            import_roster.carry_on({"roster": roster.uid})
        if answer.status_code == 303:
            page = demand_harmless(answer["Location"], [file_name], client.get(answer["Location"]))
            assert page.status_code == 200
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "rosters"]
