"""The plan in plain values."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from anxin.domains.cases.contracts import OwnPlan, PlanPart, PlanSide, PlanView
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.sites.resident.plan.words import PARTS
from anxin.ui.templatetags.anxin_ui import asset

_ASSETS = ("resident.css", "anxin.js", "plan.js", "icons.svg", "logo.svg")


@dataclass(frozen=True, slots=True)
class Part:
    """One part; ``text`` is empty where nothing was written."""

    key: str
    icon: str
    title: str | Promise
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page draws. ``waits_for``: whose yes to the newest version is missing."""

    unit: str
    parts: tuple[Part, ...]
    version: int
    written_at: datetime | None
    by_person: bool
    has_plan: bool
    is_in_force: bool
    person_agrees: bool
    staff_agrees: bool
    older_in_force: bool
    is_open: bool
    for_device: dict[str, Any]
    owner: str


def page_of(actor: Actor, own: OwnPlan) -> Page:
    """The newest version, and where it stands."""
    latest = own.latest
    sides = set(latest.agreed) if latest else set()
    return Page(
        unit=own.unit,
        parts=_parts(latest),
        version=latest.version if latest else 0,
        written_at=latest.written_at if latest else None,
        by_person=bool(latest and latest.by_person),
        has_plan=latest is not None,
        is_in_force=bool(latest and latest.is_in_force),
        person_agrees=PlanSide.PERSON in sides,
        staff_agrees=PlanSide.STAFF in sides,
        older_in_force=own.in_force is not None and not (latest and latest.is_in_force),
        is_open=own.is_open,
        for_device=_for_device(latest),
        owner=blind_index(actor.uid, purpose="device.owner")[-24:],
    )


def initial_of(own: OwnPlan) -> dict[str, Any]:
    """The newest version as the form begins."""
    if own.latest is None:
        return {"base_version": 0}
    return {
        "base_version": own.latest.version,
        **{part.value: own.latest.content[part] for part in PlanPart},
    }


def empty_parts() -> tuple[Part, ...]:
    """The headings alone, for the page a device keeps."""
    return _parts(None)


def _parts(view: PlanView | None) -> tuple[Part, ...]:
    return tuple(
        Part(part.value, icon, title, view.content[part] if view else "")
        for part, (icon, title, _hint) in PARTS.items()
    )


def _for_device(view: PlanView | None) -> dict[str, Any]:
    if view is None:
        return {}
    day = formats.date_format(clock.local(view.written_at), "MONTH_DAY_FORMAT")
    return {
        "parts": [[part.value, view.content[part]] for part in PlanPart],
        "said": _("As it was on %(day)s") % {"day": day},
    }


def files_kept() -> list[str]:
    """What a phone needs to show a plan without a network: no word of anybody's plan is in it."""
    return [reverse("resident_plan:offline"), *(asset(name) for name in _ASSETS)]


def version_of_files() -> str:
    """Changes when one of them does, so that phones fetch them anew."""
    return hashlib.sha256(" ".join(files_kept()).encode()).hexdigest()[:12]
