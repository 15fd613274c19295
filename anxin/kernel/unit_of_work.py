"""One transaction, one scope.

Row-level security shows a personal row only to the scope set inside the running transaction: no scope, zero rows. The
scope is transaction-local (``set_config(..., true)``), so a pooled connection cannot carry it to the next person; a
nested unit puts the outer scope back when it ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from anxin.kernel.actor import Actor, ActorKind

_current: ContextVar[Actor | None] = ContextVar("anxin_actor", default=None)


def current_actor() -> Actor | None:
    """The actor of the innermost open unit of work, for the audit trail only; rules take theirs as an argument."""
    return _current.get()


def _set_scope(actor: Actor | None) -> None:
    kind = actor.kind.value if actor else ""
    resident = str(actor.resident_id or "") if actor and actor.kind is ActorKind.RESIDENT else ""
    paths = ",".join(actor.identified_paths) if actor and actor.is_staff else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('anxin.scope_kind', %s, true), set_config('anxin.scope_resident', %s, true),"
            " set_config('anxin.scope_paths', %s, true)",
            [kind, resident, paths],
        )


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[None]:
    """Open a transaction (or a savepoint in one) in which the database shows ``actor`` what is theirs."""
    outer = _current.get()
    with transaction.atomic():
        _set_scope(actor)
        token = _current.set(actor)
        try:
            yield
        finally:
            _current.reset(token)
        if outer is not None:
            _set_scope(outer)
        elif connection.savepoint_ids:
            _set_scope(None)
