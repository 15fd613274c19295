"""Versions made here and licensed texts, as far as the actor may see them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from anxin.domains.audit.api import query
from anxin.domains.instruments import drafting
from anxin.domains.instruments.contracts import (
    Checked,
    Instrument,
    InstrumentError,
    Permission,
    TextNotFound,
    VersionNotFound,
)
from anxin.domains.instruments.models import InstrumentVersion, TextBinding, VersionEntry
from anxin.domains.instruments.policies import (
    can_look_into_library,
    may_in_city,
    visible_texts,
    visible_versions,
    works_on_library,
)
from anxin.domains.instruments.rules.drafts import is_local
from anxin.domains.instruments.selectors import shelf
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


@query()
def versions_queryset(*, actor: Actor) -> QuerySet[InstrumentVersion]:
    """The versions made here that this person may see, the newest first."""
    rows = InstrumentVersion.objects.select_related("author", "reviewer", "publisher").order_by("-id")
    return visible_versions(actor, rows)


@query()
def version_of(*, actor: Actor, uid: str) -> InstrumentVersion:
    """Raises ``VersionNotFound``."""
    found = versions_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise VersionNotFound
    return found


@query()
def history_of(*, actor: Actor, version: InstrumentVersion) -> list[VersionEntry]:
    """What happened to it, the newest first; for those who work on the library."""
    if not works_on_library(actor):
        return []
    return list(version.entries.select_related("staff").order_by("-id"))


@query()
def texts_queryset(*, actor: Actor) -> QuerySet[TextBinding]:
    """The licensed texts, the newest first; for those who work on the library."""
    rows = TextBinding.objects.select_related("recorded_by", "reviewed_by", "ended_by").order_by("-id")
    return visible_texts(actor, rows)


@query()
def text_of(*, actor: Actor, uid: str) -> TextBinding:
    """Raises ``TextNotFound``."""
    found = texts_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise TextNotFound
    return found


@query()
def may(*, actor: Actor, permission: Permission) -> bool:
    """Whether the right is held where it counts: anywhere for looking, at the root of the city for the rest."""
    if permission is Permission.VIEW:
        return can_look_into_library(actor)
    return may_in_city(actor, permission)


@query()
def whole_library(*, actor: Actor) -> tuple[Instrument, ...]:
    """The present version of everything, offered or not. Raises ``NotPermitted``."""
    if not can_look_into_library(actor):
        raise NotPermitted
    return shelf.everything()


@query()
def definition_of(*, actor: Actor, instrument: str, version: str) -> Mapping[str, Any]:
    """The definition of a version, shipped or made here, as data. Raises ``VersionNotFound``."""
    if not can_look_into_library(actor):
        raise VersionNotFound
    if not is_local(version):
        try:
            return drafting.shipped_definition(instrument, version)
        except InstrumentError as error:
            raise VersionNotFound from error
    found = versions_queryset(actor=actor).filter(instrument=instrument, version=version).first()
    if found is None:
        raise VersionNotFound
    return found.definition


@query()
def faults_of(*, actor: Actor, version: InstrumentVersion) -> Checked:
    """What the checks say of it as it stands."""
    return drafting.check_definition(version.definition, known=ids_made_here())


def ids_made_here() -> set[str]:
    """Instruments that live in the database only, or as well."""
    return set(InstrumentVersion.objects.values_list("instrument", flat=True).distinct())
