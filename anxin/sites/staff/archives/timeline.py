"""One person's way through the house (R-061): every room gives the lines its own rules let this reader see.

What may not be seen is not there, not even as a gap. The rows of merged duplicates are shown as one.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import EntryKind, Relation
from anxin.domains.assessments import api as assessments
from anxin.domains.campaigns import api as campaigns
from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import CaseState
from anxin.domains.conversations import api as conversations
from anxin.domains.instruments import api as instruments
from anxin.domains.residents import api as residents
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Source
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.errors import NotFound
from anxin.sites.bands import BANDS
from anxin.sites.staff.archives.words import ENTRIES, GIVEN_BY, PURPOSES, RELATIONS
from anxin.sites.staff.timeline import Day, Happening, by_day
from anxin.sites.staff.words import CASE_STATES, SOURCES

if TYPE_CHECKING:
    from anxin.domains.archives.models import Archive

_ICONS = {
    EntryKind.OPENED: "folder",
    EntryKind.CARER_ADDED: "user-check",
    EntryKind.CARER_LEFT: "user",
    EntryKind.MERGED: "friends",
    EntryKind.UNMERGED: "friends",
    EntryKind.RESTRICTED: "lock",
    EntryKind.RELEASED: "lock",
    EntryKind.CLOSED: "check",
    EntryKind.HOUSEHOLD: "home-heart",
    EntryKind.GUARDIAN_ADDED: "users",
    EntryKind.GUARDIAN_ENDED: "users",
    EntryKind.GUARDIAN_LINKED: "users",
    EntryKind.CONTRACT_ADDED: "stethoscope",
    EntryKind.DOCTOR_ASKED: "stethoscope",
    EntryKind.GUIDANCE_RETURNED: "send",
}
KINDS = {
    "": gettext_lazy("Everything"),
    "agreements": gettext_lazy("Agreements"),
    "results": gettext_lazy("Results"),
    "help": gettext_lazy("Warnings and cases"),
    "archive": gettext_lazy("The archive"),
}


def timeline(actor: Actor, archive: "Archive", kind: str) -> list[Day]:
    """Days of the chosen kind of line, the newest first."""
    rows = archives.rows_of(actor=actor, archive=archive)
    sources = {
        "agreements": lambda: _agreements(actor, archive),
        "results": lambda: (*_results(actor, rows), *_campaigns(actor, rows)),
        "help": lambda: (*_warnings(actor, rows), *_cases(actor, rows), *_talks(actor, rows)),
        "archive": lambda: _own(actor, archive),
    }
    chosen = [sources[kind]] if kind in sources else list(sources.values())
    lines = [line for source in chosen for line in source()]
    return by_day(sorted(lines, key=lambda one: one.at, reverse=True))


def _line(at: Any, icon: str, what: str, who: str = "", *, note: str = "", risk_level: str = "") -> Happening:
    return Happening(at, icon, what, who or _("the system"), note, bool(who), risk_level)


def _own(actor: Actor, archive: "Archive") -> Iterator[Happening]:
    for entry in archives.history_of(actor=actor, archive=archive):
        kind = EntryKind(entry.kind)
        params = dict(entry.params)
        if "relation" in params:
            params["relation"] = str(RELATIONS[Relation(params["relation"])])
        who = entry.author_label if entry.author_kind == ActorKind.STAFF else ""
        yield _line(
            entry.happened_at, _ICONS.get(kind, "route"), str(ENTRIES[kind]) % params, who, note=entry.note
        )


def _agreements(actor: Actor, archive: "Archive") -> Iterator[Happening]:
    try:
        ledger = residents.consents_of(actor=actor, resident_uid=archive.resident.uid)
    except NotFound:
        return
    for one in ledger:
        words = {
            "purpose": PURPOSES.get(one.purpose, one.purpose),
            "by": GIVEN_BY.get(one.given_by, one.given_by),
        }
        yield _line(
            one.given_at,
            "clipboard-check",
            _("Agreed: %(purpose)s, signed by %(by)s") % words,
            one.recorded_by,
        )
        if one.withdrawn_at is not None:
            yield _line(one.withdrawn_at, "x", _("Agreement taken back: %(purpose)s") % words)


def _results(actor: Actor, rows: tuple[int, ...]) -> Iterator[Happening]:
    language = "zh-Hans" if (get_language() or "zh-hans").startswith("zh") else "en"
    for sitting in assessments.sittings_about(actor=actor, resident_ids=rows):
        title = instruments.published_version(sitting.instrument, sitting.instrument_version).title
        sheet = getattr(sitting, "score_sheet", None)
        bands = [str(BANDS.get(one["label"], one["label"])) for one in (sheet.bands if sheet else ())]
        words = {"form": title.get(language) or next(iter(title.values()))}
        yield _line(
            sitting.submitted_at, "clipboard-data", _("Answered: %(form)s") % words, note="、".join(bands)
        )


def _campaigns(actor: Actor, rows: tuple[int, ...]) -> Iterator[Happening]:
    for triage in campaigns.triages_about(actor=actor, resident_ids=rows):
        words = {"campaign": triage.participant.campaign.number}
        yield _line(triage.triaged_at, "clipboard-heart", _("Took part in the campaign %(campaign)s") % words)


def _warnings(actor: Actor, rows: tuple[int, ...]) -> Iterator[Happening]:
    found = risk.warnings_queryset(actor=actor).filter(resident_id__in=rows)
    for warning in found.order_by("-raised_at"):
        words = {
            "number": warning.number,
            "level": warning.level,
            "source": SOURCES.get(Source(warning.source), warning.source),
        }
        yield _line(
            warning.raised_at,
            "siren",
            _("Warning %(number)s, L%(level)s: %(source)s") % words,
            risk_level=f"L{warning.level}",
        )
        if warning.contacted_at is not None:
            yield _line(warning.contacted_at, "phone", _("Reached because of the warning %(number)s") % words)
        if warning.closed_at is not None:
            yield _line(warning.closed_at, "check", _("Warning %(number)s ended") % words)


def _cases(actor: Actor, rows: tuple[int, ...]) -> Iterator[Happening]:
    for case in cases.cases_queryset(actor=actor).filter(resident_id__in=rows):
        words = {"number": case.number, "state": CASE_STATES[CaseState(case.state)]}
        yield _line(case.opened_at, "folder", _("Case %(number)s opened") % words, case.manager.staff.name)
        if case.closed_at is not None:
            yield _line(case.closed_at, "check", _("Case %(number)s ended: %(state)s") % words)


def _talks(actor: Actor, rows: tuple[int, ...]) -> Iterator[Happening]:
    for thread in conversations.threads_about(actor=actor, resident_ids=rows):
        yield _line(thread.opened_at, "messages", _("Began to write with the station online"))
