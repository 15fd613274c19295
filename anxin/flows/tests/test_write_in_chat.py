"""Asking to be answered in writing: a warning like any other, messages once and in order, nobody else reads them."""

from datetime import timedelta

import pytest

from anxin.domains.conversations import api as conversations
from anxin.domains.conversations.contracts import MessageEmpty, ThreadClosed, ThreadNotFound
from anxin.domains.conversations.models import Message, Thread
from anxin.domains.notices.models import Notice
from anxin.domains.risk.contracts import Ending, WarningState
from anxin.domains.risk.models import ContactRequest, Warning
from anxin.flows import acknowledge_warning, end_warning, request_contact, write_in_chat
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")


@pytest.fixture
def opened(city) -> request_contact.ChatOpened:
    return request_contact.request_chat(area_uid=city.units["LIUAN"].uid, is_safe_now="yes")


def say(opened: request_contact.ChatOpened, text: str, uid: str) -> Message:
    return write_in_chat.write_with_code(code=opened.code, text=text, client_uid=uid)


def rows(model: type) -> list:
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


@requirement("R-071", "R-073")
def test_it_is_a_warning_with_an_owner_and_a_clock_and_holds_no_number(opened, city) -> None:
    with unit_of_work(SYSTEM):
        warning = Warning.objects.select_related("deadline").get()
        assert warning.deadline.is_open
        assert warning.deadline.owner_id
        (request,) = ContactRequest.objects.all()
        assert (request.phone, warning.resident_id) == ("", None)
        assert opened.code not in str(Thread.objects.values().get()), "only a keyed hash of the code is kept"


@requirement("R-073")
def test_both_sides_read_the_same_messages_in_order(opened, city) -> None:
    zhao = city.actor("zhao-ning")
    say(opened, "我不太好", "a")
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=opened.warning.uid)
    write_in_chat.answer_on_warning(
        actor=zhao, warning_uid=opened.warning.uid, text="我在，慢慢说", client_uid="b"
    )
    say(opened, "谢谢", "c")
    mine = write_in_chat.read_with_code(code=opened.code).messages
    theirs = write_in_chat.read_for_warning(actor=zhao, warning_uid=opened.warning.uid)
    assert theirs is not None
    assert (
        [one.text for one in mine]
        == [one.text for one in theirs.messages]
        == ["我不太好", "我在，慢慢说", "谢谢"]
    )
    assert [one.seq for one in mine] == [1, 2, 3]
    assert [one.staff.name if one.staff else "" for one in mine] == ["", "赵宁", ""]


def test_a_message_sent_twice_is_there_once(opened) -> None:
    first = say(opened, "在吗", "a")
    assert say(opened, "在吗", "a").uid == first.uid
    assert len(rows(Message)) == 1


def test_each_first_unread_message_calls_the_holder_and_the_next_ones_do_not(opened, city) -> None:
    before = len(rows(Notice))
    say(opened, "在吗", "a")
    called = len(rows(Notice))
    assert called > before
    say(opened, "有人吗", "b")
    assert len(rows(Notice)) == called
    write_in_chat.read_for_warning(actor=city.actor("zhao-ning"), warning_uid=opened.warning.uid)
    say(opened, "还在", "c")
    assert len(rows(Notice)) > called


@requirement("R-060")
def test_a_message_after_the_end_is_a_new_warning_and_not_lost(opened, city, at) -> None:
    zhao = city.actor("zhao-ning")
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=opened.warning.uid)
    end_warning.propose(
        actor=zhao, warning_uid=opened.warning.uid, ending=Ending.FALSE_POSITIVE, reason="试一试而已"
    )
    assert rows(Warning)[0].state == WarningState.CLOSED
    at.shift(timedelta(hours=1))
    say(opened, "其实不太好", "a")
    first, second = rows(Warning)
    assert (first.state, second.state) == (WarningState.CLOSED, WarningState.NEW)
    with unit_of_work(zhao):
        assert Warning.objects.filter(uid=second.uid).exists()
    talk = write_in_chat.read_for_warning(actor=zhao, warning_uid=second.uid)
    assert talk is not None
    assert [one.text for one in talk.messages] == ["其实不太好"]


@requirement("R-061")
@pytest.mark.parametrize("code", ["chen-mo", "gu-yan", "zhou-xing"])
def test_nobody_out_of_reach_reads_or_writes(opened, city, code: str) -> None:
    say(opened, "在吗", "a")
    stranger = city.actor(code)
    with pytest.raises((NotFound, NotPermitted)):
        write_in_chat.read_for_warning(actor=stranger, warning_uid=opened.warning.uid)
    with pytest.raises((NotFound, NotPermitted)):
        write_in_chat.answer_on_warning(
            actor=stranger, warning_uid=opened.warning.uid, text="你好", client_uid="x"
        )
    with unit_of_work(stranger):
        assert Message.objects.count() == 0
    assert len(rows(Message)) == 1


@pytest.mark.parametrize("typed", ["", "ABCDEFGHJKMN", "ABCD", "' OR 1=1"])
def test_a_wrong_code_opens_nothing(opened, typed: str) -> None:
    with pytest.raises(ThreadNotFound):
        write_in_chat.read_with_code(code=typed)
    with pytest.raises(ThreadNotFound):
        write_in_chat.write_with_code(code=typed, text="在吗", client_uid="a")
    assert rows(Message) == []


def test_blanks_are_no_message_and_a_closed_conversation_takes_none(opened) -> None:
    with pytest.raises(MessageEmpty):
        say(opened, "  \n ", "a")
    with unit_of_work(SYSTEM):
        conversations.close(actor=SYSTEM, thread_id=rows(Thread)[0].id)
    with pytest.raises(ThreadClosed):
        say(opened, "在吗", "b")
    assert rows(Message) == []
