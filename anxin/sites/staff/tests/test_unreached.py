"""A call nobody answers: the next colleague is called, the list says what to do, and a person ends it. And the bell."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.notices.models import ContactWish, Message, Notice
from anxin.domains.risk.models import Warning
from anxin.flows import acknowledge_warning, request_contact
from anxin.flows.reach_people import forget_calls_taken_over
from anxin.flows.send_notices import send_notices
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.staff.tests.conftest import SYSTEM
from tests import small_city
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
FIVE = timedelta(minutes=5)


def _called() -> list[tuple[str, str, int | None]]:
    with unit_of_work(SYSTEM):
        rows = Message.objects.order_by("id").values_list("template", "state", "staff_id")
        return list(rows)


def _wait(at: Any, times: int) -> None:
    for _ in range(times):
        at.shift(FIVE)
        send_notices()


@pytest.fixture
def phones(city: small_city.SmallCity) -> None:
    """A duty phone for everybody."""
    for number, person in enumerate(city.staff.values()):
        person.duty_phone = f"1390000000{number}"
        person.save()


@requirement("R-073")
@pytest.mark.usefixtures("phones")
def test_a_call_nobody_answers_goes_to_the_next_colleague_and_onto_a_list_a_person_ends(
    city: small_city.SmallCity, browser: Browser, warn: Callable[..., Warning], at: Any
) -> None:
    warning = warn()
    first = warning.deadline.owner.staff_id
    _wait(at, 1)
    (call, raised) = _called()
    assert call == ("warning_waits", "unreached", first)
    assert raised[:2] == ("person_unreached", "trying")
    assert raised[2] not in (None, first)
    _wait(at, 3)
    assert len(_called()) == len({one[2] for one in _called()}), "each colleague is called once about it"

    lead = browser("sun-lan")
    page = lead.get("/staff/unreached/").content.decode()
    assert warning.number in page
    assert "值班电话" in page
    with unit_of_work(SYSTEM):
        uid = Message.objects.get(staff_id=first).uid
    assert lead.get(f"/staff/unreached/{uid}/").status_code == 200
    stranger = browser("chen-mo")
    assert warning.number not in stranger.get("/staff/unreached/").content.decode()
    act = {"how": "duty_phone", "note": "打通了"}
    assert stranger.post(f"/staff/unreached/{uid}/settle/", act).status_code == 404
    assert lead.post(f"/staff/unreached/{uid}/settle/", {"how": "duty_phone"}).status_code == 422
    assert lead.post(f"/staff/unreached/{uid}/settle/", act).status_code == 303
    assert "打通了" in lead.get("/staff/unreached/").content.decode()
    assert lead.post(f"/staff/unreached/{uid}/settle/", act).status_code == 422
    with unit_of_work(SYSTEM):
        assert Message.objects.get(uid=uid).settled_by_id == city.staff["sun-lan"].id


@pytest.mark.usefixtures("phones")
def test_a_warning_whose_clock_has_hours_rings_no_chain_of_telephones(
    city: small_city.SmallCity, at: Any
) -> None:
    calm = {"phone": "13800000003", "call_name": "小周", "is_safe_now": "yes"}
    request_contact.request_contact(actor=Actor.anonymous(), area_uid=city.units["Q"].uid, **calm)
    _wait(at, 4)
    ((template, _, _),) = _called()
    assert template == "warning_waits"
    with unit_of_work(SYSTEM):
        assert set(Notice.objects.values_list("channel", flat=True)) == {"in_app", "sms"}


def test_what_somebody_took_over_is_called_to_no_more_and_leaves_the_list(
    city: small_city.SmallCity, warn: Callable[..., Warning], at: Any
) -> None:
    warning = warn()
    _wait(at, 2)
    assert "unreached" in {one[1] for one in _called()}
    at.shift(timedelta(minutes=1))
    acknowledge_warning.acknowledge(actor=city.actor("zhao-ning"), warning_uid=warning.uid)
    _wait(at, 1)
    forget_calls_taken_over()
    assert {one[1] for one in _called()} == {"reached"}


def test_the_bell_counts_and_opening_a_notice_leads_to_what_it_is_about(
    city: small_city.SmallCity, browser: Browser, warn: Callable[..., Warning]
) -> None:
    warning = warn()
    with unit_of_work(SYSTEM):
        notice = Notice.objects.filter(channel="in_app").get()
        code = next(key for key, one in city.staff.items() if one.id == notice.staff_id)
    mine, other = browser(code), browser("chen-mo")
    assert warning.number in mine.get("/staff/notices/").content.decode()
    assert warning.number in mine.get("/staff/notices/fragment/").content.decode()
    assert 'href="/staff/notices/"' in mine.get("/staff/duty/").content.decode()
    assert warning.number not in other.get("/staff/notices/").content.decode()
    assert other.post(f"/staff/notices/{notice.uid}/open/").status_code == 404
    answer = mine.post(f"/staff/notices/{notice.uid}/open/")
    assert (answer.status_code, answer["Location"]) == (303, f"/staff/warnings/{warning.uid}/")
    assert mine.post("/staff/notices/read/").status_code == 303
    assert [one[1] for one in _called()] == ["reached"]


def test_how_a_person_may_be_reached_is_written_down_by_their_station(
    city: small_city.SmallCity, browser: Browser
) -> None:
    person = city.residents["li-qing"]
    address = f"/staff/unreached/wishes/{person.uid}/"
    form = {"open": ["sms"], "safe_channel": "sms", "safe_from": "18:00", "safe_until": "20:00"}
    assert browser("chen-mo").post(address, form).status_code == 404
    assert browser("zhou-xing").get(address).status_code == 403
    with unit_of_work(SYSTEM):
        assert not ContactWish.objects.exists()
    colleague = browser("zhao-ning")
    assert colleague.get(address).status_code == 200
    assert colleague.post(address, form | {"safe_channel": "voice"}).status_code == 422
    assert colleague.post(address, form).status_code == 303
    with unit_of_work(SYSTEM):
        wish = ContactWish.objects.get()
    assert (wish.refused, wish.safe_channel) == (["email", "voice", "wechat"], "sms")


def test_what_messages_cost_is_for_those_who_answer_for_it(
    city: small_city.SmallCity, browser: Browser
) -> None:
    assert browser("zhao-ning").get("/staff/unreached/quotas/").status_code == 403
    assert browser("li-qing").get("/staff/unreached/").status_code == 403
