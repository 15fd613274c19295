"""让人联系我, the stations, and what is mine."""

from collections.abc import Callable

import pytest
from django.test import Client

from anxin.domains.audit import api as audit
from anxin.domains.audit.contracts import Subject
from anxin.domains.audit.models import AuditEvent
from anxin.domains.conversations.models import Message
from anxin.domains.residents.models import Consent
from anxin.domains.risk.models import ContactRequest, Warning
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.resident.stations import schematic
from anxin.sites.resident.tests.conftest import answer_all
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")


def everything(model: type) -> list:
    """All rows, as the house sees them."""
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


def area_of(page) -> str:
    """The first area that can be chosen."""
    return page.context["form"].fields["area"].choices[1][0]


@requirement("R-071")
def test_a_number_becomes_a_warning_with_an_owner_and_the_page_says_who(visitor: Client) -> None:
    area = area_of(visitor.get("/help/call-me/"))
    sent = visitor.post(
        "/help/call-me/",
        {"area": area, "phone": "139 0000 0001", "call_name": "小林", "is_safe_now": "unsure"},
        follow=True,
    )
    assert sent.redirect_chain[0][1] == 303
    (request,) = everything(ContactRequest)
    (warning,) = everything(Warning)
    assert (request.phone, request.call_name) == ("13900000001", "小林")
    assert warning.resident_id is None
    text = sent.content.decode()
    assert sent.context["receipt"].holder in text
    assert "13900000001" not in text


def test_a_signed_in_person_asks_for_a_call_as_nobody(resident: Client) -> None:
    area = area_of(resident.get("/help/call-me/"))
    seen = set(AuditEvent.objects.values_list("id", flat=True))
    resident.post("/help/call-me/", {"area": area, "phone": "13900000001", "is_safe_now": "yes"})
    (warning,) = everything(Warning)
    assert warning.resident_id is None
    assert set(AuditEvent.objects.exclude(id__in=seen).values_list("actor_kind", flat=True)) == {"system"}


