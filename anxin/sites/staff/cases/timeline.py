"""The timeline of a case in words."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.cases.contracts import CaseStage, CaseState, EntryKind, GoalState, PlanSide
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome
from anxin.kernel import clock
from anxin.sites.staff.cases.words import GOALS
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
    EntryKind.MEANS_ADVICE: "home-heart",
    EntryKind.SCHOOL_PLAN: "school",
    EntryKind.LOWERING_PROPOSED: "stethoscope",
    EntryKind.LOWERING_DECLINED: "stethoscope",
    EntryKind.LOWERING_LAPSED: "stethoscope",
    EntryKind.FOLLOWUPS_PLANNED: "calendar",
    EntryKind.FOLLOWUP_MOVED: "calendar",
    EntryKind.PLAN_WRITTEN: "lifebuoy",
    EntryKind.PLAN_AGREED: "handshake",
    EntryKind.GOAL_SET: "flag",
    EntryKind.GOAL_REVIEWED: "flag",
    EntryKind.TASK_SET: "checklist",
    EntryKind.TASK_DONE: "checklist",
    EntryKind.CONFERENCE_CALLED: "messages",
    EntryKind.CONFERENCE_ENDED: "messages",
    EntryKind.ASSIGNED: "user-check",
    EntryKind.BREACHED: "clock",
    EntryKind.CLIMBED: "stairs",
    EntryKind.PAGED: "bell-ringing",
    EntryKind.ENDED: "check",
}
_CONTACTS = frozenset(
    {
        *(EntryKind.CONTACT, EntryKind.SESSION, EntryKind.FAMILY),
        *(EntryKind.MEANS_ADVICE, EntryKind.SCHOOL_PLAN),
    }
)
_SYSTEM = frozenset(
    {
        *(EntryKind.ATTACHED, EntryKind.BREACHED, EntryKind.CLIMBED, EntryKind.PAGED),
        *(EntryKind.FOLLOWUPS_PLANNED, EntryKind.LOWERING_LAPSED),
    }
)
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
        EntryKind.LOWERING_PROPOSED: _("Lowering from L%(before)s to L%(level)s waits for the second reader"),
        EntryKind.LOWERING_DECLINED: _("Lowering to L%(level)s declined; the level stays L%(before)s"),
        EntryKind.LOWERING_LAPSED: _("Lowering to L%(level)s lapsed; there is a newer assessment"),
        EntryKind.FOLLOWUPS_PLANNED: _("%(total)s follow-ups planned"),
        EntryKind.FOLLOWUP_MOVED: _("Follow-up %(number)s moved from %(before)s to %(after)s"),
        EntryKind.PLAN_WRITTEN: _("Safety plan, version %(version)s"),
        EntryKind.PLAN_AGREED: _("Safety plan, version %(version)s: %(side)s"),
        EntryKind.GOAL_SET: _("A goal was set"),
        EntryKind.GOAL_REVIEWED: _("A goal was looked at: %(goal)s"),
        EntryKind.TASK_SET: _("To do, %(owner)s"),
        EntryKind.TASK_DONE: _("Done"),
        EntryKind.CONFERENCE_CALLED: _("Conference called: %(members)s"),
        EntryKind.CONFERENCE_ENDED: _("Minutes of the conference"),
    }.get(kind)
    if words is None:
        return str(CASE_ENTRIES[kind])
    said = words % _readable(params)
    if params.get("second_reader"):
        said += _(". Read as well by %(name)s") % {"name": params["second_reader"]}
    return said


def _readable(params: dict[str, Any]) -> dict[str, Any]:
    names = (
        *("warning", "level", "before", "after", "unit", "holder", "total", "number", "version"),
        *("owner", "members"),
    )
    readable: dict[str, Any] = {**dict.fromkeys(names, ""), **params}
    state = params.get("state", "")
    readable["state"] = CASE_STATES[CaseState(state)] if state in set(CaseState) else ""
    readable["goal"] = GOALS[GoalState(state)] if state in set(GoalState) else ""
    readable["side"] = (
        _("the person agrees") if params.get("side") == PlanSide.PERSON else _("the colleague agrees")
    )
    for name in ("before", "after"):
        if isinstance(params.get(name), str) and "T" in params[name]:
            readable[name] = f"{clock.local(datetime.fromisoformat(params[name])):%m-%d %H:%M}"
    readable["stage"] = CASE_STAGES[CaseStage(params["stage"])] if params.get("stage") else ""
    readable["channel"] = CHANNELS[ContactChannel(params["channel"])] if params.get("channel") else ""
    readable["outcome"] = OUTCOMES[ContactOutcome(params["outcome"])] if params.get("outcome") else ""
    return readable
