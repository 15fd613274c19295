"""The roster pages: sending, watching, mending; classes and slips for those with the need; counts for the others."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns.models import Campaign, Group, Participant, RosterImport
from anxin.domains.campaigns.services.entry import token_of
from anxin.exchange.tests.rosters import HEADER, csv_bytes, id_number, person, xlsx_bytes
from anxin.flows import import_roster
from anxin.flows.tests.campaign_ground import open_campaign
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.rosters.slips import picture_of
from anxin.sites.staff.tests.conftest import SYSTEM
from tests.requirements_marker import requirement
from tests.small_city import SmallCity

Browser = Callable[[str], Client]
PEOPLE = [person(serial) for serial in range(3)]


@pytest.fixture(autouse=True)
def state(settings: Any, tmp_path: Path) -> Path:
    settings.STATE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def campaign(city: SmallCity) -> Campaign:
    return open_campaign(city)


@pytest.fixture
def zhao(browser: Browser) -> Client:
    return browser("zhao-ning")


def at(campaign: Campaign, rest: str = "") -> str:
    return f"/staff/campaigns/{campaign.uid}/roster/{rest}"


def send(client: Client, campaign: Campaign, content: bytes, name: str = "名单.xlsx") -> Any:
    return client.post(at(campaign, "files/"), {"file": SimpleUploadedFile(name, content)})


def asked_for(client: Client, campaign: Campaign, file_uid: str) -> Any:
    """Ask for the marked file."""
    url = f"/staff/exports/new/roster-marked/?campaign={campaign.uid}&file={file_uid}"
    return client.post(url, {"purpose": "改正名册"})


def bring_in(client: Client, campaign: Campaign, content: bytes) -> str:
    """Send and read; the address of the file's page."""
    sent = send(client, campaign, content)
    assert sent.status_code == 303
    with unit_of_work(SYSTEM):
        roster = RosterImport.objects.latest("id")
    import_roster.carry_on({"roster": roster.uid, "language": "zh-hans"})
    return str(sent["Location"])


def events() -> set[str]:
    return set(AuditEvent.objects.values_list("event", flat=True))


@requirement("R-067")
def test_a_file_is_sent_watched_and_its_faults_are_shown_by_place_and_rule(
    zhao: Client, campaign: Campaign
) -> None:
    table = [HEADER, *(list(row) for row in PEOPLE)]
    number = table[2][3]
    table[2][3] = number[:6] + number[7] + number[6] + number[8:]
    sent = send(zhao, campaign, xlsx_bytes(table))
    waiting = zhao.get(sent["Location"]).content.decode()
    assert "正在读取" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert "data-fragment" in waiting
    with unit_of_work(SYSTEM):
        roster = RosterImport.objects.get()
        RosterImport.objects.update(state="reading", total_rows=1000, next_row=250)
    fragment = zhao.get(f"{sent['Location']}progress/").content.decode()
    assert 'value="250" max="1000"' in fragment
    assert "25%" in fragment
    assert "<html" not in fragment
    with unit_of_work(SYSTEM):
        RosterImport.objects.update(state="waiting", total_rows=0, next_row=0)
    import_roster.carry_on({"roster": roster.uid, "language": "zh-hans"})
    done = zhao.get(sent["Location"]).content.decode()
    assert "第 3 行" in done
    assert "可能有相邻两位写反了" in done
    assert "7-8" in done
    assert number not in done
    assert table[2][3] not in done
    assert "data-fragment" not in done
    fetched = zhao.post(f"{asked_for(zhao, campaign, roster.uid)['Location']}file/")
    assert fetched["Content-Type"].endswith("spreadsheetml.sheet")
    assert fetched.content.startswith(b"PK")
    assert "campaigns:roster:returned" in events()
    assert zhao.post(f"{sent['Location']}marked/drop/").status_code == 303
    assert asked_for(zhao, campaign, roster.uid).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "这个文件是空的"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "另存为"),
        (b"x" * 2001, "文件超过"),
    ],
)
def test_a_file_refused_at_the_door_says_what_to_do(
    zhao: Client, campaign: Campaign, settings: Any, content: bytes, words: str
) -> None:
    settings.ANXIN_ROSTER_MAX_BYTES = 2000
    refused = send(zhao, campaign, content)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    with unit_of_work(SYSTEM):
        assert RosterImport.objects.count() == 0


