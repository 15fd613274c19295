"""Reads are written down. A door's query that gives out personal rows either leaves a line or was reviewed here."""

import importlib
import inspect
import re
from collections.abc import Callable
from typing import Any

from django.apps import apps

from anxin.kernel.models import Pii
from tests.architecture import faults

# Why a read of personal rows leaves no line of its own.
REVIEWED: dict[str, tuple[str, ...]] = {
    "a brief: number, level, clock; what stands in the record is read by an audited access_…": (
        *("archives.archive_brief", "archives.archive_of", "campaigns.triage_brief", "cases.case_brief"),
        *("cases.open_case_of", "risk.warning_brief"),
        *("linkages.linkage_brief", "referrals.referral_brief"),
    ),
    "a list or a search: the page that shows it writes one line (sites/staff/listing.py)": (
        *("archives.archives_queryset", "archives.find_archives", "archives.merges_queryset"),
        *("archives.readable_queryset", "archives.transfers_queryset", "assessments.waiting_for_second_look"),
        *("campaigns.campaigns_queryset", "campaigns.roster_faults_queryset", "campaigns.triages_queryset"),
        *("cases.cases_queryset", "residents.residents_queryset", "rights.requests_queryset"),
        *("notices.settled_queryset", "notices.unreached_queryset"),
        *("risk.board_queryset", "risk.warnings_queryset"),
        *("linkages.linkages_queryset", "referrals.referrals_of_case", "referrals.referrals_queryset"),
        "referrals.statuses_queryset",
    ),
    "part of a record that was opened by an audited read": (
        *("archives.carers_of", "archives.contracts_of", "archives.guardians_of", "archives.history_of"),
        *("archives.household_of", "assessments.sittings_about", "campaigns.triages_about"),
        *("cases.conferences_of", "cases.followups_of", "cases.goals_of", "cases.tasks_of"),
        *("cases.timeline_of", "cases.waiting_lowering_of"),
        *("conversations.messages_of", "conversations.threads_about"),
        *("referrals.chain_of", "referrals.evidence_of", "referrals.timeline_of"),
    ),
    "written down where it is shown (sites/staff/people.py)": ("risk.contact_request_of",),
    "one's own": (
        *("archives.guardianships_of_guardian", "assessments.own_interviews", "assessments.own_open_runs"),
        *("assessments.own_run", "assessments.own_sitting", "cases.seats_of", "conversations.thread_by_code"),
        *("residents.resident_of", "rights.own_requests"),
    ),
    "the house's own work, inside a command that leaves its line": (
        *("assessments.sitting_for_evaluation", "campaigns.waiting_critical_forms"),
        *("campaigns.names_due_queryset", "campaigns.waiting_signals", "notices.to_raise"),
        *("risk.find_open", "risk.lock_warnings"),
    ),
}


def _personal() -> tuple[set[str], set[str]]:
    """Names of personal models, and the rooms that have one."""
    models = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("anxin.") and getattr(model, "pii", None) is Pii.PERSONAL
    ]
    return {model.__name__ for model in models}, {model._meta.app_label for model in models}


def gives_out(name: str, thing: Callable[..., Any], personal: set[str], *, has_personal: bool) -> bool:
    """Whether an unaudited query returns rows of a personal table."""
    if getattr(thing, "anxin_mark", "") != "query" or getattr(thing, "anxin_event", ""):
        return False
    returned = str(inspect.unwrap(thing).__annotations__.get("return", ""))
    return bool(personal & set(re.findall(r"\w+", returned))) or (has_personal and name.endswith("_queryset"))


def test_every_read_of_personal_rows_leaves_a_line_or_was_reviewed() -> None:
    personal, rooms = _personal()
    # The score sheet of the library of instruments is a value of the same name.
    found = {
        f"{room}.{name}"
        for room in (one for row in faults.room_order() for one in row if one != "instruments")
        for door in [importlib.import_module(f"anxin.domains.{room}.api")]
        for name in door.__all__
        if gives_out(name, getattr(door, name), personal, has_personal=room in rooms)
    }
    reviewed = [name for names in REVIEWED.values() for name in names]
    assert sorted(found - set(reviewed)) == []
    assert sorted(set(reviewed) - found) == []
    assert len(reviewed) == len(set(reviewed))


def test_a_read_that_leaves_no_line_is_found() -> None:
    def people_of() -> "list[Resident]": ...  # type: ignore[name-defined]  # noqa: F821

    people_of.anxin_mark = "query"  # type: ignore[attr-defined]
    assert gives_out("people_of", people_of, {"Resident"}, has_personal=True)
    people_of.anxin_event = "residents:people:listed"  # type: ignore[attr-defined]
    assert not gives_out("people_of", people_of, {"Resident"}, has_personal=True)
