"""Declared access."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.views import View
from django.views.decorators.http import require_POST

from anxin.domains.risk.contracts import Permission
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.sites.marks import Access, access_of, public, requires, signed_in


def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _staff(*permissions: str) -> Actor:
    grant = NodeGrant("/1/2/", "counsellor", frozenset(permissions))
    return Actor(kind=ActorKind.STAFF, uid="u", label="赵宁", grants=(grant,))


RESIDENT = Actor(kind=ActorKind.RESIDENT, uid="r", label="resident", resident_id=1)


def _declared(mark: Callable[..., Any]) -> Access:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    access = access_of(mark(view))
    assert access is not None
    return access


def test_a_view_that_says_nothing_has_no_access() -> None:
    assert access_of(_view) is None


def test_requires_admits_staff_with_the_right_anywhere_and_nobody_else() -> None:
    access = _declared(requires(Permission.VIEW))
    assert access.admits(_staff("risk.view"))
    assert not access.admits(_staff("risk.read"))
    assert not access.admits(RESIDENT)
    assert not access.admits(Actor.anonymous())


def test_one_of_several_rights_is_enough() -> None:
    assert _declared(requires(Permission.VIEW, Permission.VIEW_COUNTS)).admits(_staff("risk.view_counts"))


@pytest.mark.parametrize(
    ("kinds", "resident", "staff"),
    [
        (("resident",), True, False),
        (("staff",), False, True),
        ((), True, True),
        (("resident", "staff"), True, True),
    ],
)
def test_signed_in_admits_by_kind(kinds: tuple[str, ...], resident: bool, staff: bool) -> None:
    access = _declared(signed_in(*kinds))
    assert access.admits(RESIDENT) is resident
    assert access.admits(_staff()) is staff
    assert not access.admits(Actor.anonymous())


def test_public_admits_everybody_and_says_why() -> None:
    access = _declared(public(reason="help"))
    assert access.admits(Actor.anonymous())
    assert access.reason == "help"


def test_a_mark_without_content_is_refused() -> None:
    with pytest.raises(ValueError, match="permission"):
        requires()
    with pytest.raises(ValueError, match="why"):
        public(reason="")
    with pytest.raises(ValueError, match="robot"):
        signed_in("robot")


def test_a_mark_survives_other_decorators() -> None:
    assert access_of(require_POST(public(reason="help")(lambda request: HttpResponse()))) is not None


def test_a_class_is_marked_through_as_view() -> None:
    class Page(View):
        pass

    with pytest.raises(TypeError):
        public(reason="help")(Page)
    assert access_of(Page.as_view()) is None
    assert access_of(public(reason="help")(Page.as_view())) is not None
