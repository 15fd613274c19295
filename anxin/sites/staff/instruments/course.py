"""The way of a version: which steps there are, what changed, and the page of the second person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Difference, VersionNotFound
from anxin.kernel.actor import Actor
from anxin.sites.staff.instruments.sheet import VersionPage, version_page
from anxin.sites.staff.instruments.words import PLACE_PARTS, PLACES, Words

if TYPE_CHECKING:
    from anxin.domains.instruments.models import InstrumentVersion

MOST_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the right on the page that shows it, what the button says, what is said afterwards."""

    right: str
    label: Words
    about: Words
    done: Words
    asks_reason: bool
    act: Callable[[Actor, str, Form], object]


def _with_reason(verb: Callable[..., object]) -> Callable[[Actor, str, Form], object]:
    return lambda actor, uid, form: verb(
        actor=actor,
        uid=uid,
        reason=form.cleaned_data["reason"],
        seen_version=form.cleaned_data["seen_version"],
    )


def _plain(verb: Callable[..., object]) -> Callable[[Actor, str, Form], object]:
    return lambda actor, uid, form: verb(actor=actor, uid=uid, seen_version=form.cleaned_data["seen_version"])


STEPS: dict[str, Step] = {
    "send": Step(
        "edit",
        gettext_lazy("Send to review"),
        gettext_lazy("A second person compares it with its sources. It cannot be changed meanwhile."),
        gettext_lazy("Sent to review."),
        False,
        _plain(instruments.send_to_review),
    ),
    "discard": Step(
        "edit",
        gettext_lazy("Discard the draft"),
        gettext_lazy("It is not shown any more. Its number is not used again."),
        gettext_lazy("The draft is discarded."),
        False,
        _plain(instruments.discard_draft),
    ),
    "take_back": Step(
        "take_back",
        gettext_lazy("Take the version back"),
        gettext_lazy("It becomes a draft again; an approval given so far lapses."),
        gettext_lazy("It is a draft again."),
        True,
        _with_reason(instruments.take_back),
    ),
    "publish": Step(
        "publish",
        gettext_lazy("Publish"),
        gettext_lazy("New sittings and campaigns are asked with it. What is under way keeps its version."),
        gettext_lazy("It is in force."),
        False,
        _plain(instruments.publish),
    ),
    "retire": Step(
        "retire",
        gettext_lazy("Retire"),
        gettext_lazy(
            "Nobody new is asked with it. What is under way keeps it, and old results can be scored again."
        ),
        gettext_lazy("It is retired."),
        True,
        _with_reason(instruments.retire),
    ),
}


def decide(actor: Actor, uid: str, form: Form) -> object:
    """The decision of a second person."""
    data = form.cleaned_data
    if data["step"] == "approve":
        return instruments.approve(
            actor=actor,
            uid=uid,
            reason=data["reason"],
            translations=data.get("translations") or (),
            seen_version=data["seen_version"],
        )
    return instruments.give_back(
        actor=actor, uid=uid, reason=data["reason"], seen_version=data["seen_version"]
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """One place that changed, in words."""

    group: str
    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """Two versions side by side."""

    title: str
    name: str
    before: str
    after: str
    url: str
    changes: list[Changed]
    more: int
    numbers: list[str]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What a second person decides on."""

    version: VersionPage
    row: "InstrumentVersion"
    compared_with: str
    changes: list[Changed]
    more: int
    waiting: tuple[str, ...]
    is_own: bool


def difference_page(actor: Actor, name: str, number: str, before: str) -> DifferencePage:
    """What changed from ``before`` to ``number``. Raises ``VersionNotFound``."""
    view = version_page(actor, name, number)
    numbers = [one.number for one in view.versions if one.number != number]
    if before not in numbers:
        before = _base_of(view) or (numbers[0] if numbers else "")
    changes = _changes(actor, name, before, name, number) if before else []
    return DifferencePage(
        title=view.title,
        name=name,
        before=before,
        after=number,
        url=reverse("staff:instrument-version", args=[name, number]),
        changes=changes[:MOST_SHOWN],
        more=max(len(changes) - MOST_SHOWN, 0),
        numbers=numbers,
    )


def review_page(actor: Actor, name: str, number: str) -> ReviewPage:
    """Raises ``VersionNotFound`` for a version that is not made here."""
    view = version_page(actor, name, number)
    if view.row is None:
        raise VersionNotFound
    base, _space, base_number = view.row.based_on.partition(" ")
    changes = _changes(actor, base, base_number, name, number) if base else []
    return ReviewPage(
        version=view,
        row=view.row,
        compared_with=view.row.based_on,
        changes=changes[:MOST_SHOWN],
        more=max(len(changes) - MOST_SHOWN, 0),
        waiting=instruments.draft_translations(view.row.definition),
        is_own=view.row.author_id == actor.staff_id,
    )


def _base_of(view: VersionPage) -> str:
    if view.row is None:
        return ""
    base, _space, number = view.row.based_on.partition(" ")
    return number if base == view.row.instrument else ""


def _changes(actor: Actor, base: str, base_number: str, name: str, number: str) -> list[Changed]:
    try:
        before = instruments.definition_of(actor=actor, instrument=base, version=base_number)
        after = instruments.definition_of(actor=actor, instrument=name, version=number)
    except VersionNotFound:
        return []
    return [_changed(one) for one in instruments.differences(before, after)]


def _changed(one: Difference) -> Changed:
    first, *rest = one.place
    return Changed(
        group=str(PLACES.get(first, first)),
        place=" / ".join(str(PLACE_PARTS.get(part, part)) for part in rest),
        before=one.before,
        after=one.after,
    )
