"""Who may see and do what with the library. Default: no.

An instrument is the same for the whole city, so the rights to write, review and publish count at its root only. What
was published is open to every colleague who may look into the library; what is being written, to those who work on it.
"""

from django.db.models import QuerySet

from anxin.domains.instruments.contracts import Permission, VersionState
from anxin.domains.instruments.models import InstrumentVersion, TextBinding
from anxin.domains.network import api as network
from anxin.kernel.actor import Actor

OPEN_STATES = (VersionState.PUBLISHED, VersionState.RETIRED)
_WORKING = (Permission.EDIT, Permission.REVIEW, Permission.PUBLISH)


def may_in_city(actor: Actor, permission: Permission) -> bool:
    """Whether the right is held at the root of the city."""
    if actor.is_system:
        return True
    if not actor.may(permission):
        return False
    root = network.city()
    return root is not None and actor.may(permission, at=root.path)


def works_on_library(actor: Actor) -> bool:
    """Whether the actor writes, reviews or publishes."""
    return any(may_in_city(actor, permission) for permission in _WORKING)


def can_look_into_library(actor: Actor) -> bool:
    """Whether the library is open to the actor at all."""
    return actor.may(Permission.VIEW) or works_on_library(actor)


def can_view_version(actor: Actor, version: InstrumentVersion) -> bool:
    """Drafts and what is under review only for those who work on them."""
    if works_on_library(actor):
        return True
    return actor.may(Permission.VIEW) and version.state in OPEN_STATES


def visible_versions(actor: Actor, versions: QuerySet[InstrumentVersion]) -> QuerySet[InstrumentVersion]:
    """The same rule, for many."""
    if works_on_library(actor):
        return versions
    return versions.filter(state__in=OPEN_STATES) if actor.may(Permission.VIEW) else versions.none()


def can_view_text(actor: Actor, text: TextBinding) -> bool:
    """Licensed texts and their permissions: for those who work on the library."""
    return works_on_library(actor)


def visible_texts(actor: Actor, texts: QuerySet[TextBinding]) -> QuerySet[TextBinding]:
    """The same rule, for many."""
    return texts if works_on_library(actor) else texts.none()
