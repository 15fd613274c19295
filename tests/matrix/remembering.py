"""Who asks is worked out once for each browser: the world stands still, and every request is taken back.

Most of a refused request is reading the session, the account, the postings and the grants, which are the same each
time. ``is_still_true`` works them out afresh, so that no test stands on a memory that went stale.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth import middleware as authentication
from django.test import Client, RequestFactory

from anxin.kernel.actor import Actor
from anxin.sites import entrance


@dataclass
class Memory:
    """Sessions, accounts and actors by session key."""

    real_load: Callable[[Any], dict[str, Any]]
    real_actor: Callable[[Any], Actor]
    loads: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def load(self, store: Any) -> dict[str, Any]:
        """What the session holds, as its browser first brought it; each request has its own copy."""
        key = store.session_key
        if key in self.loads:
            return copy.deepcopy(self.loads[key])
        held = self.real_load(store)
        # A key that leads to nothing is taken from the store, and a visitor has none.
        if store.session_key:
            self.loads[key] = copy.deepcopy(held)
        return held

    def account(self, request: Any) -> Any:
        """The account that is signed in; each request has its own copy, for it may change it."""
        if not hasattr(request, "_cached_user"):
            key = request.session.session_key
            known = self.accounts.get(key) or get_user(request)
            if key:
                self.accounts[key] = known
            request._cached_user = copy.copy(known)
            # As reading it would, which the headers tell.
            request.session.accessed = True
        return request._cached_user

    def actor(self, request: Any) -> Actor:
        """Who acts, under the name of this request."""
        # Whether somebody is signed in is asked each time: it is what makes an answer one for this browser only.
        key = request.session.session_key if request.user.is_authenticated else None
        known = self.actors.get(key or "") or self.real_actor(request)
        if key:
            self.actors[key] = known
        return replace(known, request_uid=request.request_uid)

    def is_still_true(self, client: Client) -> bool:
        """Whether asking everything again gives the actor that was remembered."""
        known = self.actors.get(client.session.session_key or "")
        return known is None or self.afresh(client.session.session_key, known.request_uid) == known

    def afresh(self, key: str | None, request_uid: str) -> Actor:
        """The actor of a session, from the database."""
        request: Any = RequestFactory().get("/")
        request.session = _store()(session_key=key)
        request.session._session_cache = self.real_load(request.session)
        request.request_uid = request_uid
        request.actor = replace(Actor.anonymous(), request_uid=request_uid)
        request.user = get_user(request)
        return self.real_actor(request)


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


@contextmanager
def remembering() -> Iterator[Memory]:
    """While open, who asks is worked out once for each browser."""
    memory = Memory(_store().load, entrance._actor_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_store(), "load", lambda store: memory.load(store))
        patch.setattr(authentication, "get_user", memory.account)
        patch.setattr(entrance, "_actor_of", memory.actor)
        yield memory
