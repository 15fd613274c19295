"""A thief with a dump of the whole database reads nobody's name, number or words; the house itself reads them all."""

import base64
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client

from anxin.domains.access.contracts import Cause
from anxin.domains.accounts import api as accounts
from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import GuardianDraft, OpenDraft
from anxin.domains.archives.contracts import Relation as HouseholdRelation
from anxin.domains.assessments.contracts import Conduct, ConsentBasis, InterviewDraft, Relation
from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns.contracts import TriageLevel
from anxin.domains.campaigns.models import RosterImport
from anxin.domains.cases.contracts import EntryDraft, EntryKind, LegalBasis
from anxin.domains.instruments.contracts import Respondent
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import PersonDraft, Purpose
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import RequestKind
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Findings, Level
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind
from anxin.exchange.tests.rosters import HEADER, csv_bytes, id_number, person
from anxin.flows import (
    acknowledge_warning,
    assess_warning,
    break_glass,
    contact_person,
    import_roster,
    interview_resident,
    open_case,
    request_contact,
    save_answer,
    sign_in_resident,
    triage_campaign,
    work_on_case,
    write_in_chat,
)
from anxin.flows.tests.campaign_ground import open_campaign
from anxin.kernel import clock, heartbeat
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import EncryptedTextField
from anxin.kernel.sessions import content_of
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.engine import find_engine
from anxin.sites.staff.tests import officers
from anxin.sites.staff.tests.conftest import BACKEND, TUESDAY_10
from tests import campaign_course, small_city
from tests.house_eyes import reasons_of

SYSTEM = Actor.system("dump")
NAME, CHILD, CALL_NAME, INFORMANT = "慕容秋栀", "宇文初雪", "阿栀栀", "慕容远舟"
COUNTER, GUARDIAN, NEW_NAME = "尉迟晚舟", "尉迟长河", "慕容秋知"
PHONE, ASKING_PHONE, GUARDIAN_PHONE = "13912346077", "13698761234", "13587654329"
COUNTER_PHONE, CARER_PHONE = "13712348055", "13412349066"
CHILD_NUMBER, COUNTER_NUMBER = id_number(77, sex="f"), id_number(178, sex="f", born=date(2011, 5, 6))
WORDS = "的纸鹤落在窗台上"
PLACES = (
    *("contact", "assessment", "chat", "answer", "interview", "plan-goals", "plan-measures", "draft"),
    *("order", "case", "entry", "guardian", "request", "opening", "trail"),
)


def words(place: str) -> str:
    """A sentence like no other, written in one place."""
    return f"第{PLACES.index(place)}只{WORDS}"


NAMES = (NAME, CHILD, CALL_NAME, INFORMANT, COUNTER, GUARDIAN, NEW_NAME)
PHONES = (PHONE, ASKING_PHONE, GUARDIAN_PHONE, COUNTER_PHONE, CARER_PHONE)
NUMBERS = (CHILD_NUMBER, COUNTER_NUMBER)
PLANTED = (*NAMES, *PHONES, *NUMBERS, WORDS)
# A reason in the trail is opened with its second half, not as a column.
SENTENCES = tuple(words(place) for place in PLACES if place != "trail")


def disguises(planted: str) -> Iterator[bytes]:
    """How ``planted`` might lie in a file without looking like itself."""
    plain = planted.encode()
    yield plain
    yield planted.encode("utf-16-le")
    yield planted.encode("utf-16-be")
    yield planted.encode("gb18030")
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield json.dumps(planted).strip('"').encode()
    for shift in range(3):
        # as it stands inside a longer text: what its neighbours decide is cut off
        whole = base64.b64encode(bytes(shift) + plain).decode()
        yield whole[4 if shift else 0 : -4].encode()


def found_in(content: bytes) -> list[str]:
    """Which of the planted words can be read there, whatever the disguise."""
    return [one for one in PLANTED if any(shape in content for shape in disguises(one))]


@pytest.mark.parametrize("shift", range(5))
def test_the_search_itself_sees_through_every_disguise(shift: int) -> None:
    around = "前" * shift
    text = f"{around}{NAME}{around}，电话 {PHONE}"
    for hidden in (
        text.encode(),
        text.encode("utf-16-le"),
        text.encode("gb18030"),
        text.encode().hex().encode(),
        json.dumps({"x": text}).encode(),
        base64.b64encode(b"x" * shift + text.encode()),
    ):
        assert NAME in found_in(hidden)
    assert found_in("没有人".encode()) == []