def test_without_a_file_nothing_is_begun(zhao: Client, campaign: Campaign) -> None:
    refused = zhao.post(at(campaign, "files/"))
    assert refused.status_code == 422
    assert "请先选一个文件" in refused.content.decode()


def test_a_file_that_was_not_taken_says_why(zhao: Client, campaign: Campaign) -> None:
    page = zhao.get(bring_in(zhao, campaign, csv_bytes([["a", "b"], ["c", "d"]]))).content.decode()
    assert "没有找到表头" in page


def test_before_approval_no_names_come_in(zhao: Client, city: SmallCity) -> None:
    campaign = open_campaign(city, state="draft")
    assert 'type="file"' not in zhao.get(at(campaign)).content.decode()
    assert send(zhao, campaign, csv_bytes([HEADER, *PEOPLE])).status_code == 422


@requirement("R-067")
def test_a_class_by_name_is_for_the_need_and_leaves_a_line_for_each(
    zhao: Client, browser: Browser, campaign: Campaign
) -> None:
    bring_in(zhao, campaign, csv_bytes([HEADER, *PEOPLE]))
    overview = zhao.get(at(campaign)).content.decode()
    assert PEOPLE[0][2] not in overview
    assert "1 班" in overview
    with unit_of_work(SYSTEM):
        group = Group.objects.get()
    url = at(campaign, f"classes/{group.uid}/")
    masked = zhao.get(url).content.decode()
    assert not any(row[2] in masked for row in PEOPLE)
    assert masked.count("*</th>") == 3
    assert AuditEvent.objects.filter(event="campaigns:class:viewed").count() == 3
    assert AuditEvent.objects.filter(event="campaigns:names:unmasked").count() == 0
    shown = zhao.post(f"{url}names/").content.decode()
    assert all(row[2] in shown for row in PEOPLE)
    assert AuditEvent.objects.filter(event="campaigns:names:unmasked").count() == 3
    assert not any(row[2] in zhao.get(url).content.decode() for row in PEOPLE), "for that view only"
    assert (
        browser("chen-mo").get(url).status_code == browser("chen-mo").post(f"{url}names/").status_code == 404
    )
    tutor = browser("bai-lu")
    assert tutor.get(url).status_code in (403, 404)
    assert tutor.post(f"{url}names/").status_code in (403, 404)
    assert AuditEvent.objects.filter(event="campaigns:names:unmasked").count() == 3


def test_who_runs_without_the_need_sees_counts_only(
    zhao: Client, browser: Browser, campaign: Campaign, city: SmallCity
) -> None:
    from anxin.domains.access import api as access

    bring_in(zhao, campaign, csv_bytes([HEADER, *PEOPLE]))
    with unit_of_work(SYSTEM):
        access.grant(
            actor=SYSTEM, account=city.accounts["bai-lu"], role="station_manager", node=city.units["LIUAN"]
        )
        group = Group.objects.get()
    tutor = browser("bai-lu")
    page = tutor.get(at(campaign))
    assert page.status_code == 200
    assert "1 班" in page.content.decode()
    assert f"classes/{group.uid}" not in page.content.decode()
    assert tutor.get(at(campaign, f"classes/{group.uid}/")).status_code == 403
    assert tutor.get(at(campaign, f"classes/{group.uid}/slips/")).status_code == 403
    assert tutor.post(at(campaign, "consent/names/")).status_code == 403
    assert tutor.get(at(campaign, "consent/")).status_code == 200
    assert send(tutor, campaign, csv_bytes([HEADER, *PEOPLE])).status_code == 403


