"""Declared access. Every view says who may open it; :mod:`anxin.sites.entrance` refuses a view that says nothing.

A mark opens the door of a page, nothing more: which cases or warnings somebody sees behind it is decided by the
policies of the rooms, object by object.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.http import HttpRequest

from anxin.kernel.actor import Actor, ActorKind

View = TypeVar("View", bound=Callable[..., Any])


class VisitRequest(HttpRequest):
    """A request after the entrance, for type hints: it carries the actor."""

    actor: Actor
    request_uid: str


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declared.

    ``kinds`` are the kinds of actor let in (empty: everybody). ``permissions``: staff need one of them, somewhere.
    ``reads_session`` is false for the pages that must answer when the database does not.
    """

    kinds: frozenset[ActorKind] = frozenset()
    permissions: tuple[str, ...] = ()
    reason: str = ""
    reads_session: bool = True

    @property
    def is_public(self) -> bool:
        """Whether nobody is asked for anything."""
        return not self.kinds

    def admits(self, actor: Actor) -> bool:
        """Whether ``actor`` may open the page."""
        if self.is_public:
            return True
        if actor.kind not in self.kinds:
            return False
        return not self.permissions or any(actor.may(permission) for permission in self.permissions)


REVIEWED_THIRD_PARTY: dict[str, str] = {
    "anxin.ui.gallery": "the style guide draws invented data and cannot import a site",
    "django.contrib.staticfiles.views": "built assets, the same for everybody",
    "django.views.i18n": "switches the language of the interface and checks where it sends people",
    "django.views.static": "built assets, the same for everybody",
}


def requires(*permissions: StrEnum | str) -> Callable[[View], View]:
    """Staff who hold one of ``permissions`` at some node."""
    if not permissions:
        raise ValueError("name at least one permission")
    return _declare(
        Access(frozenset({ActorKind.STAFF}), tuple(str(permission) for permission in permissions))
    )


def signed_in(*kinds: str) -> Callable[[View], View]:
    """Anybody signed in as one of ``kinds`` (``"resident"``, ``"staff"``); without arguments, as either."""
    return _declare(Access(frozenset(ActorKind(kind) for kind in kinds or ("resident", "staff"))))


def public(*, reason: str, reads_session: bool = True) -> Callable[[View], View]:
    """Everybody, signed in or not; ``reason`` is read in review."""
    if not reason:
        raise ValueError("say why this page is open to everybody")
    return _declare(Access(reason=reason, reads_session=reads_session))


def access_of(view: Callable[..., Any]) -> Access | None:
    """What ``view`` declared, or what was reviewed for the package it comes from; ``None`` when neither."""
    declared = getattr(view, "anxin_access", None)
    if isinstance(declared, Access):
        return declared
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    for package, reason in REVIEWED_THIRD_PARTY.items():
        if module == package or module.startswith(package + "."):
            return Access(reason=reason)
    return None


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        if isinstance(view, type):
            raise TypeError("mark what as_view() returns, not the class")
        view.anxin_access = access  # type: ignore[attr-defined]
        return view

    return mark
