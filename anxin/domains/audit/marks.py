"""The three marks a name on a room's door can carry: ``@command``, ``@query``, ``@pure``.

Exactly one each, checked by the architecture tests. A command is audited after it succeeded, in the transaction it runs
in; a personal query is audited with what was shown to whom; a pure function touches nothing. This module imports no
Django, so that pure rooms stay pure; the audit room installs the recorder when it is ready.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from anxin.domains.audit.contracts import Subject
from anxin.kernel.actor import Actor, ActorKind

P = ParamSpec("P")
R = TypeVar("R")


class Recorder(Protocol):
    """Where the marks write to."""

    def __call__(self, *, actor: Actor, event: str, subjects: Iterable[Subject], reason: str) -> None:
        """Write one event for each subject, or one without a subject."""


class Auditable(Protocol):
    """A model that can say what it is, for the trail."""

    def audit_subject(self) -> Subject:
        """By value, as it is now."""


_recorder: Recorder | None = None
# A reason given in a clinical room speaks about a person. It is sealed in that room's own timeline; the trail, which is
# readable and shown to the person, only says what was done.
_ADMINISTRATIVE = frozenset({"access", "accounts", "deadlines", "network", "workforce"})


def install(recorder: Recorder) -> None:
    """Called once, by the audit room."""
    global _recorder
    _recorder = recorder


def _subjects(result: object) -> list[Subject]:
    items: Iterable[object] = result if isinstance(result, list | tuple) else [result]
    if items == [] or items == ():
        return []  # nothing was touched or shown: a sweep that found nothing leaves no line
    found = [item.audit_subject() for item in items if hasattr(item, "audit_subject")]
    return found or (
        [Subject(uid=str(getattr(result, "uid", "")))] if hasattr(result, "uid") else [Subject()]
    )


def _mark(function: Callable[..., Any], kind: str, event: str) -> None:
    function.anxin_mark = kind  # type: ignore[attr-defined]
    function.anxin_event = event  # type: ignore[attr-defined]


def _record(actor: object, event: str, result: object, kwargs: dict[str, Any]) -> None:
    if _recorder is None:
        raise RuntimeError(f"{event}: the audit room is not ready")
    if not isinstance(actor, Actor):
        raise TypeError(f"{event}: 'actor' must be given by keyword")
    if actor.kind is ActorKind.ANONYMOUS:
        return  # an anonymous act leaves a count and no row
    keeps_reason = event.partition(":")[0] in _ADMINISTRATIVE
    reason = str(kwargs.get("reason", "")) if keeps_reason else ""
    _recorder(actor=actor, event=event, subjects=_subjects(result), reason=reason)


def command(event: str, *, silent_on_none: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A write. ``event`` is ``room:subject:past-verb``; the function takes ``actor`` by keyword.

    With ``silent_on_none`` a result of ``None`` says that there was nothing to do, and leaves no line.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def audited(*args: P.args, **kwargs: P.kwargs) -> R:
            result = function(*args, **kwargs)
            if result is not None or not silent_on_none:
                _record(kwargs.get("actor"), event, result, kwargs)
            return result

        _mark(audited, "command", event)
        return cast("Callable[P, R]", audited)

    return decorate


def query(event: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A read. With ``event`` it shows personal data and is audited; without, it shows none."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if not event:
            _mark(function, "query", "")
            return function

        @wraps(function)
        def audited(*args: P.args, **kwargs: P.kwargs) -> R:
            result = function(*args, **kwargs)
            actor = kwargs.get("actor")
            if result is not None and isinstance(actor, Actor) and not actor.is_system:
                _record(actor, event, result, kwargs)
            return result

        _mark(audited, "query", event)
        return cast("Callable[P, R]", audited)

    return decorate


def writes_the_trail(function: Callable[P, R]) -> Callable[P, R]:
    """A command of the audit room itself, which writes its own lines or, like sealing, none."""
    _mark(function, "command", "")
    return function


def pure(function: Callable[P, R]) -> Callable[P, R]:
    """Neither reads nor writes."""
    _mark(function, "pure", "")
    return function
