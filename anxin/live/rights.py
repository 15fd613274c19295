"""Whose session is this, and what may their pages hear of?"""

import time
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.domains.risk.contracts import Permission
from anxin.kernel.actor import Actor


async def paths_for_session(scope: dict[str, Any]) -> tuple[str, ...]:
    """The nodes at which the signed-in person may view warnings; empty for everybody else."""
    actor = await _actor_of(scope, is_use=True)
    return actor.paths_with(Permission.VIEW) if actor else ()


async def staff_for_session(scope: dict[str, Any]) -> int | None:
    """The signed-in colleague, whose bell it is; nobody for everybody else."""
    actor = await _actor_of(scope, is_use=False)
    return actor.staff_id if actor and actor.is_staff else None


async def _actor_of(scope: dict[str, Any], *, is_use: bool) -> Actor | None:
    """``is_use``: a board somebody watches is in use; a bell rings on every page that was left open."""
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return None
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    # a quoted cookie can hold anything, and no session is called so
    return await _actor(morsel.value, is_use=is_use) if morsel and morsel.value.isalnum() else None


@sync_to_async
def _actor(session_key: str, *, is_use: bool) -> Actor | None:
    close_old_connections()
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    account = accounts.active_account(account_id=session.get(SESSION_KEY))
    if (
        account is None
        or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash())
        or not accounts.may_listen(session=session, now=time.time(), is_use=is_use)
    ):
        return None
    return access.actor_for(account=account)
