"""Sessions whose key lies nowhere but in the cookie: the table holds a keyed hash of it.

Whoever reads the table, or a dump of it, holds no cookie. What a session knows is signed together with the name of its
row, so that the content of one row, copied into another, opens nothing.
"""

import hashlib
import hmac
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session

from anxin.kernel.crypto import purpose_key

_LENGTH = 40  # of Django's column


def stored_name(session_key: str | None) -> str:
    """What the row of a session is called."""
    key = purpose_key("session")
    return hmac.new(key, (session_key or "").encode(), hashlib.sha256).hexdigest()[:_LENGTH]


class SessionStore(DatabaseStore):
    """Django's store in the database; only the name of the row is another."""

    @property
    def key_salt(self) -> str:
        """The signature holds for one row only."""
        return _salt(stored_name(self._session_key))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        # Whether it has expired is Django's to say: it compares with the clock its own clean-up uses.
        kept: Any = DatabaseStore(stored_name(self.session_key))
        row: AbstractBaseSession | None = kept._get_session_from_db()
        if row is None:
            self._session_key = None
        return row

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        kept: Any = DatabaseStore(stored_name(self.session_key))
        row: AbstractBaseSession | None = await kept._aget_session_from_db()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        """Whether there is such a session."""
        return super().exists(stored_name(session_key))

    async def aexists(self, session_key: str) -> bool:
        """The same."""
        return await super().aexists(stored_name(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row as it is written."""
        row = super().create_model_instance(data)
        row.session_key = stored_name(self._session_key)
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The same."""
        row = await super().acreate_model_instance(data)
        row.session_key = stored_name(self._session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_name(key))

    async def adelete(self, session_key: str | None = None) -> None:
        """The same."""
        key = session_key or self.session_key
        if key is not None:
            await super().adelete(stored_name(key))


def end_sessions(names: list[str]) -> int:
    """End the sessions whose rows are called so; the next request of each finds nobody signed in."""
    return int(Session.objects.filter(session_key__in=names).delete()[0])


def content_of(row: Session) -> dict[str, Any]:
    """What a stored session knows, for tests and tools that look at the table."""
    store = _Named(row.session_key)
    return dict(store.decode(row.session_data))


class _Named(SessionStore):
    """A store for one row by its name, without its key."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    @property
    def key_salt(self) -> str:
        return _salt(self._name)


def _salt(name: str) -> str:
    return f"anxin.session.{name}"
