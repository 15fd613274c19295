"""The timeline of a warning in words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Ending, EntryKind, Source, Stage
from anxin.sites.staff.timeline import Day, Happening, by_day, happening, newest_first
from anxin.sites.staff.words import CHANNELS, ENDINGS, OUTCOMES, SOURCES, STAGES

if TYPE_CHECKING:
    from anxin.domains.risk.models import WarningEntry

_ICONS = {
    EntryKind.RAISED: "siren",
    EntryKind.REPEATED: "siren",
    EntryKind.LEVEL_RAISED: "alert-triangle",
    EntryKind.CLIMBED: "stairs",
    EntryKind.PAGED: "bell-ringing",
    EntryKind.BREACHED: "clock",
    EntryKind.ACKNOWLEDGED: "user-check",
    EntryKind.JOINED: "users",
    EntryKind.CONTACT_TRIED: "phone",
    EntryKind.CONTACTED: "phone-call",
    EntryKind.ASSESSED: "stethoscope",
    EntryKind.ENDING_PROPOSED: "route",
    EntryKind.ENDING_SIGNED: "clipboard-check",
    EntryKind.ENDING_DECLINED: "x",
    EntryKind.CLOSED: "check",
    EntryKind.MERGED: "copy",
    EntryKind.ATTACHED: "folder",
    EntryKind.ANSWER_CHANGED: "refresh",
    EntryKind.REOPENED: "refresh",
}
_RISK_EVENTS = frozenset({EntryKind.RAISED, EntryKind.LEVEL_RAISED})


def timeline(entries: "Iterable[WarningEntry]") -> list[Day]:
    """Days, the newest first."""
    return by_day([_happening(entry) for entry in newest_first(entries)])


def _happening(entry: "WarningEntry") -> Happening:
    kind = EntryKind(entry.kind)
    level = entry.params.get("level", entry.params.get("after"))
    risk = f"L{level}" if kind in _RISK_EVENTS and level is not None else ""
    return happening(entry, icon=_ICONS[kind], what=_what(kind, entry.params), risk=risk)


def _what(kind: EntryKind, params: dict[str, Any]) -> str:
    words = {
        EntryKind.RAISED: _("Warning raised, proposed level L%(level)s. Called first: %(holder)s, %(unit)s"),
        EntryKind.REPEATED: _("A further alarm: %(source)s"),
        EntryKind.LEVEL_RAISED: _("Level raised from L%(before)s to L%(after)s"),
        EntryKind.CLIMBED: _("Nobody below took over in time. Now with %(unit)s, %(holder)s"),
        EntryKind.PAGED: _("Called again: %(holder)s, %(unit)s"),
        EntryKind.BREACHED: _("Overdue: %(stage)s"),
        EntryKind.ACKNOWLEDGED: _("Taken over, %(unit)s"),
        EntryKind.JOINED: _("Helps with it"),
        EntryKind.CONTACT_TRIED: _("Tried to reach the person: %(channel)s, %(outcome)s"),
        EntryKind.CONTACTED: _("Reached the person: %(channel)s"),
        EntryKind.ASSESSED: _("Risk assessed: L%(level)s"),
        EntryKind.ENDING_PROPOSED: _("Proposed: %(ending)s"),
        EntryKind.ENDING_SIGNED: _("Signed: %(ending)s"),
        EntryKind.ENDING_DECLINED: _("Not signed: %(ending)s"),
        EntryKind.CLOSED: _("Ended: %(ending)s"),
        EntryKind.MERGED: _("Merged with %(other)s"),
        EntryKind.ATTACHED: _("Added to an open case"),
        EntryKind.ANSWER_CHANGED: _(
            "The person changed the answer to question %(item)s. The first answer stays."
        ),
        EntryKind.REOPENED: _("A new alarm came: it waits to be taken over again"),
    }[kind]
    return words % _readable(params)


def _readable(params: dict[str, Any]) -> dict[str, Any]:
    readable: dict[str, Any] = dict.fromkeys(
        ("level", "holder", "unit", "before", "after", "item", "other"), ""
    )
    readable.update(params)
    readable["source"] = SOURCES[Source(params["source"])] if params.get("source") else ""
    readable["stage"] = STAGES[Stage(params["stage"])] if params.get("stage") else ""
    readable["channel"] = CHANNELS[ContactChannel(params["channel"])] if params.get("channel") else ""
    readable["outcome"] = OUTCOMES[ContactOutcome(params["outcome"])] if params.get("outcome") else ""
    readable["ending"] = ENDINGS[Ending(params["ending"])] if params.get("ending") else ""
    readable["other"] = params.get("into") or params.get("twin") or ""
    return readable