@requirement("R-067")
def test_slips_carry_the_token_behind_the_hash_and_are_the_same_when_printed_again(
    zhao: Client, campaign: Campaign
) -> None:
    bring_in(zhao, campaign, csv_bytes([HEADER, *PEOPLE]))
    with unit_of_work(SYSTEM):
        group = Group.objects.get()
        people = list(Participant.objects.select_related("campaign"))
    url = at(campaign, f"classes/{group.uid}/slips/")
    page = zhao.get(url).content.decode()
    drawn = re.findall(r"<svg.*?</svg>", page[page.index('class="ax-slips"') :], re.S)[:3]
    for one in people:
        token = token_of(one, campaign)
        assert token not in page
        expected = picture_of(f"http://testserver/q/#{campaign.uid}.{token}")
        assert str(expected).strip() in [each.strip() for each in drawn]
        assert one.name in page
    assert "campaigns:slips:printed" in events()
    again = zhao.get(url).content.decode()
    assert re.findall(r"<svg.*?</svg>", again, re.S) == re.findall(r"<svg.*?</svg>", page, re.S)


def test_a_new_slip_makes_the_old_one_open_nothing(zhao: Client, campaign: Campaign) -> None:
    bring_in(zhao, campaign, csv_bytes([HEADER, *PEOPLE]))
    with unit_of_work(SYSTEM):
        one = Participant.objects.select_related("campaign", "group").first()
    before = token_of(one, campaign)
    url = at(campaign, f"classes/{one.group.uid}/new-slip/")
    assert zhao.post(url, {"person": one.uid}).status_code == 303
    with unit_of_work(SYSTEM):
        one.refresh_from_db()
    assert one.token_version == 2
    assert token_of(one, campaign) != before
    assert zhao.post(url, {"person": "nobody"}).status_code == 404


def test_consent_is_counted_and_names_are_shown_only_when_asked_for(zhao: Client, campaign: Campaign) -> None:
    bring_in(zhao, campaign, csv_bytes([HEADER, *PEOPLE]))
    with unit_of_work(SYSTEM):
        one = Participant.objects.order_by("id").first()
        Participant.objects.filter(id=one.id).update(consent="refused")
    page = zhao.get(at(campaign, "consent/")).content.decode()
    assert not any(row[2] in page for row in PEOPLE)
    named = zhao.post(at(campaign, "consent/names/")).content.decode()
    assert one.name not in named, "who said no is on no list"
    assert sum(row[2] in named for row in PEOPLE) == 2
    assert AuditEvent.objects.filter(event="campaigns:awaited:viewed").count() == 2
    assert zhao.post(at(campaign, "consent/ask/")).status_code == 303
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'campaigns.ask_guardians'")
        assert cursor.fetchone() == (1,)


def test_the_number_of_queries_does_not_grow_with_the_roster(zhao: Client, campaign: Campaign) -> None:
    bring_in(zhao, campaign, csv_bytes([HEADER, *PEOPLE]))
    with CaptureQueriesContext(
        connection,
    ) as few:
        zhao.get(at(campaign))
    bring_in(zhao, campaign, csv_bytes([HEADER, *(person(serial) for serial in range(3, 200))]))
    with CaptureQueriesContext(connection) as many:
        zhao.get(at(campaign))
    assert len(many) <= len(few) + 1


def test_nobody_outside_sees_any_page_of_it(browser: Browser, zhao: Client, campaign: Campaign) -> None:
    location = bring_in(zhao, campaign, csv_bytes([HEADER, ["七年级", "1 班", "", id_number(1), "", "", ""]]))
    stranger = browser("chen-mo")
    for url in (
        at(campaign),
        at(campaign, "consent/"),
        location,
        f"{location}progress/",
        f"/staff/exports/new/roster-marked/?campaign={campaign.uid}&file={location.rstrip('/').rpartition('/')[2]}",
    ):
        assert stranger.get(url).status_code == 404, url
    assert send(stranger, campaign, csv_bytes([HEADER, *PEOPLE])).status_code == 404