@pytest.fixture
def house(fresh_db: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    """A city of one's own, its database, and files of its own."""
    settings.STATE_DIR = tmp_path
    with time_machine.travel(TUESDAY_10, tick=False) as at:
        heartbeat.beat(heartbeat.WORKER)
        city = small_city.build()
        _a_resident_and_a_warning(city)
        _somebody_unknown(city)
        _an_archive(city)
        _a_request_and_an_opening(city)
        _a_roster(city)
        _a_campaign(city, at)
        yield fresh_db


def _a_resident_and_a_warning(city: small_city.SmallCity) -> None:
    sign_in_resident.send_code(actor=Actor.system("sign in"), phone=PHONE, device="a browser")
    with unit_of_work(small_city.SYSTEM):
        small_city.add_resident(city, "qiu-zhi", PHONE, NAME, clock.today().replace(year=1954), "LIUAN")
        training = CredentialDraft(
            staff_id=city.staff["zhao-ning"].id,
            kind=CredentialKind.INSTRUMENT_TRAINING,
            subject="ad8",
            valid_from=small_city.SINCE,
            verified_on=small_city.SINCE,
        )
        workforce.record_credential(actor=SYSTEM, draft=training)
    accounts.reset_second_factor(actor=SYSTEM, account=city.accounts["bai-lu"], reason=words("trail"))
    zhao = city.actor("zhao-ning")
    draft = InterviewDraft(
        instrument="phq-9",
        language="zh-Hans",
        conduct=Conduct.INTERVIEW,
        consent=ConsentBasis.AGREED,
        order_reason=words("order"),
    )
    who = city.residents["qiu-zhi"].uid
    sitting = interview_resident.start(actor=zhao, resident_uid=who, draft=draft)
    asked = replace(
        draft,
        instrument="ad8",
        conduct=Conduct.PAPER,
        paper_on=clock.today(),
        respondent=Respondent.INFORMANT,
        informant_name=INFORMANT,
        informant_relation=Relation.PARTNER,
    )
    interview_resident.start(actor=zhao, resident_uid=who, draft=asked)
    warning = _answered(zhao, sitting, [0] * 8 + [1])
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=warning.uid)
    mistaken = Client().post("/sign-in/staff/", {"username": PHONE, "password": NAME})
    assert mistaken.status_code == 422
    browser = Client()
    browser.force_login(city.accounts["zhao-ning"], backend=BACKEND)
    assert browser.post(f"/staff/warnings/{warning.uid}/reveal/").status_code == 200
    contact_person.log_contact(
        actor=zhao,
        warning_uid=warning.uid,
        channel=ContactChannel.PHONE,
        outcome=ContactOutcome.REACHED,
        note=words("contact"),
    )
    assess_warning.assess(
        actor=zhao,
        warning_uid=warning.uid,
        level=Level.L3,
        findings=Findings(ideation="yes"),
        summary=words("assessment"),
    )
    case = open_case.open_case(
        actor=zhao, warning_uid=warning.uid, reason=words("case"), legal_basis=LegalBasis.CONSENT
    )
    work_on_case.add_entry(
        actor=zhao, case_uid=case.uid, entry=EntryDraft(kind=EntryKind.NOTE, note=words("entry"))
    )


def _answered(zhao: Actor, sitting: Any, answers: list[int]) -> Any:
    for item, value in enumerate(answers, start=1):
        save_answer.take_down(actor=zhao, sitting_uid=sitting.uid, item=item, value=value)
    return interview_resident.hand_in(actor=zhao, sitting_uid=sitting.uid).warning


def _somebody_unknown(city: small_city.SmallCity) -> None:
    area = city.units["LIUAN"].uid
    opened = request_contact.request_chat(area_uid=area, call_name=CALL_NAME, is_safe_now="no")
    write_in_chat.write_with_code(code=opened.code, text=words("chat"), client_uid="1")
    acknowledge_warning.acknowledge(actor=city.actor("zhao-ning"), warning_uid=opened.warning.uid)
    write_in_chat.answer_on_warning(
        actor=city.actor("zhao-ning"), warning_uid=opened.warning.uid, text=words("answer"), client_uid="2"
    )
    request_contact.request_contact(
        actor=SYSTEM, area_uid=area, phone=ASKING_PHONE, call_name=CALL_NAME, is_safe_now="unsure"
    )


