"""The timeline of a case in words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.cases.contracts import CaseStage, CaseState, EntryKind
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome
from anxin.sites.staff.timeline import Day, Happening, by_day, happening, newest_first
from anxin.sites.staff.words import CASE_ENTRIES, CASE_STAGES, CASE_STATES, CHANNELS, OUTCOMES

if TYPE_CHECKING:
    from anxin.domains.cases.models import CaseEntry

_ICONS = {
    EntryKind.OPENED: "folder",
    EntryKind.ATTACHED: "siren",
    EntryKind.LEVEL_RAISED: "alert-triangle",
    EntryKind.ASSESSED: "stethoscope",
    EntryKind.STATE_ENTERED: "route",
    EntryKind.CONTACT: "phone",
    EntryKind.SESSION: "messages",
    EntryKind.FAMILY: "users",
    EntryKind.NOTE: "clipboard-data",
    EntryKind.ASSIGNED: "user-check",
    EntryKind.BREACHED: "clock",
    EntryKind.CLIMBED: "stairs",
    EntryKind.PAGED: "bell-ringing",
    EntryKind.ENDED: "check",
}
_CONTACTS = frozenset({EntryKind.CONTACT, EntryKind.SESSION, EntryKind.FAMILY})
_SYSTEM = frozenset({EntryKind.ATTACHED, EntryKind.BREACHED, EntryKind.CLIMBED, EntryKind.PAGED})
_DECISIONS = frozenset(EntryKind) - _CONTACTS - _SYSTEM - {EntryKind.NOTE}
SHOWN = {
    "": (gettext_lazy("Everything"), frozenset(EntryKind)),
    "contacts": (gettext_lazy("Contacts"), _CONTACTS),
    "decisions": (gettext_lazy("Decisions"), _DECISIONS),
    "system": (gettext_lazy("System"), _SYSTEM),
}


def timeline(entries: "Iterable[CaseEntry]", show: str) -> list[Day]:
    """Days of the chosen kind of entry, the newest first."""
    _label, kinds = SHOWN.get(show, SHOWN[""])
    return by_day([_happening(entry) for entry in newest_first(entries) if EntryKind(entry.kind) in kinds])


def _happening(entry: "CaseEntry") -> Happening:
    kind = EntryKind(entry.kind)
    risk = f"L{entry.params['after']}" if kind is EntryKind.LEVEL_RAISED else ""
    return happening(entry, icon=_ICONS[kind], what=_what(kind, entry.params), risk=risk)


def _what(kind: EntryKind, params: dict[str, Any]) -> str:
    words = {
        EntryKind.OPENED: _("Case opened from %(warning)s, level L%(level)s"),
        EntryKind.ATTACHED: _("A further warning, L%(level)s"),
        EntryKind.LEVEL_RAISED: _("Level raised from L%(before)s to L%(after)s"),
        EntryKind.ASSESSED: _("Risk assessed: L%(level)s, before L%(before)s"),
        EntryKind.STATE_ENTERED: _("Moved on: %(state)s"),
        EntryKind.CONTACT: _("Contact: %(channel)s, %(outcome)s"),
        EntryKind.ASSIGNED: _("Handed over from %(before)s to %(after)s"),
        EntryKind.BREACHED: _("Overdue: %(stage)s"),
        EntryKind.CLIMBED: _("Not done in time. Now with %(unit)s, %(holder)s"),
        EntryKind.PAGED: _("Called again: %(holder)s, %(unit)s"),
        EntryKind.ENDED: _("Ended: %(state)s"),
    }.get(kind)
    if words is None:
        return str(CASE_ENTRIES[kind])
    said = words % _readable(params)
    if params.get("second_reader"):
        said += _(". Read as well by %(name)s") % {"name": params["second_reader"]}
    return said


def _readable(params: dict[str, Any]) -> dict[str, Any]:
    names = ("warning", "level", "before", "after", "unit", "holder")
    readable: dict[str, Any] = {**dict.fromkeys(names, ""), **params}
    readable["state"] = CASE_STATES[CaseState(params["state"])] if params.get("state") else ""
    readable["stage"] = CASE_STAGES[CaseStage(params["stage"])] if params.get("stage") else ""
    readable["channel"] = CHANNELS[ContactChannel(params["channel"])] if params.get("channel") else ""
    readable["outcome"] = OUTCOMES[ContactOutcome(params["outcome"])] if params.get("outcome") else ""
    return readable
