"""The trail's pages: who may, what is found, what is masked, and that looking leaves a row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anxin.domains.audit import api as audit
from anxin.domains.audit.models import AuditCheck, AuditEvent
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.listing import fingerprint
from tests.house_eyes import reasons_of

SYSTEM = Actor.system("test")
LIST = "/staff/audit/"
Browser = Callable[[str], Client]


def _texts(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("code", ["zhao-ning", "chen-mo", "sun-lan", "zhou-xing"])
def test_whoever_is_no_auditor_is_refused_and_learns_nothing(browser: Browser, code: str) -> None:
    event = AuditEvent.objects.first()
    client = browser(code)
    before = AuditEvent.objects.count()
    for address in (LIST, f"{LIST}{event.uid}/", f"{LIST}?of={event.subject_uid}"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert event.uid not in _texts(answer)
    assert client.post(f"{LIST}verify/").status_code == 403
    assert AuditEvent.objects.count() == before


def test_a_resident_is_sent_away(browser: Browser) -> None:
    assert browser("li-qing").get(LIST).status_code in (302, 403)


def test_the_auditor_sees_sentences_and_the_look_is_a_row_itself(browser: Browser, warning: Any) -> None:
    client = browser("fang-zheng")
    answer = client.get(LIST)
    assert answer.status_code == 200
    assert f"发起了预警 {warning.number}" in _texts(answer)
    row = AuditEvent.objects.get(event="audit:trail:searched")
    assert row.actor_label == "方正"
    assert reasons_of(row)[row.uid].startswith("since=2026-11-18")


def test_no_page_of_the_trail_names_a_resident(browser: Browser, warning: Any, city: Any) -> None:
    client = browser("fang-zheng")
    assert "李晴" not in _texts(client.get(LIST))
    for event in AuditEvent.objects.filter(person_uid=city.residents["li-qing"].uid)[:5]:
        answer = client.get(f"{LIST}{event.uid}/")
        assert answer.status_code == 200
        assert "李晴" not in _texts(answer)
        assert "13800000001" not in _texts(answer)
    assert AuditEvent.objects.filter(event="audit:event:viewed", actor_label="方正").count() == 5


def test_it_is_found_by_who_what_of_and_where(browser: Browser, warning: Any, city: Any) -> None:
    client = browser("fang-zheng")

    def found(**query: str) -> list[str]:
        view = client.get(LIST, query).context["view"]
        return [AuditEvent.objects.get(uid=line.uid).event for line in view.lines]

    assert set(found(event="risk:warning:raised")) == {"risk:warning:raised"}
    assert {event.partition(":")[0] for event in found(event="risk")} == {"risk"}
    assert "risk:warning:raised" in found(of=warning.number)
    assert found(of="W-none") == []
    assert found(actor="没有这个人") == []
    assert set(found(kind="staff")) <= {"audit:trail:searched"}
    assert "risk:warning:raised" in found(unit="柳岸", event="risk")
    assert found(unit="望桥", event="risk") == []
    assert found(since="2026-11-25") == []
    assert found(until="2026-11-23") == []
    assert client.get(LIST, {"since": "no day", "event": "<script>", "before": "x"}).status_code == 200


def test_pages_follow_one_another_without_a_gap_or_a_twin(browser: Browser, city: Any) -> None:
    with unit_of_work(SYSTEM):
        for number in range(120):
            audit.record(
                actor=SYSTEM, event="network:unit:moved", subjects=[audit.Subject(number=f"N-{number}")]
            )
    client = browser("fang-zheng")
    seen: list[str] = []
    query = "event=network%3Aunit%3Amoved"
    while query:
        view = client.get(f"{LIST}?{query}").context["view"]
        seen += [line.uid for line in view.lines]
        query = view.older
    wanted = AuditEvent.objects.filter(event="network:unit:moved").order_by("-occurred_at", "-id")
    assert seen == list(wanted.values_list("uid", flat=True))
    assert len(seen) >= 120


def test_a_row_that_is_not_there_is_not_found(browser: Browser, city: Any) -> None:
    assert browser("fang-zheng").get(f"{LIST}01900000-0000-7000-8000-000000000000/").status_code == 404


def test_numbers_in_a_reason_are_masked_and_a_shredded_one_is_said(browser: Browser, city: Any) -> None:
    person = city.residents["li-qing"].uid
    with unit_of_work(SYSTEM):
        subject = audit.Subject(person_uid=person)
        reason = "来电 13812345678，证件 110101199001010018"
        audit.record(actor=SYSTEM, event="access:break_glass:opened", subjects=[subject], reason=reason)
    event = AuditEvent.objects.get(event="access:break_glass:opened")
    client = browser("fang-zheng")
    text = _texts(client.get(f"{LIST}{event.uid}/"))
    assert "138****5678" in text
    assert "110101********0018" in text
    assert "13812345678" not in text
    with unit_of_work(SYSTEM):
        audit.shred(actor=SYSTEM, person_uid=person)
    assert "应本人要求已销毁" in _texts(client.get(f"{LIST}{event.uid}/"))


def test_a_verification_is_asked_for_and_its_result_stands_on_the_page(browser: Browser, city: Any) -> None:
    client = browser("fang-zheng")
    answer = client.post(f"{LIST}verify/")
    assert answer.status_code == 303
    assert AuditEvent.objects.filter(event="audit:verification:asked").count() == 1
    AuditCheck.objects.create(rows=9, last_sequence=9, faults=["row-removed at 4: the row is gone"])
    text = _texts(client.get(LIST))
    assert "row-removed at 4" in text


def test_the_file_is_asked_for_with_a_reason_and_holds_no_formula(browser: Browser, city: Any) -> None:
    with unit_of_work(SYSTEM):
        audit.record(
            actor=Actor.system("=cmd"), event="network:unit:moved", subjects=[audit.Subject(number="=1+1")]
        )
    client = browser("fang-zheng")
    address = f"{reverse('staff:export-new', args=['trail'])}?event=network:unit:moved"
    assert client.post(address, {"purpose": ""}).status_code == 422
    asked = client.post(address, {"purpose": "核对一次操作"})
    assert asked.status_code == 303
    taken = client.post(f"{asked['Location']}file/")
    assert taken.status_code == 200
    assert taken["Content-Type"].startswith("text/csv")
    lines = taken.content.decode("utf-8-sig").splitlines()
    assert not [cell for line in lines for cell in line.split(",") if cell.startswith(("=", "+", "@"))]
    assert AuditEvent.objects.filter(event="access:export:taken", actor_label="方正").count() == 1


def test_a_list_leaves_one_line_with_its_choices_and_no_word_that_was_typed(
    browser: Browser, warning: Any, city: Any
) -> None:
    client = browser("zhao-ning")
    before = AuditEvent.objects.count()
    assert client.get("/staff/duty/?show=waiting").status_code == 200
    assert client.get("/staff/duty/fragment/").status_code in (200, 404)
    assert client.get("/staff/cases/?q=李晴").status_code == 200
    assert client.get(f"/staff/interviews/?q={city.residents['li-qing'].number}").status_code == 200

    rows = list(AuditEvent.objects.order_by("id")[before:])
    assert [row.event for row in rows] == [
        "risk:warnings:listed",
        "cases:cases:listed",
        "residents:residents:searched",
    ]
    reasons = reasons_of(*rows)
    told = [reasons[row.uid] for row in rows]
    assert told[0] == "show=waiting: 1"
    assert told[1] == f"show=mine; q={fingerprint('李晴')}: 0"
    assert "李晴" not in "".join(told)
    assert told[2].endswith(": 1")
    assert {row.actor_label for row in rows} == {"赵宁"}