def _an_archive(city: small_city.SmallCity) -> None:
    guardian = GuardianDraft(
        name=GUARDIAN, relation=HouseholdRelation.PARENT, evidence=words("guardian"), phone=CARER_PHONE
    )
    draft = OpenDraft(
        person=PersonDraft(name=COUNTER, phone=COUNTER_PHONE, id_number=COUNTER_NUMBER),
        text_version=residents.consent_text(purpose=Purpose.ARCHIVE).version,
        signed_on=clock.today(),
        guardian=guardian,
        child_assents=True,
    )
    zhao = city.actor("zhao-ning")
    with unit_of_work(zhao):
        archives.open_archive(actor=zhao, unit_uid=city.units["LIUAN"].uid, draft=draft)


def _a_request_and_an_opening(city: small_city.SmallCity) -> None:
    person = city.residents["qiu-zhi"]
    with unit_of_work(SYSTEM):
        rights.ask(
            actor=SYSTEM,
            resident_id=person.id,
            kind=RequestKind.CORRECT,
            text=words("request"),
            changes={"name": NEW_NAME},
        )
    officers.officer(city)
    break_glass.open_record(
        actor=city.actor("chen-mo"),
        account=city.accounts["chen-mo"],
        plea=break_glass.Plea(who=person.number, cause=Cause.PERSON_IS_HERE, reason=words("opening")),
    )


def _a_roster(city: small_city.SmallCity) -> None:
    campaign = open_campaign(city)
    row = person(77)
    row[2], row[3], row[6] = CHILD, CHILD_NUMBER, GUARDIAN_PHONE
    broken = [*row[:3], CHILD_NUMBER[:-1] + "?", *row[4:]]
    roster = import_roster.receive(
        actor=city.actor("zhao-ning"),
        campaign_uid=campaign.uid,
        file_name=f"{CHILD}.csv",
        chunks=[csv_bytes([HEADER, row, broken, person(3)])],
    )
    import_roster.carry_on({"roster": roster.uid, "language": "zh-hans"})
    with unit_of_work(SYSTEM):
        assert RosterImport.objects.get(uid=roster.uid).accepted == 2


def _a_campaign(city: small_city.SmallCity, at: Any) -> None:
    course = campaign_course.draft(city)
    course.list_people()
    course.go_to(campaign_course.S.RUNNING, at)
    course.hand_in(0, campaign_course.LOW, campaign_course.HEAVY)
    course.go_to(campaign_course.S.INTERVIEWING, at)
    (row,) = course.open_rows("interview")
    triage_campaign.keep_draft(
        actor=course.actor("zhao-ning"), triage_uid=row.uid, content={"summary": words("draft")}
    )
    course.talk(row, TriageLevel(row.confirmed), summary=words("interview"))
    triage_campaign.keep_draft(
        actor=course.actor("zhao-ning"), triage_uid=row.uid, content={"summary": words("draft")}
    )
    course.plan(row, goals=words("plan-goals"), measures=words("plan-measures"))


def dump_of(databases: Any, name: str) -> bytes:
    """Everything PostgreSQL holds about the database, as its superuser takes it away."""
    done = subprocess.run(
        [find_engine(None).program("pg_dump"), "--dbname", databases.cluster.url("postgres", name)],
        capture_output=True,
        check=True,
    )
    return done.stdout


def opened_by_the_house() -> str:
    """Every sealed value of every table, as the application reads it."""
    opened = []
    with unit_of_work(SYSTEM):
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedTextField):
                    opened += model._default_manager.values_list(field.attname, flat=True)
    return "\n".join(one for one in opened if one)


def test_a_dump_of_everything_tells_no_name_no_number_and_no_word(house: str, databases: Any) -> None:
    dump = dump_of(databases, urlsplit(house).path.lstrip("/"))
    assert "柳岸社区心灵驿站".encode() in dump, "the dump is whole: what may be open is there"
    assert dump.count(b"COPY public.") > 50
    assert found_in(dump) == []


def test_what_the_dump_hides_the_house_can_read(house: str) -> None:
    text = opened_by_the_house()
    assert [one for one in (*NAMES, *PHONES, *SENTENCES) if one not in text] == []
    with unit_of_work(SYSTEM):
        told = reasons_of(*AuditEvent.objects.filter(event="accounts:second-factor:reset"))
    assert list(told.values()) == [words("trail")]
    assert [one for one in NUMBERS if one in text] == [], "of an identity number only the keyed hash is kept"


def test_sessions_and_files_tell_nothing_either(house: str, tmp_path: Path) -> None:
    held = [known for one in Session.objects.all() if (known := content_of(one))]
    assert held, "somebody is signed in"
    assert found_in(json.dumps(held, ensure_ascii=False).encode()) == []
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert files, "the marked roster lies there"
    assert [one.name for one in files if found_in(one.read_bytes())] == []
