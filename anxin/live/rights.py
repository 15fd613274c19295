"""Whose session is this, and which nodes may their board hear of?"""

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


async def paths_for_session(scope: dict[str, Any]) -> tuple[str, ...]:
    """The nodes at which the signed-in person may view warnings; empty for everybody else."""
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return ()
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    # a quoted cookie can hold anything, and no session is called so
    return await _paths(morsel.value) if morsel and morsel.value.isalnum() else ()


@sync_to_async
def _paths(session_key: str) -> tuple[str, ...]:
    close_old_connections()
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return ()
    account = accounts.active_account(account_id=session.get(SESSION_KEY))
    if account is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()
    ):
        return ()
    return access.actor_for(account=account).paths_with(Permission.VIEW)
