"""What lies in the table of sessions opens nothing."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session

from anxin.kernel.sessions import SessionStore, content_of, end_sessions, stored_name

pytestmark = pytest.mark.django_db


def kept(**content: Any) -> SessionStore:
    store = SessionStore()
    store.update(content)
    store.create()
    return store


def test_what_the_table_holds_is_no_cookie() -> None:
    store = kept(who="1")
    key = str(store.session_key)
    names = list(Session.objects.values_list("session_key", flat=True))
    assert names == [stored_name(key)]
    assert key not in str(list(Session.objects.values()))
    assert SessionStore(names[0]).get("who") is None
    assert SessionStore(key).get("who") == "1"


def test_the_content_of_one_row_opens_nothing_in_another() -> None:
    rich, poor = kept(who="officer"), kept(who="visitor")
    data = Session.objects.get(session_key=stored_name(rich.session_key)).session_data
    Session.objects.filter(session_key=stored_name(poor.session_key)).update(session_data=data)
    assert SessionStore(poor.session_key).get("who") is None


def test_a_session_is_saved_cycled_and_deleted_under_its_hidden_name() -> None:
    store = kept(who="1")
    old = store.session_key
    store["more"] = "2"
    store.save()
    store.cycle_key()
    assert store.session_key != old
    assert SessionStore(old).get("who") is None
    again = SessionStore(store.session_key)
    assert (again["who"], again["more"]) == ("1", "2")
    again.flush()
    assert not Session.objects.exists()


def test_it_works_the_same_under_an_async_server() -> None:
    @async_to_sync
    async def walk() -> tuple[Any, Any]:
        store = SessionStore()
        await store.aset("who", "1")
        await store.acreate()
        key = store.session_key
        held = await SessionStore(key).aget("who")
        await store.aflush()
        return held, await SessionStore(key).aget("who")

    assert walk() == ("1", None)


def test_a_session_is_ended_and_read_by_the_name_of_its_row() -> None:
    store = kept(who="1")
    name = stored_name(store.session_key)
    assert content_of(Session.objects.get(session_key=name)) == {"who": "1"}
    assert end_sessions([name]) == 1
    assert SessionStore(store.session_key).get("who") is None
