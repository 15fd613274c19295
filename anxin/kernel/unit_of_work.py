"""One transaction, one scope.

Row-level security shows a personal row only to the scope set inside the running transaction: no scope, zero rows. The
scope is signed for this transaction alone (:mod:`anxin.kernel.scopes`) and ends with it, so a pooled connection cannot
carry it to the next person; a nested unit puts the outer scope back when it ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

from anxin.kernel.actor import Actor
from anxin.kernel.scopes import LASTING_SECONDS, SETTING, STAMP_QUERY, Stamp, learn_newer_key, written

_PUT = f"SELECT set_config('{SETTING}', %s, true), scope_is_valid()"


class ScopeRefused(OperationalError):
    """The database does not believe our signature, and would show an empty city.

    An empty board that is not empty is the one thing nobody notices, so it counts as a database that cannot be worked
    with.
    """

    def __init__(self) -> None:
        super().__init__("the database has another key for scopes than this process; run anxin migrate")


@dataclass(frozen=True, slots=True)
class _Unit:
    actor: Actor
    stamp: Stamp
    scope: str
    raw: object


_current: ContextVar[_Unit | None] = ContextVar("anxin_unit", default=None)


def current_actor() -> Actor | None:
    """The actor of the innermost open unit of work, for the audit trail only; rules take theirs as an argument."""
    unit = _current.get()
    return unit.actor if unit else None


@contextmanager
def unit_of_work(actor: Actor, *, lasting_seconds: float = LASTING_SECONDS) -> Iterator[None]:
    """Open a transaction (or a savepoint in one) in which the database shows ``actor`` what is theirs.

    For ``lasting_seconds``: afterwards it shows nothing, so only work that is known to be long asks for more.
    """
    outer = _current.get()
    with transaction.atomic():
        raw = connection.connection
        if outer is not None and outer.raw is not raw:  # a context that was copied into another thread
            outer = None
        stamp = _stamp(raw) if outer is None else outer.stamp
        scope = _open(actor, stamp, lasting_seconds)
        token = _current.set(_Unit(actor, stamp, scope, raw))
        try:
            yield
        finally:
            _current.reset(token)
        if outer is not None:
            _put(outer.scope)
        elif connection.savepoint_ids:
            _put("")


def _open(actor: Actor, stamp: Stamp, lasting_seconds: float) -> str:
    scope = written(actor, stamp, lasting_seconds=lasting_seconds)
    if _put(scope):
        return scope
    if learn_newer_key():
        scope = written(actor, stamp, lasting_seconds=lasting_seconds)
        if _put(scope):
            return scope
    raise ScopeRefused


def _put(scope: str) -> bool:
    """Make ``scope`` the transaction's; whether the database believes it."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [scope])
        return bool(cursor.fetchone()[1])


def _stamp(raw: "Connection[object]") -> Stamp:
    """The name of the running transaction. Where it has yet to begin, asking costs no trip of its own: the driver would
    send BEGIN alone, before the first statement.
    """
    begins = raw.pgconn.transaction_status == TransactionStatus.IDLE
    with connection.wrap_database_errors:
        result = raw.pgconn.exec_((f"BEGIN; {STAMP_QUERY}" if begins else STAMP_QUERY).encode())
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result)
    return Stamp.of((result.get_value(0, 0) or b"").decode())