@pytest.mark.parametrize(
    ("phone", "said"),
    [("1390000000", "少了 1 位"), ("139000000011", "多了 1 位"), ("小林", "只有数字"), ("", "没有号码")],
)
def test_a_number_that_cannot_be_called_is_refused_kindly_and_stays_typed(
    visitor: Client, phone: str, said: str
) -> None:
    area = area_of(visitor.get("/help/call-me/"))
    response = visitor.post(
        "/help/call-me/", {"area": area, "phone": phone, "call_name": "小林", "is_safe_now": "no"}
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert said in text
    assert 'value="小林"' in text
    assert everything(Warning) == []


def test_stations_are_listed_by_area_name_and_opening(visitor: Client) -> None:
    cards = visitor.get("/stations/").context["stations"].cards
    assert cards
    assert [card.number for card in cards] == list(range(1, len(cards) + 1))
    only_open = visitor.get("/stations/?show=open_now").context["stations"].cards
    assert only_open
    assert all(card.is_open for card in only_open)
    found = visitor.get("/stations/", {"q": "柳岸"}).context["stations"].cards
    assert [card.name for card in found] == ["柳岸社区心灵驿站"]
    assert visitor.get("/stations/", {"q": "liuan"}).context["stations"].cards == found
    empty = visitor.get("/stations/", {"q": "没有这个"})
    assert "没有合适的驿站" in empty.content.decode()


def test_the_chosen_area_stays_on_the_device(visitor: Client) -> None:
    areas = visitor.get("/").context["view"].areas
    visitor.post("/area/", {"area": areas[0].slug})
    assert visitor.get("/").context["view"].area_name == areas[0].name
    visitor.post("/area/", {"area": "nowhere"})
    assert visitor.get("/").context["view"].area_name == ""


def test_nonsense_in_the_address_gives_the_whole_list(visitor: Client) -> None:
    whole = visitor.get("/stations/").context["stations"].cards
    for query in ("near=x", "near=1000,2", "near=1", "show=all-of-it", "service=x", "area=nowhere", "page=x"):
        assert visitor.get(f"/stations/?{query}").context["stations"].cards == whole


def test_a_station_has_its_page_and_others_have_none(visitor: Client, city) -> None:
    card = visitor.get("/stations/", {"q": "柳岸"}).context["stations"].cards[0]
    assert "柳岸社区心灵驿站" in visitor.get(card.url).content.decode()
    assert visitor.get("/stations/no-such-station/").status_code == 404


def test_the_map_keeps_every_pin_on_the_sheet() -> None:
    drawn = schematic.draw([schematic.Point(n, 116 + n / 50, 39 + n / 70) for n in range(1, 6)])
    assert drawn
    assert all(0 < pin.x < drawn.size and 0 < pin.y < drawn.size for pin in drawn.pins)
    assert [pin.y for pin in drawn.pins] == sorted((pin.y for pin in drawn.pins), reverse=True)
    assert schematic.draw([]) is None
    alone = schematic.draw([schematic.Point(1, 116.4, 39.9)])
    assert alone
    assert alone.pins[0].x == alone.pins[0].y == drawn.size // 2


@requirement("R-071")
def test_who_looked_counts_what_it_lists(resident: Client, city, agree: Callable[[Client], None]) -> None:
    agree(resident)
    answer_all(resident, [0] * 9)
    person = city.residents["li-qing"].uid
    with unit_of_work(SYSTEM):
        for _ in range(2):
            audit.record(
                actor=city.actor("zhao-ning"),
                event="risk:warning:viewed",
                subjects=[Subject(person_uid=person)],
            )
        audit.record(
            actor=city.actor("sun-lan"),
            event="residents:resident:viewed",
            subjects=[Subject(person_uid=person)],
        )
        audit.record(actor=SYSTEM, event="risk:warning:raised", subjects=[Subject(person_uid=person)])
        audit.record(
            actor=city.actor("sun-lan"), event="risk:warning:viewed", subjects=[Subject(person_uid="other")]
        )
    response = resident.get("/me/access/")
    view = response.context["view"]
    rows = [look for group in view.groups for look in group.looks]
    assert (view.people, view.times) == (2, 3)
    assert sum(row.is_person and row.is_look for row in rows) == 3
    assert all(row.who != "李晴" for row in rows)
    assert response.content.decode().count('class="ax-look"') == len(rows)


def test_an_agreement_can_be_taken_back_and_stays_in_the_ledger(
    resident: Client, agree: Callable[[Client], None]
) -> None:
    agree(resident)
    resident.post("/me/consents/withdraw/", {"purpose": "self_test_named"})
    (row,) = [c for c in everything(Consent) if c.purpose == "self_test_named"]
    assert row.withdrawn_at is not None
    assert "收回" in resident.get("/me/consents/").content.decode()
    assert resident.post("/self-tests/phq-9/", {"how": "named"})["Location"].startswith(
        "/self-tests/phq-9/consent/"
    )


def test_a_draft_can_be_put_away(resident: Client, agree: Callable[[Client], None]) -> None:
    agree(resident)
    draft = resident.get("/me/").context["view"].drafts[0]
    assert resident.post(draft.discard_url)["Location"] == "/me/"
    assert resident.get("/me/").context["view"].drafts == ()


def ask_in_writing(visitor: Client):
    """Leave no number, get a code."""
    area = area_of(visitor.get("/help/call-me/"))
    return visitor.post(
        "/help/call-me/", {"area": area, "way": "chat", "phone": "", "is_safe_now": "unsure"}, follow=True
    )


@requirement("R-073")
def test_somebody_without_a_number_is_answered_in_writing(visitor: Client) -> None:
    page = ask_in_writing(visitor)
    assert page.redirect_chain == [("/chat/", 303)]
    code = page.context["code"]
    assert code in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert [one.phone for one in everything(ContactRequest)] == [""]
    uid = page.context["form"].initial["client_uid"]
    for _ in range(2):
        assert visitor.post("/chat/", {"text": "在吗", "client_uid": uid}).status_code == 303
    assert [line.text for line in visitor.get("/chat/").context["lines"]] == ["在吗"]
    assert "在吗" in visitor.get("/chat/lines/").content.decode()


def test_the_code_opens_it_on_another_device_and_leaving_closes_it(visitor: Client) -> None:
    code = ask_in_writing(visitor).context["code"]
    other = Client()
    assert "code" in other.get("/chat/").context["form"].fields
    assert other.get("/chat/lines/").status_code == 404
    wrong = other.post("/chat/code/", {"code": "ABCD-EFGH-JKMN"})
    assert wrong.status_code == 422
    assert "没有找到这个对话码" in wrong.content.decode()
    assert other.post("/chat/code/", {"code": code.lower()}).status_code == 303
    assert other.get("/chat/").context["code"] == code
    other.post("/chat/leave/")
    assert "code" in other.get("/chat/").context["form"].fields


def test_an_empty_message_is_refused_and_a_sent_one_without_a_code_is_not_lost_silently(
    visitor: Client,
) -> None:
    ask_in_writing(visitor)
    empty = visitor.post("/chat/", {"text": " ", "client_uid": "a"})
    assert empty.status_code == 422
    assert everything(Message) == []
    assert Client().post("/chat/", {"text": "在吗", "client_uid": "a"}).status_code == 200
    assert everything(Message) == []
